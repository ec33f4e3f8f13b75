"""Names of files and the titles made of them: short, on one line, with nothing in them that hides what they are."""

import re
import unicodedata
from pathlib import PureWindowsPath

from ...text import one_line

#: Characters of a name, its ending included, and bytes of it in UTF-8: what a header and a disk still take.
LONGEST_NAME = 100
MOST_BYTES = 200
#: Characters of a title, as the forms say it too.
LONGEST_TITLE = 120

#: What Windows gives to devices, whatever the ending.
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}$|\.[0-9][A-Za-z][A-Za-z0-9]?$")


def stem(filename: str) -> str:
    """What a file is called, without its path and its ending; ``document`` where nothing is left of it.

    >>> stem(r"C:\\photos\\été.exe"), stem("rapport v1.2"), stem("...")
    ('été', 'rapport v1.2', 'document')
    """
    # Stricter than a text: no joiner of emoji either, and nothing that older systems have no sign for.
    known = "".join(c for c in one_line(filename) if not unicodedata.category(c).startswith("C"))
    name = _ENDING.sub("", PureWindowsPath(known).name)
    return name.strip(" .") or "document"


def safe(filename: str, ending: str) -> str:
    """A name that any disk and any header takes, with the ending of what the file is.

    >>> safe("../nul.txt", "txt"), safe("été" * 50, "pdf")[-8:]
    ('_nul.txt', 'étét.pdf')
    """
    name = _FORBIDDEN.sub("_", stem(filename))
    if _DEVICES.match(name):
        name = f"_{name}"
    return f"{_cut(name, LONGEST_NAME - len(ending) - 1, MOST_BYTES).rstrip(' .') or 'document'}.{ending}"


def title(text: str, filename: str) -> str:
    """The title that somebody typed, else one made of the name of the file.

    >>> title("  ", "bail signé.pdf")
    'bail signé'
    """
    return _cut(one_line(text) or stem(filename), LONGEST_TITLE, 4 * LONGEST_TITLE)


def _cut(text: str, most: int, most_bytes: int) -> str:
    """The beginning of a text, with no letter parted from its accents."""
    end = min(len(text), most)
    while len(text[:end].encode("utf-8", "replace")) > most_bytes:
        end -= 1
    while 0 < end < len(text) and unicodedata.category(text[end]).startswith("M"):
        end -= 1
    return text[:end].strip()
