"""JSON that was sent: read strictly, every text prepared, every number in range."""

import codecs
import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopcms.web.json import DEEPEST, LARGEST, Wrong, loads

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "body",
    [
        b"", b" \n", b"{", b"}", b"{} x", b"{}{}", b"{'a': 1}", b"[1,]", b'{"a": NaN}', b"Infinity", b"-Infinity", b"1e999",
        b"-1e999", b"9" * 5000, b"1" + b"0" * 16, b"9007199254740992", b'"\\ud800"', b'{"\\udfff": 1}', b'"\xff"', b'"\xed\xa0\x80"',
        b"[" * 100_000, b"[" * (DEEPEST + 2) + b"]" * (DEEPEST + 2), b'{"a":' * 5000 + b"1" + b"}" * 5000, b'"\x00"', b"01", b'"a\nb"',
        codecs.BOM_UTF8 + b"{}", *("{}".encode(name) for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le")),
    ],
)  # fmt: skip
def test_what_is_no_json_of_ours_is_refused_with_a_sentence(body):
    with pytest.raises(Wrong) as refused:
        loads(body)
    assert str(refused.value.sentence)


def test_a_doubled_name_is_named():
    """Which of two choices was meant nobody can say."""
    with pytest.raises(Wrong) as refused:
        loads(b'{"choice": "for", "choice": "against"}')
    assert refused.value.field == "choice"
    with pytest.raises(Wrong) as refused:
        loads(b'{"choice": {"q1": "a", "q1": "b"}}')
    assert refused.value.field == "q1"


def test_half_a_character_is_named_by_its_field():
    with pytest.raises(Wrong) as refused:
        loads(b'{"text": ["x\\ud83d"]}')
    assert refused.value.field is None or refused.value.field == "text"


def test_texts_are_prepared_and_passwords_and_names_are_not():
    decomposed = "e\u0301\r\nx"
    found = loads(json.dumps({"text": decomposed, "password": decomposed, "e\u0301": [decomposed]}).encode())
    assert found == {"text": "é\nx", "password": decomposed, "e\u0301": ["é\nx"]}


def test_there_is_one_place_where_texts_are_prepared():
    assert loads(b'{"a": "x", "b": ["y", {"c": "z", "password": "p"}]}', str.upper) == {
        "a": "X",
        "b": ["Y", {"c": "Z", "password": "p"}],
    }


@pytest.mark.parametrize(
    ("text", "value"), [(b"1.0", 1), (b"1e2", 100), (b"-0.0", 0), (b"0.5", 0.5), (b"9007199254740991", LARGEST)]
)
def test_a_whole_number_is_whole_however_it_is_written(text, value):
    assert loads(text) == value
    assert type(loads(text)) is type(value)


@given(VALUES)
def test_what_json_writes_is_read(value):
    text = json.dumps(value, ensure_ascii=False).encode()
    if b"\x00" not in text:
        assert json.dumps(loads(text, lambda given: given)) == json.dumps(value)


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused(body):
    with contextlib.suppress(Wrong):
        json.dumps(loads(body), allow_nan=False).encode()
