"""Delivery: each mail once, whatever ends in the middle, whoever else delivers."""

import contextlib
import threading
from collections import Counter
from datetime import timedelta

import pytest
import transaction
from BTrees import family64

from coopcms.domain import accounts, outbox, proposals
from coopcms.notifications import delivery
from coopcms.workflows import engine

from ...conftest import NOW, PATIENCE
from ...posting import (
    Killed,
    NotTaken,
    Refused,
    Scripted,
    Unclear,
    Unreachable,
    deliver,
    delivered_by,
    letters,
    mailings,
)
from .conftest import ROLL

ENTREPRISE, COLLEGUE = "entreprise@test.example", "collegue@test.example"
VOTERS = sorted(f"{login}@test.example" for login in ROLL)


@pytest.fixture
def two(world):
    """Two letters that wait, to ``entreprise`` and ``collegue``."""
    engine.fire(world.companies["candidate"], "declare_admissible", world.actors["equipe"], NOW)
    return letters(world.site)


def states(site):
    return {letter.to or "?": letter.state for letter in letters(site)}


def test_what_waits_is_sent_once(world, registry, two, monkeypatch):
    server = Scripted()
    assert deliver(registry, NOW, server, monkeypatch) == 2
    assert deliver(registry, NOW + timedelta(days=1), server, monkeypatch) == 0
    assert server.addresses == [COLLEGUE, ENTREPRISE]
    assert states(world.site) == {ENTREPRISE: "sent", COLLEGUE: "sent"}


def test_the_message_id_is_the_same_when_it_is_sent_again(world, registry, two, monkeypatch):
    server = Scripted({ENTREPRISE: [NotTaken("450 later")]})
    seen, send = [], server.send

    def noting(message, to):
        seen.append((to, message["Message-ID"]))
        send(message, to)

    monkeypatch.setattr(server, "send", noting)
    deliver(registry, NOW, server, monkeypatch)
    deliver(registry, NOW + timedelta(minutes=2), server, monkeypatch)
    ids = [id for to, id in seen if to == ENTREPRISE]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_what_was_not_taken_is_tried_again_later_and_later(world, registry, two, monkeypatch):
    server = Scripted({ENTREPRISE: [NotTaken("450 try later")] * 3})
    moment, waits = NOW, []
    for _attempt in range(3):
        deliver(registry, moment, server, monkeypatch)
        (letter,) = letters(world.site, "waiting")
        assert letter.said == "450 try later"
        waits.append(letter.not_before - moment)
        assert deliver(registry, letter.not_before - timedelta(seconds=1), server, monkeypatch) == 0
        moment = letter.not_before
    assert waits == sorted(set(waits)), "growing"
    assert deliver(registry, moment, server, monkeypatch) == 1
    assert letters(world.site, "sent")[-1].attempts in (1, 4)


def test_after_days_of_attempts_it_is_given_back(world, registry, two, monkeypatch):
    attempts = len(outbox.INTERVALS) + 1
    server = Scripted({ENTREPRISE: [NotTaken("450 no")] * attempts})
    moment = NOW
    for _attempt in range(attempts):
        deliver(registry, moment, server, monkeypatch)
        moment += timedelta(days=2)
    (letter,) = letters(world.site, "failed")
    assert (letter.attempts, letter.reason, letter.said) == (attempts, "exhausted", "450 no")


def test_a_refusal_is_final_and_the_others_go_on(world, registry, two, monkeypatch):
    server = Scripted({ENTREPRISE: [Refused("550 nobody here")]})
    assert deliver(registry, NOW, server, monkeypatch) == 1
    assert deliver(registry, NOW + timedelta(days=3), server, monkeypatch) == 0
    (letter,) = letters(world.site, "failed")
    assert (letter.to, letter.said) == (ENTREPRISE, "550 nobody here")


def test_without_a_server_one_attempt_is_enough(world, registry, two, monkeypatch, caplog):
    server = Scripted({to: [Unreachable("connection refused")] for to in (ENTREPRISE, COLLEGUE)})
    assert deliver(registry, NOW, server, monkeypatch) == 0
    assert sum(letter.attempts for letter in letters(world.site)) == 1
    assert "cannot be reached" in caplog.text
    server.fails.clear()
    assert deliver(registry, NOW + timedelta(minutes=2), server, monkeypatch) == 2


