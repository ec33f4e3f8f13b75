"""Forms: deform with our own templates, answered in the reader's language, with nothing typed lost."""

import hashlib
import itertools
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import colander
import deform
import deform.widget as w
from deform.template import ZPTRendererFactory
from pyramid.csrf import get_csrf_token
from pyramid.i18n import get_localizer
from pyramid.request import Request
from pyramid.threadlocal import get_current_request
from translationstring import TranslationString

from ..content import fields
from ..content.calendar import day_in_paris
from ..domain.errors import Invalid
from ..i18n import DOMAIN, _, with_isolated_names
from ..web import readable
from ..web.held_uploads import HeldUploads
from . import preview_text

_FOLDER = Path(__file__).parent / "templates" / "widgets"


def _translate(term: Any) -> str:
    request = get_current_request()
    return get_localizer(request).translate(with_isolated_names(term)) if request is not None else str(term)


_renderer = ZPTRendererFactory((str(_FOLDER),), translator=_translate)

_SHAPE = _("Cette réponse n’a pas la forme attendue : rechargez la page, puis réessayez.")
_CHOICE = _("Choisissez parmi les réponses proposées.")
_TWICE = _("Les deux saisies diffèrent : tapez la même chose deux fois.")

#: Our sentences for those of colander and deform, which speak to programmers.  What is not here is answered by ``_SHAPE``: it takes
#: a request that no browser makes of our forms.
SENTENCES = {
    "Required": _("Ce champ est nécessaire : remplissez-le avant d’enregistrer."),
    "${val} is less than minimum value ${min}": _("Ce nombre est trop petit : ${min} au moins."),
    "${val} is greater than maximum value ${max}": _("Ce nombre est trop grand : ${max} au plus."),
    "Shorter than minimum length ${min}": _("Ce texte est trop court : ${min} caractères au moins."),
    "Longer than maximum length ${max}": _("Ce texte est trop long : ${max} caractères au plus."),
    '"${val}" is not one of ${choices}': _CHOICE,
    '"${val}" must not be one of ${choices}': _("Cette valeur est déjà prise : choisissez-en une autre."),
    "One or more of the choices you made was not acceptable": _CHOICE,
    '"${val}" is neither in (${false_choices}) nor in (${true_choices})': _CHOICE,
    "Fields did not match": _TWICE,
    "Password did not match confirm": _("Les deux mots de passe diffèrent : tapez le même deux fois."),
}


def make(
    request: Request,
    schema: colander.Schema,
    *,
    submit: str = "",
    values: dict[str, Any] | None = None,
    guard: bool = False,
    watched: bool = False,
    action: str = "",
    formid: str = "form",
) -> deform.Form:
    """A form for a schema, bound to the request, with its CSRF token.

    ``watched``: the values are stored ones that several people may change, and no revision counts their edits: the form carries
    what they were, and ``sent`` refuses it once they are others.
    """
    form = deform.Form(
        schema.bind(request=request, today=day_in_paris(request.now)),
        renderer=_renderer,
        buttons=(deform.Button("save", submit or _("Enregistrer")),),
        formid=formid,
        # A second form on a page numbers its fields under its own name: an id stands once on a page.
        counter=itertools.count() if formid == "form" else (f"-{formid}-{number}" for number in itertools.count()),
        action=action or request.path_qs,
    )
    form.csrf_token = str(get_csrf_token(request))
    for field in form:
        if isinstance(field.widget, UploadWidget):
            field.widget.tmpstore = HeldUploads(request)
            if field.widget.as_sent:
                field.widget.attributes = {"data-most": str(request.registry.coopcms.upload_bytes)}
    form.guard = guard
    # What an error page may show again, if the form is refused as a whole.
    form.texts = ",".join(
        field.name
        for field in form
        if type(field.schema.typ) is fields.Text and isinstance(field.widget, (w.TextInputWidget, w.TextAreaWidget))
    )
    form.preview_url = preview_text.address(request)
    if values is not None:
        form.set_appstruct({k: v for k, v in values.items() if v is not None and k in form})
    if watched:
        form.stored = {field.name: _plain(field.cstruct) for field in form}
        form.was = _digest(form.stored)
    return form


Problems = Callable[[dict[str, Any]], Mapping[str, Any]]


def sent(request: Request, form: deform.Form, *, also: Problems = lambda values: {}) -> dict[str, Any] | None:
    """The values of a form that was sent, or None when they are bad: the form then shows what is wrong, field by field.

    ``also`` says what is wrong with values that can be read each by itself; everything is told at once.
    """
    if preview_text.is_asked(request):
        preview_text.show(request, form)
        _goes_on_from(request, form)
        return None
    try:
        values: dict[str, Any] = form.validate(list(request.POST.items()))
    except deform.ValidationFailure as failure:
        reword(failure.error)
        for field in form:  # a widget that cannot read what came says so at its field alone
            if field.error is not None:
                reword(field.error)
        _mark(form, also(_readable(form)))
        _goes_on_from(request, form)
        return None
    wrong = also(values)
    if wrong:
        refuse(form, Invalid(**wrong))
        _goes_on_from(request, form)
        return None
    if getattr(form, "was", None) not in (None, readable.word(request.POST, "was")) and _differ(form):
        # The views answer 422 to whatever does not suit; this one is a conflict.
        request.add_response_callback(lambda _request, response: setattr(response, "status_int", 409))
        return None
    return values


