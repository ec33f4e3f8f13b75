"""Every sentence of the program is there in both languages, well set, and none of another program's shines through."""

import functools
import re
from pathlib import Path

import colander
import deform
import polib
import pytest
from pyramid.i18n import Localizer
from translationstring import TranslationString

from coopcms.i18n import typographic
from coopcms.views import forms, translating

from .. import crawl
from .. import messages as tool
from .. import world as worlds
from ..conftest import NOW

#: The same word in both languages.
SAME = {
    "Administration", "Code", "Communication", "Contact", "Contacts", "Date", "Description", "Discussion", "Document", "Documents", "Logo",
    "Menu", "Observation", "Pages", "Photo", "Public", "Quorum", "Vote", "SAS, SARL, SCIC, GAEC, association…", "SIRET", "Services", "Signatures", "Source",
    "Sources", "Version ${number}", "version ${number}", "${number} minutes",
}  # fmt: skip
#: Words of the content, which is in the language it was written in, and how the addresses begin where it stands.
CONTENT = {
    "Œufs": "/companies/",
    "Les cinq engagements": r"/framework|/companies/[^/]+/(matrix|audits|certificates|nonconformities)\b",
    "Transparence": "/framework",
}
#: Where a colon or a question mark stands in something that is no sentence.
TECHNICAL = re.compile(r"https?://|Authorization: Bearer|Content-Type: \S+|\d:\d|mailto:\S+|\. @ \+ - _")
PLACEHOLDER = re.compile(r"\$\{(\w+)\}")
#: What colander, deform and Pyramid say when nobody translates.
FOREIGN = re.compile(
    r"\b(Required|Submit|There was a problem|Errors have been highlighted|Invalid|is not a number|is not one of|must not be one of|"
    r"(Longer|Shorter) than|(less|greater) than (minimum|maximum)|was not acceptable|Not Found|Forbidden|Bad Request|"
    r"The resource could not be found|Access was denied|Unrecognized keys|pstruct|Save|Remove|Add|Password|Search)\b"
)
#: Words of which each English or French sentence of some length has one.
FRENCH = re.compile(
    r"(?i)(?<![\w’-])(le|la|les|des|du|une|est|sont|pour|dans|avec|votre|vous|qui|que|n’est|cette|ce|aux|sur|par|ou|et)(?![\w’-])"
)


@pytest.fixture(scope="module")
def catalog():
    return {entry.msgid: entry.msgstr for entry in tool.read()}


@pytest.fixture(scope="module")
def found():
    return tool.extract()


def test_messages_are_written_so_that_they_are_found_again_at_run_time(found):
    assert found.problems == []


def test_every_message_is_translated(found):
    wrong = {kind: ids for kind, ids in tool.compare(found, tool.read()).items() if ids}
    assert wrong == {}, "run `make messages`, then translate in coopcms/locale/en"


def test_the_catalog_is_as_the_tool_writes_it(found, tmp_path):
    copy = tmp_path / "coopcms.po"
    copy.write_bytes(tool.CATALOG.read_bytes())
    tool.write(found, tool.read(copy), copy)
    assert copy.read_text("utf-8") == tool.CATALOG.read_text("utf-8")


def test_placeholders_are_the_same_in_both_languages(catalog):
    names = PLACEHOLDER.findall
    wrong = [id for id, english in catalog.items() if english and set(names(id)) != set(names(english))]
    assert wrong == []


def test_no_translation_is_the_french_text(catalog):
    assert {id for id, english in catalog.items() if id == english} - SAME == set()


def problems_of_french(text):
    """What the typographic code (Imprimerie nationale) and the way we type it have against a message."""
    plain = TECHNICAL.sub("x", PLACEHOLDER.sub("x", text))
    if re.search("['\"`]|\\.\\.\\.", plain):
        yield "’, « » and … instead of ASCII"
    if re.search("[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\t]", plain):
        yield "plain spaces: the catalog makes the others"
    if "  " in plain or plain != plain.strip() or re.search(r" \n|\n ", plain):
        yield "a space too many"
    if re.search(r"\S[;!?](?![;!?])|\S:(?!\w)", re.sub(r" [:;!?]", "", plain)):
        yield "a space before : ; ! ?"
    if re.search(r"«(?! )|(?<! )»", plain):
        yield "a space inside « »"
    if re.search(r"\d[€%]", plain):
        yield "a space before € and %"
    if re.search(r" [,.)]|\( |[,;][^\s\d»)]", plain):
        yield "a space before or after a comma, a stop or a bracket"
    if re.search(r"\b([Oo]eufs?|[Cc]oeurs?|[Oo]euvre|A|Etat|Etape|Equipe|Ecrire|Ecrivez|Echéance)\b(?!\d)", plain):
        yield "œ and accents, on capitals too"


