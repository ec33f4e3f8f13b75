"""Words of texts and queries: what is one word to whoever looks for it is one word here."""

import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopcms.content import french, naming
from coopcms.content.french import LONGEST_WORD, alike, fold, sort_key, stem, tokens, words
from coopcms.content.vocabulary import IRREGULAR, TRADES

from ...support.threads import together

APOSTROPHES = "'’‘´`ʼ′＇"
INVISIBLE = "\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH NO-BREAK SPACE}\N{WORD JOINER}"
ELIDED = ["l", "d", "qu", "lorsqu", "puisqu", "jusqu", "quoiqu", "quelqu", "presqu", "L", "Qu", "LORSQU"]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("oeuf", "Œufs"),
        ("œuf", "OEUFS"),
        ("laetitia", "Lætitia"),
        ("smorrebrod", "smørrebrød"),
        ("strasse", "Straße"),
        ("lodz", "Łódź"),
        ("dakovo", "Đakovo"),
        ("laitiere", "lai\N{SOFT HYPHEN}tière"),
        ("laitière", "lait\N{ZERO WIDTH SPACE}ière"),
        ("élevage", unicodedata.normalize("NFD", "Élevage")),
        ("2026", "２０２６"),
        ("bio", "ＢＩＯ"),
        ("fier", "ﬁer"),
        ("rendez vous", "rendez‑vous"),
        ("rendez-vous", "rendez – vous"),
        ("important", "_important_"),
        ("éleveurs", "éleveur·euse·s"),
        ("salariés", "salarié·es"),
        ("salariés", "salarié·e·s"),
        ("salariés", "salarié(e)s"),
        ("salariés", "salarié.e.s"),
        ("salariés", "salarié-e-s"),
        ("sociétaires", "sociétaire·s"),
        ("vigneron", "vigneron·ne"),
    ],
)
def test_what_is_typed_in_haste_is_what_is_written_with_care(typed, written):
    assert words(typed) == words(written)


@pytest.mark.parametrize("apostrophe", APOSTROPHES)
@pytest.mark.parametrize("elided", ELIDED)
def test_an_elided_word_leaves_the_word_after_it_with_any_apostrophe(elided, apostrophe):
    assert words(f"{elided}{apostrophe}abeille") == words("abeille")
    assert words(f"({elided}{apostrophe}abeille)") == words(f"_{elided}{apostrophe}abeille_") == words("abeille")


def test_an_apostrophe_inside_a_word_elides_nothing():
    assert tokens("aujourd’hui") == ["aujourd", "hui"]


def test_folding_any_character_twice_changes_nothing_and_depends_on_no_neighbour():
    everything = [chr(number) for number in range(sys.maxunicode + 1)]
    folded = [fold(each) for each in everything]
    assert [each for each in folded if fold(each) != each] == []
    assert [each for each in everything if fold(f"a{each}b") != f"a{fold(each)}b"] == []


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
    assert sort_key(sort_key(text)) == sort_key(text)


def variants(word):
    """A word as others may type it."""
    yield from (word, word.upper(), unicodedata.normalize("NFD", word), unicodedata.normalize("NFC", word), fold(word))
    for apostrophe in APOSTROPHES:
        yield word.replace("'", apostrophe)
    for sign in INVISIBLE:
        yield word[:1] + sign + word[1:]
    for pair in (("œ", "oe"), ("æ", "ae"), ("ß", "ss"), ("ø", "o"), ("ﬁ", "fi")):
        yield word.replace(*pair)


WRITTEN = st.text(
    st.sampled_from("abcdefghijklmnopqrstuvwxyzéèêëàâçîïôùûüœæßøłﬁÉÀŒ0123456789'-"), min_size=1, max_size=20
)


@given(st.lists(WRITTEN, min_size=1, max_size=8))
@settings(max_examples=300)
def test_a_text_has_each_of_its_words_however_they_are_typed(written):
    stems = set(words(" ".join(written), small_words=True))
    for word in written:
        for variant in variants(word):
            assert set(words(variant, small_words=True)) <= stems


@given(st.text(max_size=60))
@settings(max_examples=500)
def test_no_text_is_too_strange_for_the_analysis(text):
    for word in words(text, small_words=True):
        assert 0 < len(word) <= LONGEST_WORD + 10
    assert isinstance(next(naming.candidates(text)), str)


