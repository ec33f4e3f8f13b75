"""One door for text: what people type, paste and send is made one way before it is checked, counted, compared or stored.

Forms, the API, commands and imports pass here, and so do the verbs of ``domain``: passing twice changes nothing.  The sets of
characters are those of Unicode (UAX #15 for NFC; ``Default_Ignorable_Code_Point`` for what leaves no mark on a page).
"""

import re
import unicodedata
from textwrap import dedent

#: What breaks a line, however it was written; a form of a browser sends CRLF.
_LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
#: Blanks that are no space to a program, though nothing is to be seen of them: a tab, fillers of Hangul, an empty Braille cell.
_BLANK = re.compile("[\t\x1f\u115f\u1160\u2800\u3164\uffa0\ufffc\U0001d159]")
#: Tabs in front of a line, which make it a part of a list.
_INDENTED = re.compile("(?m)^[ \t]*\t")
#: What is drawn by none of its own: controls, formats, directions, variation selectors, tags, halves of pairs, noncharacters.
_INVISIBLE = (
    "\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001345f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
)
#: A flag of a region: a black flag, letters as tags, the end of the tags (UTS #51).
_FLAG = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
_SUSPECT = re.compile(f"({_FLAG})|[{_INVISIBLE}]")
_JOINER, _EMOJI_STYLE = "\u200d", "\ufe0f"
_SPACES = re.compile(r"[ \n]+")


def prose(text: str) -> str:
    """A text of several lines as it is stored.

    Letters are composed (NFC), lines end with a line feed, tabs are spaces; nothing is left that nobody can see, but what joins
    signs to one emoji.  A text of which nothing is to be seen is empty.

    >>> prose("Une vache\\u200b\\r\\nlaitie\\u0300re ")
    'Une vache\\nlaitière'
    """
    text = _INDENTED.sub(lambda found: found[0].replace("\t", "    "), _LINE_END.sub("\n", text))
    text = _BLANK.sub(" ", text)
    if _SUSPECT.search(text):
        text = _SUSPECT.sub(_unseen, unicodedata.normalize("NFC", text))
    # A list that was pasted with a margin keeps what its lines have before each other.
    text = dedent(unicodedata.normalize("NFC", text)).strip()
    return text if _shows(text) else ""


def one_line(text: str) -> str:
    """A text of one line as it is stored: as ``prose``, with one space where a line ended or several spaces stood.

    >>> one_line("  Ferme \\n du   Haut\\u00ad ")
    'Ferme du Haut'
    """
    return _SPACES.sub(" ", prose(text))


def says_something(text: str) -> bool:
    """Whether there is anything to read: a letter, a digit, a sign.

    >>> [says_something(text) for text in ("…", "\\u200b\\u2800", "\\u00a0", "\\u0301")]
    [True, False, False, False]
    """
    return bool(prose(text))


def folded(text: str) -> str:
    """A code, log-in or address as it is compared: ``È-7`` typed in any way is one.

    >>> folded("E\\u0300-7") == folded(" è-7")
    True
    """
    folded = unicodedata.normalize("NFKC", one_line(text)).casefold()
    # Folding a letter may bring a space with it, or letters that compose.
    return one_line(unicodedata.normalize("NFKC", folded))


def password(text: str) -> str:
    """A password as it is hashed: as typed, spaces at its ends as well, but the same from every keyboard (RFC 8265, 4.2)."""
    return unicodedata.normalize("NFC", text)


def _shows(text: str) -> bool:
    # Emoji are known by their place: each Python knows other ones by name.
    return any(unicodedata.category(one)[0] in "LNPS" or "\U0001f000" <= one <= "\U0001faff" for one in text)


def _unseen(found: re.Match[str]) -> str:
    """What stays in the place of a character that leaves no mark: itself inside an emoji, else nothing."""
    if found[1]:
        return found[1]
    before, after = found.string[max(found.start() - 2, 0) : found.start()], found.string[found.end() : found.end() + 1]
    if found[0] == _JOINER:
        return _JOINER if _ends_in_emoji(before) and _is_sign(after) else ""
    if found[0] == _EMOJI_STYLE:
        return _EMOJI_STYLE if _is_sign(before[-1:]) or before[-1:] in tuple("#*0123456789") else ""
    return ""


def _ends_in_emoji(before: str) -> bool:
    """Whether the last character, or the one before a colour of skin or a style, is a sign."""
    last = before[-1:]
    return _is_sign(last) or ((last == _EMOJI_STYLE or "\U0001f3fb" <= last <= "\U0001f3ff") and _is_sign(before[:-1]))


def _is_sign(character: str) -> bool:
    if not character:
        return False
    return (
        unicodedata.category(character) in ("So", "Sm")
        or "\U0001f000" <= character <= "\U0001faff"
        or character in "‼⁉〰"
    )
