"""Members who vote in one vote at the same time, at several processes, while its pages are read: each receipt finds its ballot.

A hundredth of what ``make load`` does.
"""

from .votes_at_once import FULL, elect


def test_ballots_at_four_processes_on_postgresql_are_all_in_the_box_once(on_postgresql):
    elect(on_postgresql, processes=4, ballots=FULL // 100)


def test_ballots_at_two_processes_on_zeo_are_all_in_the_box_once(on_zeo):
    elect(on_zeo, processes=2, ballots=FULL // 100)
