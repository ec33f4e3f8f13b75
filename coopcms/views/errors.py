"""Error pages: each helps, and carries a number that stands in the log."""

import errno
import logging
import secrets
from typing import Any
from urllib.parse import quote, urlencode

from pyramid.exceptions import BadCSRFToken
from pyramid.httpexceptions import HTTPConflict, HTTPException
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.view import exception_view_config, forbidden_view_config, notfound_view_config
from pyramid_retry import is_last_attempt
from ZODB.POSException import ConflictError

from .. import views
from ..api.problems import problem
from ..domain.errors import Forbidden
from ..i18n import _
from ..security.permissions import P
from ..text import prose
from ..web import readable
from ..web.addresses import is_api
from ..workflows.engine import GuardRefused
from .addresses import place

log = logging.getLogger("coopcms.errors")

_WORDS = {
    400: (
        _("Cette demande n’est pas complète"),
        _("Revenez en arrière et réessayez ; ce que vous aviez saisi est encore là."),
    ),
    403: (_("Cette page n’est pas pour tout le monde"), _("Votre rôle ne permet pas de la voir ou de faire ce geste.")),
    404: (
        _("Cette page n’existe pas"),
        _(
            "L’adresse a peut-être changé, ou le document a été retiré. L’annuaire des entreprises mène à tous les dossiers."
        ),
    ),
    405: (_("Cette demande n’est pas possible ici"), _("Revenez à la page précédente et utilisez ses boutons.")),
    409: (
        _("Quelqu’un écrit au même endroit"),
        _("Rien n’est perdu : revenez en arrière et envoyez à nouveau dans quelques secondes."),
    ),
    414: (_("Cette adresse est trop longue"), _("Repartez de la page d’accueil.")),
    415: (_("Ce format n’est pas lu ici"), _("Revenez à la page précédente et utilisez son formulaire.")),
    413: (_("C’est trop lourd"), _("Le fichier envoyé dépasse la taille permise. Réduisez-le, puis réessayez.")),
    429: (_("Trop d’essais"), _("Réessayez plus tard, dans une heure au plus.")),
    500: (
        _("Une erreur est survenue"),
        _(
            "Elle est de notre côté et nous l’avons notée. Rien de ce qui était enregistré n’est perdu ; réessayez dans un moment."
        ),
    ),
    503: (
        _("Le site ne peut rien enregistrer pour l’instant"),
        _("La lecture reste possible. Réessayez plus tard ; rien n’est perdu."),
    ),
}


def answer(request: Request, status: int, *, title: str = "", sentence: str = "", **extra: Any) -> Any:
    """An error in the form the reader expects: a page, or problem+json in the API."""
    number = secrets.token_hex(4)
    words = _WORDS.get(status, _WORDS[500] if status >= 500 else _WORDS[400])
    log.log(
        logging.ERROR if status >= 500 else logging.INFO,
        "%s %s %s -> %s [%s]",
        quote(request.method),
        request.path,
        getattr(request.exception, "args", ()) if status >= 500 else "",
        status,
        number,
        exc_info=request.exc_info if status == 500 else None,
    )
    if is_api(request):
        return problem(request, status, sentence or words[1], title=title or words[0], error=number, **extra)
    names = {"status": status, "title": title or words[0], "sentence": sentence or words[1], "number": number, **extra}
    names.setdefault("login_url", None)
    names.setdefault("missing", [])
    names["typed"] = typed(request) if status in (400, 403, 409, 413, 429) else []
    response = render_to_response("templates/error.pt", names, request=request, package=views)
    response.status_int = status
    return response


def typed(request: Request) -> list[str]:
    """The longer texts of a form that is refused as a whole, to be copied: meanwhile a step was taken, or the session ended.

    Which fields hold texts the form says itself: a password is never one of them.
    """
    if request.method != "POST":
        return []
    try:
        sent, texts = list(request.POST.items()), readable.word(request.POST, TEXTS, most=1000).split(",")
    except HTTPException:
        return []
    return [
        value
        for name, value in sent
        if name in texts and name not in SECRET and isinstance(value, str) and len(prose(value)) >= LONG
    ]


#: The hidden field in which a form names those that hold texts.
TEXTS = "__texts__"
#: How many characters make a text that nobody likes to type twice.
LONG = 20
#: Fields that are shown to nobody again, whatever a form says.
SECRET = frozenset({"password", "again", "current", "password-confirm"})


#: How the address of a picture ends as it was sent.
_ORIGINAL = "/original"


