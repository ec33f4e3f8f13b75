"""Which addresses that people write become links: those that lead where they seem to lead."""

import re
from urllib.parse import SplitResult, urlsplit

#: A host as French writes one.  An address with other letters may look like another (« аррle.com » in Cyrillic): no link.
_LABEL = r"[a-z0-9à-öø-ÿœ](?:[a-z0-9à-öø-ÿœ-]*[a-z0-9à-öø-ÿœ])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")
_MAILTO = re.compile(r"mailto:[a-z0-9._%+'-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
#: Words that name a place of the web, also without saying how to get there; « bilan.pdf » is none.
_NAMED = re.compile(
    rf"(?:https?://|www\.)[^\s«»\"()<>*]+|(?<![\w@./-]){_LABEL}(?:\.{_LABEL})*"
    r"\.(?:fr|com|org|net|eu|info|coop|bzh|re|be|ch|lu|io|bio|app)(?![\w-])",
    re.IGNORECASE,
)


def is_safe(address: str) -> bool:
    """Whether an address may be a link: a full one of the web, or a mail address.

    >>> is_safe("https://exemple.fr/statuts?version=2#art-3"), is_safe("mailto:nom@exemple.fr")
    (True, True)
    >>> [is_safe(one) for one in ("//exemple.fr", "/companies", "javascript:alert(1)", "https://nom@exemple.fr")]
    [False, False, False, False]
    """
    if not address.isprintable() or "\\" in address or " " in address:
        return False
    return bool(_MAILTO.fullmatch(address)) or _host(address) is not None


def is_honest(words: str, address: str) -> bool:
    """Whether the words of a link do not name another host than the one it leads to.

    >>> is_honest("nos statuts", "https://exemple.fr"), is_honest("voir banque.fr", "https://exemple.fr")
    (True, False)
    """
    here = _host(address)
    return all(_host(named if "://" in named else f"https://{named}") == here for named in _NAMED.findall(words))


def _host(address: str) -> str | None:
    """The host of a web address without « www. », None where there is none or somebody is named before it."""
    parts = _split(address)
    if parts is None or parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return None
    host = (parts.hostname or "").lower()
    return host.removeprefix("www.") if _HOST.fullmatch(host) else None


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - read here: a bad one raises
    except ValueError:
        return None
    return parts
