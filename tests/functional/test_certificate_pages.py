"""The public page of a certificate: whether it is good today, in words that somebody who holds the paper understands."""

from datetime import timedelta

import pytest
import transaction

from coopcms.content.calendar import day_in_paris
from coopcms.domain import clock
from coopcms.workflows import engine

from .. import crawl
from .. import world as worlds
from .auditing import COMPANY, days_ago, main


@pytest.fixture
def certified(world):
    """A function that certifies a company some days ago, and leaves it in a state."""

    def make(days=30, then=None):
        company = worlds.certified(world, "celle", days_ago(days))
        if then:
            then(company)
        transaction.commit()
        return company

    return make


def page_of(browser, company, place=-1):
    return browser.get(f"{COMPANY}/certificates/{company.certificates()[place].number}")


def notice(page):
    [told] = page.html.select(".certificate .notice")
    return " ".join(told.get_text().split())


def renewed(world):
    def then(company):
        for level in (1, 2):
            worlds.audit(world, company, level, "validated", days_ago(5))
        engine.fire(company, "renew", world.actors["certificateur"], days_ago(4))

    return then


def fired(world, transition, login, comment="Pour le dire."):
    def then(company):
        engine.fire(company, transition, world.actors[login], days_ago(2), comment=comment)

    return then


def test_a_certificate_that_runs_says_until_when(browse, certified):
    company = certified()
    page = page_of(browse(), company)
    certificate = company.current_certificate()
    assert "en cours de validité jusqu’au" in notice(page)
    assert f"{certificate.end.day} " in notice(page)
    words = main(page)
    for told in ("Attestation de vérification citoyenne", certificate.number, "Œufs", "version 1", "Celle"):
        assert told in words, told
    assert "certificat de conformité" in words


@pytest.mark.parametrize("login", [None, "membre", "entreprise", "equipe"])
def test_one_that_ended_says_so(browse, certified, login):
    company = certified(days=500)
    page = page_of(browse(login), company)
    assert "a pris fin le" in notice(page)
    assert "Échue" in main(page)
    assert "en cours de validité" not in main(page)


def test_one_of_a_company_that_is_suspended_says_so(browse, world, certified):
    company = certified(then=fired(world, "suspend", "certificateur"))
    page = page_of(browse(), company)
    assert "suspendue" in notice(page)
    assert "en cours de validité" not in main(page)


@pytest.mark.parametrize("login", [None, "membre", "voisine", "entreprise", "equipe", "admin"])
@pytest.mark.parametrize(("transition", "by"), [("withdraw", "entreprise"), ("end", "equipe")])
def test_one_of_a_company_that_left_can_still_be_checked_by_everybody(browse, world, certified, login, transition, by):
    company = certified(then=fired(world, transition, by))
    browser = browse(login)
    page = page_of(browser, company)
    assert "n’est plus certifiée" in notice(page)
    assert "Retirée" in main(page)
    assert "en cours de validité" not in main(page)
    listing = browser.get(f"{COMPANY}/certificates")
    assert company.current_certificate().number in main(listing)
    assert "Retirée" in main(listing)


@pytest.mark.parametrize("login", [None, "membre", "voisine"])
def test_one_of_a_company_that_prepares_a_new_application_can_be_checked_too(browse, world, certified, login):
    def left_and_back(company):
        fired(world, "withdraw", "entreprise")(company)
        fired(world, "reopen", "equipe")(company)

    company = certified(then=left_and_back)
    page = page_of(browse(login), company)
    assert "n’est plus certifiée" in notice(page)
    assert page.html.select(f'main a[href$="{COMPANY}"]') == [], "the draft itself stays closed"
    browse(login).get(COMPANY, status=403)


@pytest.mark.parametrize("login", [None, "membre", "entreprise", "equipe"])
def test_one_that_was_replaced_leads_to_the_newer_one(browse, world, certified, login):
    company = certified(then=renewed(world))
    page = page_of(browse(login), company, 0)
    assert "plus récente la remplace" in notice(page)
    newer = page.click(company.current_certificate().number)
    assert "en cours de validité" in notice(newer)


@pytest.mark.parametrize("state", ["valid", "suspended", "withdrawn", "replaced"])
def test_every_link_of_the_page_and_the_list_opens_for_the_public(browse, world, certified, state):
    then = {
        "valid": None,
        "suspended": fired(world, "suspend", "certificateur"),
        "withdrawn": fired(world, "withdraw", "entreprise"),
        "replaced": renewed(world),
    }[state]
    company, browser = certified(then=then), browse()
    for page in (page_of(browser, company, 0), browser.get(f"{COMPANY}/certificates")):
        links = {link["href"] for link in page.html.select("main a")}
        assert links
        for link in links:
            browser.get(link, status=200)


def test_a_version_that_was_superseded_ends_it_sooner_and_the_page_says_that_day(browse, world, certified):
    company = certified(days=300)
    [version] = company.versions()
    version.history[version.history.maxKey() + 1] = {
        **version.history[version.history.maxKey()],
        "transition": "supersede",
        "from": "in_force",
        "to": "superseded",
        "when": days_ago(350),
    }
    transaction.commit()
    certificate = company.current_certificate()
    assert certificate.last_day < certificate.end
    page = page_of(browse(), company)
    assert "en cours de validité" in notice(page)
    assert str(certificate.last_day.year) in notice(page)
    assert "plus tôt" in main(page)


def test_the_dossier_and_the_list_of_certificates_say_the_same_status(browse, certified):
    company = certified()
    number = company.current_certificate().number
    assert f"Attestation {number}" in main(browse().get(COMPANY))
    words = main(browse().get(f"{COMPANY}/certificates"))
    assert "En cours de validité" in words
    assert number in words


def test_a_company_without_any_says_when_the_first_one_comes(browse):
    assert "Aucune attestation" in main(browse().get("/companies/candidate/certificates"))


def test_what_a_certificate_rests_on_can_be_read(browse, certified):
    company, browser = certified(), browse()
    page = page_of(browser, company)
    section = page.html.find("dt", string="Rapports sur lesquels elle repose").find_next("dd")
    assert len(section.find_all("a")) == 2
    for link in section.find_all("a"):
        assert "Validé" in main(browser.get(link["href"]))


@pytest.mark.parametrize("days", [0, 364])
def test_the_first_and_the_last_day_count(browse, certified, days):
    company = certified(days=days)
    assert day_in_paris(days_ago(0)) <= company.current_certificate().end + timedelta(days=1)
    assert "en cours de validité" in notice(page_of(browse(), company))


def test_a_certificate_is_read_in_english_as_well(browse, certified):
    company, browser = certified(), browse()
    browser.set_cookie("language", "en")
    page = page_of(browser, company)
    for word in ("Entreprise", "Validité", "Portée", "inclus"):
        assert word not in crawl.texts(page)


def test_what_the_clock_wrote_is_read_in_the_language_of_the_reader(browse, world, certified):
    certified(days=800)
    clock.tick(world.site, days_ago(0))
    transaction.commit()
    browser = browse()
    assert "L’attestation est échue" in main(browser.get(COMPANY))
    browser.set_cookie("language", "en")
    assert "The certificate has expired" in main(browser.get(COMPANY))
