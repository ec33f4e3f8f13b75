"""Pages of criteria, the next version, the comparison and the order."""

import pytest
import transaction

from coopcms.domain import discussion, specifications
from coopcms.workflows import engine

from ..conftest import NOW
from ..consulting import PATH, consulted, draft
from ..world import CRITERION

SPECIFICATION = PATH.rsplit("/", 1)[0]


@pytest.fixture
def staff(world):
    return world.actors["entreprise"]


@pytest.mark.parametrize("address", ["/framework/1/01", "/framework/1/02"])
def test_a_criterion_of_the_framework_has_a_page(browse, world, address):
    page = browse().get(address)
    criterion = world.site["framework"]["1"][address.rsplit("/", 1)[1]]
    assert criterion.title in page.html.h1.get_text()
    assert criterion.how_to_check.split("\n")[0] in page.html.main.get_text()
    assert "La discussion" in page.text


def test_a_page_of_a_criterion_says_everything_and_leads_to_its_neighbours(browse, world):
    _version, keys = consulted(world, "A1", "A2", "A3")
    transaction.commit()
    page = browse().get(f"{PATH}/{keys[1]}")
    for text in ("Titre A2", CRITERION["requirement"], "bien-être", "Essentiel", "Sur place", CRITERION["evidence"]):
        assert text in page.html.main.get_text()
    links = {a["rel"][0]: a["href"] for a in page.html.select(".pager a[rel]")}
    assert links == {"prev": f"{PATH}/{keys[0]}", "next": f"{PATH}/{keys[2]}"}
    assert not browse().get(f"{PATH}/{keys[0]}").html.select(".pager a[rel=prev]")
    assert not browse().get(f"{PATH}/{keys[2]}").html.select(".pager a[rel=next]")
    assert not page.html.select("#findings")


def test_the_page_of_a_version_links_each_criterion_with_its_comments(browse, world):
    version, keys = consulted(world, "A1", "A2")
    discussion.say(version[keys[0]], "Bonjour.", world.actors["membre"], NOW)
    transaction.commit()
    page = browse().get(PATH)
    assert {f"{PATH}/{key}" for key in keys} <= {a["href"] for a in page.html.select(".criterion h3 a")}
    first, second = (article.get_text(" ", strip=True) for article in page.html.select(".criterion"))
    assert "1 commentaire" in first
    assert "aucun commentaire" in second


def test_a_draft_has_pages_for_its_writers_only(browse, world):
    _version, [key] = draft(world)
    transaction.commit()
    for login in (None, "membre", "certificatrice", "voisine", "admin"):
        assert "Titre A1" not in browse(login).get(f"{PATH}/{key}", status=403).text
    for login in ("entreprise", "equipe"):
        assert "Titre A1" in browse(login).get(f"{PATH}/{key}").text


def test_a_removed_criterion_says_so_where_it_was(browse, world, staff):
    version, keys = consulted(world, "A1", "A2")
    discussion.say(version[keys[0]], "Ne le retirez pas.", world.actors["membre"], NOW)
    engine.fire(version, "back_to_draft", staff, NOW, comment="Encore.")
    transaction.commit()
    app = browse("entreprise")
    page = app.get(f"{PATH}/edit-criterion/{keys[0]}")
    next(form for form in page.forms.values() if "remove" in form.fields and form.id is None).submit("remove")
    assert f"{PATH}/{keys[0]}" in app.get(PATH).text
    transaction.begin()
    engine.fire(version, "consult", staff, NOW)
    transaction.commit()
    told = browse().get(f"{PATH}/{keys[0]}")
    assert "a été retiré de la version" in told.text
    assert "Ne le retirez pas." in told.text
    assert CRITERION["requirement"] not in told.text
    assert CRITERION["requirement"] in app.get(f"{PATH}/{keys[0]}").text
    assert keys[0] not in browse().get(PATH).text
    browse("membre").get(f"{PATH}/{keys[0]}/amend", status=200).forms["form"].submit("save", status=422)


