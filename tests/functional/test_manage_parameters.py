"""Parameters of the management interface: Substance D reads them as they come, so what it cannot read does not come to it."""

from urllib.parse import urlencode

import pytest

from .. import world as worlds
from .raw_requests import FORM, ask, check, session


@pytest.fixture
def admin(application, world):
    """The cookie and the token of an administrator."""
    return session(application, "admin", worlds.PASSWORD)


PLACES = ["/manage/@@contents", "/manage/principals/users/@@contents", "/manage/catalogs/@@contents", "/manage/catalogs/system/@@contents", "/manage/companies/@@contents", "/manage/@@services", "/manage/locks/@@contents"]  # fmt: skip
QUERIES = [
    {"from": "²", "to": "5"},
    {"from": "0", "to": "x"},
    {"from": "0"},
    {"from": "-5", "to": "1"},
    {"from": "0", "to": "9" * 5000},
    {"from": "9" * 30, "to": "5"},
    {"from": "0", "to": "5", "sortCol": "nothing", "sortDir": "x"},
    {"from": "0", "to": "5", "filter": "(((", "sortCol": "Name"},
    {"filter": "and or not *"},
    {"filter.": '"'},
    {"filter.Name": "\x00"},
    {"filter": "é" * 1000},
    {"filterx": "*"},
    {"batch_num": "x", "batch_size": "²"},
    {"oid": "x", "all": "1"},
]


@pytest.mark.parametrize("query", QUERIES, ids=str)
@pytest.mark.parametrize("xhr", [True, False])
def test_lists_are_asked_for_with_numbers(application, admin, query, xhr):
    headers = {
        "Cookie": admin[0],
        **({"X-Requested-With": "XMLHttpRequest", "Accept": "application/json"} if xhr else {}),
    }
    for place in PLACES:
        check(ask(application, path=place.encode(), query=urlencode(query).encode(), headers=headers))


@pytest.mark.parametrize("expression", ["", "(", "name ==", "name == 'x' and", "nothing == 1", "name in 5", "eval('1')", "__import__('os')", "é" * 3000, "x" * 4000, "name == '\\ud800'", "1" * 5000, "((" * 200])  # fmt: skip
def test_a_search_that_is_no_expression_is_said(application, admin, expression):
    cookie, token = admin
    body = urlencode(
        {
            "csrf_token": token,
            "_csrf_token_": token,
            "cqe_expression": expression,
            "search": "search",
            "__formid__": "deform",
            "_charset_": "utf-8",
        }
    )
    place = b"/manage/catalogs/system/@@search_catalog"
    answer = check(ask(application, "POST", place, headers={"Cookie": cookie}, kind=FORM, body=body.encode()))
    kept = [value.split(";")[0] for name, value in answer.headers if name == "Set-Cookie"]
    check(ask(application, path=place, headers={"Cookie": "; ".join(kept) or cookie}))


@pytest.mark.parametrize("chosen", ["nothing", "name/nothing", "../..", "\x00", "x" * 5000, "name/" * 300])
@pytest.mark.parametrize(("place", "button"), [("/manage/catalogs/system/@@contents", "form.reindex"), ("/manage/locks/@@contents", "form.delete"), ("/manage/catalogs/system/@@manage_catalog", "reindex")])  # fmt: skip
def test_what_is_not_there_is_not_chosen(application, admin, place, button, chosen):
    cookie, token = admin
    body = urlencode({"csrf_token": token, button: button, "item-modify": chosen}).encode()
    check(ask(application, "POST", place.encode(), headers={"Cookie": cookie}, kind=FORM, body=body))
    parts = f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--b\r\nContent-Disposition: form-data; name="{button}"\r\n\r\nx\r\n'
    parts += '--b\r\nContent-Disposition: form-data; name="item-modify"; filename="x"\r\n\r\nx\r\n--b--\r\n'
    check(
        ask(
            application,
            "POST",
            place.encode(),
            headers={"Cookie": cookie},
            kind="multipart/form-data; boundary=b",
            body=parts.encode(),
        )
    )
