"""Parameters read by hand: always of the type asked for, whatever was sent under their name.

``given`` is ``request.GET``, ``request.POST`` or ``request.params``: under the name of a text can stand a file, or nothing.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..text import one_line, prose

#: Digits of ASCII only: "²".isdigit() is true and int("²") is not; int() also takes "1_0", " 1" and the digits of all scripts.
_WHOLE = re.compile(r"[0-9]{1,15}")
#: Characters of a whole form.
LONGEST = 1_000_000
_OBJECT_ID = re.compile(r"-?[0-9]{1,19}")


def word(given: Mapping[str, Any], name: str, default: str = "", *, most: int = 200) -> str:
    """A text of one line, of at most so many characters; ``default`` where none was sent.

    >>> word({"text": " été\\r\\n2026 "}, "text")
    'été 2026'
    """
    return passage(given, name, default, most=most, lines=False)


def passage(given: Mapping[str, Any], name: str, default: str = "", *, most: int = LONGEST, lines: bool = True) -> str:
    """A text of several lines; as long as a form can be, so that what is refused for its length is shown again whole."""
    value = given.get(name)
    if not isinstance(value, str):
        return default
    return (prose if lines else one_line)(value)[:most]


def words(given: Any, name: str, *, most: int = 200) -> list[str]:
    """All texts under a name that may be sent several times."""
    return [word({name: value}, name, most=most) for value in given.getall(name) if isinstance(value, str)]


def whole(
    given: Mapping[str, Any], name: str, default: int | None = None, *, least: int = 0, most: int = 999_999_999
) -> Any:
    """A whole number from ``least`` to ``most``; ``default`` where something else was sent, or nothing.

    >>> [whole({"page": sent}, "page", 1) for sent in ("7", "²", "٣", "-1", "1" * 5000)]
    [7, 1, 1, 1, 1]
    """
    found = number_in(given.get(name))
    return found if found is not None and least <= found <= most else default


def number_in(text: Any) -> int | None:
    """The whole number that a text is, at most fifteen digits; None when it is none."""
    return int(text) if isinstance(text, str) and _WHOLE.fullmatch(text) else None


def object_id(given: Mapping[str, Any], name: str) -> int | None:
    """The object id that a button carries, of which half are negative; None where none was sent."""
    value = given.get(name)
    if not isinstance(value, str) or not _OBJECT_ID.fullmatch(value):
        return None
    found = int(value)
    return found if -(2**63) <= found < 2**63 else None


def numbers(given: Any, name: str) -> set[int]:
    """All whole numbers under a name that may be sent several times; what is none is left out."""
    return set(whole_numbers(given.getall(name)))


def whole_numbers(texts: Iterable[Any]) -> list[int]:
    """Those of the texts that are whole numbers."""
    return [found for text in texts if (found := number_in(text)) is not None]


def names(parameters: Any) -> list[str]:
    """The names that were sent, each as often as it came."""
    return [name for name, _value in parameters.items()]
