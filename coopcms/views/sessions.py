"""Sessions in a signed cookie, which browsers take up to four kilobytes."""

from typing import Any

from pyramid.session import JSONSerializer, SignedCookieSessionFactory

from ..settings import Settings

#: Bytes of JSON; with the signature and in Base64 that stays below Pyramid's bound of 4 064.
ROOM = 2_900
#: What may be lost: messages for the next page, and what Substance D remembers of a search.
_PASSING = ("_f_", "catalogsearch.")


class Fitting:
    """Writes a session as JSON; of what is too long the longest passing part is left out.

    Pyramid would raise when the cookie is set, after the work was done and above all error pages.
    """

    def __init__(self) -> None:
        self._json = JSONSerializer()

    def dumps(self, appstruct: Any) -> bytes:
        """The bytes of (accessed, created, values)."""
        accessed, created, values = appstruct
        values = dict(values)
        while len(data := self._json.dumps((accessed, created, values))) > ROOM:
            passing = [name for name in values if name.startswith(_PASSING)]
            if not passing:
                break
            del values[max(passing, key=lambda name: len(self._json.dumps(values[name])))]
        return bytes(data)

    def loads(self, bstruct: bytes) -> Any:
        """What was written."""
        return self._json.loads(bstruct)


def factory(settings: Settings) -> Any:
    """What makes the session of a request."""
    return SignedCookieSessionFactory(
        settings.secret,
        cookie_name="session",
        httponly=True,
        samesite="Lax",
        secure=settings.https,
        timeout=settings.session_hours * 3600,
        reissue_time=600,
        serializer=Fitting(),
    )
