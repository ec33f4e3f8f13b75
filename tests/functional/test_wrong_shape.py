"""Every form of the site, sent in other shapes than its own: files for texts, texts for files, lists for words, all of it twice."""

import re

import pytest

from .opening import forms_of
from .pages_of_the_site import PAGES
from .raw_requests import HEADERS
from .test_wrong_input import buttons_of

#: Fields that keep a form one of ours.
OURS = {"csrf_token", "__formid__", "_charset_"}
MARKERS = {"__start__", "__end__"}


def shapes(sent):
    """What is sent, way by way: names with a text, or with bytes for a file."""
    texts = [(name, value if isinstance(value, str) else "x") for name, value in sent]
    yield "files", [(name, value if name in OURS | MARKERS else b"%PDF-1.4") for name, value in texts]
    yield "no file chosen", [(name, value if name in OURS | MARKERS else b"") for name, value in texts]
    yield "texts", texts
    yield "twice", texts + [(name, value) for name, value in texts if name not in OURS]
    yield (
        "mappings",
        [
            piece
            for name, value in texts
            for piece in (
                [(name, value)]
                if name in OURS | MARKERS
                else [("__start__", f"{name}:mapping"), ("a", value), ("__end__", f"{name}:mapping")]
            )
        ],
    )
    yield (
        "sequences",
        [
            piece
            for name, value in texts
            for piece in (
                [(name, value)]
                if name in OURS | MARKERS
                else [("__start__", f"{name}:sequence"), ("a", value), ("b", value), ("__end__", f"{name}:sequence")]
            )
        ],
    )
    yield "without marks", [(name, value) for name, value in texts if name not in MARKERS]
    yield "only what is ours", [(name, value) for name, value in texts if name in OURS]
    yield "odd numbers", [(name, value if name in OURS | MARKERS else "²") for name, value in texts]


def body_of(fields):
    """Multipart, in this order."""
    parts = []
    for name, value in fields:
        file = isinstance(value, bytes)
        shown = f'; filename="{"x.pdf" if value else ""}"' if file else ""
        data = value if file else value.encode()
        parts.append(f'--b\r\nContent-Disposition: form-data; name="{name}"{shown}\r\n\r\n'.encode() + data + b"\r\n")
    return b"".join([*parts, b"--b--\r\n"])


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.login], ids=[page.name for page in PAGES if page.login]
)
def test_a_form_of_another_shape_is_no_failure_of_ours(page, demo):
    demo.renew()
    start, wrong = demo.found[page.name], {}
    app = demo.browser(page.login, "fr")
    shown = app.get(start, status="*")
    if shown.content_type != "text/html" or not shown.body:
        return
    for place, form in forms_of(shown):
        for way, fields in shapes(list(form.submit_fields())):
            for button in buttons_of(form):
                answer = app.request(
                    re.sub("#.*", "", form.action or start),
                    method="POST",
                    body=body_of([*fields, button] if button else fields),
                    content_type="multipart/form-data; boundary=b",
                    status="*",
                    expect_errors=True,
                )
                if answer.status_int >= 500 or not all(name in answer.headers for name in HEADERS):
                    wrong[(place, way, button and button[0])] = answer.status
                if answer.status_int in (302, 303):
                    demo.renew()
                    app = demo.browser(page.login, "fr")
    assert wrong == {}, start
