"""What fails at the very end, when the transaction is written, gets an error page too."""

from collections.abc import Callable
from typing import Any

from pyramid.httpexceptions import HTTPInternalServerError
from pyramid.request import Request
from pyramid_retry import is_error_retryable


def factory(handler: Callable[[Request], Any], registry: Any) -> Callable[[Request], Any]:
    """A tween above the transaction: exception views below it never see what the commit raises."""

    def tween(request: Request) -> Any:
        try:
            return handler(request)
        except Exception as error:
            if is_error_retryable(request, error):
                raise
            try:
                return request.invoke_exception_view()
            except Exception:
                # The database itself is out of reach: no page can be made of it.
                return HTTPInternalServerError(
                    "Le site est momentanément indisponible. Réessayez dans quelques minutes.\n\n"
                    "The site is unavailable for the moment. Please try again in a few minutes."
                )

    return tween


def includeme(config: Any) -> None:
    """Above ``pyramid_tm``."""
    config.add_tween("coopcms.views.lastresort.factory", over="pyramid_tm.tm_tween_factory")
