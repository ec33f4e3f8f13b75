"""The public dossier of a company, and who belongs to it."""

from collections.abc import Mapping
from typing import Any

import colander
from markupsafe import Markup
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from ..api.versions import shown_version_or_none
from ..content import fields
from ..content.company import Company
from ..content.file import VISIBILITY_MARKS
from ..content.geography import ORIGINS
from ..domain import accounts, companies, journal
from ..domain.errors import Invalid
from ..domain.timeline import milestones, verdict
from ..i18n import _
from ..notifications import send
from ..security.permissions import P
from ..web import readable
from ..workflows import engine
from ..workflows.conditions import in_conflict
from ..workflows.dossier import COMMITMENTS
from . import forms, links, matrix, outside, said, structure
from .addresses import url
from .base import Views, crumbs
from .files import picture
from .history import history


class StaffSchema(colander.Schema):
    """Whom to invite into the team of the company."""

    email = forms.invited(
        _("Adresse électronique de la personne à inviter"),
        _("Elle reçoit un lien personnel, valable 14 jours, et pourra modifier le dossier comme vous."),
    )


class InterestSchema(colander.Schema):
    """What ties somebody to the company."""

    text = fields.text(
        _("Votre lien avec l’entreprise"),
        description=_("Emploi, famille, capital, fournisseur, client important… Une phrase suffit."),
        longest=500,
        missing=colander.required,
        missing_msg=_("Dites en une phrase quel est ce lien."),
        rows=3,
    )


@view_defaults(context=Company)
class CompanyViews(Views):
    """Pages of a company."""

    @view_config(permission=P.VIEW, renderer="templates/company/view.pt")
    def view(self) -> dict[str, Any]:
        """The dossier: verdict, timeline, commitments, the eight parts, history."""
        company, request = self.context, self.request
        readable = request.may(P.READ)
        allowed = engine.available(company, request.actor, request.now)
        return {
            "title": company.title,
            "description": company.value("summary") if readable else None,
            "company": company,
            "readable": readable,
            "milestones": milestones(company),
            "pictured": next((s for s in company.worksites() if s.photo is not None and request.may(P.READ, s)), None)
            if readable
            else None,
            "verdict": verdict(company) if readable else [],
            "identity": company.values_of("identity") if readable else {},
            "facts": [
                *facts(company.values_of("identity")),
                *places(request, company),
                *outside.facts(request, company),
                *structure.facts(request, company),
            ]
            if readable
            else [],
            "glance": matrix.glance(request, company) if readable and company.state != "draft" else None,
            "earlier_votes": company.earlier_votes if readable else (),
            "turnout": companies.turnout,
            "VOTE_RESULTS": companies.EARLIER_RESULTS,
            "commitments": said.commitments(request, company) if readable else None,
            "against": max((company.sections[key].against or 0 for key in COMMITMENTS), default=0),
            "parts": said.parts(request, company) if readable else None,
            "specifications": shown_versions(request, company) if readable else [],
            "files": [file for file in company["files"].values() if request.may(P.READ, file)] if readable else [],
            "contacts": visible_contacts(request, company),
            "history": history(request, company),
            "steps": allowed,
            "may_suggest": request.may(P.SUGGEST),
            "may_care": request.may(P.CARE),
            "MARKS": VISIBILITY_MARKS,
            "may_link": request.may(P.RECORD_LINK),
            "may_edit": request.may(P.EDIT) or request.may(P.UPDATE),
            "admissible": company.admissible_since() if company.state == "applied" else None,
        }

    @view_config(name="logo", permission=P.READ)
    def logo(self) -> Response:
        """The logo, a picture we made ourselves."""
        return picture(self.context.logo)

    @view_config(name="staff", permission=P.READ_VERIFIERS, request_method="GET", renderer="templates/company/staff.pt")
    @view_config(name="staff", permission=P.INVITE_STAFF, request_method="POST", renderer="templates/company/staff.pt")
    def staff(self) -> Any:
        """Who edits this dossier, for all who verify it; for whoever may, the invitation of others."""
        company, request = self.context, self.request
        form = forms.make(request, StaffSchema(), submit=_("Envoyer l’invitation"))
        if "revoke" in request.POST:
            accounts.revoke_invitation(request.site, readable.word(request.POST, "revoke"), request.actor)
            self.say(_("L’invitation est retirée : son lien ne fonctionne plus."))
            return self.go(company, "staff")
        if "remove" in request.POST:
            self._remove(readable.object_id(request.POST, "remove"))
            return self.go(company, "staff")
        if request.method == "POST":
            values = forms.sent(request, form)
            if values is not None:
                number = accounts.invite(request.site, values["email"], request.actor, request.now, company=company)
                if accounts.is_new(request.site, number, request.now):
                    send.invitation(request, values["email"], company.title, links.invitation(request, number))
                self.say(_("L’invitation est envoyée."))
                return self.go(company, "staff")
        return {
            "title": _("L’équipe de l’entreprise"),
            "crumbs": [*crumbs(request, company), {"href": request.path.rsplit("/", 1)[0], "title": company.title}],
            "company": company,
            "form": form if request.may(P.INVITE_STAFF) else None,
            "members": [account for oid in company.staff if (account := accounts.by_id(request.site, oid)) is not None],
            "pending": accounts.pending_invitations(request.site, request.now, company),
        }

    def _remove(self, userid: int | None) -> None:
        if userid is None:
            self.say(_("Cette personne est inconnue."), "danger")
            return
        try:
            companies.remove_staff(self.context, userid, self.request.actor)
            self.say(_("Cette personne ne fait plus partie de l’équipe."))
        except Invalid as refused:
            self.say(next(iter(refused.messages.values())), "danger")

    @view_config(name="interests", permission=P.DECLARE_INTEREST, renderer="templates/company/interests.pt")
    def interests(self) -> Any:
        """Declare one's own interest: from then on one decides nothing here."""
        company, request = self.context, self.request
        form = forms.make(request, InterestSchema(), submit=_("Déclarer ce lien"), guard=True)
        if request.method == "POST":
            values = forms.sent(request, form)
            if values is not None:
                companies.declare_interest(company, values["text"], request.actor, request.now)
                self.say(_("Votre lien est déclaré : vous ne déciderez rien pour cette entreprise."))
                return self.go(company, "interests")
        mine = company.interests.get(request.actor.userid) if request.actor.is_person else None
        return {
            "title": _("Intérêts déclarés"),
            "crumbs": [*crumbs(request, company), {"href": request.path.rsplit("/", 1)[0], "title": company.title}],
            "company": company,
            "form": form,
            "mine": mine,
            "declared": [(oid, found) for oid, found in company.interests.items()],
        }

    @view_config(name="stand-in", permission=P.NAME_STAND_IN, renderer="templates/company/stand_in.pt")
    def stand_in(self) -> Any:
        """Name who stands in where every coordinator is in conflict with this company."""
        company, request = self.context, self.request
        form = forms.make(request, _stand_in_schema(), submit=_("Désigner"))
        ended = readable.object_id(request.POST, "ended")
        if ended is not None:
            companies.end_interest(request.site, company, ended, request.actor, request.now)
            self.say(_("Cet intérêt est rayé ; le journal en garde la trace."))
            return self.go(company, "stand-in")
        if request.method == "POST":
            try:
                self._name_stand_in(form)
            except Invalid as refused:
                if refused.messages:
                    forms.refuse(form, refused)
                request.response.status_int = 422
            else:
                self.say(_("Cette personne remplace l’équipe de la coopérative pour ce dossier."))
                return self.go(company, "stand-in")
        from ..catalog.queries import coordinators
        from ..security.principals import Actor

        return {
            "title": _("Remplacement pour conflit d’intérêts"),
            "crumbs": [*crumbs(request, company), {"href": request.path.rsplit("/", 1)[0], "title": company.title}],
            "company": company,
            "form": form,
            "coordinators": [(c, in_conflict(Actor(c.__oid__), company)) for c in coordinators(request.site)],
            "declared": list(company.interests.items()),
            "stand_ins": [a for oid in company.stand_ins if (a := accounts.by_id(request.site, oid)) is not None],
        }

    def _name_stand_in(self, form: Any) -> None:
        """Name the person that was sent; Invalid says what is wrong, without a message where the form shows it already."""
        company, request = self.context, self.request
        values = forms.sent(request, form)
        if values is None:
            raise Invalid
        account = accounts.by_login(request.site, values["account"])
        if account is None:
            raise Invalid(account=_("Aucun compte n’a cet identifiant ni cette adresse."))
        companies.name_stand_in(request.site, company, account, request.actor)
        facts = {"company": company.__name__, "account": account.title}
        journal.write(request.site, "stand-in", request.actor, request.now, **facts)


