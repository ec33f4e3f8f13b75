"""Two texts side by side or one through the other, with the words marked that only one of them has."""

import difflib
import re
from collections.abc import Iterator

from markupsafe import Markup, escape

#: A number, a word or a sign with the blanks after it, or line breaks with what is blank around them.
_WORDS = re.compile(r"(?:\d+(?:[.,]\d+)*|[\w’'-]+|[^\w\s]+)[^\S\n]*|\s+")


def compare(old: str, new: str) -> tuple[Markup, Markup]:
    """Both texts, each with the words marked that it alone has; line breaks stay where they are.

    >>> compare("le lait cru", "le lait")
    (Markup('le lait <del>cru</del>'), Markup('le lait'))
    """
    left, right = [], []
    for same, before, after in _runs(old, new):
        left.append(escape(before) if same else _marked("del", before))
        right.append(escape(after) if same else _marked("ins", after))
    return Markup("").join(left), Markup("").join(right)


def woven(old: str, new: str) -> Markup:
    """One text: what is new, with what was left out marked where it stood.

    >>> woven("trois ans", "deux ans")
    Markup('<del>trois</del> <ins>deux</ins> ans')
    """
    found = []
    for same, before, after in _runs(old, new):
        if same:
            found.append(escape(after))
            continue
        gone, come = _marked("del", before), _marked("ins", after)
        between = Markup(" ") if before and after and not before[-1].isspace() else Markup("")
        found += [gone, between, come]
    return Markup("").join(found)


def _runs(old: str, new: str) -> Iterator[tuple[bool, str, str]]:
    """Pieces of both texts in their order: whether they are the same, and the piece of each."""
    a, b = _WORDS.findall(_lines(old)), _WORDS.findall(_lines(new))
    # What stands everywhere in a long text is no landmark: without ``autojunk`` a text of few words takes minutes.
    matcher = difflib.SequenceMatcher(None, [_kept(word) for word in a], [_kept(word) for word in b], autojunk=True)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        yield tag == "equal", "".join(a[i1:i2]), "".join(b[j1:j2])


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _kept(word: str) -> str:
    """What of a word and the space after it makes a difference: the line breaks, not the blanks."""
    return word.rstrip() or "\n" * word.count("\n")


def _marked(tag: str, text: str) -> Markup:
    """A piece that only one text has; the white space around it is not marked."""
    bare = text.strip()
    if not bare:
        return escape(text)
    start = text.index(bare)
    return Markup("{0}<{1}>{2}</{1}>{3}").format(text[:start], tag, bare, text[start + len(bare) :])
