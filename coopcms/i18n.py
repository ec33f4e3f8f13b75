"""French first, complete in English: messages are written in French and translated from ``locale/en``.

The French catalog is made from the messages themselves: what a typist writes with plain spaces gets the narrow and
non-breaking ones that French asks for (Imprimerie nationale, *Lexique des règles typographiques*).
"""

import os
import re
from pathlib import Path
from types import MappingProxyType

from translationstring import TranslationStringFactory

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
