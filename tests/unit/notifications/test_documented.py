"""docs/mail.md says what the code sends."""

from pathlib import Path

import polib

from coopcms.content.outbox import KINDS

ROOT = Path(__file__).parents[3]


def test_the_table_of_mails_is_that_of_the_code():
    english = {entry.msgid: entry.msgstr for entry in polib.pofile(ROOT / "coopcms/locale/en/LC_MESSAGES/coopcms.po")}
    lines = (ROOT / "docs" / "mail.md").read_text("utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("| kind |")) + 2
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    assert rows == [
        [
            f"`{name}`",
            english[kind.title],
            english[kind.audience],
            english[kind.occasion],
            f"yes: {kind.group}" if kind.group else "no",
        ]
        for name, kind in KINDS.items()
    ]
