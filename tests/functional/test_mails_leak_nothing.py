"""Mail before the closing is the same whatever is in the box."""

from datetime import timedelta

from coopcms.domain import outbox, reminders
from coopcms.notifications.letters import as_message

from ..posting import letters, mailings
from .test_nothing_leaks import (  # noqa: F401 - fixtures
    FOUR,
    NOBODY,
    ONE,
    ballots,
    in_world,
    now,
    tokens,
    vote,
)


def test_what_is_sent_before_the_closing_does_not_depend_on_the_ballots(
    registry,
    in_world,  # noqa: F811
    world,
    vote,  # noqa: F811
    ballots,  # noqa: F811
):
    def look(site):
        moment = vote.ends_at - timedelta(days=1)
        assert reminders.remind_due(site, moment) == 1
        for mailing in mailings(site):
            outbox.expand(mailing, site, 100)
        sent = []
        for letter in letters(site):
            if letter.mailing is not None and letter.mailing.proposal == vote.__oid__:
                letter.to = str(letter.account)
                message = as_message(registry, letter, "", moment)
                message.set_boundary("x")
                sent.append((letter.kind, letter.state, letter.place, message.as_string()))
        return sent

    nobody, one, four = (in_world(cast, look) for cast in (NOBODY, ONE, FOUR))
    assert {kind for kind, *_rest in nobody} == {"vote_open", "vote_closing"}
    assert len(nobody) == 2 * 5
    assert nobody == one == four
    for _kind, _state, _place, text in four:
        ballots.assert_not_in(text, "a mail")
