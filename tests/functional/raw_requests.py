"""Requests made of any bytes, past all clients that would put them in order; and what every answer must have."""

import io
import json
from dataclasses import dataclass

from webtest import TestApp

#: What every answer carries, whatever was asked.
HEADERS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Permissions-Policy",
)
FORM = "application/x-www-form-urlencoded"


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: list
    body: bytes
    api: bool

    def header(self, name):
        """The value of a header, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


def latin(given):
    """Bytes as WSGI hands them on."""
    return given.decode("latin-1") if isinstance(given, bytes) else given


def ask(application, method="GET", path=b"/", *, query=b"", headers=None, body=b"", kind=None, length=None, **environ):
    """Ask the application itself; ``headers`` by their names in HTTP, all values bytes or text."""
    given = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": latin(path),
        "QUERY_STRING": latin(query),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if body or length is not None:
        given["CONTENT_LENGTH"] = str(len(body)) if length is None else length
    if kind is not None:
        given["CONTENT_TYPE"] = latin(kind)
    for name, value in (headers or {}).items():
        given["HTTP_" + name.upper().replace("-", "_")] = latin(value)
    given.update(environ)
    found = {}

    def start(status, headers, exc_info=None):
        found.update(status=int(status.split()[0]), headers=headers)

    pieces = application(given, start)
    try:
        data = b"".join(pieces)
    finally:
        if hasattr(pieces, "close"):
            pieces.close()
    return Answer(found["status"], found["headers"], data, given["PATH_INFO"].startswith("/api/v1"))


def check(answer, *statuses):
    """No failure of ours, every header, nothing that ends one, and an error in the form that the reader expects."""
    assert answer.status < 500, (answer.status, answer.body[:2000])
    assert not statuses or answer.status in statuses, (answer.status, answer.body[:2000])
    for name in HEADERS:
        assert answer.header(name), (name, answer.status)
    for name, value in answer.headers:
        assert (name + value).isprintable(), (name, value)
        assert (name + value).isascii(), (name, value)
    location = answer.header("Location")
    assert location is None or location.startswith("http://localhost/"), location
    if answer.status >= 400 and answer.api and answer.body:
        assert answer.header("Content-Type").startswith("application/problem+json")
        assert answer.json["status"] == answer.status
        assert answer.json["detail"]
        assert len(answer.json["error"]) == 8
    elif answer.status >= 400 and answer.body:
        assert answer.header("Content-Type").startswith("text/html")
        assert "<main" in answer.text
        assert "Traceback" not in answer.text
    return answer


def session(application, login, password):
    """The cookie and the token for forms of somebody who logged in."""
    app = TestApp(application, extra_environ={"REMOTE_ADDR": "127.0.0.1"})
    form = app.get("/login").forms["form"]
    form["login"], form["password"] = login, password
    assert form.submit("save").status_int == 303
    token = app.get("/account").forms["profile"]["csrf_token"].value
    return "; ".join(f"{name}={value}" for name, value in app.cookies.items()), token
