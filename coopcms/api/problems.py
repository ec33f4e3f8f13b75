"""Errors of the API: RFC 9457, with a sentence for people."""

from http import HTTPStatus
from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from .canonical import dumps


def problem(request: Request, status: int, detail: str, *, title: str = "", **members: Any) -> Response:
    """A problem document in the language of the reader."""
    translate = request.localizer.translate
    body = {
        "type": "about:blank",
        "title": translate(title) if title else HTTPStatus(status).phrase,
        "status": status,
        "detail": translate(detail),
        **members,
    }
    return Response(dumps(body), status=status, content_type="application/problem+json", charset="utf-8")
