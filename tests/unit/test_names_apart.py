"""Names inside sentences: between two signs on their way, in <bdi> where they arrive."""

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopcms.i18n import _, bare, in_elements, isolated, with_isolated_names

FARM = "חוות השדה"
SIGNS = ("\u2068", "\u2069")


def test_a_name_stands_in_bdi_where_there_are_elements_and_bare_where_there_are_none():
    name = isolated(FARM)
    page = (
        f"<title>{name} – site</title><p title=\"{name}\" data-x='a > {name}'>Chez {name}.</p><textarea>{name}</textarea>"
        f"<select><option>{name}</option></select><svg><text>{name}</text></svg><!-- {name} -->"
    )
    assert in_elements(page) == page.replace(f"Chez {name}", f"Chez <bdi>{FARM}</bdi>").replace(name, FARM)


def test_a_name_cannot_close_what_keeps_it_apart():
    assert isolated(f"Fer\u2069me{FARM}\u2068") == f"\u2068Ferme{FARM}\u2069"


def test_only_words_are_kept_apart():
    assert [isolated(one) for one in (3, "12", "18 %", None, "")] == [3, "12", "18 %", None, ""]


def test_a_message_keeps_its_id_and_its_domain_when_its_names_are_isolated():
    message = with_isolated_names(_("Chez ${name}, ${count} fois", mapping={"name": FARM, "count": 3}))
    assert (str(message), message.domain) == ("Chez ${name}, ${count} fois", "coopcms")
    assert message.interpolate() == f"Chez \u2068{FARM}\u2069, 3 fois"


PIECES = st.sampled_from([*SIGNS, "<p>", "</p>", "<title>", "</title>", "<a title='", "'>", '"', FARM, "x"])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault of the page
@given(st.lists(PIECES, max_size=12).map("".join))
def test_no_sign_is_left_on_any_page_and_no_other_letter_changes(html):
    shown = in_elements(html)
    assert not set(SIGNS) & set(shown)
    assert re.sub("</?bdi>", "", shown) == bare(html)
