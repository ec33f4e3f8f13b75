"""Bytes that no client sends, to a running site: the web server in front of the application answers them too."""

import socket

import pytest

from ..conftest import PATIENCE
from .raw_requests import HEADERS
from .serving import Place


def exchange(server, data):
    """The status, the head and the body of the first answer to these bytes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while piece := connection.recv(65536):
            received += piece
    head, _blank, body = received.partition(b"\r\n\r\n")
    lines = head.decode("ascii").split("\r\n")
    return int(lines[0].split()[1]), {line.split(": ")[0]: line.split(": ", 1)[1] for line in lines[1:]}, body.decode()


def request(line, *headers, body=b""):
    """A request from its parts as bytes."""
    return b"\r\n".join([line, b"Host: localhost", b"Connection: close", *headers, b"", body])


CASES = {
    "a method with a space": (request(b"GE T / HTTP/1.1"), {400, 405}),
    "an unknown method": (request(b"PROPFIND /companies HTTP/1.1"), {405}),
    "trace": (request(b"TRACE / HTTP/1.1"), {405}),
    "no HTTP at all": (b"\x16\x03\x01\x02\x00\r\n\r\n", {400}),
    "bytes in the path": (request(b"GET /\xff\xfe HTTP/1.1"), {400}),
    "bytes in the query": (request(b"GET /companies?text=\xff HTTP/1.1"), {400}),
    "percent bytes in the path": (request(b"GET /%ff HTTP/1.1"), {400}),
    "nothing in the path": (request(b"GET /%00 HTTP/1.1"), {400}),
    "a line end in the path": (request(b"GET /companies/%0a HTTP/1.1"), {400}),
    "another host in the path": (request(b"GET //evil.example HTTP/1.1"), {400}),
    "a backslash": (request(b"GET /\\evil.example HTTP/1.1"), {400}),
    "a hidden slash": (request(b"GET /x%2f..%2fmanage HTTP/1.1"), {400}),
    "dots": (request(b"GET /companies/../manage HTTP/1.1"), {400}),
    "hidden dots": (request(b"GET /companies/%2e%2e/manage HTTP/1.1"), {400}),
    "a folded letter and a slash": (request(b"GET /%C4%B0/ HTTP/1.1"), {303}),
    "a long path": (request(b"GET /" + b"x" * 9_000 + b" HTTP/1.1"), {414}),
    "two hosts": (request(b"GET / HTTP/1.1", b"Host: evil.example"), {400}),
    "bytes in a header": (request(b"GET /companies HTTP/1.1", b"Accept-Language: \xff", b"Cookie: a=\xe9"), {200}),
    "a negative length": (request(b"POST /login HTTP/1.1", b"Content-Length: -5"), {400}),
    "a length that is none": (request(b"POST /login HTTP/1.1", b"Content-Length: five"), {400}),
    "two lengths": (request(b"POST /login HTTP/1.1", b"Content-Length: 1", b"Content-Length: 2", body=b"a"), {400}),
    "an enormous length": (request(b"POST /login HTTP/1.1", b"Content-Length: 99999999999"), {413}),
    "more than pages take": (
        request(
            b"POST /login HTTP/1.1",
            b"Content-Type: application/x-www-form-urlencoded",
            b"Content-Length: 1000001",
            body=b"x" * 1_000_001,
        ),
        {413},
    ),
    "broken chunks": (
        request(b"POST /login HTTP/1.1", b"Transfer-Encoding: chunked", body=b"zz\r\nabc\r\n0\r\n\r\n"),
        {400},
    ),
    "chunks": (
        request(
            b"POST /api/v1/session HTTP/1.1",
            b"Content-Type: application/json",
            b"Transfer-Encoding: chunked",
            body=b'2\r\n{"\r\n3\r\na":\r\n2\r\n1}\r\n0\r\n\r\n',
        ),
        {422},
    ),
    "reading with a body": (request(b"GET /companies HTTP/1.1", b"Content-Length: 3", body=b"abc"), {400}),
}


@pytest.fixture(scope="module")
def running(tmp_path_factory, founded):
    import shutil

    folder = tmp_path_factory.mktemp("raw") / "site"
    shutil.copytree(founded / "var", folder / "var")
    with Place(folder).start() as server:
        yield server


@pytest.mark.parametrize("case", CASES)
def test_bytes_are_answered_with_a_sentence_and_all_headers(running, case):
    data, statuses = CASES[case]
    status, headers, body = exchange(running, data)
    assert status in statuses, (status, body)
    assert [name for name in HEADERS if name not in headers] == []
    assert "evil" not in headers.get("Location", "")
    if status >= 400:
        number = "Numéro" in body or '"error"' in body or "numéro" in body
        assert number, body
        assert "Traceback" not in body
        assert "waitress" not in body


def test_the_log_of_refusals_holds_no_line_that_somebody_sent(running):
    exchange(running, request(b"GET /%0aERROR%20coopcms.errors%20forged HTTP/1.1"))
    assert not any(line.startswith("ERROR") for line in running.log.read_text().splitlines())


def test_a_web_server_that_lets_less_through_than_the_site_takes_does_not_start(place):
    text = place.ini.read_text().replace("threads = 4\n", "threads = 4\nmax_request_body_size = 1000000\n")
    place.ini.write_text(text)
    refused = place.run("serve")
    assert refused.returncode == 2
    assert "max_request_body_size must be 11000000 or more" in refused.stderr
