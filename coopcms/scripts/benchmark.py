"""What pages cost: CPU time of the server process per request, beside a bare answer of waitress in the same run.

Ratios of CPU time say something on a noisy machine; seconds on the clock do not.
"""

import contextlib
import http.client
import re
import socket
import statistics
import subprocess  # noqa: S404
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

from . import benchmark_pictures
from .benchmark_content import SLUG as AUDITED
from .benchmark_content import audited_company

ROUNDS = 5
LINES = 50  #: lines in the history of the dossier that is measured
BARE = 20_000  #: bytes of the bare answer
SLUG = "ferme-des-trois-chenes"

_BARE_SERVER = f"""
import sys
from waitress import serve
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", "{BARE}")])
    return [b"x" * {BARE}]
serve(app, listen="127.0.0.1:" + sys.argv[1], threads=4, ident="", _quiet=True)
"""

_INI = """
[app:main]
use = egg:coopcms
zodbconn.uri = file://%(here)s/Data.fs?blobstorage_dir=%(here)s/blobs&connection_cache_size=20000
coopcms.var = %(here)s/var
coopcms.clock = inside
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
keys = plain
[logger_root]
level = WARNING
handlers = console
[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = plain
[formatter_plain]
format = %(message)s
"""


@dataclass(frozen=True)
class Figure:
    """One figure with its unit, and the bound it must not pass."""

    name: str
    value: float
    unit: str
    bound: float | None = None

    @property
    def ok(self) -> bool:
        """Whether it keeps its bound."""
        return self.bound is None or self.value <= self.bound

    def as_dict(self) -> dict[str, Any]:
        """The figure for machines."""
        return {"name": self.name, "value": round(self.value, 4), "unit": self.unit, "bound": self.bound, "ok": self.ok}

    def __str__(self) -> str:
        bound = "" if self.bound is None else f"  (at most {self.bound:g}{'' if self.ok else ': EXCEEDED'})"
        return f"{self.name} {self.value:.4g} {self.unit}{bound}"


def run(seconds: float) -> Iterator[Figure]:
    """Every figure, as it is measured; each for about ``seconds``."""
    with tempfile.TemporaryDirectory(prefix="coopcms-bench-") as folder, contextlib.ExitStack() as stack:
        port, bare_port = _free_port(), _free_port()
        ini = Path(folder) / "bench.ini"
        ini.write_text(_INI.replace("{port}", str(port)))
        _prepare(ini)
        yield Figure("text_indexed", _text_indexed(ini), "CPU-ms", 5)
        yield Figure("vote_conflicts", _vote_conflicts(ini), "per 100 casts", 5)
        bare = stack.enter_context(_process([sys.executable, "-c", _BARE_SERVER, str(bare_port)], bare_port))
        _cold, _cpu = _start_once(ini, port)
        started = time.perf_counter()
        site = stack.enter_context(_process([sys.executable, "-m", "coopcms", "-c", str(ini), "serve"], port))
        yield Figure("start", time.perf_counter() - started, "s", 4)
        yield Figure("start_cpu", sum(site.cpu_times()[:2]), "s")
        cookie = _log_in(port, "membre")
        path = f"/companies/{SLUG}"
        targets: dict[str, Callable[[], None]] = {
            "bare": _getter(bare_port, "/"),
            "dossier_anonymous": _getter(port, path),
            "dossier_member": _getter(port, path, cookie),
            "home": _getter(port, "/"),
            "directory": _getter(port, "/companies"),
            "search": _getter(port, "/companies?text=oeufs"),
            "api_company": _getter(port, f"/api/v1{path}"),
            "workflow_page": _getter(port, f"{path}/workflow"),
            "matrix": _getter(port, f"/companies/{AUDITED}/specifications/grille/1/matrix"),
        }
        costs: dict[str, list[float]] = {name: [] for name in targets}
        for get in targets.values():
            for _ in range(20):
                get()
        for _round in range(ROUNDS):
            for name, get in targets.items():
                costs[name].append(_cost(bare if name == "bare" else site, get, seconds / ROUNDS))
        middle = {name: statistics.median(values) for name, values in costs.items()}
        yield Figure("bare", middle["bare"] * 1000, "CPU-ms")
        bounds = {"dossier_anonymous": 12.0, "dossier_member": 18.0, "matrix": 40.0}
        for name, value in middle.items():
            if name != "bare":
                yield Figure(name, value / middle["bare"], "times bare", bounds.get(name))
        yield Figure("dossier_html", len(_get(port, path)) / 1000, "kB", 40)
        yield Figure("process", site.memory_info().rss / 1e6, "MB", 150)
        yield Figure("large_jpeg", benchmark_pictures.megabytes("JPEG", "image/jpeg", folder), "MB", 300)
        yield Figure("large_png", benchmark_pictures.megabytes("PNG", "image/png", folder), "MB", 300)


