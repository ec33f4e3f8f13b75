"""Every form of the site, filled in wrongly in every way: it says what is wrong, where, and loses nothing."""

import itertools
import re
from functools import partial
from types import SimpleNamespace
from urllib.parse import quote_plus, urlencode

import pytest

from .. import crawl
from ..conventions import test_messages as messages
from .opening import forms_of
from .pages_of_the_site import PAGES, firsts

#: What a refusal may answer; a form that took what was sent leads on.
ANSWERS = {200, 302, 303, 400, 403, 404, 409, 413, 422, 429}
LONG = 100_000
TEXTS = {"text", "search", "email", "url", "tel", "number", "date", "time", "month", None}
#: Words of the content, which come back in the language they were written in.
CONTENT = {"Statuts", "Transparence"}


def texts_of(form):
    """The names of the fields that somebody types into."""
    return [
        name
        for name, fields in form.fields.items()
        for field in fields
        if name
        and (field.tag == "textarea" or (field.tag == "input" and field.attrs.get("type") in TEXTS))
        and "readonly" not in field.attrs
    ]


def choices_of(form):
    """The names of lists, circles and boxes."""
    return [
        name
        for name, fields in form.fields.items()
        for field in fields
        if name and (field.tag == "select" or field.attrs.get("type") in ("radio", "checkbox"))
    ]


def nonsense(field):
    """What nobody means, for a field of this type."""
    return {"date": "hier", "number": "beaucoup", "email": "pas une adresse", "url": "pas un lien"}.get(
        field.attrs.get("type"), "???"
    )


def spoilings(form):
    """What is sent, way by way: the fields by name in their order, with bytes where they are not UTF-8."""
    sent = [(name, value) for name, value in form.submit_fields() if isinstance(value, str)]
    typed, chosen = set(texts_of(form)), set(choices_of(form))
    sent += [(name, None) for name in sorted(chosen - {name for name, _value in sent})]

    def put(text, choice):
        filled = [(n, text(n) if n in typed else choice(n, v) if n in chosen else v) for n, v in sent]
        return [(name, value) for name, value in filled if value is not None]

    yield "empty", put(lambda name: "", lambda name, value: None)
    yield "long", put(lambda name: "é" * LONG, lambda name, value: value)
    yield "nonsense", put(lambda name: nonsense(form.fields[name][0]), lambda name, value: "unknown")
    yield "bytes", put(lambda name: b"\xff\xfe\xe9", lambda name, value: b"\xff\xfe\xe9")
    yield "torn", put(lambda name: "x", lambda name, value: value)[::-1]


def encoded(fields):
    """The fields as a browser would send them, were it broken."""
    return "&".join(
        f"{quote_plus(name)}={quote_plus(value) if isinstance(value, bytes) else urlencode({'': value})[1:]}"
        for name, value in fields
    ).encode()


def buttons_of(form):
    """The names and values of the buttons, None where the one button has no name."""
    found = [
        (name, field.value_if_submitted())
        for name, fields in form.fields.items()
        for field in fields
        if name and (field.tag == "button" or field.attrs.get("type") == "submit")
    ]
    return found or [None]


def problems(response, way, fields, form, scan):
    """What is wrong with an answer."""
    if response.status_int not in ANSWERS or "Traceback" in response.text:
        yield f"answers {response.status}"
        return
    if response.content_type != "text/html" or not response.body:
        return
    yield from (f"in the other language: {piece!r}" for piece in scan(response))
    if response.status_int != 422:
        return
    soup = response.html
    alert = soup.select_one("main [role=alert]")
    if alert is None or not alert.get_text(strip=True):
        yield "does not say at the top that it was refused"
    links = soup.select(".error-summary a[href^='#']")
    yield from (f"leads to {a['href']}, which is not there" for a in links if soup.find(id=a["href"][1:]) is None)
    if not soup.select("main [aria-invalid=true], main .field.invalid") and not soup.select(".error-summary p"):
        yield "says at no field what is wrong"
    for invalid in soup.select(".field.invalid"):
        if not invalid.select_one(".error") or not invalid.select_one(".error").get_text(strip=True):
            yield "marks a field without a word"
    if way in ("bytes", "torn"):
        return
    kept = [field.get("value", "") for field in soup.select("main input")] + [
        field.get_text().removeprefix("\n") for field in soup.select("main textarea")
    ]
    kept = {" ".join(text.split()) for text in kept}
    for name, value in fields:
        if name in texts_of(form) and " ".join(value.split()) not in kept and value:
            yield f"loses what was typed into {name} ({len(value)} characters)"


@pytest.fixture(scope="module")
def scans():
    """By language: the pieces of a page in the other one."""
    catalog = {entry.msgid: entry.msgstr for entry in messages.tool.read()}

    def look(language, path, response):
        pieces = crawl.texts(SimpleNamespace(text=response.text)) - CONTENT
        pieces = {piece for piece in pieces if len(piece) < 2_000}
        return (messages.untranslated if language == "en" else messages.unfrench)(catalog, path, pieces)

    return look


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_a_form_that_is_filled_in_wrongly_says_so_and_loses_nothing(page, demo, scans):
    number, wrong = PAGES.index(page), {}
    languages = ("fr", "en") if page.name in firsts() else (("fr", "en")[number % 2],)
    for language in languages:
        demo.renew()
        start = demo.found[page.name]
        path = re.sub(r"\?.*", "", start)
        app = demo.browser(page.login, language)
        shown = app.get(start, status="*")
        if shown.content_type != "text/html" or not shown.body:
            continue
        for place, form in forms_of(shown):
            for (way, fields), button in itertools.product(spoilings(form), buttons_of(form)):
                pressed = [*fields, button] if button else fields
                answer = app.post(
                    form.action or start,
                    encoded(pressed),
                    content_type="application/x-www-form-urlencoded",
                    status="*",
                    expect_errors=True,
                )
                told = list(problems(answer, way, fields, form, partial(scans, language, path)))
                if told:
                    wrong[(language, place, way, button and button[0])] = told
                if answer.status_int in (302, 303):
                    demo.renew()
                    app = demo.browser(page.login, language)
    assert wrong == {}, (demo.found[page.name], *wrong.items())
