"""Voting: casting, the end, the count, and what a result sets off."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from coopcms.domain import clock, consequences, members, proposals, published, registers, specifications, voting
from coopcms.domain import consistency_of_votes as agreement
from coopcms.domain.errors import Forbidden, Invalid
from coopcms.workflows import engine

from ... import world as worlds
from ...conftest import NOW

VOTERS = ("membre", "certificatrice", "certificateur", "visiteuse", "visiteur")


@pytest.fixture
def members_of(world):
    """The five members of the world, each with a share; who is named holds more."""

    def make(**shares):
        for login in VOTERS:
            members.admit(world.site, world.accounts[login], world.actors["equipe"], NOW, shares=shares.get(login, 1))
        registers.number_waiting(world.site, NOW)

    return make


@pytest.fixture
def company(world):
    return worlds.in_state(world, "celle", "audited", NOW)


@pytest.fixture
def vote(world, company, members_of):
    """A function that opens the vote on the admission of ``celle``."""

    def make(**shares):
        members_of(**shares)
        return worlds.vote(world, "admission", company, NOW)

    return make


def cast(world, proposal, now=NOW, **choices):
    return {login: voting.cast(proposal, choice, world.actors[login], now) for login, choice in choices.items()}


def agree(site):
    """Whether registers, boxes and results agree."""
    return [*agreement.registers(site), *agreement.results(site)] == []


def test_a_vote_admits_a_company_and_adopts_its_versions(world, vote, company):
    proposal = vote()
    cast(world, proposal, membre="for", visiteuse="for", visiteur="against")
    assert agree(world.site)
    assert clock.tick(world.site, proposal.ends_at)["closed votes"] == 1
    assert (proposal.state, company.state) == ("adopted", "voted")
    assert [version.state for version in company.versions()] == ["adopted"]
    assert proposal.result["counts"] == {"for": 2, "against": 1, "blank": 0}
    assert proposal.consequence["done"]
    assert agree(world.site)
    assert clock.tick(world.site, proposal.ends_at)["closed votes"] == 0


@pytest.mark.parametrize(
    ("choices", "state", "company_state"),
    [
        ({"membre": "for"}, "adopted", "voted"),
        ({"membre": "against"}, "rejected", "declined"),
        ({"membre": "for", "visiteur": "against"}, "rejected", "declined"),  # a tie is not passed
        ({"membre": "blank", "visiteur": "blank"}, "rejected", "declined"),  # no valid vote is not passed
        ({"membre": "for", "visiteur": "blank", "visiteuse": "blank"}, "adopted", "voted"),
    ],
)
def test_how_a_vote_ends(world, vote, company, choices, state, company_state):
    proposal = vote()
    cast(world, proposal, **choices)
    voting.close_due(world.site, proposal.ends_at)
    assert (proposal.state, company.state) == (state, company_state)


def test_a_missed_quorum_decides_nothing_and_a_new_vote_can_be_opened(world, company, members_of):
    members_of()
    rules = {"quorum": Fraction(1, 2)}
    proposal = worlds.vote(world, "admission", company, NOW, **rules)
    cast(world, proposal, membre="for", visiteur="for")  # two of five: three are needed
    voting.close_due(world.site, proposal.ends_at)
    assert (proposal.state, company.state, proposal.result["quorum_needed"]) == ("inquorate", "audited", 3)
    again = worlds.vote(world, "admission", company, proposal.ends_at, **rules)
    cast(world, again, proposal.ends_at, membre="for", visiteur="blank", visiteuse="blank")
    voting.close_due(world.site, again.ends_at)
    assert (again.state, company.state) == ("adopted", "voted"), "blanks count for the quorum"


def test_one_share_and_five_hundred_weigh_the_same(world, vote):
    proposal = vote(membre=500)
    cast(world, proposal, membre="for", visiteur="against")
    voting.close_due(world.site, proposal.ends_at)
    assert proposal.result["counts"] == {"for": 1, "against": 1, "blank": 0}


def test_who_joins_after_the_opening_is_not_on_the_roll(world, company, members_of):
    members_of()
    newcomer, equipe = world.accounts["collegue"], world.actors["equipe"]
    proposal = worlds.vote(world, "admission", company, NOW)
    members.admit(world.site, newcomer, equipe, NOW)
    registers.number_waiting(world.site, NOW)
    with pytest.raises(voting.NotOnTheRoll):
        cast(world, proposal, collegue="for")
    assert proposal.box is not None
    assert not list(proposal.box.contents())


def test_who_leaves_during_a_vote_keeps_the_voice(world, vote):
    proposal = vote()
    leaver = members.member_of(world.site, world.actors["membre"])
    members.leave(world.site, leaver, world.actors["equipe"], NOW)
    registers.number_waiting(world.site, NOW)
    cast(world, proposal, membre="for")
    assert leaver.shares == 0
    assert members.in_good_standing(world.site) == 4
    assert len(proposal.roll) == 5


def test_a_vote_may_be_changed_and_the_last_counts_once(world, vote):
    proposal = vote()
    first = cast(world, proposal, membre="for")["membre"]
    second = cast(world, proposal, membre="against")["membre"]
    voting.close_due(world.site, proposal.ends_at)
    assert proposal.result["counts"] == {"for": 0, "against": 1, "blank": 0}
    assert published.choice_of(proposal, first.tracker) is None
    assert published.choice_of(proposal, second.tracker) == "against"


@pytest.mark.parametrize("after", [timedelta(0), timedelta(days=3)])
def test_after_the_end_a_ballot_is_refused_whatever_the_state_says(world, vote, after):
    proposal = vote()
    with pytest.raises(voting.NotOpen):
        cast(world, proposal, proposal.ends_at + after, membre="for")
    assert proposal.state == "voting"
    cast(world, proposal, proposal.ends_at - timedelta(seconds=1), membre="for")


@pytest.mark.parametrize("choice", ["", "yes", None, 1, ["for"], {"for": 1}, "FOR"])
def test_a_choice_that_there_is_not_is_refused(world, vote, choice):
    proposal = vote()
    with pytest.raises(Invalid) as caught:
        cast(world, proposal, membre=choice)
    assert list(caught.value.messages) == ["choice"]


@pytest.mark.parametrize("login", ["equipe", "entreprise", "admin", "visitor", "clock", "closing"])
def test_nobody_votes_who_is_not_on_the_roll(world, vote, login):
    proposal = vote()
    with pytest.raises(Forbidden):
        cast(world, proposal, **{login: "for"})


def test_the_end_moves_later_alone_with_a_reason(world, vote):
    proposal, coordinator = vote(), world.actors["equipe"]
    end = proposal.ends_at
    for wrong, reason, field in (
        (end, "Une panne.", "ends_at"),
        (end - timedelta(days=1), "Une panne.", "ends_at"),
        (end + timedelta(days=1), " ", "reason"),
        (NOW + timedelta(days=91), "Une panne.", "ends_at"),
    ):
        with pytest.raises(Invalid) as caught:
            proposals.extend(proposal, wrong, reason, coordinator, NOW)
        assert list(caught.value.messages) == [field]
    proposals.extend(proposal, end + timedelta(days=2), "Une panne.", coordinator, NOW)
    assert proposal.ends_at == end + timedelta(days=2)
    assert [(e["from"], e["reason"]) for e in proposal.extensions] == [(end, "Une panne.")]
    with pytest.raises(Invalid):
        proposals.extend(proposal, end + timedelta(days=9), "Encore.", coordinator, proposal.ends_at)


def test_the_text_and_the_rules_of_an_open_vote_do_not_move(world, vote):
    proposal, coordinator = vote(), world.actors["equipe"]
    with pytest.raises(Forbidden):
        proposals.rewrite(proposal, "Autre", "", "Autre texte", coordinator, NOW)
    with pytest.raises(Forbidden):
        proposals.set_rules(
            proposal, coordinator, NOW, days=2, secret=True, quorum=Fraction(0), majority=Fraction(1, 2)
        )


def test_what_cannot_take_effect_is_shown_and_tried_again(world, vote, company):
    proposal, staff = vote(), world.actors["entreprise"]
    cast(world, proposal, membre="for")
    [version] = company.versions()
    engine.fire(version, "withdraw", staff, NOW, comment="Erreur.")
    voting.close_due(world.site, proposal.ends_at)
    assert (proposal.state, company.state) == ("adopted", "audited"), "the result stands, nothing of it is half done"
    assert proposal.consequence["done"] is False
    assert "n’est plus dans un état" in str(consequences.held_back(proposal, proposal.ends_at))
    noted = proposal.consequence
    assert voting.retry_due(world.site, proposal.ends_at + timedelta(days=1)) == 0
    assert proposal.consequence is noted, "nothing is written where nothing changed"
    version.state = "frozen"
    assert voting.retry_due(world.site, proposal.ends_at) == 1
    assert (version.state, company.state) == ("adopted", "voted")


def test_a_result_says_nothing_of_a_dossier_that_was_made_anew(world, vote, company):
    """A company that left, came back and is audited again is not admitted by the vote on its former dossier."""
    proposal = vote()
    cast(world, proposal, membre="for")
    staff, later = world.actors["entreprise"], NOW + timedelta(days=1)
    engine.fire(company, "withdraw", staff, later, comment="Nous hésitons.")
    voting.close_due(world.site, proposal.ends_at)
    engine.fire(company, "reopen", world.actors["equipe"], proposal.ends_at, comment="Ils reviennent.")
    company.state = "audited"
    assert voting.retry_due(world.site, proposal.ends_at) == 0
    assert company.state == "audited"
    assert "brouillon" in str(consequences.held_back(proposal, proposal.ends_at))


def test_a_vote_of_exclusion_excludes(world, members_of):
    members_of()
    company = worlds.in_state(world, "celle", "certified", NOW)
    proposal = worlds.vote(world, "exclusion", company, NOW)
    cast(world, proposal, membre="for")
    voting.close_due(world.site, proposal.ends_at)
    assert company.state == "withdrawn"
    assert engine.last_entry(company)["role"] == "system:closing"


def test_a_vote_that_is_cancelled_is_not_counted(world, vote, company):
    proposal = vote()
    cast(world, proposal, membre="for")
    engine.fire(proposal, "cancel", world.actors["equipe"], NOW, comment="Le texte était faux.")
    assert proposal.box is None
    assert (proposal.result, proposal.published) == (None, None)
    assert voting.close_due(world.site, proposal.ends_at) == 0
    assert company.state == "audited"


def test_the_closing_leaves_no_way_from_voters_to_ballots(world, vote):
    proposal = vote()
    cast(world, proposal, membre="for", visiteur="against")
    voting.close_due(world.site, proposal.ends_at)
    assert proposal.box.is_sealed
    assert list(proposal.box.contents()) == []
    with pytest.raises(ValueError, match="sealed"):
        proposal.box.ballot_of(world.actors["membre"].userid)
    assert proposal.voices is None


def test_a_public_vote_says_who_voted_what(world, company, members_of):
    members_of()
    proposal = worlds.vote(world, "admission", company, NOW, secret=False)
    cast(world, proposal, membre="for", visiteur="against")
    assert proposal.voices is None, "nothing before the closing"
    voting.close_due(world.site, proposal.ends_at)
    userids = {login: world.actors[login].userid for login in ("membre", "visiteur")}
    assert dict(proposal.voices) == {userids["membre"]: "for", userids["visiteur"]: "against"}


def test_a_box_that_does_not_agree_with_itself_is_not_published_and_holds_nobody_else_up(world, company, members_of):
    members_of()
    broken = worlds.vote(world, "admission", company, NOW)
    sound = worlds.vote(world, "exclusion", worlds.in_state(world, "autre", "certified", NOW), NOW)
    for proposal in (broken, sound):
        cast(world, proposal, membre="for", visiteur="for")
    next(shard for shard in broken.box.ballots if shard.entries).entries.clear()
    assert voting.close_due(world.site, broken.ends_at) == 1
    assert (broken.state, sound.state) == ("voting", "adopted")
    assert not agree(world.site)


def test_a_vote_opens_on_its_day(world, company, members_of):
    members_of()
    day = date(2026, 3, 20)
    proposal = worlds.vote(world, "admission", company, NOW, state="discussion", opens_on=day)
    evening = datetime(2026, 3, 19, 22, 59, tzinfo=UTC)  # one minute before midnight in Paris
    assert clock.tick(world.site, evening)["opened votes"] == 0
    assert clock.tick(world.site, evening + timedelta(minutes=1))["opened votes"] == 1
    assert proposal.ends_at == datetime(2026, 4, 4, 18, tzinfo=UTC)


def test_a_version_of_its_own_is_adopted_by_its_vote(world, members_of):
    members_of()
    certified, staff = worlds.certified(world, "certifiee", NOW), world.actors["entreprise"]
    newer = specifications.revise(next(certified.specifications()), staff, NOW)
    engine.fire(newer, "freeze", staff, NOW)
    proposal = worlds.vote(world, "specification", certified, NOW)
    cast(world, proposal, membre="against")
    voting.close_due(world.site, proposal.ends_at)
    assert newer.state == "frozen", "a rejected version stays frozen"


def test_a_receipt_of_this_site_is_known_again_and_no_other(world, vote, company, members_of):
    proposal = vote()
    other = worlds.vote(world, "exclusion", worlds.in_state(world, "autre", "certified", NOW), NOW)
    receipt = cast(world, proposal, membre="for")["membre"]
    assert voting.was_given(proposal, f" {receipt.tracker.upper()} ", receipt.seal)
    assert not voting.was_given(proposal, voting.new_tracker(), receipt.seal)
    assert not voting.was_given(other, receipt.tracker, receipt.seal)
    assert not voting.was_given(proposal, receipt.tracker, "")
