"""What forms accept, and what they answer."""

from datetime import date

import colander
import pytest

from coopcms.content.dossier import SECTIONS, ContactSchema, schema_of
from coopcms.content.french import words
from coopcms.content.naming import RESERVED, free_name
from coopcms.i18n import typographic

TODAY = date(2026, 3, 12)


@pytest.mark.parametrize(
    "number",
    [
        "73282932000074",
        "732 829 320 00074",
        "732.829.320.00074",
        "732\u2009829\u2009320\u200900074",
        "732\t829\n320 00074",
        "\ufeff732829320\u00ad00074\u200b",
        "732-829-320 / 00074",
        "35600000000048",
        "35600000049837",
    ],
)
def test_a_siret_is_accepted_however_it_is_spaced(number):
    identity = schema_of("identity").bind(today=TODAY).deserialize({"title": "X", "siret": number})
    assert len(identity["siret"]) == 14


@pytest.mark.parametrize(
    "number, said",
    [
        ("123", "vous en avez saisi 3"),
        ("7328293200007", "vous en avez saisi 13"),
        ("7328293200007A", "en chiffres seulement"),
        ("73282932000047", "Est-ce 732"),
        ("73282932100074", "SIREN"),
        ("73282932000075", "5 derniers chiffres"),
    ],
)
def test_a_wrong_siret_is_answered_with_what_is_wrong(number, said):
    with pytest.raises(colander.Invalid) as refused:
        schema_of("identity").bind(today=TODAY).deserialize({"title": "X", "siret": number})
    message = refused.value.children[0].messages()[0]
    assert said in message.interpolate()


def test_every_section_has_a_schema_and_an_unknown_one_has_none():
    for section in SECTIONS:
        assert schema_of(section).children
    with pytest.raises(KeyError):
        schema_of("../identity")


def test_a_contact_is_for_verifiers_unless_somebody_says_otherwise():
    given = {"name": "Léa", "email": "lea@bruyeres.example"}
    assert ContactSchema().deserialize(given)["visibility"] == "verifiers"
    with pytest.raises(colander.Invalid):
        ContactSchema().deserialize({**given, "visibility": "tous"})


def test_names_in_addresses_are_ascii_short_and_never_a_page():
    assert free_name({}, "Œufs & Châtaignes d’Été") == "oeufs-chataignes-d-ete"
    assert free_name({"lait"}, "Lait") == "lait-2"
    assert free_name({}, "???") == "x"
    assert len(free_name({}, "mot " * 80)) <= 60
    for word in RESERVED:
        assert free_name({}, word) != word


def test_words_lose_case_accents_endings_and_small_words():
    assert words("Les œufs de l’élevage") == words("oeuf ELEVAGES")
    assert words("le la les du") == []


@pytest.mark.parametrize(
    "typed, shown",
    [
        ("Prêt ?", "Prêt\u202f?"),
        ("Il dit : « oui »", "Il dit\u00a0: «\u00a0oui\u00a0»"),
        ("10 000 sociétaires", "10\u202f000 sociétaires"),
        ("88 % et 1,27 €", "88\u00a0% et 1,27\u00a0€"),
        ("https://exemple.fr", "https://exemple.fr"),
        ("a: b", "a: b"),
    ],
)
def test_french_texts_get_the_spaces_that_french_asks_for(typed, shown):
    assert typographic(typed) == shown
