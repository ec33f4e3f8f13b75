"""Parameters read by hand are of the type asked for, whatever came."""

from hypothesis import given
from hypothesis import strategies as st
from webob.multidict import MultiDict

from coopcms.web import readable
from coopcms.web.formdata import Upload

ANYTHING = st.text() | st.binary() | st.none() | st.builds(Upload, st.text(), st.text(), st.text(), st.none())


@given(ANYTHING, st.integers(0, 50))
def test_a_word_is_a_text_of_one_line_and_bounded(value, most):
    found = readable.word({"x": value}, "x", most=most)
    assert isinstance(found, str)
    assert len(found) <= most
    assert not set(found) & set("\r\n\t\x00\x7f\x85")


@given(ANYTHING, st.integers(0, 50))
def test_a_passage_keeps_its_lines(value, most):
    found = readable.passage({"x": value}, "x", most=most)
    assert isinstance(found, str)
    assert len(found) <= most
    assert not set(found) & set("\r\x00\x7f\x85")
    assert readable.passage({"x": "a\r\nb\rc\n"}, "x", most=50) == "a\nb\nc"


@given(ANYTHING | st.from_regex(r"[0-9٠-٩²½Ⅷ+-]+", fullmatch=True))
def test_a_whole_number_is_one_or_the_default(value):
    found = readable.whole({"x": value}, "x", 7, least=1, most=100)
    assert found == 7 or (1 <= found <= 100 and str(found) == value.lstrip("0"))
    number = readable.object_id({"x": value}, "x")
    assert number is None or -(2**63) <= number < 2**63


def test_object_ids_may_be_negative():
    assert readable.object_id({"x": "-9223372036854775808"}, "x") == -(2**63)
    assert readable.object_id({"x": "9223372036854775808"}, "x") is None
    assert readable.object_id({"x": "--1"}, "x") is None


def test_what_came_several_times_is_read_one_by_one():
    given = MultiDict([("n", "1"), ("n", "²"), ("n", "2"), ("n", b""), ("n", "1")])
    assert readable.numbers(given, "n") == {1, 2}
    assert readable.words(given, "n") == ["1", "²", "2", "1"]


def test_nothing_sent_is_the_default():
    assert readable.word({}, "x", "d") == "d"
    assert readable.whole({}, "x", 3) == 3
    assert readable.words(MultiDict(), "x") == []
