"""Names of people and companies inside the sentences of pages."""

from datetime import date, timedelta

import pytest
import transaction

FARM = "חוות השדה"
SIGNS = ("\u2068", "\u2069")


@pytest.fixture
def renamed(world):
    """The companies whose dossiers wait, under a name that is written from right to left."""
    for name in ("brouillon", "candidate"):
        world.companies[name].title = FARM
    transaction.commit()
    return world


def look(app, path, **more):
    """A page on which no sign is left that keeps names apart on their way."""
    answer = app.get(path, **more)
    assert not any(sign in answer.text for sign in SIGNS)
    return answer


def test_a_name_in_a_task_stands_in_bdi_and_reads_the_same(browse, renamed):
    page = look(browse("equipe"), "/tasks")
    tasks = [task for task in page.html.select(".worklist h3") if FARM in task.get_text()]
    assert tasks
    assert all([name.get_text() for name in task.find_all("bdi")] == [FARM] for task in tasks)


def test_a_title_is_plain_where_it_is_an_attribute_or_the_name_of_the_window(browse, renamed):
    page = look(browse("entreprise"), "/companies/brouillon/edit").html
    assert page.h1.bdi.get_text() == FARM
    assert FARM in page.title.string
    assert "<bdi>" not in page.title.string
    assert all("bdi" not in value for tag in page.find_all(True) for value in map(str, tag.attrs.values()))


def test_what_is_filled_into_a_message_for_the_next_page_stands_in_bdi(browse, renamed):
    form = browse("entreprise").get("/companies/brouillon/edit/truth").forms["form"]
    form["statement"] = "Rien que la vérité."
    saved = form.submit("save").follow()
    assert not any(sign in saved.text for sign in SIGNS)
    assert saved.html.select_one(".notice.success bdi").get_text()


def test_a_name_in_what_is_wrong_with_a_field_stands_in_bdi(browse, renamed):
    member = browse("equipe")
    page = member.get("/companies/candidate/audits/plan?level=2")
    form = page.forms["form"]
    soon = date.today() + timedelta(days=30)
    form["date"], form["visitors"] = soon.isoformat(), FARM
    answer = form.submit("save", status=422)

    wrong = answer.html.select(".error bdi")
    assert [name.get_text() for name in wrong] == [FARM]