@pytest.mark.parametrize("fate", [Killed(), Unclear("timed out")], ids=["killed", "no answer"])
def test_what_may_have_left_is_never_sent_again_by_itself(world, registry, two, monkeypatch, fate):
    server = Scripted({ENTREPRISE: [fate]})
    if isinstance(fate, Killed):
        with pytest.raises(Killed):
            deliver(registry, NOW, server, monkeypatch)
        transaction.begin()
        assert "sending" in states(world.site).values()
    else:
        deliver(registry, NOW, server, monkeypatch)
    for minutes in (1, 20, 60 * 24 * 30):
        deliver(registry, NOW + timedelta(minutes=minutes), server, monkeypatch)
    assert server.addresses == [COLLEGUE]
    (letter,) = letters(world.site, "unclear")
    assert letter.to == ENTREPRISE
    assert outbox.send_again(world.site, letter, world.actors["equipe"], NOW)
    assert deliver(registry, NOW + timedelta(days=31), server, monkeypatch) == 1
    assert server.addresses == [COLLEGUE, ENTREPRISE]


def test_who_was_slow_and_not_dead_still_says_that_it_was_sent(world, registry, two, monkeypatch):
    server = Scripted()

    def stranded(to):
        transaction.begin()
        outbox.find_stranded(world.site, NOW + timedelta(hours=1))
        transaction.commit()

    server.before = stranded
    deliver(registry, NOW, server, monkeypatch)
    assert set(states(world.site).values()) == {"sent"}


def test_an_attempt_of_before_a_decision_decides_nothing(world, two):
    letter = two[0]
    attempt = outbox.claim(world.site, letter, NOW)
    outbox.set_unclear(world.site, letter, attempt, "timed out")
    outbox.give_up(world.site, letter, world.actors["equipe"], NOW)
    outbox.mark_sent(world.site, letter, attempt, NOW)
    assert (letter.state, letter.reason) == ("given_up", "by_hand")


def test_a_letter_of_which_no_mail_can_be_made_holds_up_no_other(world, registry, two, monkeypatch, caplog):
    two[0].kind = "findings"  # whose facts it has not
    server = Scripted()
    assert deliver(registry, NOW, server, monkeypatch) == 1
    (letter,) = letters(world.site, "failed")
    assert letter.reason == "broken"


@pytest.mark.parametrize(
    "change, reason",
    [
        (lambda account: setattr(account, "erased", True), "gone"),
        (lambda account: setattr(account, "email", ""), "no_address"),
    ],
)
def test_who_left_meanwhile_gets_nothing(world, registry, two, monkeypatch, change, reason):
    change(world.accounts["entreprise"])
    server = Scripted()
    assert deliver(registry, NOW, server, monkeypatch) == 1
    (letter,) = letters(world.site, "given_up")
    assert letter.reason == reason


