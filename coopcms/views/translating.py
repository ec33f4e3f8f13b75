"""Messages of templates, looked up once per language: a page has some two hundred of them."""

from typing import Any

from pyramid.threadlocal import get_current_request
from pyramid_chameleon.interfaces import IChameleonTranslate
from translationstring import TranslationString

from ..i18n import DOMAIN

_known: dict[tuple[str, str], str] = {}
#: Plain messages there can be; more would mean that texts of people are taken for messages.
MOST = 5000


def translate(
    msgid: Any,
    domain: str | None = None,
    mapping: Any = None,
    context: str | None = None,
    target_language: str | None = None,
    default: Any = None,
) -> Any:
    """What Chameleon asks for each message, in the language of the running request."""
    if msgid is None:
        return None
    request = get_current_request()
    if request is None:
        return msgid
    key = (request.locale_name, msgid)
    plain = mapping is None and (type(msgid) is str or getattr(msgid, "mapping", None) is None)
    if plain:
        text = _known.get(key)
        if text is not None:
            return text
    message = msgid
    if not hasattr(msgid, "interpolate"):
        message = TranslationString(str(msgid), domain=domain, default=default, mapping=mapping, context=context)
    inner = getattr(message, "mapping", None) or {}
    if any(hasattr(value, "interpolate") for value in inner.values()):
        # A message inside a message: "company: step".
        known = {k: translate(v) if hasattr(v, "interpolate") else v for k, v in inner.items()}
        message = TranslationString(message, mapping=known)
    text = request.localizer.translate(message)
    if plain and message.domain == DOMAIN and len(_known) < MOST:
        _known[key] = text
    return text


def includeme(config: Any) -> None:
    """Let Chameleon translate with this."""
    config.registry.registerUtility(translate, IChameleonTranslate)
