"""What the steps of a specification version ask for, and what comes with them."""

import pytest

from coopcms.content.specification import SpecificationVersion
from coopcms.domain import companies, specifications
from coopcms.workflows import engine
from tests import world as worlds
from tests.conftest import NOW
from tests.standins import Audit

#: What makes a criterion complete.
FIELDS = (
    "code",
    "title",
    "requirement",
    "domain",
    "criterion_class",
    "check_method",
    "evidence",
    "how_to_check",
)


@pytest.fixture
def staff(world):
    return world.actors["entreprise"]


@pytest.fixture
def empty(world, staff):
    """A draft without any criterion, of a company that applied."""
    return specifications.create(world.companies["candidate"], "Miel", "Notre miel.", staff, NOW)


@pytest.fixture
def draft(empty, staff):
    """A draft with one complete criterion."""
    specifications.add_criterion(empty, worlds.CRITERION, staff, NOW)
    return empty


def adopted(world, company_state, name="celle"):
    """An adopted version of a company in a state."""
    company = worlds.in_state(world, name, company_state, NOW)
    version = next(company.versions())
    if version.state == "frozen":
        engine.fire(version, "adopt", world.actors["closing"], NOW)
    return version


def test_the_whole_way_of_a_version(world, staff):
    company = worlds.in_state(world, "celle", "certified", NOW)
    version = specifications.create(company, "Miel", "", staff, NOW)
    specifications.add_criterion(version, worlds.CRITERION, staff, NOW)
    for id, login, state in (
        ("consult", "entreprise", "consultation"),
        ("freeze", "entreprise", "frozen"),
        ("adopt", "closing", "adopted"),
        ("put_in_force", "equipe", "in_force"),
    ):
        entry = engine.fire(version, id, world.actors[login], NOW)
        assert version.state == entry["to"] == state


@pytest.mark.parametrize("id", ["consult", "freeze"])
def test_a_version_without_a_criterion_stays_a_draft(empty, staff, missing, id):
    (found,) = missing(empty, id, staff)
    assert "critère" in str(found.sentence)
    assert (found.target, found.view) == (empty, "add-criterion")


def test_one_criterion_is_enough_for_a_consultation_be_it_incomplete(empty, staff):
    specifications.add_criterion(empty, {"code": "B1", "title": "À écrire"}, staff, NOW)
    engine.fire(empty, "consult", staff, NOW)
    assert empty.state == "consultation"


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("state", ["draft", "consultation"])
def test_a_version_is_not_frozen_while_a_criterion_lacks_something(draft, staff, missing, state, name):
    key = specifications.add_criterion(draft, {**worlds.CRITERION, "code": "B1"}, staff, NOW)
    setattr(draft.criteria[key], name, "")
    if state == "consultation":
        engine.fire(draft, "consult", staff, NOW)
    (found,) = missing(draft, "freeze", staff)
    assert "incomplet" in str(found.sentence)
    assert (found.target, found.view) == (draft, f"edit-criterion/{key}")
    setattr(draft.criteria[key], name, worlds.CRITERION[name] if name != "code" else "B1")
    engine.fire(draft, "freeze", staff, NOW)
    assert draft.state == "frozen"


@pytest.mark.parametrize("login", ["entreprise", "equipe"])
@pytest.mark.parametrize("state", ["consultation", "frozen"])
def test_back_to_draft_wants_a_comment_and_nothing_else(world, draft, staff, refused, state, login):
    engine.fire(draft, {"consultation": "consult", "frozen": "freeze"}[state], staff, NOW)
    refused(engine.CommentRequired, draft, "back_to_draft", world.actors[login])
    engine.fire(draft, "back_to_draft", world.actors[login], NOW, comment="une phrase à revoir")
    assert draft.state == "draft"


@pytest.mark.parametrize(
    ("state", "holds"),
    [
        ("planned", False),
        ("in_progress", True),
        ("reported", True),
        ("validated", True),
        ("contested", True),
        ("cancelled", False),
    ],
)
def test_a_version_on_which_an_audit_started_does_not_go_back(draft, staff, audited, missing, state, holds):
    engine.fire(draft, "freeze", staff, NOW)
    (audit,) = audited(draft.__parent__.__parent__.__parent__, Audit(1, (draft,), state=state))
    if holds:
        (found,) = missing(draft, "back_to_draft", staff, comment="à revoir")
        assert "audit" in str(found.sentence)
        assert found.target is audit
    else:
        engine.fire(draft, "back_to_draft", staff, NOW, comment="à revoir")
        assert draft.state == "draft"


def test_an_audit_of_another_version_holds_nothing_back(draft, staff, audited):
    engine.fire(draft, "freeze", staff, NOW)
    company = draft.__parent__.__parent__.__parent__
    other = next(v for v in company.versions() if v is not draft)
    audited(company, Audit(1, (other,)))
    engine.fire(draft, "back_to_draft", staff, NOW, comment="à revoir")
    assert draft.state == "draft"


