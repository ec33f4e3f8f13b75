"""What the forms promise and no more: bold, lists and links in a text; everything else stands as it was typed.

A subset of CommonMark, read with the parser of markdown-it: of its rules only those stay that serve these three.  In doubt a
sign is what somebody wrote, not a marker: « - 18 °C », « 2024. Nous avons… », « 3 * 4 » and « # 3 » keep every character.

- ``**bold**`` parts no word, so that « 06**12**34 » is a number that somebody masked.
- Lines that follow each other and begin with ``- `` (or ``* ``) are a list when there are two or more and each goes on with a
  letter.  One that goes on with a digit or a sign may be a negative number, and a point in its place would be a lie: then all
  these lines stay as typed, « - 18 °C » above « - 20 °C », and « - 3 salariés » above « - 2 apprentis », which reads as well.
- ``1. ``, ``2. `` … are a numbered list when there are two or more, from 1 upwards without a gap.
- What is indented below an item belongs to it, and may be a list again.
- ``[words](https://…)`` is a link where it leads where it seems to lead (``written_links``).
- One line end is a line end, an empty line parts two paragraphs.
"""

import itertools
import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

from .written_links import is_honest, is_safe

#: Lists within lists; what lies deeper stands as typed.
DEEPEST = 4
_ITEM = re.compile(r"(?P<space>[ \t]*)(?P<sign>[-*]|[1-9][0-9]?\.)[ \t]+(?P<rest>\S.*)")
#: How an item without a number goes on: with a letter, perhaps after something that opens.
_WORDS = re.compile(r"[«“\"‘'(\[*\s]*[^\W\d_]")
_DESTINATION = re.compile(r"\(((?:[^\s()<>]|\([^\s()<>]*\))+)\)")


# --- paragraphs and lists ------------------------------------------------------------------------------------------------------


def _blocks(state: StateCore) -> None:
    """Take a text apart into paragraphs and lists: in the place of all rules of markdown-it for blocks."""
    paragraph: list[str] = []
    for line in (*state.src.split("\n"), ""):
        if line.strip():
            paragraph.append(line)
        else:
            state.tokens += _pieces(paragraph, depth=0)
            paragraph = []


def _pieces(lines: Sequence[str], *, depth: int) -> Iterator[Token]:
    """The tokens of lines without an empty one between them: lists, and between them what is none."""
    words: list[str] = []
    here = 0
    while here < len(lines):
        items = _items(lines, here)
        size = sum(map(len, items)) or 1
        if depth < DEEPEST and _is_list(items):
            yield from _words(words, depth)
            words = []
            yield from _list(items, depth)
        else:
            words += lines[here : here + size]
        here += size
    yield from _words(words, depth)


def _items(lines: Sequence[str], start: int) -> list[list[str]]:
    """The lines of each item that a list beginning there would have; none where that line begins no item."""
    first = _ITEM.fullmatch(lines[start])
    if first is None:
        return []
    items = [[lines[start]]]
    for place in range(start + 1, len(lines)):
        found = _ITEM.fullmatch(lines[place])
        if found and _like(found) == _like(first):
            items.append([lines[place]])
        elif _indentation(lines[place]) >= _indentation(lines[start]) + 2:
            items[-1].append(lines[place])
        else:
            break
    return items


def _like(item: re.Match[str]) -> tuple[int, str]:
    """What all items of a list have in common: how far they stand in, and their sign."""
    return len(item["space"].expandtabs(4)), item["sign"][-1]


def _indentation(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())


def _is_list(items: Sequence[Sequence[str]]) -> bool:
    """Whether these items plainly are a list: two at least, all in words, or numbered from 1 upwards."""
    found = [_ITEM.fullmatch(lines[0]) for lines in items]
    if len(found) < 2:
        return False
    signs = [item["sign"] for item in found if item]
    if signs[0] in "-*":
        return all(_WORDS.match(item["rest"]) for item in found if item)
    return signs == [f"{number}." for number in range(1, len(signs) + 1)]


def _list(items: Sequence[Sequence[str]], depth: int) -> Iterator[Token]:
    tag = "ul" if items[0][0].lstrip()[0] in "-*" else "ol"
    yield Token(f"{tag}_open", tag, 1, block=True)
    for first, *rest in items:
        found = _ITEM.fullmatch(first)
        yield Token("li_open", "li", 1, block=True)
        yield from _pieces([found["rest"] if found else first, *rest], depth=depth + 1)
        yield Token("li_close", "li", -1, block=True)
    yield Token(f"{tag}_close", tag, -1, block=True)


