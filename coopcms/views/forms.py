"""Forms: deform with our own templates, answered in the reader's language, with nothing typed lost."""

from pathlib import Path
from typing import Any

import colander
import deform
from deform.template import ZPTRendererFactory
from pyramid.csrf import get_csrf_token
from pyramid.i18n import get_localizer
from pyramid.request import Request
from pyramid.threadlocal import get_current_request

from ..domain.errors import Invalid
from ..i18n import _

_FOLDER = Path(__file__).parent / "templates" / "widgets"


def _translate(term: Any) -> str:
    request = get_current_request()
    return get_localizer(request).translate(term) if request is not None else str(term)


_renderer = ZPTRendererFactory((str(_FOLDER),), translator=_translate)


def make(
    request: Request,
    schema: colander.Schema,
    *,
    submit: str = "",
    values: dict[str, Any] | None = None,
    guard: bool = False,
    action: str = "",
    formid: str = "form",
) -> deform.Form:
    """A form for a schema, bound to the request, with its CSRF token."""
    form = deform.Form(
        schema.bind(request=request),
        renderer=_renderer,
        buttons=(deform.Button("save", submit or _("Enregistrer")),),
        formid=formid,
        action=action or request.path_qs,
    )
    form.csrf_token = str(get_csrf_token(request))
    form.guard = guard
    if values is not None:
        form.set_appstruct({k: v for k, v in values.items() if v is not None and k in form})
    return form


def sent(request: Request, form: deform.Form) -> dict[str, Any] | None:
    """The values of a form that was sent, or None when they are bad: the form then shows what is wrong, field by field."""
    try:
        values: dict[str, Any] = form.validate(list(request.POST.items()))
    except deform.ValidationFailure:
        return None
    return values


def refuse(form: deform.Form, invalid: Invalid) -> None:
    """Show what the domain refused, at the fields it named; what names no field stands above the form."""
    error = colander.Invalid(form.schema)
    for field, message in invalid.messages.items():
        node = next((child for child in form.schema if child.name == field), None)
        if node is None:
            error.add(colander.Invalid(form.schema, message))
        else:
            error.add(colander.Invalid(node, message), pos=list(form.schema).index(node))
            form[field].error = colander.Invalid(node, message)
    form.error = error


def includeme(config: Any) -> None:
    """Compile the widgets at start: templates that several threads compile at once break Chameleon on Python 3.11."""
    for file in sorted(_FOLDER.rglob("*.pt")):
        _renderer.load(str(file.relative_to(_FOLDER).with_suffix(""))).cook_check()
