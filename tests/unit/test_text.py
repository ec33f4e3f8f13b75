"""What is typed, pasted or sent becomes one text: whoever stores, counts or compares it sees the same."""

import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopcms import text

#: Signs that leave no mark on a page, from reports of other systems.
UNSEEN = {
    "zero width space": "\u200b",
    "zero width joiner": "\u200d",
    "soft hyphen": "\u00ad",
    "byte order mark": "\ufeff",
    "word joiner": "\u2060",
    "grapheme joiner": "\u034f",
    "right-to-left override": "\u202e",
    "left-to-right isolate": "\u2066",
    "Arabic letter mark": "\u061c",
    "variation selector": "\ufe0f",
    "tag": "\U000e0041",
    "NUL": "\x00",
    "escape": "\x1b",
    "half a pair": "\ud83d",
    "noncharacter": "\ufdd0",
}
#: Signs of some width in which nothing is to be seen.
BLANK = {
    "no-break space": "\u00a0",
    "object replacement": "\ufffc",
    "note without a head": "\U0001d159",
    "Hangul filler": "\u3164",
    "Braille blank": "\u2800",
    "ideographic space": "\u3000",
}

anything = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from(
            "".join((*UNSEEN.values(), *BLANK.values(), "\r\n\t e\u0301👩🏽‍🌾❤️🔥🏴\U000e0067\U000e0062\U000e007f1#"))
        ),
    )
)


@pytest.mark.parametrize("sign", UNSEEN.values(), ids=UNSEEN)
def test_a_sign_that_nobody_sees_is_not_stored(sign):
    assert text.prose(f"Fer{sign}me") == "Ferme"


@pytest.mark.parametrize("sign", {**UNSEEN, **BLANK}.values(), ids={**UNSEEN, **BLANK})
def test_what_shows_nothing_says_nothing(sign):
    assert not text.says_something(f" {sign}{sign}\n")
    assert text.prose(sign) == text.one_line(sign) == ""


@pytest.mark.parametrize("shown", ["…", "?", "8", "👍", "\U0001fa77", "漢", "-"])
def test_one_sign_that_shows_says_something(shown):
    assert text.says_something(shown)


@pytest.mark.parametrize("emoji", ["👨‍👩‍👧", "🙂‍↔️", "↔️", "‼️", "👩🏽‍🌾", "❤️‍🔥", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "🏳️‍🌈"])
def test_what_joins_signs_to_one_emoji_stays(emoji):
    assert text.prose(f"Bravo {emoji} !") == f"Bravo {emoji} !"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n", "\u2028", "\u2029", "\x85", "\x0b", "\x0c"])
def test_lines_end_with_one_sign_however_they_were_sent(end):
    assert text.prose(f"a{end}b") == "a\nb"
    assert text.one_line(f"a{end}b") == "a b"


@pytest.mark.parametrize(
    ("pasted", "stored"),
    [
        ("   - Lait\n   - Beurre", "- Lait\n- Beurre"),
        ("- a\n\t- b\n\t- c\n- d", "- a\n    - b\n    - c\n- d"),
        ("a\tb", "a b"),
    ],
)
def test_a_list_that_is_pasted_stays_one(pasted, stored):
    assert text.prose(pasted) == stored


def test_letters_are_composed_and_typographic_spaces_stay():
    assert text.prose("e\u0301levage") == "élevage"
    assert text.one_line("Prix\u202f: 1\u00a0€") == "Prix\u202f: 1\u00a0€"


def test_a_tab_is_a_space_and_spaces_are_one_in_a_line():
    assert text.one_line(" a\t\tb   c ") == "a b c"


def test_every_control_and_format_character_there_is_goes():
    left = [
        hex(number)
        for number in range(sys.maxunicode + 1)
        if unicodedata.category(chr(number)) in ("Cc", "Cf", "Cs")
        and text.prose(f"a{chr(number)}b") not in ("ab", "a b", "a\nb")
    ]
    assert left == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("È-7", "E\u0300-7"), ("r3", "R3"), ("ﬁn", "FIN"), ("Straße", "STRASSE"), ("a\u200bb", "ab"), ("Ⅳ", "iv")],
)
def test_codes_that_read_alike_are_one(one, other):
    assert text.folded(one) == text.folded(other)


def test_a_password_keeps_its_spaces_and_is_the_same_from_every_keyboard():
    assert text.password(" e\u0301 ") == " é "


@settings(max_examples=500, deadline=None)
@given(anything)
def test_preparing_twice_changes_nothing(typed):
    for prepare in (text.prose, text.one_line, text.folded, text.password):
        assert prepare(prepare(typed)) == prepare(typed)


@settings(max_examples=500, deadline=None)
@given(anything)
def test_no_control_format_or_direction_is_left_and_lines_are_lines(typed):
    found = text.prose(typed)
    unseen = [c for c in found if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c != "\n"]
    # Within an emoji alone.
    assert set(unseen) <= {"\u200d"} | {chr(n) for n in range(0xE0030, 0xE0080)}
    assert found == found.strip() == unicodedata.normalize("NFC", found)
    assert "\n" not in text.one_line(typed)
    assert bool(found) == text.says_something(typed)
