"""Somebody with a browser of their own, who complains about whatever a reader would not want."""

import re
from urllib.parse import urlsplit

from .. import world as worlds
from ..conftest import PATIENCE

#: What Chromium is called, by system.
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}

#: Chromium reports these of the page itself; a form that is refused answers so on purpose.
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of (409|422) ")


class Reader:
    """A browser context with one page.  ``complaints`` collects what went wrong: messages on the console (the content security
    policy among them), errors in scripts, requests to other hosts, pages wider than the screen."""

    def __init__(self, browser, url, **screen):
        self.url = url
        self.complaints = []
        self.dialogs = []
        self.context = browser.new_context(locale="fr-FR", **(screen or DESKTOP))
        self.context.set_default_timeout(1000 * PATIENCE)
        self.page = self.context.new_page()
        self.width = self.page.viewport_size["width"]
        self.touches = screen.get("has_touch", False)
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        self.context.on("request", self._request)
        self.page.on("dialog", self._dialog)

    def _console(self, message):
        if message.type in ("error", "warning") and not REFUSED.match(message.text):
            self.complaints.append(f"console at {self.page.url}: {message.text}")

    def _request(self, request):
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and f"{parts.scheme}://{parts.netloc}" != self.url:
            self.complaints.append(f"another host was asked: {request.url}")

    def _dialog(self, dialog):
        self.dialogs.append(dialog.type)
        dialog.accept()

    def look(self):
        """See whether the page fits the screen; the screen of a phone would zoom out, so its own width counts."""
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > self.width:
            widest = self.page.evaluate(
                "(w) => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > w)"
                ".slice(0, 4).map(e => e.outerHTML.slice(0, 120))",
                self.width,
            )
            self.complaints.append(f"{self.page.url} is {wide} wide on a screen of {self.width}: {widest}")
        return self

    def go(self, path):
        """Go to an address."""
        answer = self.page.goto(self.url + path)
        self.look()
        return answer.status

    def activate(self, locator):
        """Tap on a phone, click elsewhere."""
        if self.touches:
            locator.tap()
        else:
            locator.click()

    def press(self, name, *, within="main"):
        """Press a button or follow a link by its words, and look at the page it leads to; its status comes back."""
        return self.press_on(
            self.page.locator(within)
            .get_by_role("button", name=name)
            .or_(self.page.locator(within).get_by_role("link", name=name))
            .first
        )

    def press_on(self, locator):
        """Press something that leads to another page, and look at that; its status comes back."""
        statuses = []

        def seen(response):
            if response.request.is_navigation_request():
                statuses.append(response.status)

        self.page.on("response", seen)
        with self.page.expect_navigation():
            self.activate(locator)
        self.page.remove_listener("response", seen)
        self.look()
        return statuses[-1]

    def fill(self, **values):
        """Fill fields by their names: text is typed, lists are chosen from, one of several is ticked."""
        for name, value in values.items():
            fields = self.page.locator(f"#form [name='{name}']")
            if not fields.count():
                # Deform names the buttons of a choice by the id of the field.
                self.page.locator(f"#form input[value='{value}']").check()
            elif fields.evaluate("e => e.tagName") == "SELECT":
                fields.select_option(value)
            else:
                fields.fill(str(value))

    def unfold(self, step):
        """Open a step of the workflow page, where it is folded, and give it back."""
        panel = self.page.locator(f"details#{step}")
        if panel.get_attribute("open") is None:
            self.activate(panel.locator("summary"))
            self.look()
        return panel

    def fire(self, step, comment=""):
        """Fire a transition on the workflow page; the status of the answer."""
        panel = self.unfold(step)
        if comment:
            panel.locator("textarea").fill(comment)
        return self.press_on(panel.locator("form button[name=save]:visible"))

    def save(self):
        """Send the form of the page; the status of the answer."""
        return self.press_on(self.page.locator("#formsave"))

    def read(self, where="main"):
        """The words of the page, as they are shown."""
        return self.page.locator(where).inner_text()

    def read_page(self, path):
        """The words of the page at an address."""
        self.go(path)
        return self.read()

    def log_in(self, login, password=worlds.PASSWORD):
        """Log in by the form."""
        self.go("/login")
        self.fill(login=login, password=password)
        assert self.save() == 200
        assert self.page.url == f"{self.url}/tasks"
        return self