def _words(lines: Sequence[str], depth: int) -> Iterator[Token]:
    """A paragraph, or the bare words of an item."""
    if not lines:
        return
    inline = Token("inline", "", 0, content="\n".join(lines), children=[])
    if depth:
        yield inline
    else:
        yield Token("paragraph_open", "p", 1, block=True)
        yield inline
        yield Token("paragraph_close", "p", -1, block=True)


# --- what stands in a line -----------------------------------------------------------------------------------------------------


def _line_end(state: StateInline, silent: bool) -> bool:
    """A line end is one: no space before it is dropped, no backslash either."""
    if state.src[state.pos] != "\n":
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos += 1
    return True


def _bold(state: StateInline, silent: bool) -> bool:
    """Two stars and no other number of them; the library pairs them."""
    if silent or state.src[state.pos] != "*":
        return False
    stars = state.scanDelims(state.pos, canSplitWord=False)
    for _star in range(stars.length):
        token = state.push("text", "", 0)
        token.content = "*"
        if stars.length == 2:
            state.delimiters.append(Delimiter(ord("*"), 2, len(state.tokens) - 1, -1, stars.can_open, stars.can_close))
    state.pos += stars.length
    return True


def _link(state: StateInline, silent: bool) -> bool:
    """Words in brackets and a safe address in parentheses behind them: no title, no reference, nothing decoded."""
    start, last = state.pos, state.posMax
    if state.src[start] != "[" or (end := state.md.helpers.parseLinkLabel(state, start, True)) < 0:
        return False
    words, found = state.src[start + 1 : end], _DESTINATION.match(state.src, end + 1, last)
    if not found or not words.strip() or not is_safe(found[1]) or not is_honest(words, found[1]):
        return False
    if not silent:
        state.pos, state.posMax = start + 1, end
        state.push("link_open", "a", 1).attrs = {"href": found[1]}
        state.md.inline.tokenize(state)
        state.push("link_close", "a", -1)
    state.pos, state.posMax = found.end(), last
    return True


def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero")
    parser.core.ruler.at("block", _blocks)
    parser.inline.ruler.at("newline", _line_end)
    parser.inline.ruler.at("emphasis", _bold)
    parser.inline.ruler.at("link", _link)
    parser.enable(["newline", "emphasis", "link", "balance_pairs", "fragments_join"])
    parser.render("The rules are compiled when they are first used: **here**, before there are threads.")
    return parser


#: Shared by all threads: what a text leaves behind while it is read lies in the state of that reading, not in the parser.
PARSER = _parser()


def html(text: str) -> str:
    """A text as HTML.  Whoever shows it cleans it once more (``rendering.rich``)."""
    # Line ends of the text are elements by now; those left stand between elements, where a style that keeps white space shows them.
    return str(PARSER.render(text)).replace("\n", "")


def plain(text: str) -> str:
    """A text without its markers, for where there is no HTML: mails, pictures, descriptions.

    >>> plain("**Prix** : [le détail](https://exemple.fr/prix)")
    'Prix : le détail (https://exemple.fr/prix)'
    """
    return "".join(_plain(PARSER.parse(text))).strip("\n")


def in_short(text: str, most: int = 200) -> str:
    """The beginning of a text on one line, cut between words: what a search engine or a messenger shows of a page.

    >>> in_short("**Prix** du lait :\\n- été", most=15)
    'Prix du lait…'
    """
    words = " ".join(plain(text).split())
    if len(words) <= most:
        return words
    cut = words[: most - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:") + "…"


def _plain(tokens: Sequence[Token]) -> Iterator[str]:
    """The words of blocks, with the signs of their lists."""
    counted: list[Iterator[str]] = []
    for token in tokens:
        if token.type == "inline":
            yield from _plain_line(token.children or ())
        elif token.type in ("ul_open", "ol_open"):
            yield "\n" if not counted else ""
            counted.append(itertools.repeat("- ") if token.tag == "ul" else map("{}. ".format, itertools.count(1)))
        elif token.type == "li_open":
            yield "\n" + "  " * (len(counted) - 1) + next(counted[-1])
        elif token.type in ("ul_close", "ol_close"):
            counted.pop()
        elif token.type == "paragraph_open":
            yield "\n\n"


def _plain_line(tokens: Sequence[Token]) -> Iterator[str]:
    address = ""
    for token in tokens:
        if token.type == "hardbreak":
            yield "\n"
        elif token.type == "link_open":
            address = str(token.attrs["href"])
        elif token.type == "link_close":
            yield f" ({address.removeprefix('mailto:')})"
        else:
            yield token.content
