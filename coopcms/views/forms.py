"""Forms: deform with our own templates, answered in the reader's language, with nothing typed lost."""

import itertools
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

from ..content.checks import at_most, email
from ..domain.errors import Invalid
from ..i18n import DOMAIN, _

_FOLDER = Path(__file__).parent / "templates" / "widgets"


def _translate(term: Any) -> str:
    request = get_current_request()
    return get_localizer(request).translate(term) if request is not None else str(term)


_renderer = ZPTRendererFactory((str(_FOLDER),), translator=_translate)

_SHAPE = _("Cette réponse n’a pas la forme attendue : rechargez la page, puis réessayez.")
_CHOICE = _("Choisissez parmi les réponses proposées.")
_NUMBER = _("Écrivez un nombre, en chiffres seulement.")
_DATE = _("Écrivez une date qui existe, par exemple 2026-03-12 : année, mois, jour.")
_TIME = _("Écrivez une heure qui existe, par exemple 18:30.")
_TWICE = _("Les deux saisies diffèrent : tapez la même chose deux fois.")

#: Our sentences for those of colander and deform, which speak to programmers.  What is not here is answered by ``_SHAPE``: it takes
#: a request that no browser makes of our forms.
SENTENCES = {
    "Required": _("Ce champ est nécessaire : remplissez-le avant d’enregistrer."),
    "Invalid email address": _("Cette adresse n’est pas complète : elle s’écrit comme nom@exemple.fr."),
    "Must be a URL": _("L’adresse commence par https:// et ne contient pas d’espace."),
    "${val} is less than minimum value ${min}": _("Ce nombre est trop petit : ${min} au moins."),
    "${val} is greater than maximum value ${max}": _("Ce nombre est trop grand : ${max} au plus."),
    "Shorter than minimum length ${min}": _("Ce texte est trop court : ${min} caractères au moins."),
    "Longer than maximum length ${max}": _("Ce texte est trop long : ${max} caractères au plus."),
    '"${val}" is not one of ${choices}': _CHOICE,
    '"${val}" must not be one of ${choices}': _("Cette valeur est déjà prise : choisissez-en une autre."),
    "One or more of the choices you made was not acceptable": _CHOICE,
    '"${val}" is neither in (${false_choices}) nor in (${true_choices})': _CHOICE,
    '"${val}" is not a number': _NUMBER,
    "Invalid date": _DATE,
    "Incomplete date": _DATE,
    "Invalid time": _TIME,
    "Incomplete time": _TIME,
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
    action: str = "",
    formid: str = "form",
) -> deform.Form:
    """A form for a schema, bound to the request, with its CSRF token."""
    form = deform.Form(
        schema.bind(request=request),
        renderer=_renderer,
        buttons=(deform.Button("save", submit or _("Enregistrer")),),
        formid=formid,
        # A second form on a page numbers its fields elsewhere: an id stands once on a page.
        counter=itertools.count(0 if formid == "form" else 100 + 100 * (sum(map(ord, formid)) % 50)),
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
    except deform.ValidationFailure as failure:
        reword(failure.error)
        for field in form:  # a widget that cannot read what came says so at its field alone
            if field.error is not None:
                reword(field.error)
        return None
    return values


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


def invited(title: str, description: str) -> colander.SchemaNode:
    """The address of somebody to invite."""
    return colander.SchemaNode(
        colander.String(),
        name="email",
        title=title,
        description=description,
        validator=colander.All(at_most(200), email),
        missing_msg=_("Indiquez l’adresse à laquelle envoyer l’invitation."),
        widget=w.TextInputWidget(attributes={"type": "email", "autocomplete": "off"}),
    )


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
