"""One application for the whole session; each test writes into a DemoStorage over it that is thrown away."""

import os
import signal
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
import transaction
from argon2 import PasswordHasher
from hypothesis import HealthCheck
from hypothesis import settings as effort
from pyramid.threadlocal import manager
from webtest import TestApp
from ZODB.DB import DB
from ZODB.DemoStorage import DemoStorage

import coopcms
from coopcms.content import account

from . import world as worlds
from .slowest import SLOWEST

TESTS = Path(__file__).parent
#: A day like any other, for everything that is written in tests.
NOW = datetime(2026, 3, 12, 10, 0, tzinfo=UTC)
#: Seconds after which something hangs: a limit for what never ends, no measure of how fast it is.
PATIENCE = 180
#: Whether everything is tested in every variant, as ``.ci/run`` does; otherwise a sample, which each test gives a reason for.
FULL = os.environ.get("COOPCMS_FULL") == "1"

# A shell that runs the tests in its background switches Ctrl-C off for them and for the sites that they end with it.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples in every run, however slow the machine is.
effort.register_profile(
    "coopcms", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
effort.load_profile("coopcms")


def pytest_collection_modifyitems(items):
    """Start what takes longest: no process is left alone with it at the end."""
    order = {file: place for place, file in enumerate(SLOWEST)}
    items.sort(key=lambda item: order.get(str(item.path.relative_to(TESTS)), len(order)))


def pytest_addoption(parser):
    parser.addoption("--full-size", action="store_true", help="run the load tests at full size")


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


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes():
    """Hashing is slow on purpose; here it is the same with a lighter load."""
    account._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session")
def _inhabited(application):
    """A storage with the world of ``tests.world``, made once."""
    registry = application.registry
    layer = DemoStorage(base=registry._zodb_databases[""].storage)
    connection = DB(layer).open()
    manager.push({"registry": registry, "request": None})
    worlds.build(connection.root()["app_root"], NOW)
    transaction.commit()
    manager.pop()
    connection.close()
    return layer


@pytest.fixture
def registry(request, application):
    """The registry of the application on a database of this test's own: empty, or with the world where that is asked for."""
    registry = application.registry
    base = registry._zodb_databases[""]
    inhabited = "world" in request.fixturenames
    layer = DemoStorage(base=request.getfixturevalue("_inhabited") if inhabited else base.storage)
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
    return worlds.find(site)


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