def test_two_who_deliver_at_once_send_each_mail_once(world, registry, two, vote, monkeypatch):
    """Both begin with the same letters: the first one that each claims is claimed by both."""
    server, barrier = Scripted(), threading.Barrier(2)
    claim, met = delivery._claim, []

    def together(desk, letter):
        if threading.get_ident() not in met:
            met.append(threading.get_ident())
            barrier.wait(PATIENCE)
        return claim(desk, letter)

    monkeypatch.setattr(delivery, "_claim", together)
    transaction.commit()
    with delivered_by(server, monkeypatch):
        workers = [threading.Thread(target=delivery.deliver, args=(registry, NOW)) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(PATIENCE)
        delivery.deliver(registry, NOW)  # what both left to the other
    transaction.begin()
    counts = Counter((to, message["Message-ID"]) for to, message in server.taken)
    assert set(counts.values()) == {1}
    assert set(letters(world.site)) == set(letters(world.site, "sent"))
    assert {ENTREPRISE, COLLEGUE, *VOTERS} <= {to for to, _id in counts}


# --- to many ------------------------------------------------------------------------------------------------------------------


def voters(server):
    return sorted(to for to, message in server.taken if "vote est ouvert" in str(message["Subject"]))


def test_everybody_on_the_roll_gets_the_mail(world, registry, vote, monkeypatch):
    server = Scripted()
    deliver(registry, NOW, server, monkeypatch)
    deliver(registry, NOW, server, monkeypatch)
    assert voters(server) == VOTERS
    assert mailings(world.site)[0].done


@pytest.mark.parametrize("point", range(1, 27))
def test_a_mailing_goes_on_after_a_crash_at_any_commit(world, registry, vote, monkeypatch, point):
    """Killed before the commit number ``point``: nobody is left out, nobody gets two; at most one is unclear."""
    monkeypatch.setattr(delivery, "BATCH", 2)
    server, write = Scripted(), delivery.Desk.site
    for letter in letters(world.site):
        outbox.of(world.site).box_of(letter).remove(letter)
    commits = []

    @contextlib.contextmanager
    def counted(desk):
        with write(desk) as site:
            yield site
            commits.append(1)
            if len(commits) == point:
                raise Killed

    monkeypatch.setattr(delivery.Desk, "site", counted)
    with contextlib.suppress(Killed):
        deliver(registry, NOW, server, monkeypatch)
    transaction.begin()
    monkeypatch.setattr(delivery.Desk, "site", write)
    for minutes in (20, 40):
        deliver(registry, NOW + timedelta(minutes=minutes), server, monkeypatch)
    assert voters(server) == VOTERS, "each once"
    unclear = letters(world.site, "unclear")
    assert len(unclear) <= 1
    assert len(letters(world.site)) == len(VOTERS)


def test_a_delivery_that_has_no_time_left_goes_on_with_the_next(world, registry, vote, monkeypatch):
    monkeypatch.setattr(delivery, "BATCH", 2)
    server = Scripted()
    for _round in range(30):
        times = iter([True, True, False])
        deliver(registry, NOW, server, monkeypatch, go_on=lambda times=times: next(times))
    assert voters(server) == VOTERS


def test_a_vote_that_is_cancelled_is_announced_to_nobody_any_more(world, registry, vote, monkeypatch):
    monkeypatch.setattr(delivery, "BATCH", 2)
    server = Scripted({to: [NotTaken("450")] for to in VOTERS[:2]})
    times = iter([True] * 40)
    outbox.expand(mailings(world.site)[0], world.site, 2)
    engine.fire(vote, "cancel", world.actors["equipe"], NOW, comment="Une erreur dans le texte.")
    deliver(registry, NOW, server, monkeypatch, go_on=lambda: next(times))
    assert voters(server) == []
    assert {letter.reason for letter in letters(world.site, "given_up")} == {"moot"}


def test_a_reminder_of_an_end_that_was_moved_is_not_sent(world, registry, vote, monkeypatch):
    clock = vote.ends_at - timedelta(days=1)
    outbox.post_to_roll(world.site, "vote_closing", vote, ("vote_closing", vote.__oid__, "x"), clock)
    outbox.expand(mailings(world.site)[-1], world.site, 100)
    proposals.extend(vote, vote.ends_at + timedelta(days=3), "Une panne.", world.actors["equipe"], clock)
    server = Scripted()
    deliver(registry, clock, server, monkeypatch)
    assert not [to for to, message in server.taken if "termine" in str(message["Subject"])]


def test_who_switches_mail_off_before_it_leaves_gets_none(world, registry, vote, monkeypatch):
    outbox.expand(mailings(world.site)[0], world.site, 100)
    accounts.choose_mail(world.accounts["membre"], ["votes"])
    server = Scripted()
    deliver(registry, NOW, server, monkeypatch)
    assert voters(server) == [to for to in VOTERS if not to.startswith("membre@")]


def test_the_roll_is_gone_through_from_its_very_first_number(world, vote):
    vote.roll = family64.II.TreeSet([-7, -3, 0, 5])  # object ids may be negative
    (mailing,) = mailings(world.site)
    steps = []
    while not mailing.done:
        outbox.expand(mailing, world.site, 1)
        steps.append(mailing.cursor)
    assert steps[:4] == [-7, -3, 0, 5]