@notfound_view_config(append_slash=False)
def not_found(context: Any, request: Request) -> Any:
    """404."""
    # What lies below an object that one may not read is not told by whether it is found, either.
    below = getattr(request, "context", None)
    if below is not None and request.view_name and not request.may(P.READ, below):
        if request.path_info.endswith(_ORIGINAL):
            return no_original(context, request)
        return forbidden(context, request)
    if request.method == "POST" and not is_api(request):
        return answer(
            request,
            404,
            title=_("Ce n’est plus là"),
            sentence=_(
                "Ce que vous vouliez changer n’existe plus : c’est peut-être déjà fait, par vous ou par un collègue."
            ),
        )
    return answer(request, 404)


@forbidden_view_config(path_info=f".*{_ORIGINAL}$")
def no_original(context: Any, request: Request) -> Any:
    """404: whether a picture is there as it was sent is told only to those who may have it."""
    return answer(request, 404)


@forbidden_view_config()
@forbidden_view_config(route_name="substanced_manage")
@exception_view_config(Forbidden)
def forbidden(context: Any, request: Request) -> Any:
    """403, or 401 in the API without log-in; whoever is not logged in is shown where to."""
    if request.real_actor.is_person:
        sentence = (
            _("Vous regardez avec les yeux d’un autre rôle : rien ne peut être enregistré.")
            if request.seeing_as
            else ""
        )
        if request.method == "POST" and not request.seeing_as and not is_api(request):
            return answer(
                request,
                403,
                title=_("Ce n’est pas possible, ou plus maintenant"),
                sentence=_(
                    "Votre rôle ne permet pas ce geste, ou l’étape est déjà franchie, par vous ou par un collègue."
                ),
            )
        return answer(request, 403, sentence=sentence)
    if is_api(request):
        response = answer(
            request, 401, title=_("Connexion nécessaire"), sentence=_("Joignez un jeton : Authorization: Bearer …")
        )
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    here = request.path_qs if request.method == "GET" else "/"
    sentence = (
        _("Votre session a pris fin ou n’est pas ouverte : rien n’est enregistré. Connectez-vous, puis recommencez.")
        if request.method == "POST"
        else _("Cette page est réservée aux personnes qui ont un rôle dans ce dossier.")
    )
    return answer(
        request,
        403,
        title=_("Connectez-vous pour continuer"),
        sentence=sentence,
        login_url=f"{request.script_name}/login?" + urlencode({"next": here}),
    )


@exception_view_config(GuardRefused)
def not_possible_yet(context: GuardRefused, request: Request) -> Any:
    """409: something is missing, and where it is to be found; pages with a form of their own say it there."""
    missing = [(one.sentence, place(request, request.context, one)) for one in context.missing]
    return answer(request, 409, title=_("Ce n’est pas possible maintenant"), sentence=context.sentence, missing=missing)


@exception_view_config(UnicodeDecodeError)
def unreadable(context: UnicodeDecodeError, request: Request) -> Any:
    """400: an address or a form whose bytes are no text."""
    return answer(request, 400)


@exception_view_config(BadCSRFToken)
def bad_token(context: Any, request: Request) -> Any:
    """The form came from another site, or the session ended while it was open."""
    return answer(
        request,
        400,
        title=_("Votre session a expiré"),
        sentence=_("Connectez-vous à nouveau, puis reprenez le formulaire. Rien n’a été enregistré."),
        login_url=f"{request.script_name}/login",
    )


@exception_view_config(HTTPException)
def http_exception(context: Any, request: Request) -> Any:
    """What views raise or answer by status: redirects pass, errors get a page."""
    if context.status_int < 400:
        return context
    told = {"title": getattr(context, "heading", ""), "sentence": getattr(context, "sentence", "")}
    response = answer(request, context.status_int, **told, **getattr(context, "extra", {}))
    if "Allow" in context.headers:
        response.headers["Allow"] = context.headers["Allow"]
    return response


@exception_view_config(ConflictError)
def conflict(context: Any, request: Request) -> Any:
    """Two writers met; tried again by itself, and shown only after the last attempt."""
    return answer(request, 409) if is_last_attempt(request) else HTTPConflict()


@exception_view_config(OSError)
def no_room(context: OSError, request: Request) -> Any:
    """The disk is full: reading goes on, nothing is half-written."""
    full = context.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return answer(request, 503 if full else 500)


@exception_view_config(Exception)
def unexpected(context: Exception, request: Request) -> Any:
    """Everything else: no traceback reaches a reader, the log has it under the number shown."""
    return answer(request, 500)
