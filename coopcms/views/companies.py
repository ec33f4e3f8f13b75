"""The directory, and the invitation of companies."""

from typing import Any
from urllib.parse import urlencode

import colander
from pyramid.view import view_config, view_defaults

from ..catalog import queries
from ..content import fields
from ..content.company import Companies
from ..content.french import sort_key
from ..content.geography import SECTORS
from ..domain import accounts
from ..i18n import _
from ..notifications import send
from ..security.permissions import P
from ..web import readable
from ..workflows import WORKFLOWS
from . import forms, links
from .base import Views

PAGE = 24  #: companies a page


class InvitationSchema(colander.Schema):
    """Whom to invite, for which company."""

    title = fields.line(
        _("Nom de l’entreprise"),
        missing=colander.required,
        missing_msg=_("Donnez le nom de l’entreprise que vous invitez."),
    )
    email = forms.invited(
        _("Adresse électronique de la personne"),
        _("Elle reçoit un lien personnel, valable 14 jours ; le dossier naît quand elle l’accepte."),
    )


@view_defaults(context=Companies)
class CompaniesViews(Views):
    """Pages of the folder of companies."""

    @view_config(permission=P.VIEW, renderer="templates/companies/directory.pt")
    def directory(self) -> dict[str, Any]:
        """All companies one may see, by state, sector, region and words."""
        request = self.request
        given = request.GET
        workflow = WORKFLOWS["company"]
        state, sector = readable.word(given, "state"), readable.word(given, "sector")
        state = state if state in workflow.by_id else ""
        sector = sector if sector in SECTORS else ""
        region, text = readable.word(given, "region"), queries.looked_for(readable.word(given, "text", most=5000))
        page = readable.whole(given, "page", 1, least=1, most=9_999)
        found = queries.companies(
            request.site,
            request.actor,
            states=(state,) if state else (),
            sector=sector,
            region=region,
            text=text,
            start=(page - 1) * PAGE,
            limit=PAGE,
        )
        chosen = {"text": text, "state": state, "sector": sector, "region": region}

        def address(**changes: Any) -> str:
            query = {k: v for k, v in {**chosen, **changes}.items() if v}
            return f"{request.path}?{urlencode(query)}" if query else str(request.path)

        titles = {"state": {s.id: s.title for s in workflow.states}, "sector": SECTORS}
        order = {"state": queries.COMPANY_STATES, "sector": tuple(SECTORS)}
        facets = [
            {
                "name": name,
                "title": heading,
                "chosen": chosen[name],
                "values": [
                    {
                        "id": value,
                        "title": titles.get(name, {}).get(value, value),
                        "count": found.facets[name].get(value, 0),
                    }
                    for value in order.get(name, sorted(found.facets[name], key=sort_key))
                    if found.facets[name].get(value) or value == chosen[name]
                ],
            }
            for name, heading in (("state", _("Étape")), ("sector", _("Secteur")), ("region", _("Région")))
        ]
        return {
            "title": _("Les entreprises"),
            "description": _("Toutes les entreprises candidates, certifiées ou rattachées, avec leur dossier."),
            "found": found,
            "chosen": chosen,
            "filtered": any(chosen.values()),
            "facets": facets,
            "pages": [
                {"number": n, "href": address(page=n), "current": n == page}
                for n in range(1, -(-found.total // PAGE) + 1)
            ],
            "may_invite": request.may(P.INVITE_COMPANY, self.context),
        }

    @view_config(name="invite", permission=P.INVITE_COMPANY, renderer="templates/companies/invite.pt")
    def invite(self) -> Any:
        """Invite the first staff of a company; taking the invitation up makes the draft."""
        request = self.request
        form = forms.make(request, InvitationSchema(), submit=_("Envoyer l’invitation"))
        if "revoke" in request.POST:
            accounts.revoke_invitation(request.site, readable.word(request.POST, "revoke"), request.actor)
            self.say(_("L’invitation est retirée : son lien ne fonctionne plus."))
            return self.go(self.context, "invite")
        if request.method == "POST":
            values = forms.sent(request, form)
            if values is not None:
                number = accounts.invite(
                    request.site, values["email"], request.actor, request.now, title=values["title"]
                )
                if accounts.is_new(request.site, number, request.now):
                    send.invitation(request, values["email"], values["title"], links.invitation(request, number))
                self.say(_("L’invitation est envoyée."))
                return self.go(self.context, "invite")
        return {
            "title": _("Inviter une entreprise"),
            "form": form,
            "pending": accounts.pending_invitations(request.site, request.now),
        }
