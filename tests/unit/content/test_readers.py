"""Numbers, shares, days, telephone numbers and addresses are read one way, and what cannot be read is said."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopcms.content import readers
from coopcms.content.readers import Unreadable

SPACES = [" ", "\u00a0", "\u202f", "\u2009", "’"]


def refused(reader, text):
    with pytest.raises(Unreadable) as caught:
        reader(text)
    assert str(caught.value.sentence)
    return caught.value.sentence


@pytest.mark.parametrize("space", SPACES)
def test_groups_of_digits_may_stand_apart(space):
    assert readers.whole(f"1{space}200") == 1200
    assert readers.whole(f"12{space}345{space}678") == 12_345_678
    assert readers.decimal(f"1{space}234,5") == Decimal("1234.5")


@pytest.mark.parametrize(
    "text",
    ["1e2", "1_200", "١٢", "१२", "²", "½", "12 00", "1 2003", "0x10", "1.200,5", "NaN", "inf", "", "-", "1" * 16],
)
def test_what_only_programs_take_for_a_number_is_none(text):
    refused(readers.whole, text)


@pytest.mark.parametrize("text", ["1e99999999", "NaN", "-Infinity", "1,2,3", "٣,٥", "0,1234567", "1..2", "12 34,5"])
def test_a_decimal_is_digits_and_one_sign(text):
    refused(readers.decimal, text)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("12,5", Fraction(1, 8)),
        ("12.5 %", Fraction(1, 8)),
        ("2/3", Fraction(2, 3)),
        ("2 / 3", Fraction(2, 3)),
        ("66,67", Fraction(6667, 10000)),
    ],
)
def test_shares_are_exact(text, share):
    assert readers.share(text) == share


@pytest.mark.parametrize("text", ["2/0", "deux tiers", "1e2", "50 %%", "2/3/4", "²"])
def test_what_is_no_share_is_said(text):
    refused(readers.share, text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-12",
        "12/03/2026",
        "12/3/2026",
        "12.3.2026",
        "12-03-2026",
        "12 3 2026",
        "2026-3-12",
        "12 / 03 / 2026",
        "12–03–2026",
        "12 mars 2026",
        "12 MARS 2026",
    ],
)
def test_a_day_is_read_as_people_write_it(text):
    assert readers.day(text) == date(2026, 3, 12)


@pytest.mark.parametrize(
    "text",
    ["2026-02-30", "31/04/2026", "03/13/2026", "demain", "2026", "1 mars", "0026-03-12x", "²026-03-12", "10000-01-01"],
)
def test_a_day_that_does_not_exist_is_said(text):
    refused(readers.day, text)


def test_a_year_of_two_digits_is_asked_for_in_full():
    assert "quatre chiffres" in refused(readers.day, "12/03/26")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0123456789", "01 23 45 67 89"),
        ("01.23.45.67.89", "01 23 45 67 89"),
        ("+33 (0)1 23 45 67 89", "01 23 45 67 89"),
        ("0033 1 23 45 67 89", "01 23 45 67 89"),
        ("01\u200923\t45 67 89", "01 23 45 67 89"),
        ("0590 12 34 56", "05 90 12 34 56"),
        ("(06) 12 34 56 78", "06 12 34 56 78"),
        ("tel:+33612345678", "06 12 34 56 78"),
        ("+33 (6) 12 34 56 78", "06 12 34 56 78"),
        ("+377 93 15 12 12", "+377 93 15 12 12"),
        ("00 32 2 555 12 12", "+32 2 555 12 12"),
    ],
)
def test_telephone_numbers_are_grouped_alike(text, number):
    assert readers.phone(text) == readers.phone(readers.phone(text)) == number


@pytest.mark.parametrize(
    "text",
    [
        "012345678",
        "01234567890",
        "123456789",
        "3",
        "+33 1 23",
        "+999 12",
        "le matin",
        "٠١٢٣٤٥٦٧٨٩",
        "+0498754283",
        "+++33612345678",
        "01 23 45 67 89 (Léa)",
    ],
)
def test_a_number_that_nobody_can_dial_is_refused(text):
    refused(readers.phone, text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("lea@bruyeres.example", "lea@bruyeres.example"),
        ("Lea@Bruyeres.EXAMPLE", "Lea@bruyeres.example"),
        (" lea@bruyeres.example\u200b", "lea@bruyeres.example"),
        ("prénom@exemple.fr", "prénom@exemple.fr"),
        ("lea@xn--pche-gpa.example", "lea@pêche.example"),
        ("a/b@exemple.fr", "a/b@exemple.fr"),
    ],
)
def test_addresses_of_mail_take_their_normal_form(text, address):
    assert readers.email(text) == address
    assert readers.email(address) == address


@pytest.mark.parametrize("text", ["lea", "lea@", "@exemple.fr", "lea@exemple", "a b@exemple.fr", "lea@exemple..fr"])
def test_half_an_address_is_refused(text):
    refused(readers.email, text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("www.exemple.fr", "https://www.exemple.fr"),
        ("exemple.fr/nos-laits", "https://exemple.fr/nos-laits"),
        ("HTTP://Exemple.FR", "http://exemple.fr"),
        ("//exemple.fr", "https://exemple.fr"),
        ("https://pêche.example:8443/?a=b#c", "https://pêche.example:8443/?a=b#c"),
    ],
)
def test_an_address_of_a_page_is_completed(text, address):
    assert readers.web_address(text) == readers.web_address(address) == address


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a.example",
        "mailto:a@b.fr",
        "https://a b.example",
        "https://",
        "https://" + "user:word@a.example",
        "https://localhost",
        "https://192.0.2.1",
        "https://a_b.example",
        "https://a.example:99999",
        "https:\\\\a.example",
        "https://[::1",
    ],
)
def test_what_is_no_page_of_the_web_is_refused(text):
    refused(readers.web_address, text)


@pytest.mark.parametrize(
    "line",
    [
        "30/06/2027 Un bac",
        "30/06/2027\u00a0Un bac",
        "30/06/2027 : Un bac",
        "30/06/2027\u00a0: Un bac",
        "- 30/06/2027 Un bac",
    ],
)
def test_a_step_is_read_as_it_is_written_in_a_letter(line):
    assert readers.dated_steps(line) == ((date(2027, 6, 30), "Un bac"),)


@pytest.mark.parametrize(("text", "found"), [("1er mars 2026", date(2026, 3, 1)), ("3 août 2026", date(2026, 8, 3))])
def test_a_month_may_be_written_out(text, found):
    assert readers.day(text) == found


def test_steps_of_a_programme_are_ordered_by_their_day():
    steps = readers.dated_steps("01/01/2028 La suite\r\n\r\n2027-06-30 Un bac")
    assert steps == ((date(2027, 6, 30), "Un bac"), (date(2028, 1, 1), "La suite"))


@pytest.mark.parametrize(
    "text",
    [
        "Un bac",
        "2027-02-30 Un bac",
        "2027-06-30",
        "2027-06-30 \u200b",
        "30/06/2027 –",
        "01/01/0001 Un bac",
        "9999-12-31 : Fin",
    ],
)
def test_a_step_without_a_day_or_without_words_is_named(text):
    assert "${line}" in refused(readers.dated_steps, text)


READERS = (
    readers.whole,
    readers.decimal,
    readers.percentage,
    readers.share,
    readers.day,
    readers.digits,
    readers.phone,
    readers.email,
    readers.web_address,
    readers.dated_steps,
)


@pytest.mark.parametrize("reader", READERS)
@given(text=st.one_of(st.text(max_size=40), st.from_regex(r"[0-9 .,/+%²١-]{1,20}", fullmatch=True)))
def test_whatever_is_typed_is_read_or_refused_in_a_sentence(reader, text):
    try:
        found = reader(text)
    except Unreadable as unreadable:
        assert unreadable.sentence
    else:
        if isinstance(found, str):
            assert reader(found) == found
