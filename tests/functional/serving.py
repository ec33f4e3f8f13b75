"""A site of its own in a scratch folder, its content made before it starts, and the ``coopcms`` command on it as a process."""

import contextlib
import html
import http.client
import os
import random
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import transaction
from plaster import get_loader
from webtest import TestResponse

import coopcms
from coopcms.scripts.database import database, site_of

from .. import world as worlds
from ..conftest import PATIENCE

_CHANCE = random.SystemRandom()
COMMAND = str(Path(sys.executable).with_name("coopcms"))

INI = """\
[app:main]
use = egg:coopcms
{app}

[server:main]
use = egg:waitress#main
listen = 127.0.0.1:{port}
threads = 4
ident =

[loggers]
keys = root

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARNING
handlers = console

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic

[formatter_generic]
format = %(asctime)s %(levelname)s %(name)s %(message)s
"""


def free_port():
    """A port nobody listens on, and none that the system gives to whoever connects: it would be taken before it is used."""
    while True:
        port = _CHANCE.randrange(10_000, 30_000)
        with contextlib.suppress(OSError), socket.socket() as found:
            found.bind(("127.0.0.1", port))
            return port


@dataclass
class Place:
    """A folder with ``x.ini``, and under it the database, the blobs and everything else that the site writes."""

    folder: Path
    changes: dict = field(default_factory=dict)  #: settings by name; None leaves one out
    port: int = field(default_factory=free_port)
    surroundings: dict = field(default_factory=dict)  #: what stands in the environment, by name

    def __post_init__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        settings = {
            "zodbconn.uri": "file://%(here)s/var/Data.fs?blobstorage_dir=%(here)s/var/blobs",
            "coopcms.var": "%(here)s/var",
            "coopcms.clock": "outside",
            **self.changes,
        }
        lines = "\n".join(f"{name} = {value}" for name, value in settings.items() if value is not None)
        self.ini.write_text(INI.format(app=lines, port=self.port))

    @property
    def ini(self):
        """The configuration file."""
        return self.folder / "x.ini"

    @property
    def var(self):
        """Where the site writes."""
        return self.folder / "var"

    @property
    def url(self):
        """Where it is served."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self):
        """The environment of its processes."""
        return environment() | self.surroundings

    def run(self, *arguments, preexec_fn=None, timeout=PATIENCE):
        """Run a command until it ends; what it answered has ``returncode``, ``stdout`` and ``stderr``."""
        return subprocess.run(
            [COMMAND, "-c", str(self.ini), *arguments],
            capture_output=True,
            text=True,
            timeout=timeout,
            stdin=subprocess.DEVNULL,
            preexec_fn=preexec_fn,
            env=self.environment,
            cwd=self.folder,
        )

    @contextlib.contextmanager
    def opened(self):
        """The site in this process, committed at the end: for content before the start, or to look at it after the end."""
        given = get_loader(str(self.ini.resolve()), protocols=["wsgi"]).get_wsgi_app_settings("main")
        with surrounded(self.surroundings):
            application = coopcms.main({}, **{**given, "coopcms.clock": "outside"})
        try:
            with site_of(application.registry) as site:
                yield site
        finally:
            transaction.abort()
            database(application.registry).close()

    def prepare(self, build):
        """Fill the site: ``build(site, now)`` with a time before the present one."""
        with self.opened() as site:
            return build(site, datetime.now(UTC) - timedelta(days=2))

    def start(self, *arguments, preexec_fn=None, wait=True):
        """``coopcms serve`` as a process; to be stopped with ``stop`` or used as a context manager."""
        return Server(self, arguments, preexec_fn, wait)

    @contextlib.contextmanager
    def several(self, count, *arguments):
        """That many processes over one database, each at a port of its own, started at the same moment."""
        with contextlib.ExitStack() as stack:
            running = [stack.enter_context(Server(self, arguments, port=free_port(), wait=False)) for _ in range(count)]
            for server in running:
                server.wait()
            yield running


class Server:
    """A running ``coopcms serve``."""

    def __init__(self, place, arguments, preexec_fn=None, wait=True, port=None):
        self.place = place
        self.port = port or place.port
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = place.folder / (f"serve-{port}.log" if port else "serve.log")
        if port:
            arguments = (*arguments, "--port", str(port))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [COMMAND, "-c", str(place.ini), "serve", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=preexec_fn,
                env=place.environment,
                cwd=place.folder,
            )
        if wait:
            self.wait()

    def wait(self, seconds=PATIENCE):
        """Wait until it answers.

        :raises AssertionError: it ended, or does not answer in time; with what it printed
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.process.poll() is None, f"the site ended: {self.log.read_text()}"
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.get("/framework").status == 200:
                    return
            time.sleep(0.05)
        self.stop()
        raise AssertionError(f"the site does not answer: {self.log.read_text()}")

    def get(self, path):
        """The answer to a GET, with ``status``, ``body`` and ``text``."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.body = answer.read()
            answer.text = answer.body.decode(errors="replace")
            return answer
        finally:
            connection.close()

    def kill(self):
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        """End it as Ctrl-C does."""
        if self.process.poll() is None:
            self.process.send_signal(2)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.stop()


class Staying(urllib.request.HTTPRedirectHandler):
    """Does not go where an answer leads."""

    def redirect_request(self, *arguments):
        return None


class Caller:
    """Somebody who sends forms to a running site, with the cookies of a session and no browser."""

    def __init__(self, url):
        self.url = url
        cookies = urllib.request.HTTPCookieProcessor()
        self._opener = urllib.request.build_opener(cookies)
        self._staying = urllib.request.build_opener(cookies, Staying())

    def get(self, path):
        """The status and the text of a page."""
        return self._ask(urllib.request.Request(self.url + path))

    def send(self, path, **values):
        """Open the page, then send its form with these values: the status and the text of what comes last."""
        return self._ask(self._filled(self.url + path, self.hidden(path) | values | {"save": "save"}))

    def hidden(self, path):
        """What the form of a page carries without showing it, by name."""
        status, text = self.get(path)
        assert status == 200, text
        form = re.search(r'<form id="form".*?</form>', text, re.DOTALL).group()
        return {
            html.unescape(name): html.unescape(value)
            for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
        }

    def form(self, path):
        """The form of a page, to be filled in: ``submit_fields("save")`` is what a browser sends of it."""
        status, text = self.get(path)
        assert status == 200, text
        return TestResponse(text=text, content_type="text/html", charset="utf-8").forms["form"]

    def post(self, url, fields):
        """The status of the answer to these fields, at one of several processes; nobody goes on to where it leads."""
        return self._ask(self._filled(url, fields), self._staying)[0]

    def log_in(self, login, password=worlds.PASSWORD):
        """Log in by the form."""
        self.login = login
        assert self.send("/login", login=login, password=password)[0] == 200
        assert self.get("/account")[0] == 200
        return self

    def _filled(self, url, fields):
        return urllib.request.Request(url, urllib.parse.urlencode(fields).encode())

    def _ask(self, request, opener=None):
        try:
            with (opener or self._opener).open(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()


@contextlib.contextmanager
def surrounded(names):
    """The environment of this process with these in it."""
    before = dict(os.environ)
    os.environ.update(names)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def environment():
    """The environment of the process, without what would lead it to other settings."""
    return {k: v for k, v in os.environ.items() if not k.startswith("COOPCMS_")} | {"PYTHONUTF8": "1"}


def build_world(site, now):
    """The small world of the tests, for a site that will be served."""
    return worlds.build(site, now)