def _stand_in_schema() -> colander.Schema:
    return colander.Schema(
        fields.line(
            _("Identifiant ou adresse de la personne"),
            name="account",
            longest=254,
            missing=colander.required,
            missing_msg=_("Donnez l’identifiant ou l’adresse de la personne."),
        )
    )


def visible_contacts(request: Any, company: Company) -> list[tuple[str, dict[str, str]]]:
    """The contacts whose visibility lets the reader see them."""
    from ..content.file import READ_BY_VISIBILITY

    permitted = {v: request.may(permission, company) for v, permission in READ_BY_VISIBILITY.items()}
    return [(key, contact) for key, contact in company.contacts.items() if permitted[contact["visibility"]]]


def shown_versions(request: Any, company: Company) -> list[tuple[Any, Any]]:
    """Each specification with the version it answers for, to this reader."""
    pairs = ((each, shown_version_or_none(request, each)) for each in company.specifications())
    return [(specification, version) for specification, version in pairs if version is not None]


def facts(identity: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """What the identity says, line by line, what is empty left out."""
    number = identity.get("siret", "")
    name = ", ".join(filter(None, (identity.get("legal_name"), identity.get("legal_form"))))
    street = ", ".join(
        filter(None, (identity.get("street"), f"{identity.get('postcode', '')} {identity.get('city', '')}".strip()))
    )
    website = identity.get("website", "")
    found = [
        (_("Dénomination"), name),
        # Plain spaces, kept together by the style: what is copied can be pasted anywhere.
        ("SIRET", number and Markup('<span class="nowrap">{}</span>').format(_grouped(number))),
        (_("Adresse"), street),
        (_("Origine"), ORIGINS.get(identity.get("origin", ""), "")),
        (_("Création"), identity.get("founded")),
        (_("Personnes qui y travaillent"), identity.get("headcount")),
        (_("Site web"), website and Markup('<a href="{0}" rel="nofollow noopener">{0}</a>').format(website)),
    ]
    return [(label, value) for label, value in found if value not in (None, "")]


def places(request: Any, company: Company) -> list[tuple[Any, Any]]:
    """One line on where the company works, with the way there."""
    count = len(company["sites"]) if "sites" in company else 0
    if not count:
        return []
    words = _("1 lieu") if count == 1 else _("${count} lieux", mapping={"count": count})
    link = Markup('<a href="{}">{}</a>').format(url(request, company["sites"]), request.localizer.translate(words))
    return [(_("Où l’on vérifie"), link)]


def _grouped(siret: str) -> str:
    return " ".join(filter(None, (siret[:3], siret[3:6], siret[6:9], siret[9:])))
