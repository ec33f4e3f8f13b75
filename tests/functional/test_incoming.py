"""Requests that cannot be read: an answer with a sentence and all headers, in the form that the reader expects."""

import io
import logging

import pytest
from webtest import TestApp

from .. import world as worlds
from .raw_requests import FORM, ask, check, session

BOUNDARY = "multipart/form-data; boundary=b"
PART = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\nx\r\n'


@pytest.fixture
def staff(application, world):
    """The cookie and the token of somebody of a company."""
    return session(application, "entreprise", worlds.PASSWORD)


# --- addresses ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", [b"", b"/api/v1"])
@pytest.mark.parametrize(
    "path",
    [
        b"/\xff",
        b"/\x00",
        b"/companies/\n",
        b"/companies/a\r\nSet-Cookie: x=1",
        b"/a\\b",
        b"/\\host",
        b"//host",
        b"/companies//candidate",
        b"/companies/../manage",
        b"/./companies",
        b"/companies/..",
        b"/x/%2e%2e/manage",
        b"/\xed\xa0\x80",
        b"/\xc2\x85",
    ],
)
def test_an_address_that_cannot_be_read_is_refused(application, world, prefix, path):
    check(ask(application, path=prefix + path), 400)


@pytest.mark.parametrize(
    "raw", ["/companies%2fcandidate", "/x%5C..%5Cmanage", "//host/companies", "/a/%2e%2E/b", "/a/%252e/b"]
)
def test_an_address_is_judged_as_it_came_too(application, world, raw):
    check(ask(application, path=b"/companies/candidate", REQUEST_URI=raw), 400)


def test_an_address_longer_than_any_of_ours_is_too_long(application, world):
    assert "trop longue" in check(ask(application, path=b"/" + b"x" * 9000), 414).text
    check(ask(application, path=b"/api/v1/companies", query=b"text=" + b"x" * 9000), 414)
    check(ask(application, query=b"&".join([b"a=1"] * 600)), 414)
    check(ask(application, path=b"/companies/" + b"x" * 5000), 404)


