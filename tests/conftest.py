"""One application for the whole session; each test writes into a DemoStorage over it that is thrown away."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
import transaction
from pyramid.threadlocal import manager
from webtest import TestApp
from ZODB.DB import DB
from ZODB.DemoStorage import DemoStorage

import coopcms

from . import world as worlds

#: A day like any other, for everything that is written in tests.
NOW = datetime(2026, 3, 12, 10, 0, tzinfo=UTC)


def pytest_addoption(parser):
    parser.addoption("--full-size", action="store_true", help="run the load tests at full size")


def pytest_collection_modifyitems(items):
    """Tests that share a real part run in one process."""
    for item in items:
        for group in ("browser", "server"):
            if group in item.fixturenames or any(group in name for name in item.fixturenames):
                item.add_marker(pytest.mark.xdist_group(group))


def missing(part, command):
    """A real part is not there: one line by name, and a failure where all are asked for."""
    sentence = f"{part} is missing; install it with: {command}"
    if os.environ.get("COOPCMS_REQUIRE_ALL") == "1":
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def settings(tmp_path_factory):
    var = tmp_path_factory.mktemp("var")
    blobs = var / "blobs"
    blobs.mkdir()
    return {
        "zodbconn.uri": f"file://{var}/Data.fs?blobstorage_dir={blobs}",
        "coopcms.var": str(var / "site"),
        "coopcms.clock": "outside",
        "coopcms.check_responses": "true",
    }


@pytest.fixture(scope="session")
def application(settings):
    Path(settings["coopcms.var"]).mkdir()
    app = coopcms.main({}, **settings)
    yield app
    app.registry._zodb_databases[""].close()


@pytest.fixture
def registry(application, tmp_path):
    """The registry of the application on a database of this test's own."""
    registry = application.registry
    base = registry._zodb_databases[""]
    layer = DemoStorage(base=base.storage)
    database = DB(layer)
    registry._zodb_databases[""] = database
    if hasattr(registry, "coopcms_limiter"):
        del registry.coopcms_limiter
    yield registry
    transaction.abort()
    registry._zodb_databases[""] = base
    database.close = lambda: None  # closing the layer would close the base
    layer.changes.close()


@pytest.fixture
def site(registry):
    """The site, for tests without HTTP; what they write is committed where they say so."""
    connection = registry._zodb_databases[""].open()
    manager.push({"registry": registry, "request": None})
    yield connection.root()["app_root"]
    transaction.abort()
    manager.pop()
    connection.close()


@pytest.fixture
def world(registry, site):
    """The site with people and companies, committed."""
    made = worlds.build(site, NOW)
    transaction.commit()
    return made


@pytest.fixture
def browse(application, world):
    """A function that gives a browser for somebody: ``browse()`` for a visitor, ``browse("equipe")`` logged in."""

    def open_as(login=None):
        app = TestApp(application, extra_environ={"REMOTE_ADDR": "127.0.0.1"})
        if login is not None:
            page = app.get("/login")
            form = page.forms["form"]
            form["login"], form["password"] = login, worlds.PASSWORD
            assert form.submit("save").status_int == 303
        return app

    return open_as
