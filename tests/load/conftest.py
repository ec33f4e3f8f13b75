"""Counts that take over a minute: ``make load``.  A run without ``--full-size`` leaves them out; the same small ones stand beside."""

import pytest

from ..functional.conftest import founded, on_postgresql, on_zeo, place, postgresql, warm  # noqa: F401 - fixtures


def pytest_ignore_collect(collection_path, config):
    return None if config.getoption("--full-size") else True


@pytest.fixture
def tell(capsys):
    """A function that shows a line of figures."""

    def show(line):
        with capsys.disabled():
            print(f"\n{line}")

    return show
