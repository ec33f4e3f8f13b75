"""Any bytes, anywhere in a request: never a failure of ours, always all headers, an error in the reader's form."""

from datetime import UTC, datetime

import pytest
import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopcms.domain import accounts

from .. import world as worlds
from .raw_requests import FORM, ask, check, session

FEW = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
#: Bytes that servers let through in a line of a head.
LINE = st.binary(max_size=40).map(lambda given: given.replace(b"\r", b"").replace(b"\n", b""))
#: Pieces that mean something to one of the libraries underneath.
PIECES = st.sampled_from(
    [b"/", b"//", b"..", b"%2e", b"%2f", b"@@", b"\\", b"\x00", b"\xff", b"\xc4\xb0", b"\xed\xa0\x80", b"companies", b"candidate",
     b"manage", b"principals", b"users", b"catalogs", b"edit", b"comments", b"workflow", b"files", b"add", b"api", b"v1", b"\n", b"+",
     b"static", b"language", b"members", b"audits", b"specifications", b"-1", b"\xc2\xb2", b"outbox", b"deadlines.ics", b"invitation"]
)  # fmt: skip
PATHS = st.lists(PIECES | LINE, max_size=6).map(lambda pieces: b"/" + b"/".join(pieces))
NAMES = st.sampled_from(
    ["page", "from", "text", "state", "sector", "limit", "cursor", "next", "to", "reply", "level", "key", "mailing", "kind", "company",
     "eyes", "who", "body", "tracker", "csrf_token", "__start__", "__end__", "__formid__", "choice", "transition", "seen", "revision",
     "remove", "revoke", "login", "password", "upload", "uid", "title", "in_reply_to", "answer", "note", "assignee", "strike", "was",
     "form.delete", "save", "name", "email", "confirm", "place-a1", "done", "new", "ended", "role", "key", "hide", "reason"]
)  # fmt: skip
VALUES = (
    st.sampled_from(["²", "-1", "٣", "9" * 5000, "1_0", "a:mapping", "a:sequence", "a:rename", "x", "", "\x00", "__start__", "0x1", "1e9", "é", "\u202e", "on", "true"])
    | st.text(max_size=20)
)  # fmt: skip


def encoded(pairs):
    """Fields as in a query or a form."""
    from urllib.parse import urlencode

    return urlencode([(name, value.encode("utf-8", "surrogatepass")) for name, value in pairs]).encode()


FIELDS = st.lists(st.tuples(NAMES, VALUES), max_size=8)
QUERIES = LINE.map(lambda given: given.replace(b"#", b"")) | FIELDS.map(encoded)
HEADERS = st.dictionaries(
    st.sampled_from(["Accept-Language", "Cookie", "Referer", "User-Agent", "Host", "Authorization", "Origin", "Accept", "If-Match",
                     "If-None-Match", "If-Modified-Since", "Range", "If-Range", "X-Forwarded-For", "X-CSRF-Token", "X-Requested-With"]),
    LINE, max_size=4,
)  # fmt: skip
PAGES = [b"/", b"/companies", b"/companies/candidate", b"/companies/candidate/comments", b"/login", b"/language", b"/proposals", b"/deadlines.ics",
         b"/manage", b"/companies/candidate/matrix", b"/api/v1/companies", b"/api/v1/companies/candidate/comments", b"/api/v1/proposals"]  # fmt: skip
DESKS = {
    "entreprise": [b"/companies/candidate/edit", b"/companies/candidate/files/add", b"/companies/candidate/contacts/add", b"/companies/candidate/staff", b"/companies/candidate/interests", b"/companies/candidate/outside-certificates/add", b"/account"],
    "equipe": [b"/board", b"/outbox", b"/members", b"/members/add", b"/companies/candidate/care", b"/companies/candidate/stand-in", b"/companies/candidate/workflow", b"/companies/invite", b"/bodies/add", b"/proposals/add", b"/companies/candidate/suggest/identity", b"/letters", b"/companies/candidate/comments"],
    "admin": [b"/manage", b"/manage/@@properties", b"/manage/principals/users/@@add_user", b"/manage/@@undo_multiple", b"/manage/@@undo_recent", b"/manage/catalogs/system/@@search_catalog", b"/see-as", b"/manage/principals/users/membre/@@properties", b"/manage/companies/candidate/@@workflows"],
}  # fmt: skip
SEATS = [(login, path) for login, paths in DESKS.items() for path in paths]