def test_what_was_written_in_a_draft_is_not_told_in_public(browse, world, staff):
    version, [key] = draft(world)
    specifications.change_criterion(version, key, {**CRITERION, "requirement": "Un secret."}, staff, NOW)
    specifications.change_criterion(version, key, CRITERION, staff, NOW)
    engine.fire(version, "consult", staff, NOW)
    transaction.commit()
    page = browse("membre").get(f"{PATH}/{key}")
    assert page.text.count("Modifié") == 2
    assert "secret" not in page.text
    assert "secret" in browse("equipe").get(f"{PATH}/{key}").text


def test_a_key_that_is_none_is_404(browse, world):
    consulted(world)
    transaction.commit()
    for key in ("0123456789abcdef", "criteria", "%C3%A9"):
        browse().get(f"{PATH}/{key}", status=404)


# --- the next version -----------------------------------------------------------------------------------------------------------


def revising(page):
    return next((form for form in page.forms.values() if form.action.endswith("/revise")), None)


@pytest.fixture
def settled(world, staff):
    """A frozen version with four criteria; and their keys."""
    version, keys = draft(world, "A", "B", "C", "D")
    engine.fire(version, "freeze", staff, NOW)
    transaction.commit()
    return version, keys


def test_staff_open_the_next_version_by_a_button(browse, settled):
    app = browse("entreprise")
    form = revising(app.get(PATH))
    answer = form.submit()
    assert answer.headers["Location"].endswith(f"{SPECIFICATION}/2")
    assert "Titre A" in answer.follow().text
    again = form.submit()
    assert "est déjà en préparation" in again.follow().text
    assert revising(app.get(PATH)) is None


@pytest.mark.parametrize("login", [None, "membre", "certificatrice", "equipe", "voisine", "admin"])
def test_others_open_none(browse, settled, login):
    app = browse(login)
    assert revising(app.get(PATH)) is None
    token = app.get("/forgotten").forms["form"]["csrf_token"].value
    app.post(f"{PATH}/revise", {"csrf_token": token}, status=403)
    transaction.begin()
    assert len(settled[0].__parent__) == 1


def test_coordinators_open_the_next_version_of_the_framework(browse):
    answer = revising(browse("equipe").get("/framework/1")).submit().follow()
    assert answer.request.path == "/framework/2"
    browse().get("/framework/2/01", status=403)
    assert "Repris de la version 1" in browse("equipe").get("/framework/2/01").text


# --- the comparison ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def two(world, staff, settled):
    """Two versions of which the second changes, adds, removes and moves."""
    version, [a, b, c, d] = settled
    opened = specifications.revise(version.__parent__, staff, NOW)
    changed = {**CRITERION, "code": "A", "title": "Titre A", "requirement": "Chaque poule dispose de 6 m² de parcours."}
    specifications.change_criterion(opened, a, changed, staff, NOW)
    specifications.remove_criterion(opened, b, staff, NOW)
    specifications.add_criterion(opened, {**CRITERION, "code": "E", "title": "Titre E"}, staff, NOW)
    specifications.reorder(opened, [d, a, c], staff, NOW)
    engine.fire(opened, "consult", staff, NOW)
    transaction.commit()
    return opened


def test_two_versions_are_compared_word_by_word(browse, two):
    app = browse()
    page = app.get(app.get(PATH).html.find("a", string="Comparer deux versions")["href"])
    sections = {s.h2.get_text(): s.get_text(" ", strip=True) for s in page.html.select("main section") if s.h2}
    assert "<del>5</del> <ins>6</ins>" in page.text
    assert "Titre E" in sections["Critères ajoutés"]
    assert "Titre B" in sections["Critères retirés"]
    assert "Titre D" in sections["Critères déplacés"]
    assert "inchangés\xa0: 2." in page.text
    form = next(f for f in page.forms.values() if "old" in f.fields)
    form["old"], form["new"] = "2", "1"
    back = form.submit()
    assert "<del>6</del> <ins>5</ins>" in back.text


