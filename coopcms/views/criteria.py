"""The page of a criterion: its text, its amendments, its history, its discussion."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound
from pyramid.view import view_config, view_defaults

from ..content.amendment import Amendment, amendment_schema
from ..content.specification import CHECK_METHODS, CLASSES, Criterion, CriterionSchema
from ..domain import amendments, criteria
from ..domain.errors import Invalid, Stale
from ..i18n import _
from ..security.permissions import P
from ..web import readable
from . import forms, matrix
from .addresses import url
from .base import Views
from .comments import discussed
from .differences import compare, woven
from .people import name_of
from .specifications import version_crumbs

#: What a field is called, and what the word stored in it stands for.
TITLES = {node.name: node.title for node in CriterionSchema()}
WORDS = {"criterion_class": CLASSES, "check_method": CHECK_METHODS}

HAPPENED = {
    "created": _("Écrit"),
    "changed": _("Modifié"),
    "amended": _("Réécrit par un amendement"),
    "carried": _("Repris de la version ${number}"),
    "removed": _("Retiré"),
}
STATES = {
    "proposed": ("pending", _("En attente de décision")),
    "accepted": ("adopted", _("Accepté")),
    "refused": ("rejected", _("Non retenu")),
    "withdrawn": ("withdrawn", _("Retiré par son auteur")),
}


@view_defaults(context=Criterion)
class CriterionViews(Views):
    """Pages of a criterion."""

    @view_config(permission=P.READ, request_method="GET", renderer="templates/criteria/criterion.pt")
    def show(self) -> dict[str, Any]:
        """Everything there is to know about one criterion."""
        request, criterion = self.request, self.context
        version = criterion.__parent__
        drafts = criteria.reads_drafts(version, request.actor)
        keys = [key for key, _criterion in version.ordered()]
        place = keys.index(criterion.__name__) if criterion.__name__ in keys else None
        return {
            "title": _("Critère ${code} : ${title}", mapping={"code": criterion.code, "title": criterion.title}),
            "crumbs": self._crumbs()[:-1],
            "criterion": criterion,
            "version": version,
            # What was left out of a draft was never said in public.
            "told": drafts or not criterion.is_removed,
            "before": version.criteria[keys[place - 1]] if place else None,
            "after": version.criteria[keys[place + 1]] if place is not None and place + 1 < len(keys) else None,
            "amended_by": [self._name(userid) for userid in criterion.amended_by],
            "amendments": [self._told(key, amendment) for key, amendment in amendments.in_order(criterion)],
            "may_amend": request.may(P.AMEND) and not criterion.is_removed,
            "may_edit": request.may(P.EDIT, version) and not criterion.is_removed,
            "findings": matrix.of_criterion(request, criterion),
            "history": self._history(drafts),
            "discussion": discussed(request, criterion),
            "CLASSES": CLASSES,
            "CHECK_METHODS": CHECK_METHODS,
        }

    @view_config(name="amend", permission=P.AMEND, renderer="templates/criteria/amend.pt")
    def amend(self) -> Any:
        """Propose another text."""
        request, criterion = self.request, self.context
        schema = amendment_schema()
        form = forms.make(
            request,
            schema,
            submit=_("Proposer cet amendement"),
            values={node.name: getattr(criterion, node.name, "") for node in schema},
            guard=True,
        )
        if request.method == "POST":
            values = forms.sent(request, form)
            if values is not None:
                reason = values.pop("reason")
                try:
                    key = amendments.propose(criterion, values, reason, request.actor, request.now)
                except Invalid as refused:
                    forms.refuse(form, refused)
                else:
                    self.say(_("Votre amendement est déposé : l’entreprise répondra ici, en public."))
                    return self.go(criterion, f"amendments/{key}")
            request.response.status_int = 422
        return {
            "title": _("Amender le critère ${code}", mapping={"code": criterion.code}),
            "crumbs": self._crumbs(),
            "criterion": criterion,
            "form": form,
        }

    @view_config(name="amendments", permission=P.READ, request_method="GET", renderer="templates/criteria/amendment.pt")
    def amendment(self) -> dict[str, Any]:
        """One amendment, and for whoever may, its decision."""
        return self._page()

    @view_config(
        name="amendments", permission=P.READ, request_method="POST", renderer="templates/criteria/amendment.pt"
    )
    def decide(self) -> Any:
        """Accept or refuse it, or take one's own back."""
        request, criterion = self.request, self.context
        key, given = self._key(), request.POST
        answer = readable.passage(given, "answer", most=2000)
        try:
            if "accept" in given:
                known = readable.whole(given, "revision")
                amendments.accept(criterion, key, request.actor, request.now, answer=answer, revision=known)
                self.say(_("L’amendement est accepté : le critère est réécrit et en nomme l’auteur."))
            elif "refuse" in given:
                amendments.refuse(criterion, key, answer, request.actor, request.now)
                self.say(_("L’amendement n’est pas retenu ; votre réponse est publiée."))
            elif "withdraw" in given:
                amendments.withdraw(criterion, key, request.actor, request.now)
                self.say(_("Votre amendement est retiré."))
            else:
                raise HTTPBadRequest()
        except Invalid as refused:
            request.response.status_int = 422
            return self._page(problem=next(iter(refused.messages.values())), field=next(iter(refused.messages)))
        except Stale:
            request.response.status_int = 409
            return self._page(stale=True)
        return self.go(criterion, f"amendments/{key}")

    def _page(self, *, problem: Any = None, field: str = "", stale: bool = False) -> dict[str, Any]:
        """What the page of an amendment needs; what was typed stays."""
        request, criterion, key = self.request, self.context, self._key()
        amendment = criterion.amendments[key]
        changed = amendment.state == "proposed" and amendments.changed_since(criterion, amendment)
        decides = (
            request.may(P.DECIDE_AMENDMENT) and amendment.state == "proposed" and not amendments.left_open(criterion)
        )
        return {
            "title": _("Amendement au critère ${code}", mapping={"code": criterion.code}),
            "crumbs": self._crumbs(),
            "criterion": criterion,
            "amendment": self._told(key, amendment),
            "changed": changed,
            "now": [
                {"title": TITLES[name], "theirs": marked[0], "mine": marked[1]}
                for name, (_base, proposed) in amendment.changes().items()
                if (marked := compare(getattr(criterion, name), proposed))
            ]
            if changed
            else [],
            "stale": stale,
            "confirmed": criterion.revision if stale else "",
            "decides": decides,
            "may_withdraw": request.actor.userid is not None
            and amendment.author == request.actor.userid
            and amendment.state == "proposed",
            "problem": problem,
            "wrong": field == "answer",
            "answer": readable.passage(request.POST, "answer"),
        }

    def _told(self, key: str, amendment: Amendment) -> dict[str, Any]:
        """An amendment for this reader."""
        kind, title = STATES[amendment.state]
        if amendment.state == "proposed" and amendments.left_open(self.context):
            kind, title = "superseded", _("Resté ouvert")
        return {
            "href": url(self.request, self.context, f"amendments/{key}"),
            "name": self._name(amendment.author),
            "when": amendment.when,
            "kind": kind,
            "state": title,
            "reason": amendment.reason,
            "answer": amendment.answer,
            "decided_at": amendment.decided_at,
            "decided_by": name_of(self.request, amendment.decided_by) if amendment.answer else None,
            "fields": [
                {"title": TITLES[name], "text": woven(base, proposed)}
                for name, (base, proposed) in amendment.changes().items()
            ],
        }

    def _history(self, drafts: bool) -> list[dict[str, Any]]:
        """What happened to the criterion in the versions one may read, newest first."""
        request, criterion = self.request, self.context
        specification = criterion.__parent__.__parent__
        translate = request.localizer.translate
        found = []
        for event in reversed(criteria.history_of(specification, criterion.__name__)):
            if not request.may(P.READ, event.version):
                continue
            what = HAPPENED[event.what]
            if event.source is not None:
                what = _("Repris de la version ${number}", mapping={"number": event.source})
            found.append(
                {
                    "when": event.when,
                    "what": what,
                    "version": event.version,
                    "by": name_of(request, event.by),
                    "author": None if event.author is None else self._name(event.author),
                    "fields": [
                        {"title": TITLES[name], "text": woven(*(translate(word(name, text)) for text in pair))}
                        for name, pair in event.fields.items()
                    ]
                    if drafts or not event.draft
                    else [],
                }
            )
        return found

    def _name(self, userid: int) -> Any:
        """The name of a member for members; for the public, what they are."""
        return name_of(self.request, userid) or _("un sociétaire")

    def _key(self) -> str:
        if len(self.request.subpath) != 1 or self.subpath not in self.context.amendments:
            raise HTTPNotFound()
        return self.subpath

    def _crumbs(self) -> list[dict[str, Any]]:
        version, criterion = self.context.__parent__, self.context
        return [
            *version_crumbs(self.request, version),
            {"href": url(self.request, version), "title": version.title},
            {
                "href": url(self.request, criterion),
                "title": _("Critère ${code}", mapping={"code": criterion.code}),
            },
        ]


def word(field: str, text: str) -> Any:
    """What stands in a field, in words."""
    return WORDS.get(field, {}).get(text, text)
