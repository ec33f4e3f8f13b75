"""The tests hang on what they test: not on the speed of the machine, what else it does, or where the project lies."""

import ast
import re
import signal
from pathlib import Path

import pytest

from ..conftest import PATIENCE
from ..slowest import SLOWEST

TESTS = Path(__file__).parents[1]
#: Functions that read a clock on the wall or wait for a while: where they may be called, and why that decides nothing.
MAY_WAIT = {
    "functional/at_any_moment.py": "how long a closing takes, within which it is killed",
    "functional/at_once.py": "a figure that `make load` prints",
    "functional/votes_at_once.py": "figures that `make load` prints, and compares only at full size",
    "functional/killed.py": "the moment of a kill, after any of which everything has to be right",
    "functional/test_first_start.py": "the moment of a kill, after any of which everything has to be right",
    "functional/serving.py": "asks again until the site answers",
    "functional/storages.py": "asks again until the server answers",
    "functional/test_browser_drafts.py": "looks again until something is stored",
    "functional/test_invitations.py": "a link that was signed in the past",
    "functional/test_sent_twice.py": "waits for the answers to both clicks; one that came later would change nothing that is counted",
    "functional/test_login.py": "a link that was signed in the past",
    "functional/weighing.py": "seconds of this process, beside which a bomb would take minutes",
    "unit/web/test_held_uploads.py": "files that were left in the past",
    "unit/views/test_differences.py": "seconds of this process; without the remedy it would be minutes",
}
#: How hypothesis is told how to run, and what it is told for all tests at once.
PROFILES = {"settings", "effort", "register_profile"}
FIXED = {"deadline": "None", "derandomize": "True", "database": "None"}
#: Arguments of Python's library that came in the middle of 3.11: with 3.11.4, and with 3.11.10.
OF_A_LATER_PATCH = {
    ("extract", "filter"),
    ("extractall", "filter"),
    ("unpack_archive", "filter"),
    ("getaddresses", "strict"),
    ("parseaddr", "strict"),
}
CLOCKS = {"monotonic", "perf_counter", "process_time", "sleep", "wait_for_timeout"}
#: A number of seconds that is no limit for what hangs, and why.
MAY_LIMIT = {
    ("functional/test_manage_accounts.py", 1): "a lock of Substance D that has run out",
}
#: Values that HTML compares without capitals: older Pythons get a library that does not, unless it is told.
WITHOUT_CAPITALS = re.compile(r"\[(?:method|enctype)[~|^$*]?=(?![^\]]* i\])")


def calls():
    """(file below tests, name of what is called, the call) of every call in the tests."""
    for path in sorted(TESTS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield str(path.relative_to(TESTS)), getattr(node.func, "attr", getattr(node.func, "id", "")), node


def waits():
    """The files that read a clock on the wall or wait for a while."""
    return {
        file
        for file, name, call in calls()
        if name in CLOCKS
        or (name == "time" and ast.unparse(call.func) == "time.time")
        or (name == "wait_for_load_state" and "networkidle" in ast.unparse(call))
    }


def limits():
    """(file, seconds) of every limit that is a number of its own."""
    for file, name, call in calls():
        given = [one.value for one in call.keywords if one.arg == "timeout"]
        if name in ("wait", "join", "set_default_timeout", "set_default_navigation_timeout"):
            given += call.args
        yield from ((file, one.value) for one in given if isinstance(one, ast.Constant) and one.value is not None)


def test_no_test_measures_or_waits_where_the_speed_of_the_machine_would_decide():
    assert waits() - set(MAY_WAIT) == set()
    assert set(MAY_WAIT) - waits() == set(), "allowed for nothing"


def test_what_hangs_is_given_up_after_the_same_long_time_everywhere():
    """A number of its own is too short for somebody."""
    found = {(file, seconds) for file, seconds in limits() if isinstance(seconds, str) is False}
    assert found - set(MAY_LIMIT) == set(), "PATIENCE of tests/conftest.py"
    assert set(MAY_LIMIT) - found == set(), "allowed for nothing"
    assert PATIENCE >= 120


def test_the_files_that_start_first_are_there():
    assert [file for file in SLOWEST if not (TESTS / file).is_file()] == []
    seconds = list(SLOWEST.values())
    assert seconds == sorted(seconds, reverse=True)


def test_examples_are_the_same_in_every_run_however_slow_the_machine_is():
    from hypothesis import settings

    assert (settings().derandomize, settings().deadline, settings().database) == (True, None, None)
    others = {
        (file, one.arg, ast.unparse(one.value))
        for file, name, call in calls()
        if name in PROFILES
        for one in call.keywords
        if one.arg in FIXED and ast.unparse(one.value) != FIXED[one.arg]
    }
    assert others == set()


def of_a_later_patch(tree):
    """What a module asks of the library that came only with a patch of Python 3.11: who has an older one gets a traceback."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            yield from (f"{name}({one.arg})" for one in node.keywords if (name, one.arg) in OF_A_LATER_PATCH)


@pytest.mark.parametrize("folder", ["coopcms", "tests"])
def test_nothing_is_asked_of_python_that_came_with_a_patch(folder):
    paths = (TESTS.parent / folder).rglob("*.py")
    found = {(path.name, what) for path in paths for what in of_a_later_patch(ast.parse(path.read_text("utf-8")))}
    assert found == set()


@pytest.mark.parametrize("code", ["archive.extractall(to, filter='data')", "getaddresses(lines, strict=True)"])
def test_the_check_of_patches_sees_what_it_looks_for(code):
    assert list(of_a_later_patch(ast.parse(code)))


def test_forms_are_found_whatever_capitals_a_template_writes():
    found = [
        (file, text.value)
        for file, name, call in calls()
        if name in ("select", "select_one")
        for text in call.args
        if isinstance(text, ast.Constant) and WITHOUT_CAPITALS.search(str(text.value))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("selector", "wrong"),
    [("form[method=post]", True), ('form[method="post"]', True), ('form[method="post" i]', False)],
)
def test_the_check_of_capitals_sees_what_it_looks_for(selector, wrong):
    assert bool(WITHOUT_CAPITALS.search(selector)) is wrong


def test_a_site_ends_by_ctrl_c_also_where_the_tests_run_in_the_background_of_a_shell():
    assert signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