def _goes_on_from(request: Request, form: deform.Form) -> None:
    """Let a form that comes back rest on the stored values its reader saw, not on what somebody saved since."""
    if hasattr(form, "was"):
        form.was = readable.word(request.POST, "was")


def _readable(form: deform.Form) -> dict[str, Any]:
    """The values of a form as far as they can be read; the others as if their fields were empty."""
    found = {}
    for field in form:
        empty = None if field.schema.required else field.schema.missing
        if field.error is not None:
            found[field.name] = empty
            continue
        try:
            found[field.name] = field.schema.deserialize(field.cstruct)
        except colander.Invalid:
            found[field.name] = empty
    return found


def _mark(form: deform.Form, messages: Mapping[str, Any]) -> None:
    """Add what is wrong besides to a form that shows errors already, where its field has none."""
    for position, field in enumerate(form):
        if field.name in messages and field.error is None:
            field.error = colander.Invalid(field.schema, messages[field.name])
            form.error.add(field.error, pos=position)


def _differ(form: deform.Form) -> bool:
    """Whether somebody saved something else than what was sent; each field then says what is stored, beside what was typed."""
    changed = {
        field.name: form.stored[field.name] for field in form if _plain(field.cstruct) != form.stored[field.name]
    }
    if not changed:
        return False
    error = colander.Invalid(
        form.schema,
        _(
            "Quelqu’un a enregistré entre-temps. Comparez, puis enregistrez de nouveau : ce sera votre texte qui compte."
        ),
    )
    for position, field in enumerate(form):
        if field.name in changed:
            text = _in_words(field, changed[field.name])
            said = _("Enregistré entre-temps : « ${text} »", mapping={"text": _translate(text)})
            field.error = colander.Invalid(field.schema, said)
            error.add(field.error, pos=position)
    form.error = error
    return True


def _plain(cstruct: Any) -> Any:
    """What stands in a field, in an order of its own where it is a set."""
    if cstruct is colander.null or cstruct is None:
        return ""
    return cstruct if isinstance(cstruct, str) else sorted(map(str, cstruct))


def _in_words(field: Any, stored: Any) -> Any:
    """What is stored, as the reader of a list or a group of boxes sees it."""
    words = {str(value): title for value, title in getattr(field.widget, "values", ()) if isinstance(value, (str, int))}
    if isinstance(stored, str):
        return words.get(stored, stored) or "–"
    return ", ".join(_translate(words.get(one, one)) for one in stored) or "–"


def _digest(stored: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()[:16]


def reword(error: colander.Invalid) -> None:
    """Put our sentences in the place of those of colander and deform, in an error and all below it."""
    if isinstance(error.msg, list):
        error.msg = [_reworded(message) for message in error.msg]
    elif error.msg is not None:
        error.msg = _reworded(error.msg)
    for child in error.children:
        reword(child)


def _reworded(message: Any) -> Any:
    if getattr(message, "domain", None) == DOMAIN:
        return message
    return TranslationString(SENTENCES.get(str(message), _SHAPE), mapping=getattr(message, "mapping", None))


class UploadWidget(w.FileUploadWidget):
    """A file that was chosen stays chosen when the form comes back, unless it is the file that is wrong."""

    def __init__(self, *, as_sent: bool = False, **kw: Any) -> None:
        super().__init__(None, **kw)
        self.as_sent = as_sent

    def serialize(self, field: Any, cstruct: Any, **kw: Any) -> Any:
        """The field; what it holds from the request that is answered is held for the next one."""
        if cstruct and field.error is None:
            self.tmpstore.hold(cstruct)
        else:
            cstruct = colander.null
        return super().serialize(field, cstruct, **kw)


def upload(accept: str, title: str, description: str, *, as_sent: bool = False, **kw: Any) -> colander.SchemaNode:
    """A file to choose; ``accept`` names the kinds a browser offers first.

    A photo that is kept ``as_sent`` is not made smaller on the way unless it is too heavy.
    """
    kw.setdefault("missing_msg", _("Choisissez un fichier."))
    widget = UploadWidget(accept=accept, as_sent=as_sent)
    return colander.SchemaNode(
        deform.FileData(), name="upload", title=title, description=description, widget=widget, **kw
    )


def invited(title: str, description: str) -> colander.SchemaNode:
    """The address of somebody to invite."""
    return fields.email(
        title,
        name="email",
        description=description,
        missing=colander.required,
        missing_msg=_("Indiquez l’adresse à laquelle envoyer l’invitation."),
        widget=w.TextInputWidget(attributes={"type": "email", "autocomplete": "off"}),
    )


def buttons(form: deform.Form, **titles: Any) -> deform.Form:
    """Give a form several buttons, by name; all but the first are secondary."""
    form.buttons = tuple(deform.Button(name, title) for name, title in titles.items())
    return form


def refuse(form: deform.Form, invalid: Invalid) -> None:
    """Show what the domain refused, at the fields it named; what names no field stands above the form."""
    error = colander.Invalid(form.schema)
    for field, message in invalid.messages.items():
        node = next((child for child in form.schema if child.name == field), None)
        if node is None:
            error.msg = message
        else:
            error.add(colander.Invalid(node, message), pos=list(form.schema).index(node))
            form[field].error = colander.Invalid(node, message)
    form.error = error


def includeme(config: Any) -> None:
    """Compile the widgets at start: templates that several threads compile at once break Chameleon on Python 3.11."""
    for file in sorted(_FOLDER.rglob("*.pt")):
        _renderer.load(str(file.relative_to(_FOLDER).with_suffix(""))).cook_check()
