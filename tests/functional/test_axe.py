"""Every page of the site in a real browser: open to everybody, fitting every screen, small, and in one language."""

import re
from collections import Counter
from types import SimpleNamespace

import pytest

from .. import crawl
from ..conftest import FULL
from ..conventions import test_messages as messages
from . import inspecting
from .opening import Eyes
from .pages_of_the_site import NO_PAGES, PAGES, addresses, firsts

NAMES = [page.name for page in PAGES]
FIRSTS = firsts()
#: A template and its components are seen on the first page of its kind; what other states put into it is seen with COOPCMS_FULL=1.
SEEN = [page for page in PAGES if FULL or page.name in FIRSTS]
#: Where axe-core looks: the first page of a kind in all four with COOPCMS_FULL=1; else each page in one, the next page in the next.
LIGHTS = [(width, scheme) for width in (1280, 360) for scheme in ("light", "dark")]
#: The most bytes of a page with its styles and scripts, nothing compressed.
MOST = 100_000
#: Widths in CSS pixels; 640 is a screen of 1280 at 200 %, 320 what WCAG 1.4.10 asks for (1280 at 400 %).
WIDTHS = (1280, 768, 640, 360, 320)
#: What is said in the content, in the language of whoever wrote it, and happens to be a message of the program too.
CONTENT = {"Statuts", "Le lait", "Transparence"}


@pytest.fixture(scope="module")
def eyes(browser, demo_site, demo_place):
    made = Eyes(browser, demo_site.url, addresses(demo_place.folder), inspecting.AXE)
    yield made
    made.close()


@pytest.fixture(scope="module")
def weights():
    """Bytes of styles and scripts by address."""
    return {}


@pytest.fixture(scope="module")
def scan():
    """What of a page is in the other language."""
    catalog = {entry.msgid: entry.msgstr for entry in messages.tool.read()}

    def look(path, html, language):
        pieces = crawl.texts(SimpleNamespace(text=html)) - CONTENT
        look_for = messages.untranslated if language == "en" else messages.unfrench
        return sorted(look_for(catalog, path, pieces))

    return look


def weight(site, html, weights):
    """Bytes of the page with its styles, scripts and icon; pictures are content."""
    total = len(html.encode())
    for path in set(re.findall(r'(?:href|src)="(?:https?://[^/"]+)?(/static/[^"]+)"', html)):
        if path not in weights:
            weights[path] = len(site.get(path).body)
        total += weights[path]
    return total


def light_and_dark(window, width, schemes):
    """What axe-core finds at this width; in the dark, only what hangs on colours where the page was seen in the light."""
    for scheme in schemes:
        window.emulate_media(color_scheme=scheme)
        rules = inspecting.OF_COLOURS if len(schemes) > 1 and scheme == "dark" else None
        yield from (f"{width} {scheme}: {barrier}" for barrier in inspecting.barriers(window, rules))


def at_every_size(window, number, first):
    """What is wrong with the page in the window, at every width; axe-core looks where ``LIGHTS`` says."""
    found = []
    # By twos: two neighbours are in different languages.
    lights = LIGHTS if first and FULL else [LIGHTS[number // 2 % len(LIGHTS)]]
    for width in WIDTHS:
        window.set_viewport_size({"width": width, "height": 900})
        if (wide := inspecting.too_wide(window)) is not None:
            found.append(f"{width}: {wide}")
        found += [f"{width}: {overlap}" for overlap in inspecting.overlaps(window)]
        schemes = [scheme for at, scheme in lights if at == width]
        found += light_and_dark(window, width, schemes)
    return found


@pytest.mark.parametrize("page", SEEN, ids=[page.name for page in SEEN])
def test_a_page_is_open_to_everybody_fits_and_keeps_to_its_language(page, eyes, demo_site, scan, weights):
    """In one language at every size; the first page of a kind in the other at one size as well."""
    number, first = NAMES.index(page.name), page.name in FIRSTS
    one, other = ("fr", "en") if number % 2 else ("en", "fr")
    eyes.complaints.clear()
    window, answer = eyes.open(page, one)
    assert answer.status == page.status, eyes.found[page.name]
    html = answer.text()
    found = [f"{one}: {piece!r}" for piece in scan(eyes.found[page.name], html, one)]
    if (heavy := weight(demo_site, html, weights)) > MOST:
        found.append(f"{heavy} bytes")
    found += at_every_size(window, number, first)
    if first:
        window.set_viewport_size({"width": 360, "height": 900})
        window, answer = eyes.open(page, other)
        found += [f"{other}: {piece!r}" for piece in scan(eyes.found[page.name], answer.text(), other)]
        found += [f"{other}: {barrier}" for barrier in inspecting.barriers(window, without=inspecting.OF_COLOURS)]
        found += [f"{other}: {overlap}" for overlap in inspecting.overlaps(window)]
        found += [f"{other}: {wide}" for wide in [inspecting.too_wide(window)] if wide is not None]
    assert found + eyes.complaints == [], eyes.found[page.name]


def test_every_page_has_a_name_of_its_own():
    assert [name for name, times in Counter(NAMES).items() if times > 1] == []


def test_the_inspection_sees_what_is_wrong(browser):
    """A page with one of everything: the checks above would not be empty by accident."""
    context = browser.new_context(viewport={"width": 360, "height": 700})
    window = context.new_page()
    window.set_content(
        "<!DOCTYPE html><html lang=fr><title>x</title><main><h1>x</h1><p style='width:900px;color:#bbb;background:#fff'>pâle</p>"
        "<img src='data:,'><a href='#a' style='position:absolute;top:200px;left:0'>un lien</a>"
        "<button style='position:absolute;top:195px;left:10px'>un bouton</button></main>"
    )
    window.evaluate(inspecting.AXE)
    assert {barrier.split(":")[0] for barrier in inspecting.barriers(window)} >= {"color-contrast", "image-alt"}
    assert inspecting.barriers(window, inspecting.OF_COLOURS)
    assert "900" in inspecting.too_wide(window)
    assert len(inspecting.overlaps(window)) == 1
    context.close()


def test_what_is_no_page_is_none_by_its_kind():
    assert {(page.context.__name__, page.view) for page in PAGES}.isdisjoint(NO_PAGES)
