"""The count of ``tests/functional/test_comments_under_load.py`` at full size."""

from ..functional.at_once import FULL, discuss


def test_comments_at_four_processes_on_postgresql_are_all_there_once(on_postgresql, tell):
    rate, again = discuss(on_postgresql, processes=4, comments=FULL)
    tell(f"PostgreSQL, 4 processes: {FULL} comments, {rate:.1f} a second, {100 * again / FULL:.1f} per 100 tried again")


def test_comments_at_two_processes_on_zeo_are_all_there_once(on_zeo, tell):
    rate, again = discuss(on_zeo, processes=2, comments=FULL // 2)
    tell(f"ZEO, 2 processes: {FULL // 2} comments, {rate:.1f} a second, {200 * again / FULL:.1f} per 100 tried again")