@pytest.mark.parametrize("query", ["old=x", "old=9", "new=-1", "old=²", "old=1&new=../1"])
def test_versions_that_are_not_there_are_404(browse, two, query):
    from urllib.parse import quote

    browse().get(f"{SPECIFICATION}/compare?{quote(query, safe='=&')}", status=404)


def test_a_draft_is_compared_by_its_writers_only(browse, world, settled, staff):
    opened = specifications.revise(settled[0].__parent__, staff, NOW)
    specifications.add_criterion(opened, {**CRITERION, "code": "S", "title": "Secret"}, staff, NOW)
    transaction.commit()
    address = f"{SPECIFICATION}/compare"
    assert "Secret" in browse("entreprise").get(address).text
    for login in (None, "membre", "admin"):
        app = browse(login)
        assert "Secret" not in app.get(address).text
        app.get(f"{address}?old=1&new=2", status=404)
        assert "Comparer deux versions" not in app.get(PATH).text


# --- the order ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def four(world):
    version, keys = draft(world, "A", "B", "C", "D")
    transaction.commit()
    return version, keys


def ordering(app):
    return next(f for f in app.get(f"{PATH}/order").forms.values() if "revision" in f.fields)


def place(form, keys, *places):
    for key, value in zip(keys, places, strict=True):
        form[f"place-{key}"] = value
    return form


def codes(version):
    transaction.begin()
    return "".join(criterion.code for _key, criterion in version.ordered())


def test_places_are_numbers_and_saved_at_once(browse, four):
    version, keys = four
    app = browse("entreprise")
    assert f"{PATH}/order" in app.get(PATH).text
    assert place(ordering(app), keys, "20", "10", "40", "3").submit().status_int == 303
    assert codes(version) == "DBAC"


@pytest.mark.parametrize(
    ("places", "sentence"),
    [
        (("1", "1", "2", "3"), "A et B ont la même place, 1"),
        (("1", "deux", "3", "4"), "La place de B s’écrit en chiffres"),
        (("1", "2", "3", ""), "La place de D s’écrit en chiffres"),
        (("1", "-2", "3", "4"), "La place de B s’écrit en chiffres"),
        (("1", "²", "3", "4"), "La place de B s’écrit en chiffres"),
    ],
)
def test_what_is_no_place_gets_a_sentence_and_nothing_typed_is_lost(browse, four, places, sentence):
    version, keys = four
    answer = place(ordering(browse("entreprise")), keys, *places).submit(status=422)
    assert sentence in answer.html.select_one(".error-summary").get_text().replace("\xa0", " ")
    form = next(f for f in answer.forms.values() if "revision" in f.fields)
    assert tuple(form[f"place-{key}"].value for key in keys) == places
    assert codes(version) == "ABCD"


def test_a_criterion_added_meanwhile_stays_at_the_end(browse, world, four, staff):
    version, keys = four
    form = place(ordering(browse("entreprise")), keys, "4", "3", "2", "1")
    specifications.add_criterion(version, {**CRITERION, "code": "E"}, staff, NOW)
    transaction.commit()
    assert form.submit().status_int == 303
    assert codes(version) == "DCBAE"


def test_who_orders_over_somebody_sees_it_and_saves_again(browse, four):
    version, keys = four
    mine = place(ordering(browse("entreprise")), keys, "4", "3", "2", "1")
    place(ordering(browse("collegue")), keys, "2", "1", "3", "4").submit()
    answer = mine.submit(status=409)
    assert "Quelqu’un a changé l’ordre" in answer.text
    form = next(f for f in answer.forms.values() if "revision" in f.fields)
    assert [form[f"place-{key}"].value for key in keys] == ["4", "3", "2", "1"]
    assert form.submit().status_int == 303
    assert codes(version) == "DCBA"


@pytest.mark.parametrize("login", [None, "membre", "certificatrice", "equipe", "voisine", "admin"])
def test_nobody_but_staff_orders(browse, four, login):
    app = browse(login)
    app.get(f"{PATH}/order", status=403)
    token = app.get("/forgotten").forms["form"]["csrf_token"].value
    app.post(f"{PATH}/order", {"csrf_token": token}, status=403)
