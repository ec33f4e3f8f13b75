"""A letter as a mail: text and HTML alike, in the language of who gets it, with nothing of another host."""

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from bs4 import BeautifulSoup

from coopcms.content.outbox import GROUPS, KINDS, Letter, digest_of
from coopcms.notifications.letters import DEVELOPMENT, MASK, as_message, compose
from coopcms.notifications.words import WORDS

from ...conftest import NOW

#: What any kind of mail may say.
FACTS = {
    "inviter": "Anne Delmas",
    "author": "Anne Delmas",
    "company": "Ferme & <b>Fils</b>",
    "body": "Bureau de contrôle",
    "comment": "Il manque\nle plan.",
    "subject": "Une précision",
    "text": "Bonjour,\n\nUne ligne.\nUne autre.",
    "audit": "Visite de vérification",
    "day": date(2026, 4, 1),
    "days": 30,
    "count": 2,
    "reply": date(2026, 3, 26),
    "action": date(2026, 4, 11),
    "title": "Admission de Ferme & Fils",
    "ends": datetime(2026, 3, 27, 19, 0, tzinfo=UTC),
    "state": "adopted",
    "roll": 5,
    "turnout": 4,
    "counts": {"for": 3, "against": 1, "blank": 0},
    "number": "2026-0001",
}
SECRET = [kind for kind in KINDS if KINDS[kind].secret]


def letter(kind, **more):
    made = Letter(digest_of(kind), kind, 1, NOW)
    made.own_facts, made.own_path, made.to, made.language = (
        {**FACTS, **more},
        "/invitation/geheim",
        "a@test.example",
        "fr",
    )
    made.base = "https://here.example"
    return made


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", WORDS)
def test_both_parts_say_the_same_in_the_language_asked_for(registry, kind, language):
    made = compose(registry, letter(kind), "Élise", language)
    page = BeautifulSoup(made.html, "html.parser")
    assert page.html["lang"] == language
    seen = " ".join(page.body.get_text(" ").split())
    for line in made.text.split("\n"):
        plain = " ".join(re.sub(r"^> |^-- $|\s?:$", "", line).split())
        if plain and not plain.startswith(("Choisir les messages", "Choose the messages")):
            assert plain in seen, plain
    assert "https://here.example/" in made.text
    assert "${" not in made.text + made.subject
    why = {"fr": "Vous recevez ce message parce que", "en": "You receive this message because"}
    assert why[language] in made.text
    assert why[language] in seen
    if kind != "company_letter":
        assert ("Bonjour" in made.text) is (language == "fr")
        assert ("Hello Élise," in made.text) is (language == "en")


@pytest.mark.parametrize("kind", WORDS)
def test_html_carries_nothing_but_inline_styles_and_links_to_the_site(registry, kind):
    page = BeautifulSoup(compose(registry, letter(kind), "Élise", "fr").html, "html.parser")
    assert not page.find_all(["img", "script", "style", "link", "iframe", "b"])
    assert all(a["href"].startswith("https://here.example/") for a in page.find_all("a"))
    assert not [tag for tag in page.find_all(True) if tag.has_attr("class") or "url(" in tag.get("style", "")]
    assert page.find("meta", attrs={"name": "color-scheme"})["content"] == "light dark"


@pytest.mark.parametrize("kind", WORDS)
def test_what_is_not_dark_or_light_by_itself_has_both_colours(registry, kind):
    """A colour of letters without one of what is behind them could be read in one of the two only."""
    page = BeautifulSoup(compose(registry, letter(kind), "", "fr").html, "html.parser")
    for tag in page.find_all(style=True):
        colours = dict(re.findall(r"(?:^|; )(color|background-color): (#\w+)", tag["style"]))
        assert set(colours) in (set(), {"color", "background-color"}), tag


def test_french_is_set_as_french(registry):
    made = compose(registry, letter("dossier_returned"), "Élise", "fr")
    assert "«\N{NO-BREAK SPACE}Ferme & <b>Fils</b>\N{NO-BREAK SPACE}»" in made.text
    assert "> Il manque\n> le plan." in made.text
    made = compose(registry, letter("vote_open"), "", None)
    assert made.text.startswith("Bonjour,\n")
    assert "27 mars 2026 à 20:00" in made.text


@pytest.mark.parametrize(
    "count, said", [(0, "aucune non-conformité"), (1, "une non-conformité"), (3, "3 non-conformités")]
)
def test_a_report_says_how_many_it_found(registry, count, said):
    text = compose(registry, letter("findings", count=count), "Élise", "fr").text
    assert said in text
    assert ("11 avril 2026" in text) is bool(count), "nothing to act upon where nothing was found"
    assert "26 mars 2026" in text


