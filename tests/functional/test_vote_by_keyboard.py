"""Voting without a mouse, and on a screen enlarged twice."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from coopcms.domain import members, registers

from .. import world as worlds
from .serving import Place

#: A laptop of 1280 × 800 at a zoom of 200 %.
ENLARGED = {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}


@pytest.fixture(scope="module")
def browser_place(tmp_path_factory, founded):
    """A site with an open vote on which ``membre`` may vote."""
    folder = tmp_path_factory.mktemp("keyboard") / "site"
    shutil.copytree(founded / "var", folder / "var")
    place = Place(folder)
    now = datetime.now(UTC) - timedelta(days=1)
    with place.opened() as site:
        world = worlds.find(site)
        members.admit(site, world.accounts["membre"], world.actors["equipe"], now)
        registers.number_waiting(site, now)
        worlds.vote(world, "admission", worlds.in_state(world, "celle", "audited", now), now)
    return place


def tab_to(page, words):
    """Press Tab until what has the focus is called so, as a screen reader would say it."""
    for _step in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "() => { const e = document.activeElement;"
            " return (e.labels && e.labels.length ? e.labels[0].innerText : e.innerText || e.value || '').trim(); }"
        )
        if name.startswith(words):
            outline = page.evaluate(
                "() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle; }"
            )
            assert outline != "none", f"who tabs does not see where they are: {words}"
            return
    raise AssertionError(f"no Tab leads to “{words}”")


def test_a_ballot_is_cast_by_keyboard_alone_on_an_enlarged_screen(browser_people):
    reader = browser_people("membre", **ENLARGED)
    page = reader.page
    reader.go("/tasks")
    tab_to(page, "Ouvrir")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/vote")
    tab_to(page, "Pour")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert page.locator("#choice-against").is_checked()
    tab_to(page, "Relire mon bulletin")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    reader.look()
    assert "Votre bulletin dit : Contre" in " ".join(reader.read().split())
    tab_to(page, "Confirmer et déposer")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    reader.look()
    assert "Votre vote est enregistré" in reader.read("h1")


def test_the_answers_are_one_group_with_a_name(browser_people):
    reader = browser_people("membre")
    reader.go("/proposals/admission-de-celle/vote")
    group = reader.page.get_by_role("group", name="Votre bulletin")
    assert [radio.get_attribute("value") for radio in group.get_by_role("radio").all()] == ["for", "against", "blank"]
    assert group.get_by_role("radio", name="Pour J’approuve").count() == 1