def test_a_word_without_end_is_cut_alike_in_text_and_query():
    assert words("a" * 100_000) == words("A" * 5_000)
    assert len(words("a" * 100_000)[0]) <= LONGEST_WORD


def test_small_words_are_left_out_unless_they_are_asked_for():
    assert words("Les Nous") == []
    assert words("Les Nous", small_words=True) == [stem("les"), stem("nous")]


# The stemmer.


def vocabulary():
    """Some thousands of French word forms, folded: those of our messages, and endings put to their stems."""
    from babel.messages.pofile import read_po

    source = Path(french.__file__).parent.parent / "locale" / "en" / "LC_MESSAGES" / "coopcms.po"
    with source.open("rb") as handle:
        texts = [str(message.id) for message in read_po(handle)]
    forms = {token for text in texts for token in tokens(text, small_words=True)}
    endings = (
        "er",
        "ez",
        "ement",
        "ation",
        "ations",
        "eur",
        "euse",
        "ite",
        "ites",
        "able",
        "ive",
        "aux",
        "ies",
        "issons",
    )
    return sorted((forms | {form + ending for form in forms for ending in endings}) - set(IRREGULAR))


def test_stems_are_those_of_snowball():
    oracle = pytest.importorskip("snowballstemmer.french_stemmer").FrenchStemmer()
    forms = vocabulary()
    assert len(forms) > 10_000
    assert [(form, stem(form)) for form in forms if stem(form) != oracle.stemWord(form)] == []


def test_threads_that_stem_at_once_get_what_one_alone_gets():
    forms = vocabulary()
    alone = [stem.__wrapped__(form) for form in forms]
    for given_back in together(8, lambda: [stem.__wrapped__(form) for form in forms]):
        assert given_back == alone


def test_each_thread_has_a_stemmer_of_its_own():
    # Held by the list, so that no address is given twice.
    found = together(4, lambda: french._stemmers.french)
    assert len({id(each) for each in (*found, french._stemmers.french)}) == 5


def test_what_is_remembered_of_stems_is_bounded():
    for number in range(stem.cache_info().maxsize + 100):
        stem(f"mot{number}")
    assert stem.cache_info().currsize <= stem.cache_info().maxsize


# Words of the trades.


@pytest.mark.parametrize("trade", TRADES)
def test_each_word_of_a_trade_asks_for_every_other(trade):
    stems = set(words(trade))
    for word in trade.split():
        assert {stem(each) for token in tokens(word) for each in alike(token)} == stems


@given(st.sampled_from([*" ".join(TRADES).split(), "tracteur", "poule", "élevé", "bouche"]))
def test_a_word_always_asks_for_itself_first(word):
    [token] = tokens(word)
    assert alike(token)[0] == token


def test_no_word_belongs_to_two_trades():
    stems = [stem for trade in TRADES for stem in set(words(trade))]
    assert len(stems) == len(set(stems))


@pytest.mark.parametrize(
    ("typed", "other"), [("élevage", "élevé"), ("viande", "bouche"), ("œuf", "poule"), ("lait", "fromage")]
)
def test_words_that_only_look_alike_are_not_asked_for(typed, other):
    assert stem(fold(other)) not in {stem(each) for each in alike(fold(typed))}


# Order and names.


def test_titles_are_in_the_order_of_a_french_directory():
    titles = [
        "Zeste",
        "Écluse",
        "Eau vive",
        "L’Été",
        "étable",
        "Œufs d’ici",
        "Odyssée",
        "lac",
        "Eau-de-vie",
        "Ça et là",
        "Cidre",
    ]
    assert sorted(titles, key=sort_key) == [
        "Ça et là",
        "Cidre",
        "Eau-de-vie",
        "Eau vive",
        "Écluse",
        "étable",
        "L’Été",
        "lac",
        "Odyssée",
        "Œufs d’ici",
        "Zeste",
    ]


def test_a_title_without_any_word_has_an_order_too():
    assert sort_key(" !!! ") == "!!!"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("L’Œuf de l‘Étang", "l-oeuf-de-l-etang"),
        ("Lai\N{SOFT HYPHEN}terie ʼn ﬁne", "laiterie-n-fine"),
        ("ＢＩＯ ２", "bio-2"),
        ("Strausß & Łódź", "strausss-lodz"),
        ("\N{ZERO WIDTH SPACE}", "x"),
    ],
)
def test_names_in_addresses_come_from_folded_titles(title, name):
    assert next(naming.candidates(title)) == name
