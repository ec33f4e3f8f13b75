"""The kills of ``tests/functional/test_votes_killed.py`` at full size."""

from ..functional.at_any_moment import FULL, fill, kill_casting, kill_closing, orders, prepare


def test_casting_killed_at_any_moment_keeps_every_ballot_that_had_a_receipt(place, tmp_path, warm, tell):
    folder = prepare(place)
    with orders(tmp_path, warm) as given:
        told = kill_casting(folder, given, FULL)
    tell(f"casting killed {FULL} times: {dict(told)}")
    assert told["undone"]
    assert told["casts"] > FULL


def test_a_closing_killed_at_any_moment_is_done_or_not_begun(place, tmp_path, warm, tell):
    folder = prepare(place)
    fill(place)
    with orders(tmp_path, warm) as given:
        told = kill_closing(folder, given, FULL)
    tell(f"closing killed {FULL} times: {dict(told)}")
    assert 0 < told["closed"] < FULL
