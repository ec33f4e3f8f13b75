"""No word is so long that a page scrolls sideways: file names, addresses, titles and codes break where the line ends."""

import pytest

from . import inspecting
from .opening import Eyes
from .pages_of_the_site import PAGES, addresses, firsts

FIRSTS = firsts()
KINDS = [page for page in PAGES if page.name in FIRSTS]
#: Width in CSS pixels, and the size of letters in percent of what the browser has.
SCREENS = ((360, 100), (320, 100), (360, 200), (320, 200), (1280, 100))

#: Every text on the page, whoever wrote it, and every field gets a word of 144 letters that nothing allows to part.
_LENGTHEN = """() => {
  const word = 'Anticonstitutionnellement_'.repeat(6).slice(0, 144);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (texts.nextNode()) found.push(texts.currentNode);
  for (const text of found) {
    if (!text.data.trim() || text.parentElement.closest('script, style, svg')) continue;
    text.data = `${word} ${text.data}`;
  }
  for (const field of document.querySelectorAll('input[type=text], textarea')) field.value = word;
  for (const cell of document.querySelectorAll('[data-label]')) cell.dataset.label = word;
  for (const fold of document.querySelectorAll('details')) fold.open = true;
  return found.length;
}"""


@pytest.fixture(scope="module")
def eyes(browser, demo_site, demo_place):
    made = Eyes(browser, demo_site.url, addresses(demo_place.folder), viewport={"width": 1280, "height": 900})
    yield made
    made.close()


def measured(window):
    """Why the page is too wide, by width and size of letters."""
    for width, percent in SCREENS:
        window.set_viewport_size({"width": width, "height": 900})
        window.evaluate("percent => { document.documentElement.style.fontSize = `${percent}%` }", percent)
        if (wide := inspecting.too_wide(window)) is not None:
            yield f"{width} px, {percent} %: {wide}"


@pytest.mark.parametrize("page", KINDS, ids=[page.name for page in KINDS])
def test_a_page_full_of_long_words_fits_every_screen(page, eyes):
    window, answer = eyes.open(page)
    assert answer.status == page.status
    assert list(measured(window)) == [], "as it is"
    assert window.evaluate(_LENGTHEN) > 10
    assert list(measured(window)) == [], "with long words"


def test_the_measure_sees_a_word_that_does_not_break(browser):
    window = browser.new_page()
    window.set_content("<!DOCTYPE html><html lang=fr><title>x</title><p>a</p>" + "<i>a</i> " * 20)
    window.evaluate(_LENGTHEN)
    assert {line.split(" px")[0] for line in measured(window)} >= {"320", "360"}
    window.close()
