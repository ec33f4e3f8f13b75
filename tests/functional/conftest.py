"""Real parts: sites in processes of their own, and a browser."""

import shutil
from pathlib import Path

import pytest

from ..conftest import PATIENCE, missing
from .browsing import PROGRAMS
from .serving import Place, build_world
from .storages import on_postgresql, on_zeo, postgresql, shared  # noqa: F401 - fixtures

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def founded(tmp_path_factory):
    """A folder with a site that has people and companies, made once; tests take copies of it."""
    place = Place(tmp_path_factory.mktemp("founded") / "site")
    place.prepare(build_world)
    return place.folder


@pytest.fixture(scope="session")
def warm(tmp_path_factory, founded):
    """A folder with compiled templates and no database: a first start that does not compile."""
    folder = tmp_path_factory.mktemp("warm") / "var"
    shutil.copytree(founded / "var" / "cache", folder / "cache")
    return folder


@pytest.fixture
def place(tmp_path, founded):
    """A site of this test's own with people and companies, not running."""
    shutil.copytree(founded / "var", tmp_path / "site" / "var")
    return Place(tmp_path / "site")


@pytest.fixture
def empty(tmp_path, warm):
    """A folder with a configuration and no database yet."""
    shutil.copytree(warm, tmp_path / "empty" / "var")
    return Place(tmp_path / "empty")


@pytest.fixture
def server(place):
    """The site of ``place``, running."""
    with place.start() as running:
        yield running


@pytest.fixture(scope="module")
def browser():
    """Chromium, without a window."""
    program = next((path for path in map(shutil.which, PROGRAMS) if path), None)
    if program is None:
        missing("The browser Chromium", "apt-get install chromium")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=1000 * PATIENCE)
    with sync_playwright() as playwright:
        # As people have it: Playwright would switch off the memory of pages that one goes back to.
        running = playwright.chromium.launch(
            executable_path=str(Path(program)), args=ARGUMENTS, ignore_default_args=["--disable-back-forward-cache"]
        )
        yield running
        running.close()


@pytest.fixture(scope="module")
def browser_place(tmp_path_factory, founded):
    """The site that browsers look at, not yet running: modules that need more content override this."""
    folder = tmp_path_factory.mktemp("browsed") / "site"
    shutil.copytree(founded / "var", folder / "var")
    return Place(folder)


@pytest.fixture(scope="module")
def browser_site(browser, browser_place):
    """The site that browsers look at."""
    with browser_place.start() as running:
        yield running


@pytest.fixture(scope="module")
def browser_sessions():
    """The cookies of whoever logged in, by login: each goes through the form once a module."""
    return {}


@pytest.fixture
def browser_people(browser, browser_site, browser_sessions):
    """A function that gives a reader with a browser of their own; at the end nothing may have gone wrong in any."""
    from .browsing import Reader

    readers = []

    def come(login=None, **screen):
        reader = Reader(browser, browser_site.url, **screen)
        readers.append(reader)
        if login in browser_sessions:
            reader.context.add_cookies(browser_sessions[login])
            reader.go("/tasks")
        elif login is not None:
            reader.log_in(login)
            browser_sessions[login] = reader.context.cookies()
        return reader

    yield come
    for reader in readers:
        reader.context.close()
    for reader in readers:
        assert not reader.complaints, reader.complaints


@pytest.fixture(scope="session")
def demonstrated(tmp_path_factory, warm):
    """A folder with the demo content and a page of every kind, made once; tests take copies of it."""
    from .pages_of_the_site import settle

    folder = tmp_path_factory.mktemp("demonstrated") / "site"
    shutil.copytree(warm, folder / "var")
    return settle(folder).folder


@pytest.fixture(scope="module")
def demo_place(tmp_path_factory, demonstrated):
    """A copy of the site with the demo content, not running, with the addresses of its pages by name."""
    folder = tmp_path_factory.mktemp("demo") / "site"
    shutil.copytree(demonstrated, folder)
    return Place(folder)


@pytest.fixture(scope="module")
def demo_site(demo_place):
    """The site with the demo content, running."""
    with demo_place.start() as running:
        yield running


@pytest.fixture(scope="module")
def demo(tmp_path_factory, demonstrated):
    """The demo content without HTTP, for tests that send forms: each looks at it as it was."""
    from .opening import Demonstration

    folder = tmp_path_factory.mktemp("asked") / "site"
    shutil.copytree(demonstrated, folder)
    with Demonstration(Place(folder)) as made:
        yield made


@pytest.fixture
def admin(browse):
    return browse("admin")
