"""Two people on one dossier, impatient fingers and the way back."""

import shutil
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from .. import world as worlds
from .serving import Place

DRAFTS = ("deux-sections", "meme-section", "leur-texte", "double", "retour", "candidature")


@pytest.fixture(scope="module")
def browser_place(tmp_path_factory, founded):
    """A site with a complete draft for each test."""
    folder = tmp_path_factory.mktemp("conflicts") / "site"
    shutil.copytree(founded / "var", folder / "var")
    place = Place(folder)
    with place.opened() as site:
        world = worlds.find(site)
        for name in DRAFTS:
            worlds.company(world, name, datetime.now(UTC))
    return place


@pytest.fixture
def browser_pair(browser_people):
    """Two of the staff, each with a browser."""
    return browser_people("entreprise"), browser_people("collegue")


def statement(reader, name, section):
    """What a statement says now."""
    reader.go(f"/companies/{name}/edit/{section}")
    return reader.page.locator("[name=statement]").input_value()


def both_save(one, other):
    """Both press the button before either has an answer."""
    with one.page.expect_navigation(), other.page.expect_navigation():
        one.page.locator("#formsave").click(no_wait_after=True)
        other.page.locator("#formsave").click(no_wait_after=True)
    one.look()
    other.look()


def test_two_people_save_different_sections_at_once_and_both_are_kept(browser_pair):
    one, other = browser_pair
    for attempt in range(3):
        one.go("/companies/deux-sections/edit/transparency")
        other.go("/companies/deux-sections/edit/fairness")
        one.fill(statement=f"Nos comptes sont ouverts, essai {attempt}.")
        other.fill(statement=f"Nous payons à l’heure, essai {attempt}.")
        both_save(one, other)
        assert "est enregistré" in one.read(".notice.success")
        assert "est enregistré" in other.read(".notice.success")
        assert statement(one, "deux-sections", "transparency") == f"Nos comptes sont ouverts, essai {attempt}."
        assert statement(one, "deux-sections", "fairness") == f"Nous payons à l’heure, essai {attempt}."


def both_write_the_same_section(one, other, name):
    """The first saves, the second too, and sees both texts."""
    for reader in (one, other):
        reader.go(f"/companies/{name}/edit/truth")
    one.fill(statement="Nos étiquettes disent tout.")
    other.fill(statement="Notre publicité ne promet que ce qui est mesuré.")
    assert one.save() == 200
    assert other.save() == 409
    shown = other.read(".compare")
    assert "Nos étiquettes disent tout." in shown
    assert "Notre publicité ne promet que ce qui est mesuré." in shown
    assert other.page.locator("[name=statement]").input_value() == "Notre publicité ne promet que ce qui est mesuré."
    assert statement(one, name, "truth") == "Nos étiquettes disent tout."


def test_who_saves_the_same_section_second_sees_both_texts_and_may_keep_their_own(browser_pair):
    one, other = browser_pair
    both_write_the_same_section(one, other, "meme-section")
    assert other.save() == 200
    assert statement(one, "meme-section", "truth") == "Notre publicité ne promet que ce qui est mesuré."


def test_who_saves_the_same_section_second_may_keep_the_text_of_the_first(browser_pair):
    one, other = browser_pair
    both_write_the_same_section(one, other, "leur-texte")
    other.page.locator("[name=statement]").fill("Nos étiquettes disent tout.")
    assert other.save() == 200
    assert statement(one, "leur-texte", "truth") == "Nos étiquettes disent tout."


def test_two_people_who_save_the_same_section_in_the_same_moment_lose_neither_text(browser_pair):
    one, other = browser_pair
    for reader, text in ((one, "Premier texte."), (other, "Second texte.")):
        reader.go("/companies/meme-section/edit/sharing")
        reader.fill(statement=text)
    both_save(one, other)
    pages = sorted((reader.page.locator(".compare").count(), reader.read()) for reader in (one, other))
    assert [compared for compared, _words in pages] == [0, 1]
    assert "Premier texte." in pages[1][1]
    assert "Second texte." in pages[1][1]


def test_a_double_click_adds_one_contact(browser_people):
    staff = browser_people("entreprise")
    staff.go("/companies/double/contacts/add")
    staff.fill(name="Marius Double", email="marius@test.example")
    with staff.page.expect_navigation():
        staff.page.locator("#formsave").dblclick(no_wait_after=True)
    staff.page.wait_for_load_state()
    staff.go("/companies/double/contacts")
    assert staff.page.locator("tbody th", has_text="Marius Double").count() == 1


def test_a_double_click_applies_once_and_ends_on_the_dossier(browser_people):
    staff = browser_people("entreprise")
    staff.go("/companies/candidature/workflow")
    with staff.page.expect_navigation():
        staff.unfold("apply").locator("form button[name=save]:visible").dblclick(no_wait_after=True)
    staff.page.wait_for_load_state()
    assert staff.page.url.endswith("/companies/candidature")
    assert staff.page.locator(".history li", has_text="Déposer la candidature").count() == 1


def test_whoever_goes_back_after_saving_can_go_on_writing_and_saves_again(browser_people):
    staff = browser_people("entreprise")
    staff.go("/companies/retour/edit/association")
    staff.fill(statement="Les consommateurs siègent chez nous.")
    assert staff.save() == 200
    staff.page.go_back(wait_until="commit")  # a page kept in memory never loads
    # Kept in memory, the page that was sent has no button that works until it has fetched itself anew.
    expect(staff.page.locator("#formsave")).to_be_enabled()
    assert staff.page.url.endswith("/edit/association")
    assert staff.page.locator("[name=statement]").input_value() == "Les consommateurs siègent chez nous."
    assert staff.page.locator("#formsave").is_enabled()
    staff.fill(statement="Les consommateurs siègent chez nous, avec une voix.")
    assert staff.save() == 200, "nobody else wrote: there is no conflict with oneself"
    assert statement(staff, "retour", "association") == "Les consommateurs siègent chez nous, avec une voix."


def test_whoever_leaves_with_unsaved_text_is_asked_and_after_saving_is_not(browser_people):
    staff = browser_people("entreprise")
    staff.go("/companies/retour/edit/sharing")
    staff.page.locator("[name=statement]").press_sequentially("Un début.")
    staff.press("Retour au dossier sans enregistrer")
    assert staff.dialogs == ["beforeunload"]
    staff.go("/companies/retour/edit/sharing")
    staff.page.locator("[name=statement]").press_sequentially("Un début.")
    assert staff.save() == 200
    assert staff.dialogs == ["beforeunload"]
