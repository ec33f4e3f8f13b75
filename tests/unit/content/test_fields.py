"""Fields of forms: one way to read, everything that is wrong is said, and bounds move with the calendar."""

from datetime import date, timedelta

import colander
import pytest

from coopcms.content import fields
from coopcms.content.dossier import ContactSchema, schema_of
from coopcms.content.geography import REGIONS
from coopcms.content.worksite import WorksiteSchema

TODAY = date(2026, 3, 12)


def read(node, typed, today=TODAY):
    """What a field makes of a text, or the sentence with which it refuses."""
    schema = colander.Schema(node).bind(today=today)
    try:
        return schema.deserialize({node.name: typed})[node.name]
    except colander.Invalid as refused:
        return refused.children[0].messages()[0].interpolate()


@pytest.mark.parametrize("blank", ["", " ", "\u200b", "\u2800", "\u3164", "\u00ad", "\u00a0\n", "\u202e\u0301"])
def test_what_shows_nothing_is_an_empty_field(blank):
    needed = fields.line("Titre", name="title", missing=colander.required, missing_msg="Donnez un titre.")
    assert read(needed, blank) == "Donnez un titre."
    assert read(fields.text("Texte", name="text"), blank) == ""


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_four_hundred_in_the_browser_are_four_hundred_here(end):
    node = fields.text("Texte", name="text", longest=400)
    fits = end.join(["é" * 99] * 3 + ["e\u0301" * 100])
    assert len(read(node, fits)) == 400
    assert "401 caractères, 400 au plus" in read(node, fits + "x")


def test_a_title_stands_on_one_line():
    assert read(fields.line("Titre", name="title"), "Ferme\r\n du  Haut\u200b") == "Ferme du Haut"


def test_a_password_is_taken_as_it_was_typed():
    assert read(fields.password("Mot de passe", name="password"), "  e\u0301 ") == "  é "


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("founded", "2099", "passée"),
        ("founded", "99", "quatre chiffres"),
        ("founded", "1e3", "en chiffres seulement"),
        ("headcount", "-1", "négatif"),
        ("headcount", "1_200", "en chiffres seulement"),
        ("website", "javascript:alert(1)", "page web"),
        ("postcode", "2340", "5 chiffres"),
        ("postcode", "٢٣٤٠٠", "5 chiffres"),
    ],
)
def test_what_cannot_be_is_answered_beside_its_field(field, typed, said):
    with pytest.raises(colander.Invalid) as refused:
        schema_of("identity").bind(today=TODAY).deserialize({"title": "X", field: typed})
    assert said in refused.value.children[0].messages()[0].interpolate()


def test_what_people_paste_is_read():
    typed = {"title": "X", "siret": "732\u2009829\t320\u00a000074", "website": "www.ferme.fr", "headcount": "1 200"}
    found = schema_of("identity").bind(today=TODAY).deserialize(typed)
    assert (found["siret"], found["website"], found["headcount"]) == ("73282932000074", "https://www.ferme.fr", 1200)


def test_everything_that_is_wrong_is_said_at_once():
    """A field that cannot be read does not hide that another is out of its bounds."""
    with pytest.raises(colander.Invalid) as refused:
        schema_of("identity").bind(today=TODAY).deserialize(
            {"title": "\u200b", "siret": "12", "founded": "2099", "headcount": "²", "website": "x", "postcode": "1"}
        )
    assert refused.value.asdict().keys() == {"title", "siret", "founded", "headcount", "website", "postcode"}


@pytest.mark.parametrize("phone", ["012345678", "1", "abc"])
def test_a_contact_can_be_called(phone):
    given = {"name": "Léa", "email": "lea@bruyeres.example", "phone": phone}
    with pytest.raises(colander.Invalid):
        ContactSchema().deserialize(given)


@pytest.mark.parametrize(
    ("typed", "options", "found"),
    [
        ("12/03/2026", {}, TODAY),
        ("0026-03-12", {}, "trop ancienne"),
        ("9999-12-31", {}, "trop lointaine"),
        ("2020-01-01", {"past": False}, "passée"),
        ("2026-03-12", {"past": False}, TODAY),
        ("2026-03-13", {"years": 0}, "pas encore venue"),
        ("2020-01-01", {"past": False, "stored": date(2020, 1, 1)}, date(2020, 1, 1)),
        ("2031-03-13", {"years": 5}, "trop lointaine"),
    ],
)
def test_days_leave_room_for_what_is_meant_and_none_for_a_slip(typed, options, found):
    node = fields.day("Jour", name="day", missing=None, **options)
    result = read(node, typed)
    assert result == found if isinstance(found, date) else found in result


def test_bounds_move_with_the_calendar():
    node = fields.day("Jour", name="day", missing=None, past=False)
    later = TODAY + timedelta(days=400)
    assert "passée" in read(node, "2026-03-13", today=later)


@pytest.mark.parametrize("value", [["a"], {"a": "b"}, 3, b"a", None])
def test_something_else_than_a_text_is_refused_and_no_error(value):
    for node in (
        fields.line("T", name="x"),
        fields.password("P", name="x"),
        fields.whole("N", name="x", least=0, most=9),
    ):
        with pytest.raises(colander.Invalid):
            node.bind(today=TODAY).deserialize(value)
    with pytest.raises(colander.Invalid):
        fields.boxes("B", [("a", "A")], name="x").deserialize([["a"]])


def test_regions_are_all_from_which_french_postcodes_come():
    schema = WorksiteSchema()
    for region in ("Monaco", "Saint-Pierre-et-Miquelon", "Nouvelle-Calédonie", "Île-de-France"):
        assert region in REGIONS
        assert schema["region"].deserialize(region) == region


@pytest.mark.parametrize("values", [{"title": " Une\u200b ", "description": "a\r\nb"}, {"title": "x", "other": 3}])
def test_values_from_any_other_door_are_prepared_the_same(values):
    once = fields.prepared(WorksiteSchema(), values)
    assert once["title"] in ("Une", "x")
    assert once.get("description", "a\nb") == "a\nb"
    assert fields.prepared(WorksiteSchema(), once) == once
