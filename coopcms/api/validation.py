"""Requests and answers compared with the OpenAPI document, and what is wrong said in a sentence.

openapi-core is loaded with the first request that has something to check: it takes most of a second, and ten megabytes.
"""

import json
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid_retry import is_error_retryable

from ..i18n import _
from ..views.errors import answer
from . import sentences

log = logging.getLogger(__name__)

#: One at a time: what openapi-core keeps between requests is not made for threads.
_lock = threading.Lock()


class WrongAnswer(Exception):
    """An answer of ours that the document does not describe."""


@dataclass
class _Asked:
    """A request as openapi-core reads it."""

    host_url: str
    path: str
    method: str
    content_type: str
    body: Any
    parameters: Any = field(default=None)


@dataclass
class _Read:
    """A body that was read already; one that is empty or false is a body all the same."""

    value: Any


@dataclass
class _Answered:
    """An answer as openapi-core reads it."""

    status_code: int
    content_type: str
    headers: Any
    data: bytes


@cache
def _core() -> Any:
    from openapi_core import Config, OpenAPI

    from .openapi import document

    config = Config(
        additional_properties_default_policy="forbid",
        extra_media_type_deserializers={
            "application/json": lambda given, **parameters: (
                given.value if isinstance(given, _Read) else json.loads(given)
            ),
            "application/problem+json": lambda given, **parameters: json.loads(given),
        },
    )
    return OpenAPI.from_dict(document(), config=config)


def _asked(request: Request, query: Sequence[tuple[str, str]] = (), body: _Read | None = None) -> _Asked:
    from openapi_core.datatypes import RequestParameters
    from werkzeug.datastructures import Headers, ImmutableMultiDict

    return _Asked(
        request.host_url,
        request.path_info.rstrip("/") if request.path_info != "/api/v1/" else request.path_info,
        request.method.lower(),
        request.headers.get("Content-Type", "").lower(),
        body,
        RequestParameters(query=ImmutableMultiDict(query), header=Headers(dict(request.headers))),
    )


def refusal(request: Request) -> Response | None:
    """The answer to a request that the document does not allow, or None: 400 for what cannot be read, 422 for what can.

    What has neither parameters nor a body has nothing to be checked.
    """
    writes = request.method not in ("GET", "HEAD", "DELETE")
    if not writes and not request.query_string:
        return None
    body = _Read(request.sent_json) if writes else None
    given = list(request.GET.items())
    with _lock:
        asked = _asked(request, given, body)
        core = _core()
        operation = core.request_validator.path_finder.find(asked.method, asked.host_url + asked.path).operation
        parameters = {str(each["name"]): each["schema"] for each in operation.read_value().get("parameters", ())}
        names = [name for name, _value in given]
        unknown = next((name for name in names if name not in parameters), None)
        error = next(iter(core.iter_request_errors(asked)), None) if unknown is None else None
    if unknown is not None:
        return _refuse(request, 400, sentences.unknown(request.localizer.translate, unknown, parameters), unknown)
    # openapi-core reads the first value of a name, the view the last.
    twice = next((name for name in names if names.count(name) > 1 and parameters[name]["type"] != "array"), None)
    if twice is not None:
        sentence = _("« ${field} » ne peut être donné qu’une fois.", mapping={"field": twice})
        return _refuse(request, 400, sentence, twice)
    if error is None:
        return None
    said = sentences.of(error, request.localizer.translate)
    return _refuse(request, said.status, said.sentence, said.field)


def _refuse(request: Request, status: int, sentence: str, field: str | None = None) -> Response:
    extra = {} if field is None else {"field": field}
    return answer(request, status, title=_("Cette demande n’est pas valable"), sentence=sentence, **extra)


def responses_factory(handler: Callable[[Request], Any], registry: Any) -> Callable[[Request], Any]:
    """A tween that compares every answer of the API with the document (setting ``check_responses``)."""

    def tween(request: Request) -> Any:
        response = handler(request)
        # What is tried again has no answer yet.
        if request.path_info.startswith("/api/v1/") and not is_error_retryable(request, request.exception):
            check(request, response)
        return response

    return tween


def check(request: Request, response: Any) -> None:
    """Nothing, when the document describes the answer.

    :raises WrongAnswer: else
    """
    from openapi_core.exceptions import OpenAPIError
    from openapi_core.templating.paths.exceptions import PathError

    if request.method == "HEAD" or response.status_int == 303:
        return  # nothing that could be compared: no body, or an address with a slash too many
    answered = _Answered(response.status_int, response.headers.get("Content-Type", ""), response.headers, response.body)
    with _lock:
        try:
            _core().validate_response(_asked(request), answered)
        except PathError:
            # Nothing is described at this address, so only a refusal can have come of it.
            if response.status_int < 400 or response.content_type != "application/problem+json":
                raise WrongAnswer(f"{request.method} {request.path_info} is not described") from None
        except OpenAPIError as error:
            cause = error.__cause__
            details = [str(e) for e in getattr(cause, "schema_errors", ())] or [str(cause)]
            raise WrongAnswer(f"{request.method} {request.path_info}: {error}: {'; '.join(details)}") from error
