"""A session fits into its cookie whatever was left in it."""

from hypothesis import given
from hypothesis import strategies as st

from coopcms.views.sessions import ROOM, Fitting

OURS = {
    "account": 2**63 - 1,
    "number": "x" * 40,
    "_csrft_": "y" * 40,
    "receipt": {"vote": "z" * 60, "tracker": "t" * 32, "seal": "s" * 64},
}


PASSING = ["_f_success", "_f_danger", "_f_manage-info", "catalogsearch.appstruct"]
TEXTS = st.lists(
    st.tuples(st.sampled_from("xé€"), st.integers(0, 2000)).map(lambda pair: pair[0] * pair[1]), max_size=5
)


@given(st.dictionaries(st.sampled_from(PASSING), TEXTS))
def test_who_is_logged_in_stays_whatever_else_is_lost(left):
    written = Fitting().dumps((1, 2, {**OURS, **left}))
    assert len(written) <= ROOM
    accessed, created, values = Fitting().loads(written)
    assert (accessed, created) == (1, 2)
    assert {**values, **OURS} == values


def test_what_fits_is_written_whole():
    state = {**OURS, "_f_success": ["C’est enregistré."]}
    assert Fitting().loads(Fitting().dumps((1, 2, state))) == [1, 2, state]


def test_of_what_is_too_long_the_longest_goes():
    state = {"_f_success": ["court"], "_f_danger": ["x" * 5000]}
    assert Fitting().loads(Fitting().dumps((1, 2, state)))[2] == {"_f_success": ["court"]}
