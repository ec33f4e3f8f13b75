"""The page of assurances names tests that there are."""

import re

from .test_layers import PACKAGE

ROOT = PACKAGE.parent
PAGE = ROOT / "docs" / "assurance.md"


def rows():
    for line in PAGE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and set(cells[0]) - set("- ") and cells[0] != "kind of fault":
            yield cells


def test_every_line_names_a_mechanism_and_a_test():
    assert len(list(rows())) > 30
    assert [row[0] for row in rows() if not all(row)] == []


def test_the_tests_that_are_named_are_there():
    written = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    missing = []
    for kind, _where, _mechanism, tests in rows():
        for name in re.findall(r"`([^`]+)`", tests):
            path = ROOT / ("" if name.startswith(".") else "tests") / name
            if not (path.exists() or re.search(rf"def {re.escape(name)}\(", written)):
                missing.append((kind, name))
    assert missing == []


def test_the_modules_that_are_named_are_there():
    missing = []
    for kind, _where, mechanism, _tests in rows():
        for name in re.findall(r"`([a-z_/]+\.py)`", mechanism.replace("coopcms/", "")):
            if not (PACKAGE / name).exists():
                missing.append((kind, name))
    assert missing == []
