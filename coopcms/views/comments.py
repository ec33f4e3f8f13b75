"""The discussion of an object: reading it, saying something, and what one may do with a comment."""

import secrets
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

import colander
import deform
from pyramid.httpexceptions import HTTPBadRequest, HTTPException, HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config, view_defaults

from ..content import fields
from ..content.discussion import CommentSchema, Discussed
from ..domain import discussion
from ..domain.discussion import Shown
from ..domain.errors import Invalid
from ..i18n import _
from ..security.permissions import P
from ..web import readable
from ..web.addresses import redirect
from . import forms, throttle
from .addresses import url
from .base import Views, crumbs
from .people import name_of
from .rendering import rich

PAGE = 30  #: threads a page

#: Who speaks, where somebody answers for others.
OFFICIAL = {"company": _("Réponse de l’entreprise"), "cooperative": _("Réponse de la coopérative")}


@view_defaults(context=Discussed, name="comments", renderer="templates/comments/discussion.pt")
class DiscussionViews(Views):
    """``comments`` of an object, and ``comments/<key>`` below it."""

    @view_config(permission=P.READ, request_method="GET")
    def show(self) -> Any:
        """The discussion; the address of one comment leads to its place in it."""
        if self.request.subpath:
            return self.place(self._key())
        return self.page(discussed(self.request, self.context))

    @view_config(permission=P.READ, request_method="POST")
    def post(self) -> Any:
        """Say something; or do something with the comment that the address names."""
        return self.act(self._key()) if self.request.subpath else self.add()

    def add(self) -> Any:
        """Say something.  Sent twice, it is said once."""
        request, obj = self.request, self.context
        form = comment_form(request, obj)
        values = forms.sent(request, form)
        if values is None:
            request.response.status_int = 422
            return self.page(discussed(request, obj, form=form))
        key, answered = values["key"], values["in_reply_to"]
        said = discussion.was_said(obj, values["text"], request.actor, in_reply_to=answered, key=key)
        if not said and request.may(P.COMMENT, obj) and throttle.too_many_comments(request):
            forms.refuse(
                form,
                Invalid(comment=_("Vous avez beaucoup écrit en une heure : votre texte est là, envoyez-le plus tard.")),
            )
            request.response.status_int = 429
            return self.page(discussed(request, obj, form=form))
        try:
            key = discussion.say(obj, values["text"], request.actor, request.now, in_reply_to=answered, key=key)
        except Invalid as refused:
            messages = refused.messages
            if "in_reply_to" in messages:
                # A hidden field: it is let go, and the sentence stands above the form.
                form["in_reply_to"].cstruct = ""
                messages = {"comment": messages["in_reply_to"]}
            forms.refuse(form, Invalid(**messages))
            request.response.status_int = 422
            return self.page(discussed(request, obj, form=form))
        if obj.discussion.get(key).state == "pending":
            self.say(_("Merci. Votre commentaire paraîtra après relecture."), "info")
        else:
            self.say(_("Votre commentaire est publié."))
        return self.place(key)

    def act(self, key: str) -> Any:
        """Hide, publish, report or take back a comment."""
        request, obj = self.request, self.context
        given = request.POST
        try:
            discussion.found(obj, key, request.actor)
            if "hide" in given:
                form = hide_form(request, obj, key)
                values = forms.sent(request, form)
                if values is None:
                    request.response.status_int = 422
                    return self.page(discussed(request, obj, hiding={key: form}))
                discussion.hide(obj, key, values["reason"], request.actor, request.now)
                self.say(_("Le commentaire est masqué."))
            elif "publish" in given:
                discussion.publish(obj, key, request.actor, request.now)
                self.say(_("Le commentaire est publié."))
            elif "report" in given:
                discussion.report(obj, key, request.actor, request.now)
                self.say(_("Merci : l’équipe de la coopérative va regarder ce commentaire."))
            elif "withdraw" in given:
                discussion.withdraw(obj, key, request.actor, request.now)
                self.say(_("Votre commentaire est retiré."))
            else:
                raise HTTPBadRequest()
        except KeyError:
            raise HTTPNotFound() from None
        except Invalid as refused:
            request.response.status_int = 422
            return self.page(discussed(request, obj, wrong={key: next(iter(refused.messages.values()))}))
        return self.place(key)

    def place(self, key: str) -> HTTPException:
        """On to the page of the discussion where a comment stands."""
        request, obj = self.request, self.context
        for number, thread in enumerate(discussion.threads(obj, request.actor)):
            if key == thread.key or any(key == reply.key for reply in thread.replies):
                page = number // PAGE + 1
                query = f"?page={page}" if page > 1 else ""
                return redirect(request, f"{url(request, obj, 'comments')}{query}#c-{key}")
        raise HTTPNotFound()

    def page(self, names: dict[str, Any]) -> dict[str, Any]:
        """What the template needs."""
        request, obj = self.request, self.context
        return {
            "title": _("Discussion : ${title}", mapping={"title": obj.title}),
            "crumbs": [*crumbs(request, obj), {"href": url(request, obj), "title": obj.title}],
            "obj": obj,
            "discussion": names,
        }

    def _key(self) -> str:
        if len(self.request.subpath) != 1:
            raise HTTPNotFound()
        return self.subpath


def comment_form(request: Request, obj: Any, in_reply_to: str = "") -> deform.Form:
    """The form in which one says something; its key is made with it."""
    return forms.make(
        request,
        CommentSchema(),
        submit=_("Publier ce commentaire"),
        values={"key": secrets.token_hex(8), "in_reply_to": in_reply_to},
        guard=True,
        action=url(request, obj, "comments"),
    )