def _prepare(ini: Path) -> None:
    """A demo site whose measured dossier has a long history."""
    from ..seed.demo import fill
    from . import Configuration
    from .database import database, site_of

    registry = Configuration(ini).application().registry
    now = datetime.now(UTC)
    with site_of(registry) as site:
        fill(site, now.replace(hour=12, minute=0, second=0, microsecond=0))  # its steps are set for a noon
        company = site["companies"][SLUG]
        first, *rest = list(company.history.values())
        lines = LINES - len(company.history)
        coordinator = site["principals"]["users"]["equipe"].__oid__
        filler = [
            {
                "transition": "declare_admissible",
                "from": "applied",
                "to": "applied",
                "when": now - timedelta(days=lines - number),
                "actor": coordinator,
                "role": "role:coordinator",
                "comment": "Pièce complémentaire reçue et examinée ; la candidature reste recevable.",
                "relied_on": (),
            }
            for number in range(lines)
        ]
        company.history.clear()
        for key, entry in enumerate([first, *rest, *filler]):
            company.history[key] = entry
        audited_company(site, now)
        from ..catalog.draining import drain

    with site_of(registry) as site:
        drain(site)
    database(registry).close()


def _vote_conflicts(ini: Path) -> float:
    from . import Configuration
    from .benchmark_votes import conflicts_per_100_casts
    from .database import database

    registry = Configuration(ini).application().registry
    try:
        return conflicts_per_100_casts(registry, database(registry))
    finally:
        database(registry).close()


def _text_indexed(ini: Path) -> float:
    from . import Configuration
    from .benchmark_texts import cpu_ms_per_text
    from .database import database, site_of

    registry = Configuration(ini).application().registry
    try:
        with site_of(registry) as site:
            return cpu_ms_per_text(site)
    finally:
        database(registry).close()


@contextlib.contextmanager
def _process(command: list[str], port: int) -> Iterator[psutil.Process]:
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        deadline = time.monotonic() + 60
        while True:
            if child.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start: {command}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.02)
        yield psutil.Process(child.pid)
    finally:
        child.terminate()
        child.wait(20)


def _start_once(ini: Path, port: int) -> tuple[float, float]:
    """Start and stop, so that what is measured next is a second start."""
    began = time.perf_counter()
    with _process([sys.executable, "-m", "coopcms", "-c", str(ini), "serve"], port) as process:
        _get(port, "/")
        return time.perf_counter() - began, sum(process.cpu_times()[:2])


def _cost(process: psutil.Process, get: Callable[[], None], seconds: float) -> float:
    """CPU seconds of a process per request."""
    before = sum(process.cpu_times()[:2])
    count, until = 0, time.perf_counter() + max(seconds, 0.4)
    while time.perf_counter() < until:
        get()
        count += 1
    return float((sum(process.cpu_times()[:2]) - before) / count)


def _getter(port: int, path: str, cookie: str = "") -> Callable[[], None]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Cookie": cookie} if cookie else {}

    def get() -> None:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")

    return get


def _get(port: int, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    return connection.getresponse().read()


def _log_in(port: int, login: str) -> str:
    """The session cookie of somebody who logged in with the form."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/login")
    page = connection.getresponse()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.read().decode())
    cookie = (page.headers["Set-Cookie"] or "").split(";")[0]
    body = urllib.parse.urlencode(
        {
            "__formid__": "form",
            "csrf_token": token[1] if token else "",
            "login": login,
            "password": "demo",
            "save": "save",
        }
    )
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/login", body, headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 303:
        raise RuntimeError(f"the log-in answered {answer.status}")
    return str(answer.headers["Set-Cookie"]).split(";")[0]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
