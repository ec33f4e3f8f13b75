"""« Aperçu »: how a text will look, before it is saved.

A field whose node says ``markdown=True`` gets a hint and a place for the preview (``widgets/textarea.pt``), its form a button
(``widgets/form.pt``).  Without scripts the button sends the form to where it always goes: the same page comes again, with
everything that was typed, and nothing is saved.  With scripts ``preview.js`` asks ``/preview`` for the text alone and goes on
while one types.
"""

import deform
from pyramid.httpexceptions import HTTPRequestEntityTooLarge
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..content.site import Site
from ..security.permissions import P
from ..web import readable

#: The name of the button, and of the view.
NAME = "preview"
#: Characters of the longest text with a preview.
LONGEST = 20_000


def address(request: Request) -> str:
    """Where a script asks for a preview."""
    return f"{request.script_name}/{NAME}"


def is_asked(request: Request) -> bool:
    """Whether a form was sent to see how its texts look, not to be saved."""
    return NAME in request.POST


def show(request: Request, form: deform.Form) -> None:
    """Let a form come back with what was typed and its texts as they will look; nothing is wrong with it yet."""
    try:
        form.validate(list(request.POST.items()))
    except deform.ValidationFailure:
        _forgive(form)
    form.previewed = True
    # The views answer 422 to whatever they do not save.
    request.add_response_callback(lambda _request, response: setattr(response, "status_int", 200))


def _forgive(field: deform.Field) -> None:
    field.error = None
    for child in field:
        _forgive(child)


@view_config(context=Site, name=NAME, permission=P.VIEW, request_method="POST")
def preview(context: Site, request: Request) -> Response:
    """One text as it will look, for the script."""
    from .rendering import rich

    text = readable.passage(request.POST, "text", most=LONGEST + 1)
    if len(text) > LONGEST:
        raise HTTPRequestEntityTooLarge()
    return Response(rich.__wrapped__(text), charset="utf-8")  # not remembered: it changes with every key