def hide_form(request: Request, obj: Any, key: str) -> deform.Form:
    """The form in which a moderator says why a comment is hidden."""
    schema = colander.Schema(
        fields.line(
            _("Raison, affichée à la place du commentaire"),
            name="reason",
            longest=500,
            missing=colander.required,
            missing_msg=discussion.REASON_NEEDED,
        )
    )
    form = forms.make(request, schema, action=url(request, obj, f"comments/{key}"), formid=f"hide-{key}")
    form.buttons = (deform.Button("hide", _("Masquer ce commentaire"), css_class="danger"),)
    return form


def discussed(
    request: Request,
    obj: Any,
    *,
    form: deform.Form | None = None,
    wrong: Mapping[str, Any] = MappingProxyType({}),
    hiding: Mapping[str, deform.Form] = MappingProxyType({}),
) -> dict[str, Any]:
    """What the template shows of a discussion to one reader, also where it stands on the page of the object.

    ``wrong`` has a sentence, ``hiding`` a form that came back with errors, by the key of a comment.
    """
    threads = discussion.threads(obj, request.actor)
    pages = max(1, -(-len(threads) // PAGE))
    number = min(readable.whole(request.GET, "page", 1, least=1), pages)
    asked_again = {*wrong, *hiding, readable.word(request.GET, "hide")} - {""}
    if asked_again:
        number = next((n // PAGE + 1 for n, t in enumerate(threads) if asked_again & set(_keys(t))), number)
    speaks = request.may(P.COMMENT, obj)
    # Who says why a comment is hidden has no second form that would be lost with it.
    hides = hiding or (request.may(P.MODERATE, obj) and "hide" in request.GET)
    if form is None and speaks and not hides:
        form = comment_form(request, obj, _answered(threads, readable.word(request.GET, "reply")))
    answered = form["in_reply_to"].cstruct if form is not None else ""
    by_key = {one.key: one for thread in threads for one in (thread, *thread.replies)}
    here = request.path_qs if request.method == "GET" else url(request, obj, "comments")
    told = _Teller(request, obj, wrong, hiding)
    return {
        "obj": obj,
        "threads": [
            {**told(thread), "replies": [told(reply) for reply in thread.replies]}
            for thread in threads[(number - 1) * PAGE : number * PAGE]
        ],
        "pages": [(n, f"{url(request, obj, 'comments')}?page={n}", n == number) for n in range(1, pages + 1)],
        "form": form if speaks else None,
        "answered": told(by_key[answered]) if answered in by_key else None,
        "login_url": None
        if request.real_actor.is_person
        else f"{request.script_name}/login?" + urlencode({"next": here}),
    }


class _Teller:
    """Tells a comment to one reader, with what they may do with it."""

    def __init__(self, request: Request, obj: Any, wrong: Mapping[str, Any], hiding: Mapping[str, deform.Form]) -> None:
        self.request, self.obj, self.wrong, self.hiding = request, obj, wrong, hiding
        self.moderates = request.may(P.MODERATE, obj)
        self.speaks = request.may(P.COMMENT, obj)

    def _hide_form(self, key: str) -> deform.Form | None:
        """The form that hides this comment: the one that came back with errors, or where it was asked for."""
        asked = readable.word(self.request.GET, "hide") == key
        return self.hiding.get(key) or (hide_form(self.request, self.obj, key) if asked else None)

    def __call__(self, one: Shown) -> dict[str, Any]:
        request, comment = self.request, one.comment
        mine = request.actor.userid is not None and comment.author == request.actor.userid
        name = name_of(request, comment.author)
        may_hide = self.moderates and comment.state != "hidden"
        waits = self.moderates and discussion.is_waiting(self.obj, one.key, comment)
        return {
            "key": one.key,
            "href": url(request, self.obj, f"comments/{one.key}"),
            "reply_href": f"{url(request, self.obj, 'comments')}?reply={one.key}#form",
            "name": name or ("" if comment.official else _("Un sociétaire")),
            "official": comment.official,
            "official_title": OFFICIAL.get(comment.official),
            "when": comment.when,
            "state": comment.state,
            "text": None if one.text is None else rich(one.text),
            "reason": one.reason,
            "reported": waits and comment.state == "published",
            "reports": len(comment.reports) if self.moderates else 0,
            "may_reply": self.speaks and comment.state == "published",
            "may_report": request.actor.is_person
            and not mine
            and comment.state == "published"
            and request.actor.userid not in comment.reports,
            "was_reported": request.actor.is_person and request.actor.userid in comment.reports,
            "may_withdraw": mine and comment.state != "hidden",
            "hide_href": f"{url(request, self.obj, 'comments')}?hide={one.key}#c-{one.key}" if may_hide else None,
            "hide_form": self._hide_form(one.key) if may_hide else None,
            "may_publish": self.moderates and not comment.is_withdrawn and (comment.state != "published" or waits),
            "error": self.wrong.get(one.key),
        }


def _keys(thread: Shown) -> list[str]:
    return [thread.key, *(reply.key for reply in thread.replies)]


def _answered(threads: list[Shown], key: str) -> str:
    """The key of a comment that can be answered, or ""."""
    for thread in threads:
        for one in (thread, *thread.replies):
            if one.key == key and one.comment.state == "published":
                return key
    return ""
