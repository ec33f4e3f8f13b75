"""One site at several processes, on PostgreSQL and on ZEO by the files of ``etc/``, and what is said when a server is not there."""

import dataclasses
import io
import json
import shutil
import threading

import pytest
from pyramid_zodbconn import db_from_uri

from coopcms.domain import files
from coopcms.domain.consistency import check
from coopcms.scripts.database import Unavailable, opened, opening
from coopcms.workflows import engine

from .. import world as worlds
from ..conftest import PATIENCE
from .serving import Caller, Place, build_world, free_port, surrounded
from .test_commands import one_sentence

DOCUMENT = b"%PDF-1.4 " + bytes(range(256)) * 2_000
PHRASE = "une phrase bien longue"


def with_a_document(site, now):
    """The small world, and a company that shows everybody a document."""
    world = build_world(site, now)
    company, staff = worlds.company(world, "ferme", now), world.actors["entreprise"]
    files.add(company, io.BytesIO(DOCUMENT), "bail.pdf", "Bail", "public", staff, now, most_bytes=10**6)
    engine.fire(company, "apply", staff, now)


def test_two_processes_that_start_at_once_on_an_empty_database_found_one_site(shared):
    with shared.several(2) as servers:
        assert [server.get("/companies").status for server in servers] == [200, 200]
    for server in servers:
        assert "Traceback" not in server.log.read_text()
    with shared.opened() as site:
        assert not any(check(site).values())
        assert site._p_jar.db().getCacheSize() == 20_000


def test_who_makes_the_tables_at_the_same_moment_as_another_tries_again(on_postgresql):
    """All at the same moment, as whole processes seldom are: none but the first may make them."""
    uri = f"zconfig://{on_postgresql.ini.with_suffix('.conf')}#main"
    together, done = threading.Barrier(4), []

    def make():
        together.wait(PATIENCE)
        done.append(opened(uri, lambda: db_from_uri(uri, "", {})))

    with surrounded(on_postgresql.surroundings):
        threads = [threading.Thread(target=make) for _ in range(together.parties)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
    for database in done:
        database.close()
    assert len(done) == together.parties


def test_commands_and_documents_beside_the_running_site(shared):
    shared.prepare(with_a_document)
    # Another machine has no file of the first.
    elsewhere = dataclasses.replace(
        shared, surroundings=shared.surroundings | {"COOPCMS_BLOBS": str(shared.folder / "other")}
    )
    with elsewhere.start() as server:
        added = shared.run("user", "add", "lea", "--role", "member", "--password", PHRASE)
        assert (added.returncode, added.stderr) == (0, "")
        assert Caller(server.url).log_in("lea", PHRASE).get("/tasks")[0] == 200
        assert "déjà pris" in one_sentence(shared.run("user", "add", "lea", "--password", PHRASE), 1)
        for words in (["evolve"], ["tick"]):
            answer = shared.run(*words)
            assert (answer.returncode, answer.stderr) == (0, ""), words
        answer = shared.run("check", "--json")
        assert (answer.returncode, answer.stderr) == (0, "")
        assert all(one["ok"] for one in json.loads(answer.stdout)["checks"])
        assert server.get("/companies/ferme/files/bail/download").body == DOCUMENT
    assert "Traceback" not in server.log.read_text()


def test_postgresql_keeps_what_is_current_and_the_documents(on_postgresql, postgresql):
    on_postgresql.prepare(with_a_document)
    database = on_postgresql.surroundings["COOPCMS_DSN"].split("dbname=")[1].split()[0]
    tables = {
        name for (name,) in postgresql.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", database)
    }
    assert "object_state" in tables
    assert "transaction" not in tables  # that of a storage with a history
    assert postgresql.ask("SELECT count(*) FROM blob_chunk", database) == [(1,)]


def test_an_address_of_postgresql_in_the_setting_is_enough(postgresql, tmp_path, warm):
    postgresql.ask("CREATE ROLE plain LOGIN SUPERUSER PASSWORD 'geheim'")
    address = f"127.0.0.1:{postgresql.port}/{postgresql.create()}?driver=psycopg2&connection_cache_size=20000"
    shutil.copytree(warm, tmp_path / "site" / "var")
    place = Place(tmp_path / "site", {"zodbconn.uri": f"postgres://plain:{'geheim'}@{address}"})
    place.prepare(build_world)
    with place.opened() as site:
        assert not any(check(site).values())


def test_a_password_that_is_wrong_is_told_without_it(on_postgresql):
    wrong = {"COOPCMS_DSN": on_postgresql.surroundings["COOPCMS_DSN"].replace("mot de passe", "motdepasse")}
    place = dataclasses.replace(on_postgresql, surroundings=on_postgresql.surroundings | wrong)
    for command in ("check", "serve"):
        sentence = one_sentence(place.run(command), 1)
        assert "zodbconn.uri" in sentence
        assert "password authentication failed" in sentence
        assert "secret" not in sentence
        assert "motdepasse" not in sentence


def test_a_server_that_does_not_answer_is_told(on_postgresql, postgresql):
    elsewhere = on_postgresql.surroundings["COOPCMS_DSN"].replace(f"port={postgresql.port}", f"port={free_port()}")
    place = dataclasses.replace(on_postgresql, surroundings=on_postgresql.surroundings | {"COOPCMS_DSN": elsewhere})
    sentence = one_sentence(place.run("check"), 1)
    assert "Is its server running" in sentence
    assert "secret" not in sentence


def test_a_name_that_is_missing_in_the_environment_is_named(on_postgresql):
    place = dataclasses.replace(on_postgresql, surroundings={"COOPCMS_BLOBS": "somewhere"})
    assert "COOPCMS_DSN" in one_sentence(place.run("check"), 2)


@pytest.mark.parametrize("dsn", [
    "host=127.0.0.1 port=1 password=my verysecret words user=me",
    "host=127.0.0.1 port=1 user=me password=it's verysecret",
    "host=127.0.0.1 port=1 user=me password='verysecret",
    "host=127.0.0.1 port=1 user=me password=a verysecret=b",
    "postgresql://me:a/verysecret@127.0.0.1:1/coop",
])  # fmt: skip
def test_a_connection_that_is_written_wrongly_is_told_without_the_password(on_postgresql, dsn):
    uri = f"zconfig://{on_postgresql.ini.with_suffix('.conf')}#main"
    with (
        surrounded(on_postgresql.surroundings | {"COOPCMS_DSN": dsn}),
        pytest.raises(Unavailable) as told,
        opening(uri),
    ):
        db_from_uri(uri, "", {})
    assert "verysecret" not in str(told.value)
    assert "zodbconn.uri" in str(told.value)


@pytest.mark.parametrize(
    "uri",
    [
        "postgres://me:a/verysecret@127.0.0.1:1/coop",
        "postgres://me:verysecret/a@127.0.0.1:1/coop",
        "postgres://me:a#verysecret@127.0.0.1:1/coop",
        "postgres://me:it's verysecret@127.0.0.1:1/coop",
        "postgres://me:verysecret?@127.0.0.1:1/coop",
        "zeo://127.0.0.1:1?wait_timeout=verysecret&password=verysecret",
    ],
)
def test_an_address_that_is_written_wrongly_is_told_without_the_password(uri):
    with pytest.raises(Unavailable) as told, opening(uri):
        db_from_uri(uri, "", {})
    assert "verysecret" not in str(told.value)
    assert "zodbconn.uri" in str(told.value)
