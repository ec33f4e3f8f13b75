"""Two coordinators act at the same moment: a vote opens once, and on a text that stays."""

import pytest
import transaction
from ZODB.POSException import ConflictError

from coopcms.domain import audits, members, registers
from coopcms.workflows import engine

from ... import world as worlds
from ...conftest import NOW
from ...desks import Desk


@pytest.fixture
def meet(world, registry):
    """A function that sets two people at work on what they find, once everything is stored."""
    desks = []

    def at(*people):
        transaction.commit()
        desks.extend(Desk(registry, login, find) for login, find in people)
        for desk in desks:
            desk.read()
        return desks

    yield at
    for desk in desks:
        desk.close()


@pytest.fixture
def company(world):
    members.admit(world.site, world.accounts["membre"], world.actors["equipe"], NOW)
    registers.number_waiting(world.site, NOW)
    return worlds.in_state(world, "celle", "audited", NOW)


def proposal(name):
    return lambda world: world.site["proposals"][name]


def version(world):
    return next(world.companies["celle"].versions())


def audit(world):
    return next(audit for audit in world.companies["celle"].audits() if audit.state == "planned")


def fire(id, comment=""):
    def work(obj, actor):
        engine.fire(obj, id, actor, NOW, comment=comment)

    return work


def both_orders(one, other):
    """Whoever saves first is done; the other one is refused, and tried again sees why."""
    return pytest.mark.parametrize("first", [0, 1], ids=[one, other])


def saved_by_one_alone(desks, first):
    desks[first].save()
    with pytest.raises(ConflictError):
        desks[1 - first].save()


@both_orders("one", "other")
def test_two_votes_on_one_admission_do_not_open_at_once(world, company, meet, first):
    names = [worlds.vote(world, "admission", company, NOW, state="discussion", days=days).__name__ for days in (9, 10)]
    assert len(set(names)) == 2
    desks = meet(("equipe", proposal(names[0])), ("equipe2", proposal(names[1])))
    for desk in desks:
        desk.do(fire("open"))
    saved_by_one_alone(desks, first)
    desks[1 - first].read()
    with pytest.raises(engine.GuardRefused) as refused:
        desks[1 - first].do(fire("open"))
    assert "Un autre vote" in str(refused.value.missing[0].sentence)


@both_orders("open", "back to draft")
def test_a_vote_does_not_open_on_a_text_that_goes_back_to_draft(world, company, meet, first):
    name = worlds.vote(world, "admission", company, NOW, state="discussion").__name__
    for made in list(company.audits()):
        made.state = "cancelled"  # else they would hold the text anyway
    another = worlds.vote(world, "specification", company, NOW, state="discussion").__name__
    assert name != another
    desks = meet(("equipe", proposal(another)), ("entreprise", version))
    desks[0].do(fire("open"))
    desks[1].do(fire("back_to_draft", "Une faute."))
    saved_by_one_alone(desks, first)


@both_orders("start", "back to draft")
def test_an_audit_does_not_start_on_a_text_that_goes_back_to_draft(world, company, meet, first):
    worlds.audit(world, company, 2, "planned", NOW)
    desks = meet(("visiteuse", audit), ("entreprise", version))
    desks[0].do(fire("start"))
    desks[1].do(fire("back_to_draft", "Une faute."))
    saved_by_one_alone(desks, first)


def test_a_plan_that_is_sent_twice_at_once_is_one_audit(world, company, meet):
    def plan(company, actor):
        audits.plan(company, 2, actor, NOW, title="Visite de mai")

    desks = meet(*[("equipe", lambda world: world.companies["celle"])] * 2)
    for desk in desks:
        desk.do(plan)
    saved_by_one_alone(desks, 0)
    desks[1].read()
    desks[1].do(plan)
    desks[1].save()
    transaction.begin()
    assert len(list(company.audits())) == 1
