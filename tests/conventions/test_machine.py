"""What README.md promises to a fresh machine, and what `.ci/run` brings to it; `.ci/fresh` tries it out."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
RUN = (ROOT / ".ci" / "run").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")


def targets():
    """What each target of the Makefile is made of."""
    found = re.findall(r"(?m)^([$a-z(][\w$().-]*):(?!=) *([^#\n]*)", MAKEFILE)
    stamps = {name: value.strip() for name, value in re.findall(r"(?m)^(\w+) := (.+)$", MAKEFILE)}
    return {
        re.sub(r"\$\((\w+)\)", r"\1", target): {re.sub(r"\$\((\w+)\)", r"\1", part) for part in parts.split()}
        for target, parts in found
        if not target.startswith("$(") or target[2:-1] in stamps
    }


def below(target, known):
    """Everything that a target is made of, and what that is made of."""
    parts = known.get(target, set())
    return parts.union(*(below(part, known) for part in parts)) if parts else parts


def commands(text):
    """The targets of `make` that a page tells people to call."""
    said = "\n".join([*re.findall(r"`([^`\n]+)`", text), *re.findall(r"(?m)^ {4}(.+)$", text)])
    return set(re.findall(r"\bmake ([a-z]+)\b", said))


def called(name):
    """(file, the call) of every call of a function of that name in the tests."""
    for path in sorted(TESTS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and name in (getattr(node.func, "id", ""), getattr(node.func, "attr", "")):
                yield str(path.relative_to(TESTS)), node


def asked_for():
    """The command of every ``missing(part, command)`` of the tests."""
    for file, call in called("missing"):
        match call.args:
            case [ast.Constant(value=str()), ast.Constant(value=str(command))]:
                yield file, command


def test_every_command_that_a_page_names_is_there():
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    named = {target for page in pages for target in commands(page.read_text("utf-8"))}
    assert named >= {"run", "test", "install"}
    assert named - set(targets()) == set()


def test_the_site_is_installed_without_what_tests_need():
    known = targets()
    assert below("run", known) >= {"STAMP", "requirements.lock", "pyproject.toml"}
    assert "requirements-dev.lock" not in below("run", known) | below("install", known)
    for target in ("test", "quick", "load", "lint", "messages", "screenshots", "docs"):
        assert "requirements-dev.lock" in below(target, known), target


def test_the_machine_of_the_tests_gets_what_tests_ask_for():
    needed = list(asked_for())
    assert len(needed) > 3
    words = set(re.findall(r"[\w./-]+", RUN.replace("@", " ")))
    lacking = {
        (file, command)
        for file, command in needed
        if not re.fullmatch(r"(apt-get install|npm install -g) [\w. -]+", command)
        or not set(command.split("install")[1].replace("-g", "").split()) <= words
    }
    assert lacking == set(), "not in .ci/run"


def test_whoever_looks_for_a_program_says_how_it_is_installed():
    """A test that is skipped without a word would be skipped forever."""
    looking = {file for file, call in called("which") if "screenshots" not in file}
    assert looking - {file for file, _command in asked_for()} == set()


def test_the_machine_of_the_tests_runs_the_command_of_the_readme_at_last_with_nothing_left_out():
    assert RUN.rstrip().splitlines()[-1] == "make test"
    assert "test" in commands(README)
    for setting in ("COOPCMS_REQUIRE_ALL=1", "CI=true", 'COOPCMS_FULL="${COOPCMS_FULL:-1}"'):
        assert re.search(rf"(?m)^export .*{re.escape(setting)}", RUN), setting


def test_a_bare_debian_gets_what_the_readme_names_and_nothing_else():
    fresh = (ROOT / ".ci" / "fresh").read_text("utf-8")
    assert re.findall(r"`sudo apt install ([^`]+)`", README) == ["python3-venv git make"]
    assert "--no-install-recommends" in fresh
    assert not re.search(r'"python3-venv', fresh), "README.md alone says what is needed"
