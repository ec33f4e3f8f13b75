"""A request that met another writer is played again with all that it brought: files, forms and JSON."""

import io
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import transaction
from pyramid_retry import BeforeRetry
from webtest import TestApp, Upload
from ZODB.Connection import Connection
from ZODB.POSException import ConflictError

from coopcms.domain import accounts
from coopcms.subscribers import conflicts
from coopcms.web.request import Request

from .serving import Caller

COMPANY = "/companies/candidate"
PDF = b"%PDF-1.4\n" + b"page " * 100_000
THREADS, EACH = 3, 8


@pytest.fixture
def met(monkeypatch):
    """Commits that fail: the first five of each test, as if somebody had written first."""
    failures = []

    def tpc_vote(self, running, vote=Connection.tpc_vote):
        if len(failures) < 5:
            failures.append(running)
            raise ConflictError("somebody wrote first")
        return vote(self, running)

    monkeypatch.setattr(Connection, "tpc_vote", tpc_vote)
    monkeypatch.setattr(conflicts, "FIRST", 0.0001)
    return failures


def form_of(browser, path):
    return browser.get(path).forms["form"]


def test_a_file_is_whole_after_five_conflicts(browse, world, site, met):
    browser = browse("entreprise")
    form = form_of(browser, f"{COMPANY}/files/add")
    form["upload"] = Upload("statuts.pdf", PDF, "application/pdf")
    form["title"] = "Nos statuts"
    met.clear()  # logging in met some
    form.submit("save", status=303)
    assert len(met) == 5
    transaction.begin()
    [file] = [each for each in site["companies"]["candidate"]["files"].values() if each.title == "Nos statuts"]
    assert file.size == len(PDF)
    with file.open() as kept:
        assert kept.read() == PDF


def test_a_form_is_whole_after_five_conflicts(browse, world, site, met):
    form = form_of(browse("membre"), f"{COMPANY}/comments")
    form["text"] = "Été comme hiver."
    met.clear()
    form.submit("save", status=303)
    assert len(met) == 5
    transaction.begin()
    assert [one.text for _key, one in site["companies"]["candidate"].discussion.items()] == ["Été comme hiver."]


def test_a_json_body_is_whole_after_five_conflicts(application, world, site, met):
    met.extend([None] * 5)
    token = accounts.issue_token(site, world.accounts["membre"], datetime.now(UTC))
    transaction.commit()
    met.clear()
    app = TestApp(application)
    answer = app.post_json(
        f"/api/v1{COMPANY}/comments",
        {"text": "e\u0301te\u0301"},
        headers={"Authorization": f"Bearer {token}"},
        status=201,
    )
    assert len(met) == 5
    assert answer.json["text"] == "été"
    transaction.begin()
    assert [one.text for _key, one in site["companies"]["candidate"].discussion.items()] == ["été"]


def test_nothing_that_an_attempt_left_in_its_environment_is_seen_by_the_next(registry):
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": "3",
        "HTTP_HOST": "localhost",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(b"a=b"),
    }
    from coopcms.web.incoming import receive

    request = Request(environ)
    request.registry = registry
    receive(request)
    before = {name: value for name, value in environ.items() if not name.startswith("coopcms.")}
    assert list(request.POST.items()) == [("a", "b")]
    environ["coopcms.names"], environ["PATH_INFO"], environ["webob._parsed_post_vars"] = {}, "/other", ({}, None)
    environ["retry.attempt"] = 0
    environ["wsgi.input"].seek(3)
    registry.notify(BeforeRetry(request, ConflictError("x")))
    assert environ.pop("retry.attempt") == 0, "pyramid_retry removes it itself"
    assert {name: value for name, value in environ.items() if not name.startswith("coopcms.")} == before
    assert "coopcms.names" not in environ
    assert Request(environ).POST["a"] == "b"


def multipart(fields, filename, data):
    """A body as a browser makes it."""
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields
    ]
    file = (
        f'--b\r\nContent-Disposition: form-data; name="upload"; filename="{filename}"\r\n\r\n'.encode() + data + b"\r\n"
    )
    at = next(place for place, (name, _value) in enumerate(fields) if name == "__start__") + 1
    return b"".join([*parts[:at], file, *parts[at:], b"--b--\r\n"])


def send_files(caller, who):
    """The statuses of so many files sent one after the other."""
    statuses = Counter()
    for number in range(EACH):
        sent = caller.form(f"{COMPANY}/files/add").submit_fields("save")
        fields = [
            (name, f"Pièce {who}-{number}" if name == "title" else value) for name, value in sent if name != "upload"
        ]
        statuses[caller.send_body(f"{COMPANY}/files/add", multipart(fields, f"{who}-{number}.pdf", PDF))] += 1
    return statuses


class Sender(Caller):
    """A caller who sends bodies of their own making."""

    def send_body(self, path, body):
        import urllib.request

        request = urllib.request.Request(self.url + path, body, {"Content-Type": "multipart/form-data; boundary=b"})
        return self._ask(request, self._staying)[0]


def test_people_who_upload_at_once_all_succeed(place):
    """On a real file storage, each file several times the size that is kept in memory."""
    with place.start() as server:
        senders = [Sender(server.url).log_in("entreprise") for _number in range(THREADS)]
        with ThreadPoolExecutor(THREADS) as pool:
            statuses = sum(pool.map(send_files, senders, range(THREADS)), Counter())
        log = server.log.read_text()
    assert statuses == {303: THREADS * EACH}, log[-3000:]
    with place.opened() as site:
        kept = [file for file in site["companies"]["candidate"]["files"].values() if file.title.startswith("Pièce ")]
        assert len({file.title for file in kept}) == THREADS * EACH
        assert {file.size for file in kept} == {len(PDF)}
