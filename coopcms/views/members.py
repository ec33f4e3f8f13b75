"""Members: the list for coordinators, admitting somebody, the end of a membership."""

from typing import Any

import colander
import deform.widget as w
from pyramid.view import view_config, view_defaults

from ..content import fields
from ..content.member import CATEGORIES, Member, Members
from ..domain import accounts, members, registers
from ..domain.errors import Invalid
from ..i18n import _
from ..security.permissions import P
from ..web import readable
from . import forms
from .addresses import url
from .base import Views

CATEGORY_TITLES = {
    "founders": _("Fondateur"),
    "employees": _("Salarié"),
    "consumers": _("Consommateur"),
    "honorary": _("Partenaire honoraire"),
}
assert set(CATEGORY_TITLES) == set(CATEGORIES)
PAGE = 100


def member_schema() -> colander.Schema:
    """Who joins, with how many shares."""
    return colander.Schema(
        fields.line(
            _("Compte"),
            name="account",
            description=_("Identifiant ou adresse électronique de la personne."),
            missing=colander.required,
            missing_msg=_("Donnez l’identifiant ou l’adresse de la personne."),
            longest=254,
            widget=w.TextInputWidget(attributes={"autocomplete": "off"}),
        ),
        fields.whole(
            _("Parts sociales"),
            name="shares",
            description=_("À un euro l’une. Une ou cinq cents, c’est une voix."),
            default=1,
            missing=colander.required,
            missing_msg=_("Donnez le nombre de parts."),
            least=1,
            most=registers.MOST_SHARES,
        ),
        fields.choice(
            _("Catégorie"),
            CATEGORY_TITLES,
            name="category",
            default="consumers",
            missing="consumers",
            widget=w.SelectWidget(values=list(CATEGORY_TITLES.items())),
        ),
    )


@view_defaults(context=Members)
class MembersViews(Views):
    """The folder of members."""

    @view_config(permission=P.READ, request_method="GET", renderer="templates/members/list.pt")
    def show(self) -> dict[str, Any]:
        """The members by number, a page at a time, with the sum of the register."""
        request, folder = self.request, self.context
        start = readable.whole(request.GET, "from", 1, least=1)
        numbers = list(folder.numbers.keys(start))[: PAGE + 1]
        site = request.site
        return {
            "title": _("Les sociétaires"),
            "members": [folder[str(number)] for number in numbers[:PAGE]],
            "next": f"{url(request, folder)}?from={numbers[PAGE]}" if len(numbers) > PAGE else None,
            "count": members.in_good_standing(site),
            "capital": registers.capital(site),
            "waiting": sum(1 for _request in site.share_register.waiting()),
            "CATEGORIES": CATEGORY_TITLES,
        }

    @view_config(name="add", permission=P.MANAGE_MEMBERS, renderer="templates/members/form.pt")
    def add(self) -> Any:
        """Make somebody a member."""
        request, site = self.request, self.request.site
        form = forms.make(request, member_schema(), submit=_("Inscrire"), values={"shares": 1, "category": "consumers"})
        if request.method == "POST":
            given = forms.sent(request, form)
            if given is not None:
                try:
                    account = accounts.by_login(site, given["account"])
                    if account is None:
                        raise Invalid(account=_("Aucun compte n’a cet identifiant ou cette adresse."))
                    members.admit(
                        site,
                        account,
                        request.actor,
                        request.now,
                        shares=given["shares"],
                        category=given["category"],
                    )
                except Invalid as refused:
                    forms.refuse(form, refused)
                else:
                    self.say(_("C’est noté : la ligne du registre est numérotée dans la minute."))
                    return self.go(self.context)
            request.response.status_int = 422
        return {
            "title": _("Inscrire un sociétaire"),
            "crumbs": [{"href": url(request, self.context), "title": _("Les sociétaires")}],
            "form": form,
        }


@view_config(context=Member, permission=P.READ, request_method="GET", renderer="templates/members/member.pt")
def show(context: Member, request: Any) -> dict[str, Any]:
    """One member with the lines of the register."""
    lines = [line for line in request.site.share_register.lines.values() if line["holder"] == context.number]
    return {
        "title": context.title,
        "crumbs": [{"href": url(request, context.__parent__), "title": _("Les sociétaires")}],
        "member": context,
        "register": lines,
        "may_end": context.left is None and request.may(P.MANAGE_MEMBERS),
        "CATEGORIES": CATEGORY_TITLES,
    }


@view_config(context=Member, name="leave", permission=P.MANAGE_MEMBERS, request_method="POST")
def leave(context: Member, request: Any) -> Any:
    """Record that a member leaves."""
    views = Views(context, request)
    try:
        members.leave(request.site, context, request.actor, request.now)
        views.say(_("Le départ est noté ; les votes déjà ouverts gardent cette voix."))
    except Invalid as refused:
        views.say(next(iter(refused.messages.values())), "danger")
    return views.go(context)
