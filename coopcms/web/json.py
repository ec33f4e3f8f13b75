"""JSON that was sent: read once a request, with every number and every text checked on its way in."""

import json
from collections.abc import Callable
from typing import Any

from pyramid.request import Request

from ..i18n import _
from ..text import prose
from .problems import refused

JSON = "application/json"
#: How deep lists and objects may lie in each other; a ranking, the deepest we read, has three levels.
DEEPEST = 20
#: The largest whole number that every reader of JSON holds exactly (RFC 7493, 2.2).
LARGEST = 2**53 - 1
#: Texts under these names are kept to the letter.
VERBATIM = frozenset({"password"})
#: What other encodings of Unicode begin with, and what UTF-8 must not begin with (RFC 8259, 8.1).
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


class Wrong(ValueError):
    """JSON that we do not read; ``sentence`` says why, ``field`` where it is known."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


def loads(body: bytes, prepare: Callable[[str], str] = prose) -> Any:
    """The value of a JSON text in UTF-8, every text in it prepared.

    >>> loads(b'{"shares": 1e2, "paid": true}')
    {'shares': 100, 'paid': True}

    :raises Wrong: it is no JSON, or more than we take for one: doubled names, numbers out of range, half characters
    """
    if not body.strip():
        raise Wrong(_("Le corps de la demande manque : envoyez un objet JSON."))
    if body.startswith(_MARKS) or b"\x00" in body:
        raise Wrong(_("Envoyez le JSON en UTF-8, sans marque d’ordre des octets (BOM)."))
    try:
        value = _DECODER.decode(body.decode())
    except Wrong:
        raise
    except UnicodeDecodeError:
        raise Wrong(_("Ce JSON n’est pas en UTF-8.")) from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise Wrong(_("Ce n’est pas du JSON que l’on puisse lire : vérifiez guillemets et virgules.")) from None
    return _prepare(value, prepare, "", 0)


def _prepare(value: Any, prepare: Callable[[str], str], name: str, depth: int) -> Any:
    if depth > DEEPEST:
        raise _too_deep()
    if isinstance(value, str):
        _check_characters(value, name)
        return value if name in VERBATIM else prepare(value)
    if isinstance(value, list):
        return [_prepare(each, prepare, name, depth + 1) for each in value]
    if isinstance(value, dict):
        return {key: _prepare(each, prepare, key, depth + 1) for key, each in value.items()}
    return value


def _too_deep() -> Wrong:
    return Wrong(_("Ce JSON est trop profond : ${most} niveaux au plus.", mapping={"most": DEEPEST}))


def _check_characters(text: str, name: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        # Half of a surrogate pair could never be shown again.
        raise Wrong(_("Un texte contient la moitié d’un caractère (\\ud800 à \\udfff)."), name or None) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            shown = name.encode(errors="replace").decode()[:100]
            raise Wrong(_("« ${field} » ne peut être donné qu’une fois.", mapping={"field": shown}), shown)
        _check_characters(name, "")
        found[name] = value
    return found


def _integer(digits: str) -> int:
    # Counted first: Python refuses to read more than 4 300 digits, and takes its time below.
    if len(digits) > len(str(-LARGEST)) or abs(int(digits)) > LARGEST:
        raise _out_of_range()
    return int(digits)


def _number(digits: str) -> int | float:
    """Of 1, 1.0 and 10e-1 none is less whole than the others, as JSON Schema has it."""
    value = float(digits)
    if abs(value) > LARGEST:
        raise _out_of_range()
    return int(value) if value.is_integer() else value


def _no_number(name: str) -> None:
    raise Wrong(_("${name} n’est pas un nombre en JSON.", mapping={"name": name}))


def _out_of_range() -> Wrong:
    return Wrong(_("Un nombre est trop grand : ${most} au plus.", mapping={"most": LARGEST}))


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_number, parse_constant=_no_number
)


def sent(request: Request) -> Any:
    """The JSON of a request, as ``request.sent_json``.

    :raises HTTPException: 415 when it is something else, 400 when it cannot be read
    """
    if request.content_type != JSON:
        raise refused(415, _("Envoyez du JSON, avec l’en-tête « Content-Type: application/json »."))
    if (request.charset or "UTF-8") != "UTF-8":
        raise refused(415, _("Envoyez le JSON en UTF-8."))
    try:
        return loads(request.body)
    except Wrong as wrong:
        extra = {} if wrong.field is None else {"field": wrong.field}
        raise refused(400, wrong.sentence, **extra) from None


def includeme(config: Any) -> None:
    """``request.sent_json``, read once."""
    config.add_request_method(sent, "sent_json", reify=True)
