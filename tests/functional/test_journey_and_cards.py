"""The journey told step by step, and the pictures that other sites show."""

import io

import pytest
import transaction
from PIL import Image

from coopcms.views import journey, social

from .. import world as worlds
from .auditing import days_ago, main

COMPANY = "/companies/candidate"


def card(browser, address, status=200):
    return browser.get(f"{address}/card.png", status=status)


def opened(answer):
    assert answer.content_type == "image/png"
    return Image.open(io.BytesIO(answer.body))


def head(page, name):
    found = page.html.find("meta", property=name)
    return None if found is None else found["content"]


def test_every_step_says_who_acts_and_shows_an_example_the_reader_may_see(browse, world):
    worlds.certified(world, "celle", days_ago(20))
    transaction.commit()
    browser = browse()
    page = browser.get("/").click("Le parcours, pas à pas", index=0)
    assert len(page.html.select(".journey > li")) == len(journey.STAGES)
    assert "Qui agit : Équipe de l’entreprise" in main(page)
    examples = [a["href"] for a in page.html.select(".journey .small a")]
    assert f"{COMPANY}/workflow" in examples
    for address in examples:
        browser.get(address)
    assert not page.html.select(".play"), "a real site has no accounts to play with"


def test_a_draft_is_nobodys_example(browse, world):
    assert "brouillon" not in browse().get("/journey").text


def test_a_demo_offers_its_parts(browse, world):
    world.site.is_demo = True
    transaction.commit()
    browser = browse()
    page = browser.get("/").click("Jouer le parcours")
    page = page.click("Jouer ce rôle", index=0)
    assert page.forms["form"]["login"].value == "entreprise"


@pytest.mark.parametrize("address", ["", COMPANY])
def test_what_everybody_sees_has_a_picture_and_says_so(browse, address):
    browser = browse()
    page = browser.get(address or "/")
    picture = opened(card(browser, address))
    assert picture.size == (1200, 630)
    assert len(card(browser, address).body) < 100_000
    assert head(page, "og:image") == f"http://localhost{address}/card.png"
    assert head(page, "og:url") == f"http://localhost{address or '/'}"
    assert head(page, "og:title")


@pytest.mark.parametrize("login", [None, "entreprise", "equipe"])
def test_what_only_some_may_see_has_none(browse, login):
    browser = browse(login)
    card(browser, "/companies/brouillon", status=404 if login else 403)
    if login:
        assert head(browser.get("/companies/brouillon"), "og:image") is None


def test_a_vote_has_one_from_its_discussion_on(browse, world):
    company = worlds.in_state(world, "celle", "certified", days_ago(9))
    address = f"/proposals/{worlds.vote(world, 'exclusion', company, days_ago(8), state='discussion').__name__}"
    transaction.commit()
    assert opened(card(browse(), address)).size == (1200, 630)
    assert head(browse().get(address), "og:image").endswith("/card.png")


def test_a_picture_changes_with_the_title_and_fits_a_long_one():
    one, other = (social.drawn("Vote", title, "Au vote", "La Suite") for title in ("Un titre", "Un autre titre"))
    assert one != other
    long = social.drawn(
        "Vote", "Faut-il adopter la version 2 du cahier des charges ? " * 4, "Quorum non atteint", "La Suite"
    )
    with Image.open(io.BytesIO(long)) as picture:
        right = picture.convert("RGB").crop((1122, 20, 1200, 630))
        assert len(right.getcolors()) == 1, "nothing runs out of the picture"


def test_signs_stay_with_their_words():
    assert (
        social._kept_together("« Œufs » : lesquels ?")
        == "«\N{NO-BREAK SPACE}Œufs\N{NO-BREAK SPACE}»\N{NO-BREAK SPACE}: lesquels\N{NO-BREAK SPACE}?"
    )


def test_a_home_screen_gets_an_icon(browse):
    page = browse().get("/")
    address = page.html.find("link", rel="apple-touch-icon")["href"]
    assert opened(browse().get(address)).size == (180, 180)


def test_a_dossier_shows_a_photo_of_its_place(browse, world):
    from coopcms.domain import files, worksites

    from .auditing import picture

    company, staff = world.companies["candidate"], world.actors["entreprise"]
    site = worksites.create(
        company, {**dict.fromkeys(worksites.FIELDS, ""), "title": "Le parcours", "kind": "farm"}, staff, days_ago(2)
    )
    transaction.commit()
    assert not browse().get(COMPANY).html.select(".pictured")
    files.set_photo(site, io.BytesIO(picture()), "a.jpg", staff, days_ago(1), most_bytes=10**6)
    transaction.commit()
    [image] = browse().get(COMPANY).html.select(".pictured img")
    assert browse().get(image["src"]).content_type == "image/jpeg"
