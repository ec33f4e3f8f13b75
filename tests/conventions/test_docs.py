"""What is written beside the code is true, and says nothing it should not."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "dependencies.md"
#: Hosts of package registries and their mirrors; the names are written so that this file holds none.
REGISTRY = re.compile(
    r"https?://[^\s\"'<>)]*(py[p]i|python[h]osted|registry|artifactory|nexus|mirror|devp[i]|simple/)|"
    r"(index-url|extra-index-url|find-links|trusted-host)\b|py[p]i\.org|files\.python[h]osted",
    re.IGNORECASE,
)
SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|\bsk-[A-Za-z0-9-]{20,}|"
    r"\beyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{10,}\.|://[^/\s:@${}<]+:(?!\$|%|…|\.\.\.)[^/\s@${}<]+@"
)
#: Folders in which people and programs work, written apart, or this file would be found.
WORKPLACE = re.compile(
    r"(?<![\w.}-])/(wor[k]/main|wor[k]/shared|roo[t]|hom[e]|User[s]|tm[p]|private/var/folder[s]|bash_job[s]|farm/i[n])/"
)
#: What looks like a finding and is none: file → what it may say.
ALLOWED = {
    # the patterns above, and the next line
    "tests/conventions/test_docs.py": {
        "index-url",
        "extra-index-url",
        "find-links",
        "trusted-host",
        "://me:verysecret@",
        "://me:a#verysecret@",
        "://me:verysecret?@",
    },
    "tests/functional/test_storages.py": {"://me:a#verysecret@", "://me:verysecret?@"},  # the same
    "tests/functional/test_commands.py": {"://me:verysecret@"},  # invented; the test is that nobody shows it
}


def found(pattern):
    """(file, what was found) for each finding that is none of the allowed ones."""
    return [
        (name, match.group())
        for name, text in texts()
        for match in pattern.finditer(text)
        if match.group() not in ALLOWED.get(name, ())
    ]


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def dependencies():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    listed = [*project["dependencies"], *(r for group in project["optional-dependencies"].values() for r in group)]
    return {normal(re.match(r"[A-Za-z0-9._-]+", requirement).group()) for requirement in listed}


def rows():
    """Package → reason, from the tables of the page."""
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if line.startswith("| `")]
    return {normal(cells[1].strip(" `")): cells[2].strip() for line in lines if (cells := line.split("|"))}


def files():
    """Every file that is, or would be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git working copy: what belongs to the repository cannot be told")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def texts():
    for path in files():
        try:
            yield str(path.relative_to(ROOT)), path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # pictures and fonts


def test_every_dependency_has_its_reason():
    assert dependencies() - set(rows()) == set(), "a line each in docs/dependencies.md"
    assert set(rows()) - dependencies() == set(), "no longer in pyproject.toml"
    assert [name for name, reason in rows().items() if len(reason) < 15] == []


def test_no_file_names_a_registry():
    assert found(REGISTRY) == []


def test_no_file_names_a_path_of_this_machine():
    """Of where somebody worked on it; where it lies now does not matter: a clone in /srv/coopcms is what docs/operations.md asks for."""
    assert found(WORKPLACE) == []


def test_no_file_holds_a_secret():
    assert found(SECRET) == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (SECRET, "postgres://me:hunter2" + "@db/coop"),
        (SECRET, "-----BEGIN " + "PRIVATE KEY"),
        (REGISTRY, "https://" + "pypi" + ".org/simple/x"),
        *(
            (WORKPLACE, f"see /{folder}/x")
            for folder in ("home/" + "anne", "Users/" + "anne", "tmp/" + "wt", "work/" + "main")
        ),
    ],
    ids=["address with a password", "key", "registry", "home", "home on a Mac", "scratch folder", "work tree"],
)
def test_the_checks_see_what_they_look_for(pattern, text):
    assert pattern.search(text)


def test_what_must_not_be_kept_is_not_kept():
    """The resolver's own lock records addresses of registries; data, caches and environments are made anew."""
    names = [str(path.relative_to(ROOT)) for path in files()]
    bad = re.compile(r"(^|/)(uv\.lock|\.env|var/|\.venv/|__pycache__/|.*\.(mo|fs|pyc|pem|key)$)")
    assert [name for name in names if bad.search(name)] == []


def links(text):
    text = re.sub(r"(?s)```.*?```|`[^`\n]*`", "", text)
    return re.findall(r"\]\(([^)\s#]+)(?:#[^)]*)?\)", text)


def test_links_between_pages_lead_somewhere():
    dead = [
        (name, link)
        for name, text in texts()
        if name.endswith(".md")
        for link in links(text)
        if "://" not in link and not link.startswith("mailto:") and not (ROOT / name).parent.joinpath(link).exists()
    ]
    assert dead == []
