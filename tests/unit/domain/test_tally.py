"""Counting: exact, the same in any order, and never passed by a tie."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopcms.domain.tally import CHOICES, TYPES, WrongChoice, decide, quorum_needed

HALF, TENTH = Fraction(1, 2), Fraction(1, 10)


def outcome(choices, roll=None, quorum=TENTH, majority=HALF):
    roll = len(choices) if roll is None else roll
    return decide("for_against_blank", choices, roll=roll, turnout=len(choices), quorum=quorum, majority=majority)


choices = st.lists(st.sampled_from(CHOICES), max_size=60)
shares = st.fractions(0, 1, max_denominator=1000)


@given(choices, st.integers(0, 200), shares, st.fractions(HALF, Fraction(99, 100), max_denominator=1000), st.randoms())
def test_a_vote_is_passed_exactly_when_enough_voted_and_more_than_the_majority_said_yes(
    cast, more, quorum, majority, random
):
    roll = len(cast) + more
    result = outcome(cast, roll, quorum, majority)
    yes, no = cast.count("for"), cast.count("against")
    quorate = len(cast) >= max(1, quorum * roll)
    passed = yes + no > 0 and Fraction(yes, yes + no) > majority
    assert result.state == ("inquorate" if not quorate else "adopted" if passed else "rejected")
    assert sum(result.counts.values()) == len(cast)
    assert result.valid == yes + no
    shuffled = list(cast)
    random.shuffle(shuffled)
    assert outcome(shuffled, roll, quorum, majority) == result


@given(choices, st.integers(1, 40))
def test_blanks_never_change_what_the_others_decide(cast, blanks):
    before, after = outcome(cast, quorum=Fraction(0)), outcome([*cast, *["blank"] * blanks], quorum=Fraction(0))
    if cast:
        assert before.state == after.state


@given(st.integers(1, 50), st.integers(0, 50))
def test_a_tie_is_not_passed(each, blanks):
    assert outcome(["for", "against"] * each + ["blank"] * blanks).state == "rejected"


@given(st.integers(1, 1000), shares)
def test_the_quorum_is_a_whole_number_of_voters_that_reaches_the_share(roll, quorum):
    needed = quorum_needed(roll, quorum)
    assert needed >= 1
    assert needed >= quorum * roll
    assert needed == 1 or needed - 1 < quorum * roll


@pytest.mark.parametrize(
    ("yes", "no", "majority", "state"),
    [
        (2, 1, Fraction(2, 3), "rejected"),  # exactly two thirds is not more than two thirds
        (667, 333, Fraction(2, 3), "adopted"),
        (2024, 276, HALF, "adopted"),
    ],
)
def test_a_majority_is_exact(yes, no, majority, state):
    assert outcome(["for"] * yes + ["against"] * no, majority=majority).state == state


@pytest.mark.parametrize("choice", ["", "FOR", None, 1, True, ["for"], {}])
def test_a_choice_is_one_of_three_words(choice):
    with pytest.raises(WrongChoice):
        TYPES["for_against_blank"].validate(choice)


@pytest.mark.parametrize(
    ("yes", "no", "majority", "words"),
    [
        (0, 0, HALF, "Aucun suffrage exprimé"),
        (2, 1, HALF, "2 pour sur 3 suffrages exprimés : c’est plus"),
        (1, 1, HALF, "tout juste la majorité"),
        (2, 1, Fraction(2, 3), "tout juste la majorité"),
        (1, 2, HALF, "c’est moins"),
    ],
)
def test_a_count_is_explained_in_a_sentence(yes, no, majority, words):
    counts = {"for": yes, "against": no, "blank": 4}
    assert words in TYPES["for_against_blank"].explain(counts, majority).interpolate()
