"""Bodies of the API: read once, strictly; what cannot be read is said with its field."""

import codecs
import json

import pytest
import transaction

from . import api_fixtures
from .raw_requests import ask, check

api = api_fixtures.api
COMMENTS = b"/api/v1/companies/candidate/comments"


@pytest.fixture
def send(application, api):
    """A function that sends any bytes as a member."""
    headers = {"Authorization": api("membre").headers["Authorization"]}

    def send(body, *, kind="application/json", path=COMMENTS, method="POST"):
        return check(ask(application, method, path, headers=headers, kind=kind, body=body))

    return send


@pytest.mark.parametrize(
    "body",
    [
        codecs.BOM_UTF8 + b'{"text": "x"}', '{"text": "x"}'.encode("utf-16"), '{"text": "x"}'.encode("utf-32-le"), b'{"text": "\xff"}', b"",
        b'{"text": "x"} y', b'{"text": NaN}', b'{"text": 1e999}', b'{"text": ' + b"9" * 5000 + b"}", b'{"text": "\\ud800"}',
        b"[" * 50_000, b'{"text": "x",}',
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_400_with_a_sentence(send, body):
    answer = send(body)
    assert answer.status == 400
    assert answer.json["title"] == "Cette demande n’est pas valable"


def test_a_doubled_name_is_400_and_named(send, site):
    answer = send(b'{"text": "oui", "text": "non"}')
    assert answer.status == 400
    assert answer.json["field"] == "text"
    assert "text" in answer.json["detail"]
    transaction.begin()
    assert list(site["companies"]["candidate"].discussion.items()) == []


def test_a_ballot_that_names_two_choices_is_not_cast(send):
    answer = send(b'{"choice": "for", "choice": "against"}', path=b"/api/v1/proposals/nothing/ballot")
    assert answer.status in (400, 404)


@pytest.mark.parametrize("kind", ["text/plain", "text/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", None, "application/json; charset=utf-16", "application/json; charset=latin-1"])  # fmt: skip
def test_another_type_is_415(send, kind):
    assert send(b'{"text": "x"}', kind=kind).status == 415


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", 'application/json; charset="UTF-8"', "application/json"]
)
def test_utf_8_may_be_said(send, kind):
    assert send('{"text": "Été"}'.encode(), kind=kind).status == 201


@pytest.mark.parametrize("body", [b"{}", b"[]", b"0", b'""', b"false", b"null"])
def test_an_empty_value_is_a_body_all_the_same(send, body):
    assert send(body).status == 422


def test_texts_are_stored_composed_and_with_one_kind_of_line_end(send, site):
    answer = send(json.dumps({"text": "E\u0301te\u0301\r\nhiver"}).encode())
    assert answer.status == 201
    assert answer.json["text"] == "Été\nhiver"


def test_the_body_is_parsed_once(send, monkeypatch):
    from coopcms.web import json as sent

    read, decode = [], sent._DECODER.decode
    monkeypatch.setattr(sent._DECODER, "decode", lambda text: read.append(text) or decode(text))
    assert send(b'{"text": "x"}').status == 201
    assert len(read) == 1


@pytest.mark.parametrize("cursor", ["%ff", "x", "W10", "WyJhIiwxZTk5OV0", "WyJcdWQ4MDAiLDFd", "WzEsMV0", "é"])
def test_a_cursor_that_is_none_is_refused(application, world, cursor):
    from urllib.parse import quote

    query = f"cursor={cursor if cursor == '%ff' else quote(cursor)}".encode()
    for path in (b"/api/v1/companies", COMMENTS):
        check(ask(application, path=path, query=query), 400)


@pytest.mark.parametrize("limit", ["²", "٣", "1_0", "-1", "0", "201", "9" * 5000, "1e1", ""])
def test_a_limit_that_is_no_number_here_is_refused_or_the_usual_one(application, world, limit):
    from urllib.parse import quote

    answer = check(ask(application, path=b"/api/v1/companies", query=f"limit={quote(limit)}".encode()))
    assert answer.status in (200, 400)
