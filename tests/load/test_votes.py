"""The count of ``tests/functional/test_votes_under_load.py`` at full size."""

from ..functional.votes_at_once import FULL, SLOWEST, elect


def test_ballots_at_four_processes_on_postgresql_are_all_in_the_box_once(on_postgresql, tell):
    rate, slow = elect(on_postgresql, processes=4, ballots=FULL)
    tell(figures("PostgreSQL", rate, slow))
    assert slow < SLOWEST


def test_ballots_at_four_processes_on_zeo_are_all_in_the_box_once(on_zeo, tell):
    rate, slow = elect(on_zeo, processes=4, ballots=FULL)
    tell(figures("ZEO", rate, slow))
    assert slow < SLOWEST


def figures(storage, rate, slow):
    return f"{storage}, 4 processes: {FULL} voters, {rate:.1f} casts a second, 95 of 100 within {1000 * slow:.0f} ms"