@pytest.mark.parametrize(
    "state, said", [("adopted", "adoptée"), ("rejected", "rejetée"), ("inquorate", "rien n’est décidé")]
)
def test_a_result_says_what_was_decided_and_the_figures(registry, state, said):
    text = compose(registry, letter("vote_result", state=state), "", "fr").text
    assert said in text
    assert "4 sur 5 inscrits" in text


@pytest.mark.parametrize("kind", SECRET)
def test_the_key_of_a_link_is_masked_where_others_look(registry, kind):
    made = compose(registry, letter(kind), "", "fr", masked=True)
    assert "geheim" not in made.text + made.html
    assert f"/invitation/{MASK}" in made.text
    assert "geheim" in compose(registry, letter(kind), "", "fr").text


def test_the_headers_say_who_what_and_how_to_have_less_of_it(registry):
    made = as_message(registry, letter("vote_open"), "Camille", NOW)
    assert made["To"] == "a@test.example"
    assert made["Message-ID"].startswith(f"<{digest_of('vote_open')}@")
    assert made["Auto-Submitted"] == "auto-generated"
    assert made["List-Unsubscribe"] == "<https://here.example/account/mail>"
    assert [part.get_content_type() for part in made.iter_parts()] == ["text/plain", "text/html"]
    assert as_message(registry, letter("findings"), "Élise", NOW)["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    ("to", "header"),
    [
        ("lea@pêche.example", b"To: lea@xn--pche-gpa.example"),
        ("léa@pêche.example", "To: léa@xn--pche-gpa.example".encode()),
        ("a/b@test.example", b"To: a/b@test.example"),
    ],
)
def test_an_address_of_any_letters_stands_in_the_header_as_servers_take_it(registry, to, header):
    written = letter("admissible")
    written.to = to
    assert header in as_message(registry, written, "Léa", NOW).as_bytes().splitlines()


@pytest.mark.parametrize("kind", ["vote_open", "dossier_returned", "company_letter"])
def test_a_title_with_line_breaks_becomes_no_header(registry, kind):
    bad = "Ferme\r\nBcc:\N{LINE SEPARATOR}all@test.example"
    made = as_message(registry, letter(kind, title=bad, company=bad, subject=bad), "Élise", NOW)
    assert made["Bcc"] is None
    assert "Ferme Bcc: all@test.example" in made["Subject"]


def test_links_begin_with_the_setting_then_with_what_the_reader_saw(registry, monkeypatch):
    made = letter("admissible")
    assert "https://here.example/" in compose(registry, made, "", "fr").text
    made.base = ""
    assert f"{DEVELOPMENT}/" in compose(registry, made, "", "fr").text
    monkeypatch.setattr(registry, "coopcms", replace(registry.coopcms, url="https://coop.example"))
    made.base = "https://evil.example"
    text = compose(registry, made, "", "fr").text
    assert "https://coop.example/" in text
    assert "evil" not in text


def test_what_may_be_switched_off_is_named():
    assert {kind.group for kind in KINDS.values()} == {"", *GROUPS}
    assert {name for name, kind in KINDS.items() if kind.group} == {
        "vote_open",
        "vote_closing",
        "vote_result",
        "audit_planned_body",
    }


@pytest.mark.parametrize(
    "title",
    [
        "Faut-il admettre l’Élevage de la Vialatte ?",
        "x" * 200,
        "é" * 200,
        "Œufs " * 30,
        "Admission de la Savonnerie du Calavon",
    ],
)
def test_a_subject_arrives_as_it_was_written(registry, title):
    made = as_message(registry, letter("vote_open", title=title), "", NOW).as_bytes()
    got = email.message_from_bytes(made, policy=email.policy.default)["Subject"]
    assert got == f"Le vote est ouvert\N{NO-BREAK SPACE}: {title.strip()} – {registry.coopcms.title}"
    assert max(map(len, made.split(b"\r\n\r\n")[0].split(b"\r\n"))) < 998


def test_a_name_from_right_to_left_keeps_its_place_in_both_parts(registry):
    farm = "חוות השדה"
    made = compose(registry, letter("certificate_ending", company=farm), farm, "fr")
    assert BeautifulSoup(made.html, "html.parser").h1.bdi.get_text() == farm
    plain = (made.text, made.subject, made.heading)
    assert all(farm in text for text in plain)
    assert not any(sign in text for sign in "\u2068\u2069" for text in (made.html, *plain))
