"""The ``coopcms`` command as a process: what it answers when all is well, and one sentence when it is not."""

import ctypes
import json
import os
import re
import socket
import subprocess
import sys

import pytest

from ..conftest import PATIENCE
from .serving import COMMAND, Place, environment

SUBCOMMANDS = (
    "serve",
    "demo",
    "user",
    "user add",
    "user role",
    "user password",
    "tick",
    "evolve",
    "check",
    "bench",
    "ballots receipt",
)


def one_sentence(answer, status):
    """What a command that refused said: one sentence, and nothing of Python."""
    assert answer.returncode == status, answer.stderr
    assert "Traceback" not in answer.stdout + answer.stderr
    lines = answer.stderr.strip().splitlines()
    assert len(lines) == 1, answer.stderr
    assert re.fullmatch(r"coopcms: .+[.?!)]", lines[0]), lines[0]
    return lines[0]


@pytest.mark.parametrize("words", ["", *SUBCOMMANDS])
def test_every_command_explains_itself_without_a_configuration(tmp_path, words):
    answer = subprocess.run(
        [COMMAND, *words.split(), "--help"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment(),
        timeout=PATIENCE,
    )
    assert answer.returncode == 0
    assert answer.stdout.startswith("Usage: coopcms")
    assert not answer.stderr
    if not words:
        for name in SUBCOMMANDS:
            assert name.split()[0] in answer.stdout


def test_a_receipt_is_looked_up_in_a_vote_that_is_there(empty):
    assert "“nothing”" in one_sentence(empty.run("ballots", "receipt", "nothing", "abc", "def"), 1)


@pytest.mark.parametrize(
    "words", ["nonsense", "tick --nonsense", "serve --port 99999", "user add", "demo --at yesterday"]
)
def test_a_command_that_was_mistyped_ends_with_2_and_says_how_it_goes(empty, words):
    answer = empty.run(*words.split())
    assert answer.returncode == 2
    assert "Usage:" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"coopcms.colour": "green"}, "coopcms.colour"),
        ({"coopcms.session_hours": "twelve"}, "coopcms.session_hours"),
        ({"coopcms.session_hours": "0"}, "coopcms.session_hours"),
        ({"coopcms.https": "perhaps"}, "coopcms.https"),
        ({"coopcms.var": None}, "coopcms.var"),
        ({"coopcms.var": "%(here)s/no/such/folder"}, "no/such"),
        ({"coopcms.secret": "short"}, "secret"),
        ({"zodbconn.uri": None}, "zodbconn.uri"),
        ({"zodbconn.uri": ""}, "zodbconn.uri"),
        ({"zodbconn.uri": "mysql://somewhere/else"}, "zodbconn.uri"),
        ({"zodbconn.uri": "file://%(here)s/var/Data.fs?colour=green"}, "zodbconn.uri"),
        ({"zodbconn.uri": "file://%(here)s/var/Data.fs?connection_cache_size=many"}, "zodbconn.uri"),
        ({"zodbconn.uri": "zconfig://%(here)s/no.conf#main"}, "zodbconn.uri"),
    ],
    ids=lambda value: " ".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else None,
)
def test_a_setting_that_cannot_be_used_is_named_in_one_sentence(empty, changes, named):
    assert named in one_sentence(Place(empty.folder, changes).run("check"), 2)


def test_a_site_that_cannot_start_for_a_setting_says_which_and_keeps_passwords_to_itself(empty):
    place = Place(empty.folder, {"zodbconn.uri": "postgresql://me:verysecret@somewhere/else"})
    sentence = one_sentence(place.run("serve"), 2)
    assert "zodbconn.uri" in sentence
    assert "verysecret" not in sentence


def test_a_clock_that_is_neither_inside_nor_outside_is_named_by_the_site_that_should_start(empty):
    assert "coopcms.clock" in one_sentence(Place(empty.folder, {"coopcms.clock": "upside-down"}).run("serve"), 2)


@pytest.mark.parametrize("command", ["check", "serve", "tick"])
def test_a_configuration_file_that_is_not_there_is_named(empty, command):
    empty.ini.unlink()
    assert "x.ini" in one_sentence(empty.run(command), 2)


