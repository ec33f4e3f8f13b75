"""How tests open the pages of the list: in a browser, or without one."""

from typing import Any
from urllib.parse import urlsplit

from plaster import get_loader
from webtest import TestApp
from ZODB.DB import DB
from ZODB.DemoStorage import DemoStorage

import coopcms
from coopcms.seed.cast import PASSWORD
from coopcms.views.language import COOKIE

from ..conftest import PATIENCE
from .pages_of_the_site import PAGES, Page, addresses
from .serving import Place


class Eyes:
    """A browser that opens pages of the list, with a window a person, logged in once."""

    def __init__(self, browser: Any, url: str, found: dict[str, str], script: str = "", **screen: Any) -> None:
        self.browser, self.url, self.found, self.script = browser, url, found, script
        self.screen = screen or {"viewport": {"width": 1280, "height": 900}}
        self.complaints: list[str] = []
        self._windows: dict[str | None, Any] = {}

    def window(self, login: str | None) -> Any:
        """The window of somebody."""
        if login not in self._windows:
            context = self.browser.new_context(locale="fr-FR", reduced_motion="reduce", **self.screen)
            context.set_default_timeout(1000 * PATIENCE)
            context.on("request", self._asked)
            context.on("console", self._said)
            page = context.new_page()
            if login is not None:
                page.goto(f"{self.url}/login")
                page.fill("#form [name=login]", login)
                page.fill("#form [name=password]", PASSWORD)
                with page.expect_navigation():
                    page.click("#formsave")
            if self.script:
                context.add_init_script(self.script)
            self._windows[login] = page
        return self._windows[login]

    def open(self, page: Page, language: str = "fr") -> tuple[Any, Any]:
        """The window with a page in it, and the answer that brought it."""
        assert self.found[page.name], f"{page.name}: nothing in the demo content suits this page"
        window = self.window(page.login)
        window.context.add_cookies([{"name": COOKIE, "value": language, "url": self.url}])
        if page.name != "receipt":
            return window, window.goto(self.url + self.found[page.name])
        # Shown once, to whoever has just voted.
        window.goto(self.url + self.found[page.name].replace("/receipt", "/vote"))
        window.click("label[for=choice-for]")
        with window.expect_navigation():
            window.click(".ballot .button")
        with window.expect_navigation() as came:
            window.click("#confirm .button")
        return window, came.value

    def _asked(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and f"{parts.scheme}://{parts.netloc}" != self.url:
            self.complaints.append(f"another host was asked: {request.url}")

    def _said(self, message: Any) -> None:
        # Chromium reports the status of the page itself: pages that refuse have one on purpose.
        if message.type in ("error", "warning") and "the server responded with a status of 40" not in message.text:
            self.complaints.append(f"console: {message.text}")

    def close(self) -> None:
        """Close every window."""
        for window in self._windows.values():
            window.context.close()


class Demonstration:
    """An application on the demo content; what is written goes to a layer over it that ``renew`` throws away."""

    def __init__(self, place: Place) -> None:
        self.found = addresses(place.folder)
        given = get_loader(str(place.ini.resolve()), protocols=["wsgi"]).get_wsgi_app_settings("main")
        self.application = coopcms.main({}, **given)
        self.registry = self.application.registry
        self._base = self.registry._zodb_databases[""]
        # Whoever logs in is written down: below what is thrown away.
        self._people = DemoStorage(base=self._base.storage)
        self._browsers: dict[str | None, TestApp] = {}
        self._take(self._people)
        for login in sorted({page.login or "" for page in PAGES}):
            self._browsers[login or None] = self._logged_in(login or None)
        self._layer: Any = None
        self.renew()

    def _take(self, storage: Any) -> None:
        self.registry._zodb_databases[""] = DB(storage)

    def _logged_in(self, login: str | None) -> TestApp:
        app = TestApp(self.application, extra_environ={"REMOTE_ADDR": "127.0.0.1"})
        if login is not None:
            form = app.get("/login").forms["form"]
            form["login"], form["password"] = login, PASSWORD
            assert form.submit("save").status_int == 303
        return app

    def renew(self) -> None:
        """Let everything be as it was."""
        if self._layer is not None:
            self._layer.changes.close()
        self._layer = DemoStorage(base=self._people)
        self._take(self._layer)
        if hasattr(self.registry, "coopcms_limiter"):
            del self.registry.coopcms_limiter

    def browser(self, login: str | None, language: str = "fr") -> TestApp:
        """The browser of somebody."""
        app = self._browsers[login]
        app.set_cookie(COOKIE, language)
        return app

    def changed(self) -> list[bytes]:
        """The keys of the records that were written since everything was as it was."""
        return list(self._layer.changes._data)

    def __enter__(self) -> "Demonstration":
        return self

    def __exit__(self, *exception: object) -> None:
        self._layer.changes.close()
        self._people.changes.close()
        self.registry._zodb_databases[""] = self._base
        self._base.close()


def forms_of(response: Any) -> list[tuple[int, Any]]:
    """The forms of a page that change something, with their places in it; not logging out, nor giving eyes back."""
    soup = response.html
    return [
        (number, response.forms[number])
        for number, form in enumerate(soup.find_all("form"))
        if form.get("method", "get").lower() == "post"
        and form.find_parent("header", class_="masthead") is None
        and form.find_parent(class_="banner") is None
    ]
