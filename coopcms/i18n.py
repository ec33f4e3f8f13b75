"""French first, complete in English: messages are written in French and translated from ``locale/en``.

The French catalog is made from the messages themselves: what a typist writes with plain spaces gets the narrow and
non-breaking ones that French asks for (Imprimerie nationale, *Lexique des règles typographiques*).
"""

import os
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from translationstring import TranslationString, TranslationStringFactory

DOMAIN = "coopcms"
LANGUAGES = ("fr", "en")
#: What the languages call themselves.
LANGUAGE_NAMES = MappingProxyType({"fr": "Français", "en": "English"})
_ = TranslationStringFactory(DOMAIN)

_NARROW = "\N{NARROW NO-BREAK SPACE}"
_NO_BREAK = "\N{NO-BREAK SPACE}"
_RULES = (
    (re.compile(r"« "), "«" + _NO_BREAK),
    (re.compile(r" »"), _NO_BREAK + "»"),
    (re.compile(r"(?<=\S) (?=[;!?])"), _NARROW),
    (re.compile(r"(?<=\S) :(?=\s|$|<)"), _NO_BREAK + ":"),
    (re.compile(r"(?<=\d) (?=\d{3}(?!\d))"), _NARROW),
    (re.compile(r"(?<=\d) (?=[€%])"), _NO_BREAK),
)


def typographic(text: str) -> str:
    """A French text with the spaces that French asks for before ; : ! ? » % € and inside « ».

    >>> typographic("Prêt ?") == "Prêt\\u202f?"
    True
    """
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


# --- names inside sentences ------------------------------------------------------------------------------------------------------
#
# A Hebrew or Arabic name would draw the words and figures beside it into its own direction.  Where a sentence is filled in, the
# name goes between the two signs that Unicode has for that (UAX #9).  On its way out a page turns them into <bdi>, which is what
# HTML asks for, and drops them where there are no elements: in attributes, titles, fields and pictures.  Everything else takes
# ``bare`` texts.

_FIRST, _LAST = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_SIGNS = {ord(_FIRST): None, ord(_LAST): None}
_TAG = r"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>"
_NO_ELEMENTS = re.compile(
    rf"<(title|textarea|option|script|style|svg)\b.*?</\1\s*>|<!--.*?-->|{_TAG}|[{_FIRST}{_LAST}]",
    re.DOTALL | re.IGNORECASE,
)
_BDI = {_FIRST: "<bdi>", _LAST: "</bdi>"}


def isolated(value: Any) -> Any:
    """A name to be filled into a sentence, kept from turning the words around it; what holds no letter stays as it is.

    >>> isolated("Ferme") == "\\u2068Ferme\\u2069", isolated(3), isolated("12")
    (True, 3, '12')
    """
    if type(value) is not str or not any(map(str.isalpha, value)):
        return value
    return f"{_FIRST}{bare(value)}{_LAST}"


def turns(value: Any) -> bool:
    """Whether a text has letters or figures that run from right to left.

    >>> turns("Ferme"), turns("\\u05e9\\u05dc\\u05d5\\u05dd")
    (False, True)
    """
    return any(unicodedata.bidirectional(sign) in ("R", "AL", "AN") for sign in str(value))


def with_isolated_names(message: Any, *, where: Callable[[Any], bool] = bool) -> Any:
    """A message whose blanks are filled with names that turn nothing around them, where one asks for it."""
    mapping = getattr(message, "mapping", None)
    if not mapping:
        return message
    return TranslationString(
        message, mapping={name: isolated(value) if where(value) else value for name, value in mapping.items()}
    )


def bare(text: str) -> str:
    """A text without the signs that keep names apart, for where it is no HTML."""
    return text.translate(_SIGNS) if _FIRST in text or _LAST in text else text


def in_elements(html: str) -> str:
    """A page whose isolated names stand in <bdi>.

    >>> in_elements("<p title='\\u2068A\\u2069'>\\u2068B\\u2069</p>")
    "<p title='A'><bdi>B</bdi></p>"
    """
    if _FIRST not in html and _LAST not in html:
        return html
    return _NO_ELEMENTS.sub(lambda found: _BDI.get(found[0]) or bare(found[0]), html)


# --- catalogs --------------------------------------------------------------------------------------------------------------------


def compile_catalogs(target: Path) -> Path:
    """Write the machine catalogs under ``target`` where they are older than their source, and give it back.

    The English one is ``locale/en/LC_MESSAGES/coopcms.po``; the French one is made of its message ids.
    """
    source = Path(__file__).parent / "locale" / "en" / "LC_MESSAGES" / f"{DOMAIN}.po"
    files = {language: target / language / "LC_MESSAGES" / f"{DOMAIN}.mo" for language in LANGUAGES}
    newest = max(source.stat().st_mtime, Path(__file__).stat().st_mtime)
    if all(file.exists() and file.stat().st_mtime >= newest for file in files.values()):
        return target
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as handle:
        english = read_po(handle, locale="en", domain=DOMAIN)
    french = Catalog(locale="fr", domain=DOMAIN)
    for message in english:
        if message.id:
            plural = isinstance(message.id, tuple)
            text = tuple(map(typographic, message.id)) if plural else typographic(str(message.id))
            french.add(message.id, text)
    for language, catalog in (("en", english), ("fr", french)):
        file = files[language]
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(f".{os.getpid()}")
        with draft.open("wb") as handle:
            write_mo(handle, catalog)
        draft.replace(file)
    return target