def test_french_messages_keep_to_the_typographic_code(catalog):
    wrong = {id: problems for id in catalog if (problems := list(problems_of_french(id)))}
    assert wrong == {}


@pytest.mark.parametrize(
    "bad",
    [
        "l'état",
        "Prêt?",
        "Prêt ; oui:",
        "«oui »",
        "un  mot",
        "Fin ...",
        "50€",
        "Attendez\N{NO-BREAK SPACE}!",
        "un ,deux",
    ],
)
def test_the_typographic_check_sees_mistakes(bad):
    assert list(problems_of_french(bad))


def test_english_messages_are_set_as_english(catalog):
    wrong = [
        english
        for id, english in catalog.items()
        if id != english and re.search(r"[«»'\"]| [:;!?,.]|\.\.\.|  ", TECHNICAL.sub("x", english))
    ]
    assert wrong == []


def test_no_translation_is_half_french(catalog):
    wrong = [
        english for id, english in catalog.items() if id != english and FRENCH.search(english.replace("ce n’est", ""))
    ]
    assert wrong == []


# --- what readers get ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def looked_up(monkeypatch):
    """Every message id of ours that is looked up while the test runs.

    A message inside another, as the value of a placeholder, is not translated by anybody: it is listed as ``id <- the one inside``.
    """
    ids = set()
    translate = Localizer.translate

    def recording(self, tstring, domain=None, mapping=None):
        if getattr(tstring, "domain", domain) == tool.DOMAIN:
            ids.add(str(tstring))
            inside = (getattr(tstring, "mapping", None) or {}) | (mapping or {})
            ids.update(f"{tstring!s} <- {value!s}" for value in inside.values() if hasattr(value, "domain"))
        return translate(self, tstring, domain=domain, mapping=mapping)

    monkeypatch.setattr(Localizer, "translate", recording)
    translating._looked_up.cache_clear()
    return ids


@pytest.fixture
def made(monkeypatch):
    """Every form that is made while the test runs."""
    made, init = [], deform.Form.__init__

    def recording(self, *args, **kw):
        init(self, *args, **kw)
        made.append(self)

    monkeypatch.setattr(deform.Form, "__init__", recording)
    return made


@pytest.fixture
def wide_world(world, site):
    """The small world with companies further on their way."""
    import transaction

    for name, state in (("laiterie", "certified"), ("verger", "suspended"), ("moulin", "declined")):
        worlds.in_state(world, name, state, NOW)
    for company, title in zip(world.companies.values(), "ABCDEFGH", strict=False):
        company.title = f"Maison {title}"  # not the name of a state, which would hide it
    transaction.commit()
    return world


def reader(browse, login, language):
    app = browse(login)
    app.get(f"/language?to={language}")
    return app


def untranslated(catalog, path, pieces):
    """Which pieces are French messages, with their placeholders filled or not."""
    patterns = filled(tuple(catalog.items()))
    for piece in pieces:
        if piece in CONTENT and re.match(CONTENT[piece], path):
            continue
        if piece in catalog and catalog[piece] != piece:
            yield piece
        else:
            yield from (piece for pattern in patterns if pattern.match(piece))


@functools.cache
def filled(messages):
    """Patterns of the French messages that have placeholders."""
    return [
        re.compile(".+?".join(map(re.escape, PLACEHOLDER.split(id)[::2])) + r"\Z")
        for id, english in messages
        if "${" in id and id != english and len(PLACEHOLDER.sub("", id)) > 8
    ]


def unfrench(catalog, path, pieces):
    """Which pieces are English."""
    french = {" ".join(id.split()) for id in catalog}
    english = {" ".join(text.split()) for id, text in catalog.items() if text and id != text} - french
    for piece in pieces:
        if piece in english or FOREIGN.search(piece):
            yield piece


ROLES = [None, "certificatrice", "entreprise", "equipe", "admin"]


@pytest.mark.slow
@pytest.mark.parametrize("login", ROLES)
def test_english_pages_hold_no_french_message(browse, wide_world, catalog, looked_up, login):
    wrong, seen = {}, 0
    for path, response in crawl.walk(reader(browse, login, "en")):
        if response.content_type != "text/html" or not response.body:
            continue
        seen += 1
        assert response.html.html["lang"] == "en", path
        for piece in untranslated(catalog, path, crawl.texts(response)):
            wrong.setdefault(piece, path)
    assert wrong == {}
    assert seen > 15
    assert looked_up - set(catalog) == set(), "looked up, but not as it was extracted"


