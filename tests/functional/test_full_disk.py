"""A disk without room: commands and the site say so in a sentence, reading goes on, and what was saved is whole."""

import contextlib
import resource
import subprocess
import sys

import pytest

from .serving import Caller, Place
from .test_commands import one_sentence

SECTION = "/companies/complete/edit/truth"
LONG = "Une phrase que le disque ne peut pas prendre. " * 250


def room_for(place, more):
    """For the child: no file may grow beyond the database as it is, and ``more`` bytes."""
    limit = (place.var / "Data.fs").stat().st_size + more

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    return limited


def statement(place):
    """What the company says in the section, read in this process."""
    with place.opened() as site:
        return site["companies"]["complete"].statement("truth")


@pytest.mark.parametrize(
    "words",
    [["user", "add", "newcomer", "--password", "une phrase bien longue"], ["user", "role", "membre", "coordinator"]],
    ids=lambda words: words[1],
)
def test_a_command_on_a_full_disk_says_so_and_leaves_the_database_whole(place, words):
    place.run("tick")
    assert "disk is full" in one_sentence(place.run(*words, preexec_fn=room_for(place, 100)), 1)
    assert place.run("check").returncode == 0
    assert place.run(*words).returncode == 0


def test_a_first_start_on_a_full_disk_says_so_and_the_next_one_works(empty):
    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))

    assert "disk is full" in one_sentence(empty.run("check", preexec_fn=limited), 1)
    assert empty.run("check").returncode == 0


def test_a_site_on_a_full_disk_reads_on_refuses_to_save_and_saves_again_when_there_is_room(place):
    before = statement(place)
    with place.start(preexec_fn=room_for(place, 4000)) as server:
        staff = Caller(server.url).log_in("entreprise")
        for _attempt in range(3):
            status, page = staff.send(SECTION, statement=LONG)
            assert status == 503
            assert "Le site ne peut rien enregistrer" in page
            assert "Traceback" not in page
        status, page = staff.get("/companies/complete")
        assert status == 200
        assert LONG[:60] not in page
        assert Caller(server.url).get("/companies")[0] == 200
        if hasattr(resource, "prlimit"):
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
            assert staff.send(SECTION, statement="Il y a de nouveau de la place.")[0] == 200
            before = "Il y a de nouveau de la place."
    assert place.run("check").returncode == 0
    assert statement(place) == before
    with place.start() as server:
        assert Caller(server.url).log_in("entreprise").send(SECTION, statement=LONG)[0] == 200
    assert statement(place) == LONG.strip()


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 2 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, text=True)
    except OSError as error:
        mounted = error
    if not sys.platform.startswith("linux") or getattr(mounted, "returncode", 1):
        pytest.skip("a file system of 2 MB cannot be mounted here (it takes root); the same is tested with a limit")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_site_on_a_small_disk_survives_that_it_fills_up(empty, small_disk):
    place = Place(
        empty.folder, {"zodbconn.uri": f"file://{small_disk}/Data.fs?blobstorage_dir={small_disk}/blobs"}, empty.port
    )
    assert place.run("check").returncode == 0
    (small_disk / "Data.fs.tmp").unlink()  # the next opening would empty it and so make room
    ballast = small_disk / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(b"x" * 4096):
            pass
    add = ("user", "add", "lea", "--name", "Léa", "--password", "une phrase bien longue")
    # An account or two may still find room in the last page of the file.
    for number in range(8):
        answer = place.run(*add[:2], f"{add[2]}{number}", *add[3:])
        if answer.returncode:
            break
    assert "disk is full" in one_sentence(answer, 1)
    with place.start() as server:
        assert server.get("/companies").status == 200
    ballast.unlink()
    assert place.run("check").returncode == 0
    assert place.run(*add).returncode == 0