@pytest.mark.parametrize(
    "text", ["no ini at all", "[app:other]\nuse = egg:coopcms\n", "[app:main]\nuse = egg:nothing\n"]
)
def test_a_configuration_file_that_cannot_be_read_is_named(empty, text):
    empty.ini.write_text(text)
    assert "x.ini" in one_sentence(empty.run("check"), 2)


@pytest.mark.parametrize(
    ("old", "new"),
    [("threads = 4", "threads = many"), ("threads = 4", "colour = green"), ("level = WARNING", "level = LOUD")],
)
def test_a_server_or_a_log_that_cannot_be_set_up_so_is_named(empty, old, new):
    empty.ini.write_text(empty.ini.read_text().replace(old, new))
    assert "x.ini" in one_sentence(empty.run("serve"), 2)


@pytest.mark.parametrize("var", ["%(here)s/var", "%(here)s/elsewhere"])
def test_a_folder_of_the_database_that_is_not_there_is_named(empty, var):
    uri = "file://%(here)s/missing/Data.fs?blobstorage_dir=%(here)s/missing/blobs"
    place = Place(empty.folder, {"zodbconn.uri": uri, "coopcms.var": var})
    answer = place.run("check")
    assert "missing" in one_sentence(answer, answer.returncode)
    assert answer.returncode in (1, 2)
    assert not (place.folder / "missing").exists()


def test_while_the_site_runs_every_other_command_says_so(server):
    place = server.place
    for words in (
        ["check"],
        ["check", "--json"],
        ["tick"],
        ["tick", "--json"],
        ["evolve", "--dry-run"],
        ["demo"],
        ["user", "add", "newcomer", "--password", "une phrase bien longue"],
    ):
        sentence = one_sentence(place.run(*words), 1)
        assert "the site is running" in sentence
    assert server.get("/companies").status == 200


def test_a_port_that_is_taken_is_named(place):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", place.port))
        taken.listen()
        assert str(place.port) in one_sentence(place.run("serve"), 1)


def test_a_site_that_is_stopped_closes_its_database(place):
    with place.start() as running:
        running.process.terminate()
        assert running.process.wait(PATIENCE) == 0
    index = place.var / "Data.fs.index"
    assert index.stat().st_mtime >= (place.var / "Data.fs").stat().st_mtime
    answer = place.run("check")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "Traceback" not in running.log.read_text()


def test_the_port_may_be_given_with_the_command(place):
    place.port, given = Place(place.folder).port, place.port
    with place.start("--port", str(place.port)) as running:
        assert running.get("/").status == 200
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.1", given), timeout=PATIENCE).close()
    assert str(place.port) in running.log.read_text()
    assert "Traceback" not in running.log.read_text()


