"""The search, as people type: any text for content and query, several threads at once, and indexes that are out of date."""

import unicodedata

import pytest
import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from substanced.util import find_catalog

from coopcms.catalog import queries, texts
from coopcms.catalog.draining import drain
from coopcms.catalog.indexes import FrenchText
from coopcms.content.french import stem, tokens, words
from coopcms.domain.consistency import check
from coopcms.events import Changed, notify
from coopcms.evolve.y2026_12_search import texts_are_indexed_anew
from coopcms.security.principals import VISITOR
from coopcms.seed.demo import fill

from ... import world as worlds
from ...conftest import NOW
from ...support.threads import together
from ..content.test_french import variants, vocabulary


def found(world, text, login="visitor"):
    return {company.__name__ for company in queries.companies(world.site, world.actors[login], text=text).items}


def write(company, *, title=None, statement=None):
    """Change what a company says, without the checks of forms: whatever is stored has to be found."""
    if title is not None:
        company.title = title
    if statement is not None:
        company.sections["fairness"].values = {"statement": statement}
    notify(Changed(company))


@pytest.fixture
def company(world):
    """A company that everybody reads, indexed."""
    made = worlds.in_state(world, "celle", "certified", NOW)
    transaction.commit()
    drain(world.site)
    return made


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Laiterie des Monts", "lait"),
        ("Le lait de nos vaches", "laiteries"),
        ("Éleveuse de brebis", "élevage"),
        ("Élever des poules", "ÉLEVEURS"),
        ("Miel des Reculées", "apicultrice"),
        ("Lai\N{SOFT HYPHEN}tière", "laitiere"),
        ("Lorsqu’arrive l’été", "lorsqu´arrive"),
        ("Prix _équitable_", "equitable"),
        ("Les Nous", "nous"),
        ("AND OR NOT", "not"),
    ],
)
def test_a_company_is_found_by_its_title_and_by_its_text(world, company, written, typed):
    write(company, title=written)
    assert "celle" in found(world, typed)
    if tokens(written):
        write(company, title="Autrement", statement=f"Ici : {written}.")
        drain_now(world)
        assert "celle" in found(world, typed)


def drain_now(world):
    find_catalog(world.site, "coopcms").flush(all=False)
    drain(world.site)


@pytest.mark.parametrize(
    "text",
    [
        "?",
        "celle?",
        "cell*",
        "*",
        '"celle',
        "(celle",
        "celle)",
        "celle AND (",
        "NOT celle",
        "celle OR",
        "« ’ ’ »",
        "l’",
        "\N{ZERO WIDTH SPACE}",
        "\ud800",
        "\x00",
        "x" * 100_000,
        "celle " * 5_000,
        " ".join(f"mot{number}" for number in range(400)),
    ],
)
def test_no_query_is_refused_and_signs_are_no_operators(world, company, text):
    assert ("celle" in found(world, text)) == (
        set(words(text)) == set(words("celle")) or not text.strip("\N{ZERO WIDTH SPACE}")
    )


def test_nothing_that_can_be_seen_is_no_filter(world, company):
    everything = found(world, "")
    assert found(world, " \N{ZERO WIDTH SPACE}\N{SOFT HYPHEN}\t") == everything
    assert found(world, "« … »") == set()


def test_a_paragraph_of_a_dossier_finds_the_dossier(world, company):
    paragraph = " ".join(f"Parcelle{number} de l’îlot n°{number}," for number in range(250))
    write(company, statement=paragraph)
    drain_now(world)
    assert len(paragraph) > queries.LONGEST_TEXT
    assert found(world, paragraph) == {"celle"}


def test_other_words_of_a_trade_never_lose_what_the_word_itself_finds(world, company):
    for word in ("lait", "laiterie", "élevage", "éleveuse", "moulin", "vigne"):
        write(company, title=f"Chez nous : {word}")
        assert "celle" in found(world, word)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_indexed_any_query_answered_and_each_word_finds_its_text(world, company, written, typed):
    write(company, title=written, statement=written)
    drain_now(world)
    assert found(world, typed) is not None
    for token in tokens(written, small_words=True):
        assert "celle" in found(world, token)


