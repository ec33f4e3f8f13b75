"""A power cut while ballots are cast, or while a vote is closed: nothing is torn, and what was told to a voter is kept.

A hundredth of what ``make load`` does.
"""

import pytest

from .at_any_moment import FULL, QUORUM, ROLL, agrees, fill, kill_casting, kill_closing, orders, prepare

ENOUGH = ROLL // QUORUM


def test_casting_killed_at_any_moment_keeps_every_ballot_that_had_a_receipt(place, tmp_path, warm):
    folder = prepare(place)
    with orders(tmp_path, warm) as given:
        kill_casting(folder, given, FULL // 100)


def test_a_closing_killed_at_any_moment_is_done_or_not_begun(place, tmp_path, warm):
    folder = prepare(place)
    fill(place)
    with orders(tmp_path, warm) as given:
        kill_closing(folder, given, FULL // 100)


@pytest.mark.parametrize("choices", [["for"] * (ENOUGH - 1), ["for", "against"] * (ENOUGH // 2), ["for"] * ENOUGH])
def test_however_many_had_voted_before_the_end_the_vote_closes_as_they_said(place, tmp_path, warm, choices):
    folder = prepare(place)
    fill(place, choices)
    with orders(tmp_path, warm) as given:
        before = given.look(folder)["ballots"]
        given.give("close", folder)
        agrees(given.look(folder), before)
    assert len(before) == len(choices)
