"""What is installed: the same versions everywhere, named with their hashes and by no address."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from .test_docs import normal

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[^ ;]+)(?: ; (?P<marker>[^\\]+?))? \\")
#: Packages that not every Python or system needs: the condition, and why it stands.  None stands on a version after the second
#: number, and none gives two Pythons two versions.
CONDITIONS = {
    "colorama": ("sys_platform == 'win32'", "colours in the terminal of Windows, for click and pytest"),
    "legacy-cgi": ("python_full_version >= '3.13'", "the module cgi, which Python 3.13 dropped and WebOb imports"),
    "librt": ("platform_python_implementation != 'PyPy'", "mypy compiled to C, which PyPy does not load"),
    "pycparser": ("implementation_name != 'PyPy'", "cffi, which PyPy has built in"),
}


def entries(name):
    """(package, version, condition or None, lines of hashes) of each pin, in the order of the file."""
    found = []
    for line in (ROOT / name).read_text("utf-8").splitlines():
        if line.startswith("    --hash="):
            found[-1][3].append(line)
        else:
            pin = PIN.fullmatch(line)
            assert pin, f"{name}: no pin: {line}"
            found.append((pin["name"], pin["version"], pin["marker"], []))
    return found


def names(requirements):
    return {normal(re.match(r"[A-Za-z0-9._-]+", requirement).group()) for requirement in requirements}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_pins_and_hashes_and_nothing_else(name):
    hashed = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
    for package, _version, _condition, hashes in entries(name):
        assert hashes, package
        assert [line for line in hashes if not hashed.fullmatch(line)] == [], package
    assert "://" not in (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("name", LOCKS)
def test_every_python_gets_the_same_version_of_a_package(name):
    listed = [package for package, *_rest in entries(name)]
    assert sorted({package for package in listed if listed.count(package) > 1}) == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_package_that_not_everybody_needs_has_its_reason(name):
    found = {package: condition for package, _version, condition, _hashes in entries(name) if condition}
    assert found == {package: CONDITIONS[package][0] for package in found}
    assert [condition for condition in found.values() if re.search(r"'\d+\.\d+\.\d+", condition)] == []


def test_no_reason_is_left_over():
    assert set(CONDITIONS) <= {package for name in LOCKS for package, _v, condition, _h in entries(name) if condition}


def test_both_locks_name_the_same_versions_and_the_site_needs_no_more_than_its_own():
    site, everything = ({entry[0]: entry[1:] for entry in entries(name)} for name in LOCKS)
    assert {package: everything.get(package) for package in site} == site
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert names(project["dependencies"]) - set(site) == set()
    tools = names(project["optional-dependencies"]["dev"]) - names(project["dependencies"])
    assert tools & set(site) == set(), "of what tests need, nothing is installed for the site"
    assert tools - set(everything) == set()


def test_every_supported_python_is_installed_from_the_same_lines():
    """The versions are resolved for the oldest Python of the range that pyproject.toml states."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    oldest = re.match(r">=(\d+\.\d+),", project["project"]["requires-python"]).group(1)
    assert f"--python-version {oldest}.0 " in (ROOT / "Makefile").read_text("utf-8")
    assert project["tool"]["uv"]["fork-strategy"] == "fewest"


def imported():
    """(module, file) of the first name of every import in the program."""
    for path in sorted((ROOT / "coopcms").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            found = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                found = [str(node.module)]
            yield from ((name.partition(".")[0], str(path.relative_to(ROOT))) for name in found)


def test_the_site_imports_nothing_that_only_tests_have():
    brought_by = packages_distributions()
    site = {package for package, *_rest in entries("requirements.lock")}
    others = {(name, file) for name, file in imported() if name != "coopcms" and name not in sys.stdlib_module_names}
    assert len(others) > 100
    assert {(name, file) for name, file in others if not site & set(map(normal, brought_by.get(name, ())))} == set()


def test_nothing_is_fetched_that_no_lock_names():
    """Not what a package says it needs, nor what it is built with: pip would take that from anywhere, without a hash."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    lines = re.findall(r"(?m)^\t\$\(PIP\) (.+)$", makefile)
    assert re.search(r"(?m)^PIP := .* --no-deps$", makefile)
    assert re.search(r"(?m)^BUILT_HERE := --no-build-isolation\b", makefile)
    assert lines[0] == "--require-hashes -r $(VENV)/setuptools.txt", "what the others are built with comes first"
    assert {line for line in lines[1:] if not line.startswith("$(BUILT_HERE) ")} == set()
    assert {line for line in lines if "--require-hashes" not in line} == {"$(BUILT_HERE) -e ."}
    assert not re.search(r"\bpip install\b", makefile.replace("-m pip install", "", 1))