@pytest.mark.parametrize(
    "path",
    [
        b"/principals",
        b"/catalogs",
        b"/principals/users/admin",
        b"/catalogs/system",
        b"/companies/@@view",
        b"/@@",
        b"/+attr",
    ],
)
@pytest.mark.parametrize("prefix", [b"", b"/api/v1"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_services_underneath_are_not_found(application, world, path, prefix, method):
    check(ask(application, method, path=prefix + path), 404, 401, 400, 403)


@pytest.mark.parametrize(
    ("path", "query", "leads"),
    [
        (b"/companies/", b"", "/companies"),
        (b"/companies/", b"text=caf%C3%A9&page=2", "/companies?text=caf%C3%A9&page=2"),
        ("/İ/".encode(), b"", "/%C4%B0"),
        (b"/api/v1/companies/", b"limit=2", "/api/v1/companies?limit=2"),
        (b"/companies/", "text=été".encode(), "/companies?text=%C3%A9t%C3%A9"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_slash_too_many_is_led_on_with_its_query(application, world, method, path, query, leads):
    answer = check(ask(application, method, path, query=query), 303)
    assert answer.header("Location") == f"http://localhost{leads}"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_whoever_writes_to_an_address_with_a_slash_too_many_finds_nothing(application, world, method):
    check(ask(application, method, b"/api/v1/companies/"), 404)
    if method == "POST":
        check(ask(application, method, b"/companies/"), 404)


def test_the_home_pages_keep_their_slash(application, world):
    check(ask(application, path=b"/"), 200)
    check(ask(application, path=b"/api/v1/"), 200)


@pytest.mark.parametrize(
    "wanted",
    [
        b"//evil.example",
        b"/\\evil.example",
        b"https://evil.example",
        b"/a\r\nSet-Cookie: x=1",
        b"/%0d%0aSet-Cookie:x",
        b"//[",
        b"\\\\evil",
        b"javascript:alert(1)",
        b"/\x85x",
        "/é".encode(),
        b"/" + b"x" * 7800,
    ],
)
def test_no_redirect_leads_elsewhere_or_writes_a_header(application, world, wanted):
    from urllib.parse import quote_from_bytes

    answer = ask(application, path=b"/language", query=b"to=fr&next=" + quote_from_bytes(wanted).encode())
    if wanted == b"/\x85x":
        check(answer, 400)
        return
    location = check(answer, 303).header("Location")
    assert "evil" not in location
    assert [
        value for name, value in answer.headers if name == "Set-Cookie" and not value.startswith("language=fr")
    ] == []


def test_a_query_that_is_no_text_is_refused(application, world):
    assert "UTF-8" in check(ask(application, path=b"/companies", query=b"text=%ff"), 400).text
    assert "UTF-8" in check(ask(application, path=b"/api/v1/companies", query=b"text=%ff"), 400).json["detail"]
    check(ask(application, path=b"/companies", query=b"text=\xff\xfe"), 400)


# --- host, method, headers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", [b"evil.example/x", b"a b", b"\xff", b"", b"a,b", b"a@b", b'"><script>', b"[::1", b"a:99999999", b"a:b"]
)
def test_a_host_that_is_no_name_is_refused(application, world, host):
    text = check(ask(application, headers={"Host": host}), 400).text
    assert "evil" not in text
    assert "script>" not in text.replace("</script>", "").replace("coopcms.js", "") or b"script" not in host


def test_a_site_with_an_address_answers_to_no_other_name(application, world, settings, tmp_path):
    from coopcms.web import incoming

    own = incoming._netloc("https://coop.example")
    ours = [
        "coop.example",
        "coop.example:443",
        "coop.example:80",
        "localhost:6543",
        "127.0.0.1:1",
        "[::1]:80",
        "127.3.2.1",
    ]
    foreign = [
        "evil.example",
        "coop.example.evil",
        "coop.example:8443",
        "10.0.0.1",
        "xcoop.example",
        "localhost.evil",
        "[::2]",
    ]
    assert [host for host in ours if not incoming._is_ours(host, "https", own)] == []
    assert [host for host in foreign if incoming._is_ours(host, "https", own)] == []


@pytest.mark.parametrize(
    "method", ["PROPFIND", "TRACE", "GE T", "get", "CONNECT", "X" * 300, "DELETE", "OPTIONS", "PATCH"]
)
def test_a_method_that_pages_do_not_have_is_named_with_those_they_have(application, world, method):
    answer = check(ask(application, method, b"/companies"), 405)
    assert answer.header("Allow") == "GET, HEAD, POST"


@pytest.mark.parametrize("method", ["PROPFIND", "TRACE", "GE T"])
def test_the_api_names_its_methods_too(application, world, method):
    assert "GET" in check(ask(application, method, b"/api/v1/companies"), 405).header("Allow")


def test_no_header_changes_the_method(application, world):
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        check(ask(application, path=b"/companies", headers={name: "DELETE"}), 200)


def test_no_header_changes_where_objects_are_looked_for(application, world):
    check(ask(application, path=b"/companies", headers={"X-Vhm-Root": b"/principals"}), 200)
    check(ask(application, path=b"/companies", headers={"X-Vhm-Root": b"/\xff"}), 200)


@pytest.mark.parametrize(
    "name",
    [
        "Accept-Language",
        "Cookie",
        "Referer",
        "Origin",
        "User-Agent",
        "Authorization",
        "Accept",
        "If-None-Match",
        "If-Modified-Since",
        "If-Match",
        "If-Range",
        "Range",
        "X-Forwarded-For",
        "X-CSRF-Token",
        "Accept-Encoding",
        "Cache-Control",
        "Pragma",
    ],
)
@pytest.mark.parametrize(
    "value",
    [
        b"\xff\xfe",
        b"",
        b"https://[",
        b"Bearer \xe9",
        b"a=\xff; session=\xfe; language=fr",
        b";;;=",
        b"bytes=99-1",
        b"\xed\xa0\x80",
        b"Wed, 99 Foo 99999 99:99:99 GMT",
        b"fr;q=2, *;q=x",
    ],
)
def test_a_header_may_be_anything(application, world, name, value):
    for path in (b"/companies", b"/api/v1/companies", b"/manage"):
        check(ask(application, path=path, headers={name: value}))
    check(ask(application, "POST", b"/login", headers={name: value}, kind=FORM, body=b"login=x"), 400)


def test_a_cookie_of_a_neighbour_does_not_lock_anybody_out(application, world, staff):
    cookie, _token = staff
    check(ask(application, path=b"/account", headers={"Cookie": b"theirs=\xe9; " + cookie.encode() + b"; x=\xff"}), 200)


# --- bodies ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", ["-5", "abc", "1.5", "²", "1" * 400, " 5"])
def test_a_length_that_is_none_is_refused(application, world, length):
    for path in (b"/login", b"/api/v1/session"):
        check(ask(application, "POST", path, kind=FORM, body=b"a=b", length=length), 400)


def test_a_body_that_ends_before_its_length_is_refused(application, world):
    check(ask(application, "POST", b"/login", kind=FORM, body=b"login=x", length="500"), 400)
    check(ask(application, "POST", b"/api/v1/session", kind="application/json", body=b"{}", length="500"), 400)


def test_a_body_without_a_length_is_read_to_its_end_and_not_further_than_the_limit(application, world):
    endless = {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}
    check(ask(application, "POST", b"/login", kind=FORM, body=b"login=x", **endless), 400)
    check(ask(application, "POST", b"/login", kind=FORM, body=b"login=" + b"x" * 1_000_000, **endless), 413)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", [b"/companies", b"/api/v1/companies"])
def test_reading_brings_no_body(application, world, method, path):
    check(ask(application, method, path, kind=FORM, body=b"a=b"), 400)


def test_what_looks_like_a_form_does_nothing_when_it_comes_with_a_get(application, world, staff):
    cookie, _token = staff
    check(
        ask(application, "GET", b"/companies/candidate/staff", headers={"Cookie": cookie}, kind=FORM, body=b"remove=1"),
        400,
    )


def test_forms_are_at_most_a_megabyte_and_five_hundred_fields(application, world, staff):
    cookie, token = staff
    big = f"csrf_token={token}&text=".encode() + b"x" * 1_000_000
    assert (
        "1 Mo" in check(ask(application, "POST", b"/login", headers={"Cookie": cookie}, kind=FORM, body=big), 413).text
    )
    many = f"csrf_token={token}".encode() + b"&a=1" * 500
    assert (
        "500" in check(ask(application, "POST", b"/login", headers={"Cookie": cookie}, kind=FORM, body=many), 413).text
    )
    parts = PART % b"a" * 501 + b"--b--\r\n"
    check(ask(application, "POST", b"/login", headers={"Cookie": cookie}, kind=BOUNDARY, body=parts), 413)


def test_the_api_takes_at_most_a_megabyte(application, world):
    body = b'{"login": "' + b"x" * 1_000_000 + b'"}'
    assert (
        "1 Mo"
        in check(ask(application, "POST", b"/api/v1/session", kind="application/json", body=body), 413).json["detail"]
    )


def test_what_is_too_large_is_not_even_read(application, world):
    class Endless(io.RawIOBase):
        def read(self, size=-1):
            raise AssertionError("read")

    check(ask(application, "POST", b"/login", kind=FORM, length="900000000000", **{"wsgi.input": Endless()}), 413)


def test_files_are_taken_from_accounts_only(application, world, staff):
    body = PART % b"a" + b"--b--\r\n"
    assert "/login?" in check(ask(application, "POST", b"/login", kind=BOUNDARY, body=body), 403).text
    cookie, _token = staff
    check(ask(application, "POST", b"/login", kind=BOUNDARY, body=body, headers={"Cookie": cookie}), 400)
    large = b"x" * 2_000_000
    answer = check(ask(application, "POST", b"/login", kind=BOUNDARY, body=large), 403)
    assert "Votre session a pris fin ou n’est pas ouverte : rien n’est enregistré" in " ".join(answer.text.split())
    check(ask(application, "POST", b"/login", kind=BOUNDARY, body=large, headers={"Cookie": cookie}), 400)
    check(ask(application, "POST", b"/login", kind=BOUNDARY, length="12000001", headers={"Cookie": cookie}), 413)


def test_texts_beside_a_file_come_back_when_the_session_ended_meanwhile(application, world):
    """The cookie is there, the log-in is not: what was written beside the file is shown, to be copied."""
    app = TestApp(application)
    app.get("/login")
    cookie = "; ".join(f"{name}={value}" for name, value in app.cookies.items())
    written = "Le registre est tenu à jour chaque semaine."
    part = b"".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in (("text", written), ("secret", written[::-1]), ("__texts__", "text"))
    )
    file = (
        b'--b\r\nContent-Disposition: form-data; name="upload"; filename="x.pdf"\r\n\r\n' + b"%PDF" * 500_000 + b"\r\n"
    )
    body = part + file + b"--b--\r\n"
    answer = ask(
        application, "POST", b"/companies/candidate/files/add", headers={"Cookie": cookie}, kind=BOUNDARY, body=body
    )
    assert written in check(answer, 403).text
    assert written[::-1] not in answer.text


@pytest.mark.parametrize("charset", ["utf-7", "foo", "utf-16", "latin-1"])
def test_a_form_in_another_encoding_is_refused(application, world, staff, charset):
    cookie, token = staff
    body = f"csrf_token={token}&login=x".encode()
    for kind in (FORM, "multipart/form-data; boundary=b"):
        kind = f"{kind}; charset={charset}"
        check(ask(application, "POST", b"/login", headers={"Cookie": cookie}, kind=kind, body=body), 415)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/json", "application/octet-stream", "x", ";;", b"\xff/\xfe", "image/png"]
)
def test_a_page_reads_forms_only(application, world, kind):
    check(ask(application, "POST", b"/login", kind=kind, body=b"login=x"), 415)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (FORM, b"login=%ff&password=x"),
        (FORM, b"login=\xff\xfe"),
        ("multipart/form-data", PART % b"a" + b"--b--\r\n"),
        ("multipart/form-data; boundary=", PART % b"a" + b"--b--\r\n"),
        ("multipart/form-data; boundary=" + "x" * 300, PART % b"a" + b"--b--\r\n"),
        (BOUNDARY, PART % b"a"),
        (BOUNDARY, b"--b\r\nContent-Disposition: form-data; na"),
        (BOUNDARY, b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"),
        (BOUNDARY, b"--b\r\nX: y\r\n\r\nx\r\n--b--\r\n"),
        (BOUNDARY, b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--b--\r\n'),
        (BOUNDARY, b'--b\r\nContent-Disposition: form-data; name="\xff"\r\n\r\nx\r\n--b--\r\n'),
        (
            BOUNDARY,
            b'--b\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=utf-7\r\n\r\nx\r\n--b--\r\n',
        ),
        (BOUNDARY, b'--b\r\nContent-Disposition: form-data; name="csrf_token"; filename="x"\r\n\r\nx\r\n--b--\r\n'),
        (BOUNDARY, b"x" * 5000),
        (FORM, b"__start__=a:mapping"),
        (FORM, b"__end__=a"),
        (FORM, b"__start__=a:unknown&__end__=a"),
        (FORM, b"&".join([b"__start__=a:sequence"] * 200 + [b"__end__=a"] * 200)),
        (BOUNDARY, b'--b\r\nContent-Disposition: form-data; name="__start__"; filename="x"\r\n\r\nx\r\n--b--\r\n'),
    ],
)
def test_a_form_that_no_browser_sends_is_refused(application, world, staff, kind, body):
    cookie, _token = staff
    check(ask(application, "POST", b"/login", headers={"Cookie": cookie}, kind=kind, body=body), 400, 415)


def test_a_part_in_its_own_multipart_stays_a_text(application, world, staff):
    cookie, token = staff
    nested = b"multipart/mixed; boundary=c"
    body = b"".join(
        [
            b'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + token.encode() + b"\r\n",
            b'--b\r\nContent-Disposition: form-data; name="login"\r\nContent-Type: '
            + nested
            + b"\r\n\r\n--c\r\n\r\n--c--\r\n",
            b"--b--\r\n",
        ]
    )
    check(ask(application, "POST", b"/login", headers={"Cookie": cookie}, kind=BOUNDARY, body=body), 422)


@pytest.mark.parametrize("token", ["é€", "x\x00", ""])
def test_a_token_of_any_letters_is_only_a_wrong_one(application, world, staff, token):
    from urllib.parse import quote

    cookie, _token = staff
    answer = ask(
        application,
        "POST",
        b"/login",
        headers={"Cookie": cookie},
        kind=FORM,
        body=f"csrf_token={quote(token)}".encode(),
    )
    assert "session a expiré" in check(answer, 400).text


# --- how it is said -------------------------------------------------------------------------------------------------------------


def test_a_refusal_is_in_the_readers_language_and_its_number_is_in_the_log(application, world, caplog):
    with caplog.at_level(logging.INFO, "coopcms.errors"):
        french = check(ask(application, path=b"/a\r\nb"), 400).text
        english = check(ask(application, path=b"/a\\b", headers={"Accept-Language": "en"}), 400).text
        chosen = check(ask(application, path=b"/a\\b", headers={"Cookie": "language=en"}), 400).text
        problem = check(ask(application, path=b"/api/v1/%2e%2e", headers={"Accept-Language": "en"}), 400).json
    assert '<html lang="fr"' in french
    assert "Cette adresse n’est pas lisible" in french
    assert "This address cannot be read" in english
    assert '<html lang="en"' in chosen
    assert "This address cannot be read" in problem["detail"]
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 4
    assert problem["error"] in lines[-1]
    assert any(line.rsplit("[", 1)[1].rstrip("]") in french for line in lines)
    assert all(line.isprintable() for line in lines), "an address must not begin a line of its own"
