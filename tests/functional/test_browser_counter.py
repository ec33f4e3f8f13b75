"""Near its bound a field says how much it holds, and counts as the site does."""

import pytest

from coopcms import text

EDIT = "/companies/brouillon/edit/identity"


@pytest.mark.parametrize(
    "typed",
    ["é" * 330, "e\u0301" * 330, "👩🏽‍🌾" * 82, "Une ligne.\n" * 33, "  " + "x" * 400 + "  ", "x" * 410],
)
def test_the_counter_says_what_the_site_will_count(browser_people, typed):
    reader = browser_people("entreprise")
    reader.go(EDIT)
    field = reader.page.locator("#form [name=summary]")
    field.fill(typed)
    told = reader.page.locator("#form [name=summary] + .counter")
    count = len(text.prose(typed))
    assert told.inner_text() == f"{count} caractères sur 400"
    assert ("over" in told.get_attribute("class").split()) is (count > 400)


def test_far_from_its_bound_a_field_says_nothing(browser_people):
    reader = browser_people("entreprise")
    reader.go(EDIT)
    reader.page.locator("#form [name=summary]").fill("Du miel de montagne.")
    assert not reader.page.locator("#form [name=summary] + .counter").is_visible()