def test_a_version_under_an_open_vote_does_not_go_back(draft, staff, missing, monkeypatch):
    engine.fire(draft, "freeze", staff, NOW)
    monkeypatch.setattr(SpecificationVersion, "open_proposals", lambda self: iter([draft]))
    (found,) = missing(draft, "back_to_draft", staff, comment="à revoir")
    assert "vote" in str(found.sentence)


def test_the_framework_under_an_open_vote_does_not_go_back_either(world, missing, monkeypatch):
    version = world.site["framework"].versions()[-1]
    version.state = "frozen"
    monkeypatch.setattr(SpecificationVersion, "open_proposals", lambda self: iter([version]))
    assert missing(version, "back_to_draft", world.actors["equipe"], comment="à revoir")


@pytest.mark.parametrize("state", ["draft", "applied", "audited", "declined", "withdrawn"])
@pytest.mark.parametrize("login", ["equipe", "clock"])
def test_no_version_comes_into_force_before_its_company_is_certified(world, missing, state, login):
    (found,) = missing(adopted(world, state), "put_in_force", world.actors[login])
    assert "certifiée" in str(found.sentence)
    assert found.target.is_company


@pytest.mark.parametrize("state", ["certified", "partnered"])
@pytest.mark.parametrize("login", ["equipe", "clock"])
def test_a_version_of_a_certified_company_comes_into_force(world, state, login):
    version = adopted(world, state)
    engine.fire(version, "put_in_force", world.actors[login], NOW)
    assert version.state == "in_force"


@pytest.mark.parametrize("conflict", ["staff", "interests"])
def test_a_coordinator_in_conflict_puts_nothing_in_force(world, missing, conflict):
    version, actor = adopted(world, "certified"), world.actors["equipe"]
    company = world.companies["celle"]
    if conflict == "staff":
        companies.add_staff(company, actor.userid)
    else:
        companies.declare_interest(company, "Ma sœur y travaille.", actor, NOW)
    (found,) = missing(version, "put_in_force", actor)
    assert (found.target, found.view) == (company, conflict)


def test_putting_a_version_in_force_supersedes_the_former_one_in_the_same_step(world, staff):
    first = adopted(world, "certified")
    engine.fire(first, "put_in_force", world.actors["equipe"], NOW)
    second = specifications.open_version(first.__parent__, staff, NOW)
    specifications.add_criterion(second, worlds.CRITERION, staff, NOW)
    engine.fire(second, "freeze", staff, NOW)
    engine.fire(second, "adopt", world.actors["closing"], NOW)
    engine.fire(second, "put_in_force", world.actors["equipe"], NOW)
    assert (first.state, second.state) == ("superseded", "in_force")
    assert engine.last_entry(first)["transition"] == "supersede"


@pytest.mark.parametrize("login", ["equipe", "clock"])
def test_no_version_is_superseded_but_by_the_next_one(world, refused, login):
    version = adopted(world, "certified")
    engine.fire(version, "put_in_force", world.actors["equipe"], NOW)
    shown = [step.transition.id for step in engine.available(version, world.actors[login], NOW) if step.allowed]
    assert "supersede" not in shown


@pytest.mark.parametrize("state", ["draft", "consultation", "frozen", "adopted"])
def test_staff_withdraw_a_version_with_a_comment_until_it_is_in_force(world, draft, staff, refused, state):
    draft.state = state
    refused(engine.NotPermitted, draft, "withdraw", world.actors["equipe"], comment="non")
    refused(engine.CommentRequired, draft, "withdraw", staff)
    engine.fire(draft, "withdraw", staff, NOW, comment="autre produit")
    assert draft.state == "withdrawn"


def test_a_version_in_force_is_withdrawn_by_a_coordinator_with_a_comment(world, draft, staff, refused):
    draft.state = "in_force"
    refused(engine.NotPermitted, draft, "withdraw", staff, comment="non")
    refused(engine.CommentRequired, draft, "withdraw", world.actors["equipe"])
    engine.fire(draft, "withdraw", world.actors["equipe"], NOW, comment="danger")
    assert draft.state == "withdrawn"


@pytest.mark.parametrize("state", ["superseded", "withdrawn"])
def test_what_was_superseded_or_withdrawn_moves_no_more(world, draft, state):
    draft.state = state
    assert [login for login, actor in world.actors.items() if engine.available(draft, actor, NOW)] == []


def test_a_frozen_text_is_not_edited(world, draft, staff):
    from coopcms.domain.errors import Forbidden

    (key,) = draft.criteria
    for id in ("consult", "freeze"):
        engine.fire(draft, id, staff, NOW)
        with pytest.raises(Forbidden):
            specifications.change_criterion(draft, key, {**worlds.CRITERION, "title": "Autre"}, staff, NOW)
        with pytest.raises(Forbidden):
            specifications.add_criterion(draft, {**worlds.CRITERION, "code": "Z9"}, staff, NOW)
    assert draft.criteria[key].title == worlds.CRITERION["title"]
