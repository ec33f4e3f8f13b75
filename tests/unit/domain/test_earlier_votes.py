"""Votes held before the platform: who records them, their arithmetic, and what they decide."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from types import SimpleNamespace

import pytest

from coopcms.domain import companies
from coopcms.domain.errors import Forbidden, Invalid
from coopcms.views.rendering import percent
from coopcms.workflows import engine

from ... import world as worlds
from ...conftest import NOW

JULY = datetime(2019, 7, 10, tzinfo=UTC)
#: Butter, July 2019: 88 % of 2 300 voters said yes.
BUTTER = {"entitled": 9000, "voters": 2300, "yes": 2024, "no": 276, "source": "site public", "subject": "Le beurre"}


def record(world, company, kind="admission", result="adopted", when=JULY, by="closing", **changes):
    companies.record_earlier_vote(company, kind, result, when, world.actors[by], **{**BUTTER, **changes})


@pytest.mark.parametrize("login", ["visitor", "membre", "certificatrice", "entreprise", "equipe", "admin", "clock"])
def test_no_person_records_a_result(world, login):
    company = world.companies["candidate"]
    with pytest.raises(Forbidden):
        record(world, company, by=login)
    assert company.earlier_votes == ()


def test_the_turnout_of_the_butter_vote_is_25_6_per_cent(world):
    company = world.companies["candidate"]
    record(world, company)
    (vote,) = company.earlier_votes
    assert companies.turnout(vote) == Fraction(23, 90)
    assert percent(companies.turnout(vote), "fr") == "25,6\N{NO-BREAK SPACE}%"
    assert percent(companies.turnout(vote), "en") == "25.6%"


@pytest.mark.parametrize(
    "share, text",
    [
        ((0, 1), "0.0%"),
        ((1, 1), "100.0%"),
        ((1, 3), "33.3%"),
        ((2, 3), "66.7%"),
        ((1, 2000), "0.1%"),
        ((1, 2001), "0.0%"),
    ],
)
def test_shares_have_one_decimal_rounded_half_up(share, text):
    assert percent(Fraction(*share), "en") == text


@pytest.mark.parametrize(
    "wrong",
    [
        {"voters": 9001},
        {"yes": 2025},
        {"yes": 2024, "no": 200, "blank": 77},
        {"no": -1, "yes": 1},
        {"entitled": 0, "voters": 0, "yes": 0, "no": 0},
        {"kind": "price"},
        {"result": "voting"},
        {"source": " "},
        {"subject": ""},
    ],
)
def test_a_vote_whose_figures_contradict_each_other_or_have_no_source_is_refused(world, wrong):
    company = world.companies["candidate"]
    with pytest.raises(Invalid):
        record(world, company, **wrong)
    assert company.earlier_votes == ()


def test_fewer_votes_than_voters_are_possible(world):
    record(world, world.companies["candidate"], yes=2000, no=200, blank=50)


def test_the_newest_vote_of_a_kind_counts_whenever_it_was_recorded(world):
    company = world.companies["candidate"]
    assert company.vote_result("admission") is None
    record(world, company, result="adopted", when=JULY)
    record(world, company, result="rejected", when=JULY - timedelta(days=400))
    assert company.vote_result("admission") == "adopted"
    assert company.vote_result("exclusion") is None
    assert [vote["result"] for vote in company.earlier_votes] == ["rejected", "adopted"]
    record(world, company, result="rejected", when=JULY + timedelta(days=1))
    assert company.vote_result("admission") == "rejected"


class Site(dict):
    """The root with proposals, as the company asks for them."""

    __parent__ = None


def test_proposals_and_earlier_votes_are_told_apart_by_their_dates(world, monkeypatch):
    from coopcms.content import company as module

    company = world.companies["candidate"]
    proposal = SimpleNamespace(
        kind="admission", company_id=company.__oid__, closed_at=NOW, result={"state": "inquorate"}
    )
    other = SimpleNamespace(
        kind="admission", company_id=-1, closed_at=NOW + timedelta(days=9), result={"state": "rejected"}
    )
    still_open = SimpleNamespace(kind="admission", company_id=company.__oid__, closed_at=None, result=None)
    found = {"a": proposal, "b": other, "c": still_open}
    monkeypatch.setattr(module, "find_root", lambda obj: Site(proposals=found))
    assert company.vote_result("admission") == "inquorate"
    record(world, company)
    assert company.vote_result("admission") == "inquorate"
    record(world, company, when=NOW + timedelta(days=1))
    assert company.vote_result("admission") == "adopted"


def test_a_company_that_was_voted_for_before_the_platform_is_admitted(world):
    company = worlds.in_state(world, "ancienne", "audited", NOW)
    with pytest.raises(engine.GuardRefused):
        engine.fire(company, "admit", world.actors["closing"], NOW)
    record(world, company)
    engine.fire(company, "admit", world.actors["closing"], NOW)
    assert company.state == "voted"
