"""The order of criteria with a script: rows go up and down at once, and one hears where they are."""

import shutil
from datetime import UTC, datetime

import pytest

from coopcms.domain import specifications

from .. import world as worlds
from .browsing import PHONE
from .serving import Place

PATH = "/companies/brouillon/specifications/miel/1"


@pytest.fixture(scope="module")
def browser_place(tmp_path_factory, founded):
    """A site with a draft of three criteria."""
    folder = tmp_path_factory.mktemp("order") / "site"
    shutil.copytree(founded / "var", folder / "var")
    place = Place(folder)
    with place.opened() as site:
        world, now = worlds.find(site), datetime.now(UTC)
        staff = world.actors["entreprise"]
        version = specifications.create(site["companies"]["brouillon"], "Miel", "", staff, now, name="miel")
        for code in "ABC":
            given = {**worlds.CRITERION, "code": code, "title": "Un intitulé assez long pour un téléphone"}
            specifications.add_criterion(version, given, staff, now)
    return place


def codes(reader):
    return "".join(reader.page.locator("[data-order] label b").all_inner_texts())


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
def test_rows_are_moved_at_once_and_saved_together(browser_people, screen):
    reader = browser_people("entreprise", **screen)
    reader.go(f"{PATH}/order")
    before = codes(reader)
    last = reader.page.locator("[data-order] li").last
    reader.activate(last.get_by_role("button", name="Monter"))
    assert codes(reader) == before[0] + before[2] + before[1]
    places = [field.input_value() for field in reader.page.locator("[data-order] input").all()]
    assert places == ["1", "2", "3"]
    assert f"{before[2]} : place 2 sur 3" in reader.page.locator("#said").text_content().replace("\xa0", " ")
    reader.press("Enregistrer l’ordre")
    assert "est enregistré" in reader.read(".notice.success")
    reader.go(f"{PATH}/order")
    assert codes(reader) == before[0] + before[2] + before[1]


def test_the_keyboard_moves_a_row_and_keeps_its_place_on_the_button(browser_people):
    reader = browser_people("entreprise")
    reader.go(f"{PATH}/order")
    before = codes(reader)
    reader.page.locator("[data-order] li").first.get_by_role("button", name="Descendre").focus()
    for _press in range(2):
        reader.page.keyboard.press("Enter")
    assert codes(reader) == before[1:] + before[0]
    assert before[0] in reader.page.evaluate("document.activeElement.textContent")
    reader.page.keyboard.press("Enter")  # at the end it stays
    assert codes(reader) == before[1:] + before[0]
