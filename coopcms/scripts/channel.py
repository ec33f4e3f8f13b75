"""What the web server answers by itself: bytes that are no HTTP, and bodies larger than any page reads."""

import logging
import secrets
from collections.abc import Iterable
from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask

from ..views.security import ALWAYS, PAGES

log = logging.getLogger("coopcms.errors")

#: In both languages, since nothing is known of the reader.
_SENTENCES = {
    413: ("C’est trop lourd pour ce site.", "This is too large for this site."),
    431: ("Les en-têtes de la demande sont trop longs.", "The headers of the request are too long."),
    500: ("Une erreur est survenue.", "An error occurred."),
}
_UNREADABLE = ("Cette demande n’est pas lisible.", "This request cannot be read.")


class Refusal(ErrorTask):
    """Waitress's own answers, with the headers that all of ours have and a number that stands in the log."""

    def execute(self) -> None:
        """Write it, and close the connection: what follows on it cannot be trusted to be a request."""
        error = self.request.error
        number = secrets.token_hex(4)
        log.info("%s %s [%s]", error.code, ascii(str(error.body))[:200], number)
        french, english = _SENTENCES.get(error.code, _UNREADABLE)
        body = f"{french} Numéro : {number}\n{english} Number: {number}\n".encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.extend(
            {**ALWAYS, "Content-Security-Policy": PAGES, "Content-Type": "text/plain; charset=utf-8"}.items()
        )
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):
    """A connection whose errors are answered as above."""

    error_task_class = Refusal


def use(server: Any) -> None:
    """Let a server, or each of several that listen together, answer so."""
    several: Iterable[Any] = getattr(server, "map", {}).values()
    for each in (server, *several):
        if isinstance(each, BaseWSGIServer):
            each.channel_class = Channel
