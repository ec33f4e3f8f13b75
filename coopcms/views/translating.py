"""Messages of templates, looked up once per language: a page has some two hundred of them.

A name that is filled into a message is isolated on its way to a page, where ``names_apart_factory`` puts it into <bdi>.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from pyramid.request import Request
from pyramid.threadlocal import get_current_request
from pyramid_chameleon.interfaces import IChameleonTranslate
from translationstring import TranslationString

from ..i18n import DOMAIN, bare, in_elements, isolated

#: Messages there can be, in both languages.
MOST = 5000
_BLANK = re.compile(r"\$\{([A-Za-z][A-Za-z0-9_-]*)\}")


def translate(*asked: Any, **more: Any) -> Any:
    """A message in the language of the running request, as plain text."""
    found = in_page(*asked, **more)
    return None if found is None else bare(found)


def in_page(
    msgid: Any,
    domain: str | None = None,
    mapping: Any = None,
    context: str | None = None,
    target_language: str | None = None,
    default: Any = None,
) -> Any:
    """What Chameleon asks for each message, in the language of the running request.

    A message is translated and taken apart once; translationstring would look for its blanks each time.
    """
    if msgid is None:
        return None
    request = get_current_request()
    if request is None:
        return msgid
    domain = getattr(msgid, "domain", None) or domain
    default = getattr(msgid, "default", None) or default
    context = getattr(msgid, "context", None) or context
    # What is no message of ours may be somebody's text, which is not to be remembered.
    look_up = _looked_up if domain == DOMAIN else _look_up
    text, pieces = look_up(request.localizer, str(msgid), domain, context, default)
    # What a template fills in is HTML already, with its own <bdi>; what Python fills in may be anybody's name.
    isolate = isolated if mapping is None else str
    filled = getattr(msgid, "mapping", None) if mapping is None else mapping
    if len(pieces) == 1 or not filled:
        return text
    return "".join(_filled(piece, filled, isolate) if place % 2 else piece for place, piece in enumerate(pieces))


def _look_up(localizer: Any, msgid: str, domain: Any, context: Any, default: Any) -> tuple[str, tuple[str, ...]]:
    """The text of a message in the language of a localizer, and its pieces: what is written, then the name of a blank, in turn."""
    text = str(localizer.translate(TranslationString(msgid, domain=domain, default=default, context=context)))
    return text, tuple(_BLANK.split(text))


#: By localizer – one for each language of an application – and everything else that decides on the text.
_looked_up = lru_cache(maxsize=MOST)(_look_up)


def _filled(name: str, mapping: Any, isolate: Callable[[Any], Any]) -> str:
    if name not in mapping:
        return "${" + name + "}"
    value = mapping[name]
    # A message inside a message: "company: step".
    return str(in_page(value) if hasattr(value, "interpolate") else isolate(value))


def names_apart_factory(handler: Callable[[Request], Any], registry: Any) -> Callable[[Request], Any]:
    """A tween that puts the names inside the sentences of a page into <bdi>."""

    def tween(request: Request) -> Any:
        response = handler(request)
        if response.content_type == "text/html" and response.charset:
            shown = in_elements(text := response.text)
            if shown != text:
                response.text = shown
        return response

    return tween


def includeme(config: Any) -> None:
    """Let Chameleon translate with this."""
    config.registry.registerUtility(in_page, IChameleonTranslate)
    config.add_tween("coopcms.views.translating.names_apart_factory")
