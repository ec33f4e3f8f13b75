"""How words of a French text are indexed and looked for: without case, accents, signs nobody types, and endings.

Texts and queries pass the same functions, so that each form of a word finds every other one.
"""

import re
import threading
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import Stemmer

from .vocabulary import IRREGULAR, TRADES

#: Signs that stand for an apostrophe, by typists, typesetters and keyboards.
_APOSTROPHES = "’‘‛´`ʼʻʽʹˈˊˋ′‵᾽᾿՚ꞌ＇｀"
#: Letters that Unicode does not take apart, as somebody without them on the keyboard types them.
_LETTERS = {
    "œ": "oe",
    "æ": "ae",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ħ": "h",
    "ı": "i",
    "ŧ": "t",
    "ŋ": "n",
}
_DASHES = "‐‑‒–—―−⁃﹘﹣－"
#: Letters that nobody sees (Unicode, Default_Ignorable_Code_Point); signs of that kind go by their category.
_UNSEEN = "\u115f\u1160\u3164\uffa0"
_SIGNS = str.maketrans(
    {
        **dict.fromkeys(_APOSTROPHES, "'"),
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_UNSEEN, ""),
        **_LETTERS,
    }
)
#: Marks, and formats such as the soft hyphen, the zero-width space and those of direction.
_DROPPED = frozenset({"Mn", "Me", "Cf"})

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_WORD = re.compile(r"[^\W_]+")  # an underscore is Markdown
#: Elided articles, pronouns and conjunctions, which stick to the word after them.
_ELISION = re.compile(r"(?<![^\W_])(?:[cdjlmnst]|(?:lors|puis|jus|quoi|quel|pres)?qu)'")
#: Endings of inclusive writing, which stick to the word before them: salarié·e·s, salarié(e)s, salarié.e.s, salarié-e-s.
_ENDING = "(?:e|es|s|ne|nes|le|les|ve|ves|euse|euses|rice|rices|trice|trices|ice|ices)"
_INCLUSIVE = re.compile(
    rf"(?<=[a-z])(?:[·•‧]{_ENDING}(?:[·•‧]s)?|\({_ENDING}\)s?|\.e(?:\.?s)?(?=\b(?!\.\w))|-e(?:-?s)?)(?![^\W_])"
)
_STOP = frozenset(
    """
    a au aux avec ce ces dans de des du elle en est et eux il ils je la le les leur leurs lui ma mais me mes mon ne nos
    notre nous on ou par pas pour qu que qui sa sans se ses si son sont sur ta te tes toi ton tu un une vos votre vous y
    the of and to in is for
    """.split()  # noqa: SIM905 - a list of seventy strings reads worse
)
#: Signs of a word that count; no word of a language is longer, and what is pasted by mistake may be.
LONGEST_WORD = 100


def fold(text: str) -> str:
    """Lower case without accents, ligatures, typographic or invisible signs: what a hurried person types.

    >>> fold("L’Œuf au ﬁnoir de « lai\N{SOFT HYPHEN}tière »")
    "l'oeuf au finoir de « laitiere »"
    """
    return _BEYOND_ASCII.sub(_plain, text).lower().replace("`", "'")


def _plain(sign: re.Match[str]) -> str:
    return _folded(sign[0])


@lru_cache(maxsize=4096)
def _folded(sign: str) -> str:
    """One sign beyond ASCII, folded.  None depends on its neighbours: those that would be put in order are dropped."""
    # Apostrophes first: the acute accent that serves as one would come apart into a space and a mark.
    apart = unicodedata.normalize("NFKD", sign.translate(_SIGNS)).casefold()
    plain = unicodedata.normalize("NFKD", apart).translate(_SIGNS)
    return "".join(c for c in plain if not unicodedata.combining(c) and unicodedata.category(c) not in _DROPPED)


def sort_key(text: str) -> str:
    """What titles are ordered by, word by word: É beside E, and an apostrophe or a hyphen counts as a space.

    >>> sorted(["Zinc", "Épi d’or", "Eau-vive"], key=sort_key)
    ['Eau-vive', 'Épi d’or', 'Zinc']
    """
    folded = fold(text)
    return " ".join(_WORD.findall(folded)) or folded.strip()


def tokens(text: str, *, small_words: bool = False) -> list[str]:
    """The folded words of a text in their order; the small ones only where they are asked for."""
    found = (word[:LONGEST_WORD] for word in _WORD.findall(_ELISION.sub(" ", _INCLUSIVE.sub("", fold(text)))))
    return [word for word in found if small_words or word not in _STOP]


def words(text: str, *, small_words: bool = False) -> list[str]:
    """The stems of a text in their order.

    Folded before stemming: who types without accents finds the same as who types with them.

    >>> words("Les œufs de l’élevage") == words("oeuf ELEVAGES")
    True
    """
    return [stem(token) for token in tokens(text, small_words=small_words)]


class _Stemmers(threading.local):
    """A stemmer for each thread: it works on a word that it keeps in itself."""

    def __init__(self) -> None:
        # What it would remember is remembered for all threads below.
        self.french = Stemmer.Stemmer("french", 0)


_stemmers = _Stemmers()


@lru_cache(maxsize=20_000)
def stem(token: str) -> str:
    """A folded word without its ending (Snowball, French, but for a few words of our trades)."""
    return str(_stemmers.french.stemWord(IRREGULAR.get(token, token))) or token


def _trades() -> Mapping[str, tuple[str, ...]]:
    """By the stem of each word of a trade: one word for each stem of that trade."""
    found = {}
    for trade in TRADES:
        by_stem = {stem(token): token for token in tokens(trade)}
        found.update(dict.fromkeys(by_stem, tuple(by_stem.values())))
    return MappingProxyType(found)


_TRADES = _trades()


def alike(token: str) -> tuple[str, ...]:
    """The folded words to look for where somebody typed this one: always itself, and the others of its trade.

    >>> alike("laitiers")
    ('laitiers', 'lait', 'laitiere', 'laiterie')
    >>> alike("tracteur")
    ('tracteur',)
    """
    own = stem(token)
    return (token, *(word for word in _TRADES.get(own, ()) if stem(word) != own))


class FrenchWords:
    """Pipeline of a hypatia lexicon."""

    def process(self, texts: list[str]) -> list[str]:
        """The stems of several texts, one after the other."""
        return [found for text in texts for found in words(text)]
