"""The management interface of Substance D, made safe for this site: what exists in it stands in ``pages``, the rest is closed."""

from typing import Any

from pyramid.authorization import Authenticated
from pyramid.events import ContextFound
from pyramid.interfaces import IAuthenticationPolicy
from substanced.sdi import MANAGE_ROUTE_NAME


class Principals:
    """Substance D's own views ask for principals through Pyramid's older interface; they get those of our policy."""

    def effective_principals(self, request: Any) -> list[Any]:
        """See ``identity.effective_principals``."""
        principals: list[Any] = request.effective_principals
        return principals


def includeme(config: Any) -> None:
    """Put the gate before all of it, and our own pages in the place of Substance D's; decorators do the rest."""
    from ..errors import forbidden
    from . import gate, sdiapi

    config.registry.registerUtility(Principals(), IAuthenticationPolicy)
    config.add_subscriber(gate.check, ContextFound)
    config.add_request_method(sdiapi.Api, "sdiapi", reify=True)
    # Substance D answers people who are logged in with a page and the status 200.
    config.add_forbidden_view(forbidden, route_name=MANAGE_ROUTE_NAME, effective_principals=Authenticated)
