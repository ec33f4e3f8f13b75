"""What people write is shown as they wrote it: bold, lists and links are all that a form promises."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from bs4 import BeautifulSoup, NavigableString
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopcms.views import markdown
from coopcms.views.rendering import rich

BULLET = "\ue000"  #: stands for - or *, which a list shows as one
ALLOWED = {"p", "br", "strong", "ul", "ol", "li", "a"}

#: What reads like Markdown and is not: French, figures, addresses and the markers of other programs.
AS_TYPED = [
    "2024. Nous avons ouvert la boutique.",
    "2023. Nous avons loué.\n2024. Nous avons ouvert.",
    "- 18 °C",
    "- 18 °C\n- 20 °C",
    "- conserver au froid\n- 18 °C au plus",
    "- 3 salariés\n- 2 apprentis",
    "- Marie",
    "> 4 °C",
    "# 3",
    "## Titre",
    "1) le lait\n2) le beurre",
    "1. le lait",
    "1. le lait\n3. le beurre",
    "2. le lait\n3. le beurre",
    "+ 3 %\n+ 4 %",
    "* hors saison",
    "** hors saison **",
    "*italique* et ***trois***",
    "_x_ a_b_c __x__",
    "~~barré~~",
    "`code` et ```\nbloc\n```",
    "un\n---\ndeux\n===",
    "***",
    "    quatre espaces",
    "Caf&eacute; &amp; th&#233;",
    "<b>gras</b> <script>alert(1)</script>",
    r"\*\*étoiles\*\* \_ \[ C:\dossier",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "[réf]: https://exemple.fr\n[réf]",
    "<https://exemple.fr>",
    "06**12**34",
    "2 ** 3 ** 4",
    "3 * 4 * 5",
    "deux espaces  \nune barre\\\nfin",
    "[]() [ ](https://exemple.fr) [x]() [x](",
    '[x](https://exemple.fr "titre")',
]
NO_LINKS = [
    "//exemple.fr",
    "/companies",
    "exemple.fr",
    "#ancre",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://exemple.fr",
    "https:exemple.fr",
    "https:///exemple.fr",
    "https://",
    "https://nom" + ":mot@exemple.fr",
    "https://banque.fr@exemple.fr",
    "https://exemple.fr\\@autre.fr",
    "https://exemple.fr/\u202egpj.exe",
    "https://exemple.fr/\x07",
    "https://exemple.fr/\u200b",
    "https://аррle.com",
    "https://exemple\u3002fr",
    "https://exemple.fr:99999",
    "https://[::1",
    "https://%65xemple.fr",
    "mailto:",
    "mailto:nom@exemple.fr?bcc=tous@exemple.fr",
    "mailto:nom",
]


def shown(text):
    """The words of a text as a reader sees them, with their line ends."""
    soup = BeautifulSoup(str(rich(text)).replace("<br>", "\n"), "html.parser")
    return "\n\n".join(block.get_text() for block in soup.contents)


def written(node):
    """What must have been typed for this HTML, without white space."""
    if isinstance(node, NavigableString):
        return str(node)
    inner = "".join(map(written, node.children))
    if node.name == "strong":
        return f"**{inner}**"
    if node.name == "a":
        return f"[{inner}]({node['href']})"
    if node.name == "li" and node.parent.name == "ul":
        return BULLET + inner
    if node.name == "li":
        return f"{len(node.find_previous_siblings('li')) + 1}." + inner
    return inner


def rebuilt(text):
    """A pattern that fits the text, made of its HTML; white space counts nowhere."""
    source = written(BeautifulSoup(str(rich(text)), "html.parser"))
    return "".join("[-*]" if sign == BULLET else re.escape(sign) for sign in "".join(source.split()))


@pytest.mark.parametrize("text", AS_TYPED)
def test_what_only_looks_like_markdown_is_shown_as_typed(text):
    assert shown(text) == text
    assert set(re.findall(r"<(\w+)", str(rich(text)))) <= {"p", "br"}
    assert markdown.plain(text) == text


@pytest.mark.parametrize("address", NO_LINKS)
def test_an_address_that_leads_nowhere_safe_is_no_link(address):
    text = f"[nos statuts]({address})"
    assert "<a" not in rich(text)
    assert shown(text) == text


@pytest.mark.parametrize(
    "address",
    [
        "https://exemple.fr",
        "http://www.exemple.fr:8080/a/b?x=1&y=2#z",
        "https://fr.wikipedia.org/wiki/Lait_(boisson)",
        "https://crèmerie-cœur.fr/été",
        "mailto:nom.prenom+liste@exemple.fr",
    ],
)
def test_a_full_address_is_a_link_that_vouches_for_nothing(address):
    link = BeautifulSoup(str(rich(f"Voir [nos **statuts**]({address}).")), "html.parser").a
    assert link["href"] == address
    assert link["rel"] == ["nofollow", "noopener", "ugc"]
    assert link.get_text() == "nos statuts"
    assert set(link.attrs) == {"href", "rel"}


def test_words_that_name_another_host_than_the_link_leads_to_are_no_link():
    assert "<a" not in rich("[https://banque.fr](https://exemple.fr)")
    assert "<a" not in rich("[www.banque.fr/compte](https://exemple.fr)")
    assert "<a" not in rich("[banque.fr](https://exemple.fr)")
    assert "<a" not in rich("[votre compte sur **banque.fr**](https://exemple.fr)")
    assert "<a" in rich("[notre bilan.pdf, chez exemple.fr](https://exemple.fr/bilan.pdf)")
    assert "<a" in rich("[www.exemple.fr](https://exemple.fr/page)")


def test_bold_is_bold():
    assert str(rich("**gras**, l’**eau** et « **sel** »")) == (
        "<p><strong>gras</strong>, l’<strong>eau</strong> et « <strong>sel</strong> »</p>"
    )


def test_two_items_that_go_on_in_words_are_a_list():
    assert str(rich("Nous vendons :\n- du lait\n- « du beurre »\nchaque matin")) == (
        "<p>Nous vendons :</p><ul><li>du lait</li><li>« du beurre »</li></ul><p>chaque matin</p>"
    )
    assert str(rich("* **lait**\n* beurre")) == "<ul><li><strong>lait</strong></li><li>beurre</li></ul>"


def test_items_numbered_from_one_upwards_are_a_list_with_what_is_indented_below_them():
    assert str(rich("1. lait\n   cru\n2. beurre\n   - doux\n   - salé")) == (
        "<ol><li>lait<br>   cru</li><li>beurre<ul><li>doux</li><li>salé</li></ul></li></ol>"
    )


def test_a_line_end_is_a_line_end_and_an_empty_line_parts_paragraphs():
    assert str(rich("un\ndeux\r\n\r\n\ntrois")) == "<p>un<br>deux</p><p>trois</p>"


def test_a_text_without_html_shows_no_markers():
    assert markdown.plain("**Prix** :\n- [le détail](https://exemple.fr)\n- lait\n\n1. un\n2. deux") == (
        "Prix :\n\n- le détail (https://exemple.fr)\n- lait\n\n1. un\n2. deux"
    )


def test_a_description_is_one_line_without_markers_and_ends_with_a_word():
    text = "**Prix** du lait\n\n- cru\n- entier\n" + "fromage " * 60
    short = markdown.in_short(text)
    assert short.startswith("Prix du lait - cru - entier fromage")
    assert short.endswith("fromage…")
    assert len(short) <= 200
    assert markdown.in_short("x" * 300) == "x" * 199 + "…"


#: Pieces of which texts are made that are hard to read.
PIECES = st.sampled_from(
    ["**", "*", "- ", "* ", "1. ", "2. ", "\n", "\n\n", "  ", "[", "](", ")", "https://a.fr", "(", "\\", "&amp;", "<b>"]
    + ["lait", "18 °C", "é", "> ", "# ", "`", "_", "~~", "---", "|", "![", "\t", "«", "javascript:x", "שלום"]
)
SIGNS = st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn"))
TEXTS = st.lists(PIECES | st.text(SIGNS, max_size=4), max_size=30).map("".join)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_nothing_is_lost_of_any_text_but_the_markers_that_are_promised(text):
    html = str(rich(text))
    assert set(re.findall(r"<(\w+)", html)) <= ALLOWED
    assert re.fullmatch(rebuilt(text), "".join(text.split()))
    markdown.plain(text)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(exclude_characters="*[-123456789\r", exclude_categories=("Cc", "Cs"))))
def test_a_text_without_any_marker_is_the_same_in_every_character(text):
    assert "".join(shown(text).split()) == "".join(text.split())


def test_long_texts_of_markers_that_never_end_are_read_in_time():
    for piece in ("[", "**a ", "**", "[a](", "- a\n", "1. a\n", "[a](((", "*", "  - a\n"):
        markdown.html(piece * (20_000 // len(piece)))


def test_threads_that_read_at_the_same_time_read_what_one_alone_reads():
    """The parser is shared: nothing of one text may reach another."""
    texts = [
        f"**{n}** [voir](https://exemple.fr/{n})\n- lait {n}\n- beurre\n\n{'[' * (n % 9)} **{n} - {n}"
        for n in range(400)
    ]
    alone = [markdown.html(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        for _again in range(5):
            assert list(pool.map(markdown.html, texts)) == alone


def test_the_first_threads_find_the_rules_compiled():
    """Rulers compile when first asked and are half-empty meanwhile."""
    parser = markdown._parser()
    for ruler in (parser.core.ruler, parser.inline.ruler, parser.inline.ruler2):
        assert ruler.__cache__ is not None
