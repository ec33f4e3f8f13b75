"""Take the messages of the program into the English catalog (``make messages``), or say what it lacks (``--check``).

What is translated stays, new messages come in empty, dead ones go.  The file is sorted and names no lines and no dates, so it changes
only where a message does.
"""

import argparse
import ast
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import polib
from lingua.extractors.python import PythonExtractor
from lingua.extractors.xml import ChameleonExtractor

ROOT = Path(__file__).parent.parent
CATALOG = ROOT / "coopcms" / "locale" / "en" / "LC_MESSAGES" / "coopcms.po"
DOMAIN = "coopcms"
HEADER = {"Content-Type": "text/plain; charset=utf-8", "Plural-Forms": "nplurals=2; plural=(n != 1);"}


@dataclass
class Found:
    """What the program says: the files of each message id, and what cannot be looked up."""

    files: dict[str, set[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def add(self, message, file):
        self.files.setdefault(message, set()).add(file)


class Templates(ChameleonExtractor):
    """Lingua's extractor, which besides says where Chameleon would look up another text than the one extracted.

    At run time the id is the text that came out, white space reduced: an expression or an element inside it stands there with
    its value, unless ``i18n:name`` makes it a placeholder.
    """

    def __init__(self, problems):
        super().__init__()
        self.problems = problems

    def problem(self, sentence):
        self.problems.append(f"{self.filename}:{self.linenumber}: {sentence}")

    def visit_element(self, start, end, children):
        names = {name for _namespace, name in start["ns_attrs"] if _namespace.endswith("/i18n")}
        above = self.translatestack[-1] if self.translatestack else None
        if above and "name" not in names:
            self.problem(f"<{start['name']}> inside a message needs i18n:name: {above.full_text()!r}")
        super().visit_element(start, end, children)

    def visit_text(self, data):
        if self.translatestack[-1]:
            if "${" in data:
                self.problem(f"an expression inside a message needs an element with i18n:name: {data.strip()!r}")
            if "&" in data:
                self.problem(f"write the character instead of the entity: {data.strip()!r}")
            if self.domainstack[-1][0] != DOMAIN:
                self.problem(f'no i18n:domain="{DOMAIN}" around it: {data.strip()!r}')
        super().visit_text(data)

    def add_message(self, msgctxt, msgid, *rest, **kw):
        if "${" in msgid:
            self.problem(f"an expression in a translated attribute: {msgid!r}")
        super().add_message(msgctxt, msgid, *rest, **kw)


def extract(root=ROOT):
    """Every message of the package."""
    found = Found()
    for path in sorted((root / "coopcms").rglob("*")):
        if path.suffix not in (".py", ".pt", ".txt") or "__pycache__" in path.parts:
            continue
        name = str(path.relative_to(root))
        text = path.read_text("utf-8")
        options = SimpleNamespace(domain=None, keywords=[], comment_tag=None)
        if path.suffix == ".py":
            if "_(" not in text:
                continue
            found.problems += literal(name, text)
            with path.open(encoding="utf-8") as handle:
                messages = PythonExtractor()(name, options, handle)
        else:
            if path.suffix == ".txt" and "${" not in text:
                continue
            options.domain = DOMAIN if path.suffix == ".pt" else None
            with path.open("rb") as handle:
                messages = Templates(found.problems)(name, options, handle)
        for message in messages:
            found.add(message.msgid, name)
    return found


def literal(name, text):
    """What calls ``_`` with something that no extraction can read, and what lingua would miss."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
            first = node.args[0] if node.args else None
            if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
                yield f"{name}:{node.lineno}: a message is written out where it is marked: {ast.unparse(node)}"


def read(file=CATALOG):
    return polib.pofile(str(file), wrapwidth=120)


def compare(found, catalog):
    """What is wrong between program and catalog: lists of ids by kind."""
    known = {entry.msgid: entry for entry in catalog if not entry.obsolete}
    return {
        "missing": sorted(set(found.files) - set(known)),
        "untranslated": sorted(id for id, entry in known.items() if id in found.files and not entry.msgstr.strip()),
        "dead": sorted(set(known) - set(found.files)) + sorted(e.msgid for e in catalog if e.obsolete),
        "fuzzy": sorted(id for id, entry in known.items() if entry.fuzzy),
    }


def write(found, catalog, file=CATALOG):
    """The catalog anew, with the translations that there are."""
    known = {entry.msgid: entry for entry in catalog if not entry.obsolete}
    fresh = polib.POFile(wrapwidth=120)
    fresh.header = "English for what the program says in French; `make messages` brings it up to date."
    fresh.metadata = dict(HEADER)
    for id in sorted(found.files, key=lambda id: (id.casefold(), id)):
        before = known.get(id)
        fresh.append(
            polib.POEntry(
                msgid=id,
                msgstr=before.msgstr if before else "",
                tcomment=before.tcomment if before else "",
                flags=["fuzzy"] if before and before.fuzzy else [],
                occurrences=[(name, "") for name in sorted(found.files[id])],
            )
        )
    text = str(fresh)
    if file.read_text("utf-8") != text:
        file.write_text(text, "utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when something is missing")
    check = parser.parse_args().check
    found = extract()
    if not check:
        write(found, read())
    result = compare(found, read())
    for problem in found.problems:
        print(problem)
    for kind, ids in result.items():
        for id in ids:
            print(f"{kind}: {id!r}")
    print(f"{len(found.files)} messages, " + ", ".join(f"{len(ids)} {kind}" for kind, ids in result.items()))
    return 1 if found.problems or (check and any(result.values())) else 0


if __name__ == "__main__":
    sys.exit(main())