def ordinary():
    """Let the rights on files count for root too."""
    if os.geteuid() == 0:
        call = ctypes.CDLL(None, use_errno=True).prctl
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            call(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


@pytest.mark.skipif(not sys.platform.startswith("linux") and os.geteuid() == 0, reason="root may write everywhere")
def test_a_database_that_may_not_be_written_is_told_in_a_sentence(place):
    for file in ("Data.fs", "Data.fs.lock"):
        (place.var / file).chmod(0o444)
    place.var.chmod(0o555)
    assert "Permission denied" in one_sentence(place.run("check", preexec_fn=ordinary), 1)
    place.var.chmod(0o755)
    for file in ("Data.fs", "Data.fs.lock"):
        (place.var / file).chmod(0o644)
    assert place.run("check").returncode == 0


def test_a_file_that_is_no_database_is_told_in_a_sentence_and_left_alone(empty):
    file = empty.var / "Data.fs"
    file.write_bytes(b"a letter to my grandmother " * 100)
    assert "Data.fs" in one_sentence(empty.run("check"), 1)
    assert file.read_bytes() == b"a letter to my grandmother " * 100


def test_a_database_server_that_does_not_answer_is_told_in_a_sentence(empty):
    place = Place(empty.folder, {"zodbconn.uri": f"zeo://127.0.0.1:{empty.port}?wait_timeout=1"})
    assert "The database cannot be opened. Is its server running" in one_sentence(place.run("check"), 1)


def accounts_of(place):
    """Accounts by login: name, address, roles and whether a password is right."""
    from coopcms.domain import accounts

    with place.opened() as site:
        users = site["principals"]["users"]
        return {
            login: (
                account.title,
                account.email,
                {role.value for role in account.roles()},
                accounts.authenticate(site, login, "une phrase bien longue") is not None,
            )
            for login, account in users.items()
        }


def test_an_account_is_added_given_a_role_and_a_password(empty):
    added = empty.run("user", "add", "lea", "--name", "Léa Roche", "--email", "lea@test.example", "--role", "member",
                      "--role", "certifier", "--password", "une phrase bien longue")  # fmt: skip
    assert (added.returncode, added.stderr) == (0, "")
    assert "lea" in added.stdout
    assert accounts_of(empty) == {"lea": ("Léa Roche", "lea@test.example", {"role:member", "role:certifier"}, True)}
    assert empty.run("user", "role", "lea", "coordinator").returncode == 0
    assert empty.run("user", "role", "lea", "certifier", "--take").returncode == 0
    assert empty.run("user", "password", "lea", "--password", "une autre phrase longue").returncode == 0
    assert accounts_of(empty) == {"lea": ("Léa Roche", "lea@test.example", {"role:member", "role:coordinator"}, False)}


def test_what_cannot_be_done_with_an_account_is_refused_and_changes_nothing(place):
    before = accounts_of(place)
    for words in (
        ["add", "membre", "--password", "une phrase bien longue"],
        ["add", "newcomer", "--email", "membre@test.example", "--password", "une phrase bien longue"],
        ["add", "newcomer", "--password", "court"],
        ["add", "newcomer", "--role", "emperor", "--password", "une phrase bien longue"],
        ["role", "nobody", "member"],
        ["role", "membre", "emperor"],
        ["role", "membre", "emperor", "--take"],
        ["password", "nobody", "--password", "une phrase bien longue"],
        ["password", "membre", "--password", "court"],
    ):
        assert "${" not in one_sentence(place.run("user", *words), 1)
    unasked = place.run("user", "add", "newcomer")  # nobody is there to type a password
    assert unasked.returncode == 1
    assert unasked.stderr.endswith("coopcms: stopped.\n")
    assert accounts_of(place) == before


def test_the_clock_does_what_is_due_once(place):
    first = place.run("tick", "--json")
    assert (first.returncode, first.stderr) == (0, "")
    done = json.loads(first.stdout)
    assert done
    assert all(isinstance(count, int) for count in done.values())
    second = place.run("tick", "--json")
    assert second.returncode == 0
    assert not any(json.loads(second.stdout).values())
    words = place.run("tick")
    assert words.returncode == 0
    for name in done:
        assert name in words.stdout


def test_a_site_that_agrees_with_itself_passes_every_check(place):
    answer = place.run("check", "--json")
    assert (answer.returncode, answer.stderr) == (0, "")
    checks = json.loads(answer.stdout)["checks"]
    assert {"catalog", "states", "relations", "blobs"} <= {check["name"] for check in checks}
    assert all(check == {"name": check["name"], "ok": True, "problems": []} for check in checks)
    assert place.run("check").stdout.count("ok ") == len(checks)


def test_a_catalog_that_lost_a_company_is_found_out(place):
    from substanced.util import find_catalog

    with place.opened() as site:
        find_catalog(site, "coopcms").unindex_doc(site["companies"]["candidate"].__oid__)
    answer = place.run("check", "--json")
    assert answer.returncode == 1
    broken = {check["name"]: check["problems"] for check in json.loads(answer.stdout)["checks"] if not check["ok"]}
    assert list(broken) == ["catalog"]
    assert any("/companies/candidate" in problem for problem in broken["catalog"])
    words = place.run("check")
    assert words.returncode == 1
    assert "/companies/candidate" in words.stdout


def test_demo_content_is_refused_where_there_is_content(place):
    assert "content already" in one_sentence(place.run("demo"), 1)
    assert place.run("check").returncode == 0


def test_a_new_site_needs_no_evolution(empty):
    for words in (["evolve", "--dry-run"], ["evolve"]):
        answer = empty.run(*words)
        assert (answer.returncode, answer.stdout, answer.stderr) == (0, "Nothing to do.\n", "")