@pytest.mark.slow
@pytest.mark.parametrize("login", ROLES)
def test_french_pages_hold_no_english_word(browse, wide_world, catalog, looked_up, made, login):
    wrong = {}
    for path, response in crawl.walk(reader(browse, login, "fr")):
        if response.content_type != "text/html" or not response.body:
            continue
        assert response.html.html["lang"] == "fr", path
        for piece in unfrench(catalog, path, crawl.texts(response)):
            wrong.setdefault(piece, path)
    assert wrong == {}
    assert looked_up - set(catalog) == set(), "looked up, but not as it was extracted"
    mute = {
        (form.action.split("?")[0], node.name) for form in made for node in form.schema if says_nothing_when_empty(node)
    }
    assert mute == set(), "a field that must be filled says so in a sentence of its own: missing_msg"


def says_nothing_when_empty(node):
    return node.required and getattr(node.missing_msg, "domain", None) != tool.DOMAIN


def spoiled(form, value):
    """Fill a form with one bad value everywhere; None leaves all empty."""
    for name, fields in form.fields.items():
        if name is None or name.startswith("__") or name in ("csrf_token", "_charset_", "revision"):
            continue
        for field in fields:
            if field.tag == "button" or field.attrs.get("type") in ("submit", "file", "hidden"):
                continue
            if field.attrs.get("type") == "checkbox":
                field.checked = value is not None
                if value is not None:
                    field._value = value
            else:
                field.force_value(value or "") if hasattr(field, "force_value") else setattr(
                    field, "value", value or ""
                )
    return form


@pytest.mark.slow
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("login", [None, "entreprise", "equipe"])
def test_forms_say_what_is_wrong_in_the_reader_s_language(browse, wide_world, catalog, login, language):
    """Every form, sent empty, with far too much, and with what is no choice, no number, no address."""
    app = reader(browse, login, language)
    places = [
        path
        for path, response in crawl.walk(app)
        if response.content_type == "text/html" and response.html.select('form.form[method="post" i]')
    ]
    assert places
    wrong, refused = {}, 0
    for path in places:
        for value in (None, "x" * 20_000, "non !"):
            page = app.get(path, status="*")
            if page.status_int != 200 or "form" not in page.forms:
                break
            answer = spoiled(page.forms["form"], value).submit("save", status="*")
            assert answer.status_int < 500, (path, answer.status)
            if answer.content_type != "text/html" or not answer.body:
                continue
            refused += 1
            pieces = crawl.texts(answer)
            for piece in (untranslated if language == "en" else unfrench)(catalog, path, pieces):
                wrong.setdefault(piece, path)
    assert wrong == {}
    assert refused


# --- the libraries' own messages ----------------------------------------------------------------------------------------------


def library_messages():
    """What colander and deform can say, from their catalogs."""
    for library in (colander, deform):
        pot = Path(library.__file__).parent / "locale" / f"{library.__name__}.pot"
        for entry in polib.pofile(str(pot)):
            yield entry.msgid


def test_sentences_answer_messages_that_there_are():
    assert set(forms.SENTENCES) - set(library_messages()) == set()


def test_no_message_of_a_library_is_left_as_it_is():
    node = colander.SchemaNode(colander.String())
    for message in library_messages():
        mapping = dict.fromkeys(PLACEHOLDER.findall(message), 3)
        error = colander.Invalid(
            node, [TranslationString(message, domain="colander", mapping=mapping), "Invalid pstruct: x"]
        )
        error.add(colander.Invalid(node, TranslationString(message, domain="deform", mapping=mapping)))
        forms.reword(error)
        for said in (*error.messages(), *error.children[0].messages()):
            assert said.domain == tool.DOMAIN, message
            assert "${" not in said.interpolate(), message


def test_our_own_sentences_are_left_alone():
    from coopcms.i18n import _

    error = colander.Invalid(colander.SchemaNode(colander.String()), _("Un code postal compte 5 chiffres."))
    forms.reword(error)
    assert error.msg == "Un code postal compte 5 chiffres."


def test_the_french_catalog_has_the_spaces_of_french():
    assert typographic("« Prêt ? » : 1 000 €") == "«\xa0Prêt\u202f?\xa0»\xa0: 1\u202f000\xa0€"
