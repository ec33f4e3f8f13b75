"""Two texts, word by word."""

import time

import pytest

from coopcms.views.differences import compare, woven


def test_words_that_only_one_text_has_are_marked_in_it():
    old, new = compare("Le lait est payé 0,39 € le litre.", "Le lait est payé 0,43 € le litre.")
    assert old == "Le lait est payé <del>0,39</del> € le litre."
    assert new == "Le lait est payé <ins>0,43</ins> € le litre."


def test_one_text_shows_what_went_and_what_came_where_it_stood():
    assert woven("trois ans durant", "deux ans durant") == "<del>trois</del> <ins>deux</ins> ans durant"
    assert woven("du lait", "du lait cru") == "du lait <ins>cru</ins>"
    assert woven("", "neuf") == "<ins>neuf</ins>"
    assert woven("parti", "") == "<del>parti</del>"


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends_of_another_kind_are_no_difference(ends):
    text = f"Un.{ends}{ends}Deux."
    assert compare(text, "Un.\n\nDeux.") == ("Un.\n\nDeux.", "Un.\n\nDeux.")


def test_a_word_before_a_new_line_is_the_same_word():
    assert woven("un deux", "un\ndeux trois").replace(" ", "").replace("\n", "") == "undeux<ins>trois</ins>"


def test_what_people_wrote_is_no_html():
    for text in (*compare("<b>x</b>", "<script>y</script>"), woven("<b>x</b>", "<script>y</script>")):
        assert "<b>" not in text
        assert "<script>" not in text
        assert "&lt;" in text


@pytest.mark.parametrize("words", ["a b ", "de la le un "])
def test_long_texts_of_few_words_are_compared_in_a_moment(words):
    """Without a remedy against words that stand everywhere this takes minutes; seconds of this process count, not those of the wall."""
    begun = time.process_time()
    compare(words * 4000, words[::-1] * 4000)
    assert time.process_time() - begun < 20
