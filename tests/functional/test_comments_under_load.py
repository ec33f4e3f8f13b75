"""Members who comment on one company at the same time, at several processes: nobody sees an error, nothing is lost or doubled.

A hundredth of what ``make load`` does.
"""

from .at_once import FULL, discuss


def test_comments_at_four_processes_on_postgresql_are_all_there_once(on_postgresql):
    discuss(on_postgresql, processes=4, comments=FULL // 100)


def test_comments_at_two_processes_on_zeo_are_all_there_once(on_zeo):
    discuss(on_zeo, processes=2, comments=FULL // 200)
