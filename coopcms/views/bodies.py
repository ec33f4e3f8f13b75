"""Accredited bodies: the list, the page of each, and for coordinators its auditors."""

from typing import Any

import colander
from pyramid.view import view_config, view_defaults

from ..content.body import Bodies, Body, BodySchema
from ..content.calendar import day_in_paris
from ..content.french import sort_key
from ..domain import accounts, bodies
from ..domain.errors import Invalid
from ..i18n import _
from ..notifications import send
from ..security.permissions import P
from ..web import readable
from ..workflows.conditions import company_of
from . import forms, links
from .base import Views, crumbs


def auditor_schema() -> colander.Schema:
    """Whom to invite to audit for the body."""
    return colander.Schema(
        forms.invited(
            _("Adresse électronique de l’auditeur à inviter"),
            _("Il reçoit un lien personnel, valable 14 jours, et pourra remplir les audits que vous lui confiez."),
        )
    )


@view_defaults(context=Bodies)
class BodiesViews(Views):
    """Pages of the folder of accredited bodies."""

    @view_config(permission=P.VIEW, request_method="GET", renderer="templates/bodies/list.pt")
    def show(self) -> dict[str, Any]:
        """Every body, by name, with its accreditation."""
        return {
            "title": _("Organismes accrédités"),
            "description": _("Les organismes qui auditent les entreprises, leur accréditation et sa date de fin."),
            "bodies": sorted(self.context.values(), key=lambda body: sort_key(body.title)),
            "today": day_in_paris(self.request.now),
            "may_manage": self.request.may(P.MANAGE_BODIES),
        }

    @view_config(name="add", permission=P.MANAGE_BODIES, renderer="templates/bodies/edit.pt")
    def add(self) -> Any:
        """Take a body into the list."""
        request = self.request
        form = forms.make(request, BodySchema(), guard=True)
        if request.method == "POST":
            values = forms.sent(request, form)
            if values is not None:
                body = bodies.create(request.site, values, request.actor, request.now)
                self.say(_("L’organisme est enregistré. Invitez maintenant ses auditeurs."))
                return self.go(body, "auditors")
            request.response.status_int = 422
        return {
            "title": _("Ajouter un organisme accrédité"),
            "crumbs": [{"href": request.path.rsplit("/", 1)[0], "title": _("Organismes accrédités")}],
            "form": form,
            "back": self.context,
        }


@view_defaults(context=Body)
class BodyViews(Views):
    """Pages of one accredited body."""

    @view_config(permission=P.VIEW, request_method="GET", renderer="templates/bodies/view.pt")
    def view(self) -> dict[str, Any]:
        """What it is accredited for, until when, and what it audited."""
        body, request = self.context, self.request
        audits = [
            (company_of(audit), audit) for audit in bodies.audits_of(request.site, body) if request.may(P.VIEW, audit)
        ]
        return {
            "title": body.title,
            "description": body.description[:200] or None,
            "crumbs": crumbs(request, body),
            "body": body,
            "running": body.is_accredited(request.now),
            "address": ", ".join(filter(None, (body.street, f"{body.postcode} {body.city}".strip()))),
            "audits": sorted(audits, key=lambda pair: sort_key(pair[0].title)),
            "may_manage": request.may(P.MANAGE_BODIES),
        }

    @view_config(name="edit", permission=P.MANAGE_BODIES, renderer="templates/bodies/edit.pt")
    def edit(self) -> Any:
        """Change what is said of it."""
        body, request = self.context, self.request
        values = {field: getattr(body, field) for field in bodies.FIELDS}
        form = forms.make(request, BodySchema(), values=values, guard=True, watched=True)
        if request.method == "POST":
            given = forms.sent(request, form)
            if given is not None:
                bodies.change(body, given, request.actor, request.now)
                self.say(_("L’organisme est enregistré."))
                return self.go(body)
            request.response.status_int = 422
        return {"title": _("Modifier l’organisme"), "crumbs": self._below(), "form": form, "back": body}

    @view_config(name="auditors", permission=P.MANAGE_BODIES, renderer="templates/bodies/auditors.pt")
    def auditors(self) -> Any:
        """Who audits for it, and the invitation of others."""
        body, request = self.context, self.request
        form = forms.make(request, auditor_schema(), submit=_("Envoyer l’invitation"))
        if "revoke" in request.POST:
            accounts.revoke_invitation(request.site, readable.word(request.POST, "revoke"), request.actor)
            self.say(_("L’invitation est retirée : son lien ne fonctionne plus."))
            return self.go(body, "auditors")
        if "remove" in request.POST:
            self._remove(readable.object_id(request.POST, "remove"))
            return self.go(body, "auditors")
        if request.method == "POST":
            values = forms.sent(request, form)
            if values is not None:
                number = accounts.invite(request.site, values["email"], request.actor, request.now, body=body)
                if accounts.is_new(request.site, number, request.now):
                    send.audit_invitation(request, values["email"], body.title, links.invitation(request, number))
                self.say(_("L’invitation est envoyée."))
                return self.go(body, "auditors")
            request.response.status_int = 422
        found = (accounts.by_id(request.site, oid) for oid in body.auditors)
        return {
            "title": _("Les auditeurs"),
            "crumbs": self._below(),
            "body": body,
            "form": form,
            "auditors": [account for account in found if account is not None],
            "pending": accounts.pending_invitations(request.site, request.now, body),
        }

    def _remove(self, userid: int | None) -> None:
        if userid is None:
            self.say(_("Cette personne est inconnue."), "danger")
            return
        try:
            bodies.remove_auditor(self.request.site, self.context, userid, self.request.actor)
        except Invalid as refused:
            self.say(refused.messages["auditor"], "danger")
        else:
            self.say(_("Cette personne n’audite plus pour l’organisme."))

    def _below(self) -> list[dict[str, Any]]:
        """The breadcrumb of the pages below the body's own."""
        body, request = self.context, self.request
        return [*crumbs(request, body), {"href": request.path.rsplit("/", 1)[0], "title": body.title}]
