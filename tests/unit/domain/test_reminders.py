"""Reminders: on their day, once, to everybody alike."""

from datetime import timedelta

import pytest

from coopcms.content.calendar import day_in_paris
from coopcms.domain import clock, members, outbox, proposals, registers, reminders, voting

from ... import world as worlds
from ...conftest import NOW
from ...posting import letters, mailings, told

ROLL = ("membre", "certificatrice", "certificateur", "visiteuse", "visiteur")


@pytest.fixture
def vote(world):
    for login in ROLL:
        members.admit(world.site, world.accounts[login], world.actors["equipe"], NOW)
    registers.number_waiting(world.site, NOW)
    return worlds.vote(world, "admission", worlds.in_state(world, "celle", "audited", NOW), NOW)


def closing(site):
    return [mailing for mailing in mailings(site) if mailing.kind == "vote_closing"]


def test_two_days_before_the_end_the_roll_is_reminded_once(world, vote):
    day = vote.ends_at - timedelta(days=2)
    assert reminders.remind_of_votes(world.site, day - timedelta(days=1)) == 0
    assert reminders.remind_of_votes(world.site, day) == 1
    for hours in (1, 24, 40):
        assert reminders.remind_of_votes(world.site, day + timedelta(hours=hours)) == 0
    assert len(closing(world.site)) == 1


def test_a_clock_that_stood_still_reminds_late_and_never_after_the_end(world, vote):
    assert reminders.remind_of_votes(world.site, vote.ends_at) == 0
    assert reminders.remind_of_votes(world.site, vote.ends_at - timedelta(hours=2)) == 1


def test_who_voted_is_reminded_like_everybody(world, vote):
    voting.cast(vote, "for", world.actors["membre"], NOW)
    reminders.remind_of_votes(world.site, vote.ends_at - timedelta(days=2))
    outbox.expand(closing(world.site)[0], world.site, 100)
    assert told(world.site, world, "vote_closing") == sorted(ROLL)
    assert set(closing(world.site)[0].facts) == {"title", "ends"}


def test_an_end_that_is_moved_is_reminded_of_again(world, vote):
    day = vote.ends_at - timedelta(days=2)
    reminders.remind_of_votes(world.site, day)
    proposals.extend(vote, vote.ends_at + timedelta(days=7), "Une panne.", world.actors["equipe"], day)
    assert reminders.remind_of_votes(world.site, day) == 0
    assert reminders.remind_of_votes(world.site, day + timedelta(days=7)) == 1


@pytest.mark.parametrize("days, wanted", [(1, 0), (2, 0), (3, 1)])
def test_a_short_vote_is_not_reminded_of_right_after_its_opening(world, vote, days, wanted):
    company = worlds.in_state(world, "brève", "audited", NOW)
    short = worlds.vote(world, "admission", company, NOW, days=days)
    moments = [NOW + timedelta(hours=hours) for hours in range(24 * days)]
    assert sum(reminders.remind_of_votes(world.site, moment) for moment in moments) == wanted
    assert short.state == "voting"


def test_staff_is_warned_60_and_30_days_before_a_certificate_ends(world):
    company = worlds.certified(world, "celle", NOW)
    end = company.current_certificate().last_day
    today = day_in_paris(NOW)
    warned = {}
    for day in range((end - today).days + 1):
        made = reminders.remind_of_certificates(world.site, NOW + timedelta(days=day))
        if made:
            warned[(end - today).days - day] = made
    assert warned == {60: 2, 30: 2}
    said = [letter.facts["days"] for letter in letters(world.site) if letter.kind == "certificate_ending"]
    assert sorted(said) == [30, 30, 60, 60]


def test_the_clock_reminds_and_removes(world, vote):
    done = clock.tick(world.site, vote.ends_at - timedelta(days=2))
    assert done["reminders"] == 1
    assert clock.tick(world.site, vote.ends_at - timedelta(days=2))["reminders"] == 0
    assert done["old mails"] == 0
