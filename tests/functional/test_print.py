"""What comes out of the printer: the text, without what one can only press."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from coopcms.domain import members, registers, voting
from coopcms.workflows import engine

from .. import world as worlds
from .serving import Place

PAGES = {
    "dossier": ("/companies/celle", "Les cinq engagements"),
    "matrix": ("/companies/celle/matrix", "Surface par poule"),
    "minutes": ("/proposals/{vote}/minutes", "Suffrages exprimés"),
    "certificate": ("/companies/celle/certificates/{certificate}", "Cette attestation est en cours de validité"),
}


@pytest.fixture(scope="module")
def browser_place(tmp_path_factory, founded):
    """A site with a certified company and a vote that was counted."""
    folder = tmp_path_factory.mktemp("print") / "site"
    shutil.copytree(founded / "var", folder / "var")
    place = Place(folder)
    now = datetime.now(UTC) - timedelta(days=30)
    with place.opened() as site:
        world = worlds.find(site)
        members.admit(site, world.accounts["membre"], world.actors["equipe"], now)
        registers.number_waiting(site, now)
        company = worlds.certified(world, "celle", now)
        for step in ("suspend", "reinstate"):  # more lines of history than a screen shows at once
            engine.fire(company, step, world.actors["certificateur"], now, comment="Vérifié.")
        vote = worlds.vote(world, "exclusion", company, now, days=3)
        voting.cast(vote, "against", world.actors["membre"], now)
        voting.close(vote, vote.ends_at)
        place.named = {"vote": vote.__name__, "certificate": company.current_certificate().number}
    return place


@pytest.mark.parametrize("page", PAGES)
def test_a_page_prints_what_it_says_and_no_buttons(browser_people, browser_place, page):
    address, words = PAGES[page]
    reader = browser_people()
    assert reader.go(address.format(**browser_place.named)) == 200
    reader.page.emulate_media(media="print")
    seen = reader.page.evaluate(
        "[...document.querySelectorAll('.menu, .actions, .breadcrumb, .skip, button, input:not([type=hidden])')]"
        ".filter(e => e.getClientRects().length).map(e => e.outerHTML.slice(0, 80))"
    )
    assert seen == []
    assert words in reader.read()
    assert len(reader.page.pdf(format="A4")) > 5_000


def test_what_is_folded_on_the_screen_is_on_the_paper(browser_people):
    reader = browser_people()
    reader.go("/companies/celle")
    folded = reader.page.locator("details").first
    inside = folded.locator(":scope > *:not(summary)").first
    tall = "e => e.closest('details').getBoundingClientRect().height"
    before = inside.evaluate(tall)
    reader.page.emulate_media(media="print")
    assert inside.evaluate(tall) > 2 * before
