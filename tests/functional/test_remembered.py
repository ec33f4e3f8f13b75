"""What pages remember from one reader to the next is never shown to the wrong one, nor after it changed."""

import pytest
import transaction

from coopcms.views import history, matrix, translating

from ..support.threads import together

PATHS = ("/", "/companies/candidate", "/companies/candidate/matrix", "/companies/candidate/workflow", "/framework")


def lines(page):
    return [each.get_text(" ") for each in page.html.select("p.by")]


def test_a_line_that_another_one_replaced_names_its_own_actor(browse, world):
    """As after an undo, or when a backup was put back: as many lines as before, and others."""
    browser, company = browse("certificatrice"), world.companies["candidate"]
    before = lines(browser.get("/companies/candidate"))
    assert any("Élise Garnier" in line for line in before)
    for number, entry in list(company.history.items()):
        company.history[number] = {**entry, "actor": world.actors["equipe2"].userid}
    transaction.commit()
    after = lines(browser.get("/companies/candidate"))
    assert len(after) == len(before)
    assert all("Karim Haddad" in line for line in after if "Garnier" in line or "Haddad" in line)
    assert not any("Élise Garnier" in line for line in after)


def test_an_actor_who_is_called_otherwise_since_is_called_so_in_old_lines(browse, world):
    browser = browse("certificatrice")
    assert any("Élise Garnier" in line for line in lines(browser.get("/companies/candidate")))
    world.accounts["entreprise"].title = "Élise Garnier-Roux"
    transaction.commit()
    named = [line for line in lines(browser.get("/companies/candidate")) if "Élise Garnier" in line]
    assert named
    assert all("Garnier-Roux" in line for line in named)


@pytest.mark.parametrize("login", [None, "certificatrice"])
def test_threads_that_read_in_two_languages_read_what_one_reads_alone(browse, login):
    def reading():
        browser = browse(login)
        browser.get("/")  # what the log-in left to be said
        return browser

    def pages(browser, language):
        return [without_tokens(browser.get(path, headers={"Accept-Language": language})) for path in PATHS]

    def forget():
        for remembered in (history._line, matrix._row, matrix._found, translating._looked_up):
            remembered.cache_clear()

    alone = {language: pages(reading(), language) for language in ("fr", "en")}
    assert alone["fr"] != alone["en"]

    def work():
        mine, wrong = reading(), []
        for number in range(6):
            language = ("fr", "en")[number % 2]
            forget()
            found = pages(mine, language)
            wrong += [
                (language, path) for path, one, other in zip(PATHS, found, alone[language], strict=True) if one != other
            ]
        return wrong

    assert together(4, work) == [[]] * 4


def without_tokens(page):
    """A page without what differs each time: the token of its forms."""
    for each in page.html.select("input[name=csrf_token], input[name=key]"):
        each["value"] = ""
    return str(page.html)