PIECES = [
    "l'œuf",
    "d'Élise",
    "lorsqu'on",
    "Straße",
    "cœur",
    "ﬁne",
    "maïs",
    "lait-fraise",
    "qu'ici",
    "Søren",
    "aujourd'hui",
    "n°5",
    "1'000",
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=5), st.sampled_from(["NFC", "NFD", "NFKC"]))
def test_a_text_is_found_by_each_of_its_words_however_they_are_typed(world, company, pieces, form):
    write(company, title="Autrement", statement=unicodedata.normalize(form, " ".join(pieces)))
    drain_now(world)
    for piece in pieces:
        for variant in variants(piece):
            assert "celle" in found(world, variant) or not words(variant), variant


# Threads.

ASKED = (
    "œufs",
    "lait",
    "élevage de brebis",
    "d’Auvergne",
    "pain bio",
    "moulin",
    "ferme",
    "le la",
    "prix juste",
    "vigne",
    "laitière",
)


def answers(registry, rounds):
    """What each query finds, again and again, on a connection of its own."""
    manager = transaction.TransactionManager(explicit=True)
    connection = registry._zodb_databases[""].open(manager)
    try:
        given_back = []
        for _round in range(rounds):
            stem.cache_clear()
            with manager:
                site = connection.root()["app_root"]
                given_back.append(
                    [[c.__name__ for c in queries.companies(site, VISITOR, text=text).items] for text in ASKED]
                )
        return given_back
    finally:
        connection.close()


def test_eight_threads_find_what_one_finds(registry, site):
    fill(site, NOW)
    transaction.commit()
    drain(site)
    transaction.commit()
    [alone] = answers(registry, 1)
    assert sum(map(len, alone)) > 10
    for given_back in together(8, lambda: answers(registry, 20)):
        assert given_back == [alone] * 20


def indexed(written):
    """What an index of some texts holds, made anew."""
    index = FrenchText()("coopcms", "text")
    index.discriminator = lambda text, default: text
    for number, text in enumerate(written):
        stem.cache_clear()
        index.index_doc(number, text)
    return [index.document_repr(number) for number in range(len(written))]


def test_texts_indexed_by_eight_threads_have_the_stems_that_one_gives():
    forms = vocabulary()
    written = [" ".join(forms[start : start + 400]) for start in range(0, len(forms), 400)]
    alone = indexed(written)
    assert [len(stems.split()) for stems in alone[:-1]] == [len(tokens(text)) for text in written[:-1]]
    for given_back in together(8, lambda: indexed(written)):
        assert given_back == alone


# Indexes that are out of date.


def wrong_stem_in_the_text(catalog, company):
    catalog["text"].index.index_doc(company.__oid__, "tout autre chose")


def text_never_indexed(catalog, company):
    catalog["text"].unindex_doc(company.__oid__)


def other_title(name):
    """The index has the words of another title."""

    def damage(catalog, company):
        company.title, before = "Œuvre", company.title
        catalog[name].reindex_doc(company.__oid__, company)
        company.title = before

    return damage


@pytest.mark.parametrize(
    "damage", [wrong_stem_in_the_text, text_never_indexed, other_title("name_words"), other_title("sortable")]
)
def test_a_stored_word_that_is_none_of_today_is_found_by_the_check_and_mended_by_the_step(
    world, company, registry, damage
):
    assert check(world.site)["search"] == []
    damage(find_catalog(world.site, "coopcms"), company)
    [problem] = check(world.site)["search"]
    assert problem.startswith("celle: ")
    texts_are_indexed_anew(world.site, registry)
    assert check(world.site)["search"] == []
    assert "celle" in found(world, "celle")
    transaction.commit()
    texts_are_indexed_anew(world.site, registry)
    assert not world.site._p_jar._registered_objects


def test_what_waits_to_be_indexed_is_not_out_of_date(world, company):
    write(company, statement="Du nouveau.")
    assert check(world.site)["search"] == []


def test_many_stale_entries_are_renewed_in_batches(world, company, monkeypatch):
    monkeypatch.setattr(texts, "BATCH", 2)
    catalog = find_catalog(world.site, "coopcms")
    for name in ("sortable", "name_words", "text"):
        catalog[name].reset()
    stale = len(check(world.site)["search"])
    assert stale > 4
    assert texts.renew(world.site) == stale
    assert check(world.site)["search"] == []
