"""How words of a French text are indexed: without case, accents and endings."""

import re
import unicodedata

import snowballstemmer

_WORD = re.compile(r"\w+")
#: Elided articles and pronouns, which stick to the word after them.
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|lorsqu|puisqu|jusqu)['’]", re.IGNORECASE)
_STOP = frozenset(
    """
    a au aux avec ce ces dans de des du elle en est et eux il ils je la le les leur leurs lui ma mais me mes mon ne nos
    notre nous on ou par pas pour qu que qui sa sans se ses si son sont sur ta te tes toi ton tu un une vos votre vous y
    the of and to in is for
    """.split()  # noqa: SIM905 - a list of seventy strings reads worse
)
_stemmer = snowballstemmer.stemmer("french")


def fold(text: str) -> str:
    """Lower case without accents: what a hurried person types."""
    decomposed = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


def tokens(text: str) -> list[str]:
    """The folded words of a text in their order, small words left out."""
    return [word for word in _WORD.findall(fold(_ELISION.sub(" ", text))) if word not in _STOP]


def words(text: str) -> list[str]:
    """The stems of a text in their order, small words left out.

    Folded before stemming: who types without accents finds the same as who types with them.

    >>> words("Les œufs de l’élevage") == words("oeuf ELEVAGES")
    True
    """
    return [_stemmer.stemWord(token) for token in tokens(text)]


class FrenchWords:
    """Pipeline of a hypatia lexicon."""

    def process(self, texts: list[str]) -> list[str]:
        """The stems of several texts, one after the other."""
        return [stem for text in texts for stem in words(text)]