@pytest.fixture
def seats(application, world):
    """The cookie and the token of whoever is asked for, each logged in once."""
    known = {}

    def seat(login):
        if login not in known:
            known[login] = session(application, login, worlds.PASSWORD)
        return known[login]

    return seat


@FEW
@given(
    method=st.sampled_from(["GET", "HEAD", "POST"]) | st.text(max_size=8), path=PATHS, query=QUERIES, headers=HEADERS
)
def test_any_address_and_any_headers(application, world, method, path, query, headers):
    check(ask(application, method, path, query=query, headers=headers))
    check(ask(application, method, b"/api/v1" + path, query=query, headers=headers))


@pytest.mark.parametrize("path", PAGES)
@FEW
@given(query=QUERIES, headers=HEADERS)
def test_any_query_of_a_page(application, world, path, query, headers):
    check(ask(application, path=path, query=query, headers=headers))


@pytest.mark.parametrize(("login", "path"), SEATS)
@settings(FEW, max_examples=12)
@given(fields=FIELDS)
def test_any_query_at_a_desk(application, world, seats, login, path, fields):
    check(ask(application, path=path, query=encoded(fields), headers={"Cookie": seats(login)[0]}))


@pytest.mark.parametrize(("login", "path"), SEATS)
@settings(FEW, max_examples=25)
@given(fields=FIELDS, raw=st.binary(max_size=60), plain=st.booleans(), query=FIELDS)
def test_any_form_at_a_desk(application, world, seats, login, path, fields, raw, plain, query):
    cookie, token = seats(login)
    body = f"csrf_token={token}&".encode() + (encoded(fields) if plain else raw)
    check(ask(application, "POST", path, query=encoded(query), headers={"Cookie": cookie}, kind=FORM, body=body))


def part(name, value, filename=None):
    """A part as a client makes it that thinks of nothing."""
    shown = f'; filename="{filename}"' if filename is not None else ""
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"{shown}\r\n\r\n'
    return head.encode("utf-8", "replace") + value + b"\r\n"


@pytest.mark.parametrize(("login", "path"), SEATS)
@settings(FEW, max_examples=25)
@given(
    parts=st.lists(st.tuples(NAMES, VALUES.map(str.encode) | st.binary(max_size=30), st.none() | st.sampled_from(["", "x.pdf", "é.png", "../x", "a\x00b"])), max_size=8),
    torn=st.integers(0, 12),
)  # fmt: skip
def test_any_file_at_a_desk(application, world, seats, login, path, parts, torn):
    """Files under the names of texts, texts under the names of files."""
    cookie, token = seats(login)
    body = part("csrf_token", token.encode()) + b"".join(part(*each) for each in parts) + b"--b--\r\n"
    body = body[: len(body) - torn * 3] if torn > 9 else body
    check(ask(application, "POST", path, headers={"Cookie": cookie}, kind="multipart/form-data; boundary=b", body=body))


@FEW
@given(body=st.binary(max_size=120), kind=st.sampled_from([FORM, "multipart/form-data; boundary=b"]) | LINE)
def test_any_body_of_any_kind(application, world, seats, body, kind):
    for path in (b"/login", b"/companies/candidate/comments", b"/manage"):
        check(ask(application, "POST", path, headers={"Cookie": seats("admin")[0]}, kind=kind, body=body))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["login", "password", "text", "in_reply_to", "transition", "comment", "from", "choice"]), inner, max_size=4),
    max_leaves=6,
)  # fmt: skip


@FEW
@given(
    body=st.binary(max_size=80) | JSON,
    kind=st.sampled_from(["application/json"] * 5 + ["application/json; charset=utf-16", "text/json", ""]),
)
def test_any_body_of_the_api(application, world, site, body, kind):
    import json

    token = accounts.issue_token(site, world.accounts["membre"], datetime.now(UTC))
    transaction.commit()
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    for path in (
        "/session",
        "/companies/candidate/comments",
        "/companies/candidate/workflow",
        "/companies",
        "/nothing",
    ):
        for method in ("POST", "PATCH", "DELETE"):
            headers = {"Authorization": f"Bearer {token}"}
            check(ask(application, method, f"/api/v1{path}", headers=headers, kind=kind, body=data))
