"""Accounts and groups in /manage, through the same verbs as everywhere else."""

from typing import Any

import colander
import deform
import deform.widget as w
from pyramid.request import Request
from substanced.interfaces import IGroup
from substanced.property import PropertySheet
from substanced.property.views import PropertySheetsView
from substanced.schema import Schema
from substanced.sdi import mgmt_view

from ...catalog.queries import account_by_email
from ...content import fields
from ...content.account import Account
from ...domain import accounts
from ...domain.errors import Invalid
from ...i18n import LANGUAGE_NAMES, _
from ...security.roles import GLOBAL_ROLES, TITLES, group_of
from ...text import folded


@colander.deferred
def _free_login(node: Any, kw: Any) -> Any:
    context = kw["context"]
    own = context.__name__ if isinstance(context, Account) else None

    def check(node: Any, value: str) -> None:
        if value == own:
            return  # one from before log-ins were folded may stay as it is
        try:
            accounts.check_login(kw["request"].site, value, own)
        except Invalid as refused:
            raise colander.Invalid(node, refused.messages["login"]) from None

    return check


@colander.deferred
def _free_address(node: Any, kw: Any) -> Any:
    def check(node: Any, value: str) -> None:
        if account_by_email(kw["request"].site, value) not in (None, kw["context"]):
            raise colander.Invalid(node, _("Un compte existe déjà avec cette adresse."))

    return check


@colander.deferred
def _keeps_an_administrator(node: Any, kw: Any) -> Any:
    """Somebody must be able to come in here."""

    def check(node: Any, value: set[str]) -> None:
        if "admin" not in value:
            _leave_one(kw["request"].site, node, [kw["context"]])

    return check


def _leave_one(site: Any, node: Any, leaving: list[Any]) -> None:
    administrators = site["principals"]["groups"][group_of("admin")].members
    if administrators and all(account in leaving for account in administrators):
        raise colander.Invalid(node, _("Il doit rester au moins une personne à l’administration."))


def roles_node(**kw: Any) -> colander.SchemaNode:
    """The field of the roles somebody holds everywhere."""
    offered = [(name, TITLES[role]) for name, role in GLOBAL_ROLES.items()]
    return fields.boxes(_("Rôles"), offered, name="roles", missing=frozenset(), **kw)


class AccountSchema(Schema):
    """What an account says of somebody."""

    name = fields.line(_("Identifiant"), longest=80, missing=colander.required, validator=_free_login)
    title = fields.line(_("Nom montré aux autres"), longest=80, missing=colander.required)
    email = fields.email(_("Adresse électronique"), validator=_free_address)
    language = fields.choice(
        _("Langue"),
        LANGUAGE_NAMES,
        default="fr",
        missing="fr",
        widget=w.SelectWidget(values=list(LANGUAGE_NAMES.items())),
    )


class AccountSheet(PropertySheet):
    """Login, name, address, language."""

    schema = AccountSchema()

    def get(self) -> dict[str, Any]:
        """What is stored."""
        account = self.context
        return {
            "name": account.__name__,
            "title": account.title,
            "email": account.email or "",
            "language": account.language or "fr",
        }

    def set(self, struct: dict[str, Any], omit: Any = ()) -> bool:
        """Store it."""
        account = self.context
        account.email = struct["email"]
        if struct["name"] != account.__name__:
            account.name = folded(struct["name"])
        accounts.rename(account, struct["title"], struct["language"])
        return True


class RolesSchema(Schema):
    """The roles somebody holds everywhere."""

    roles = roles_node(validator=_keeps_an_administrator)


class RolesSheet(PropertySheet):
    """The same through the groups of the account."""

    permissions = (("view", "sdi.manage-user-groups"), ("change", "sdi.manage-user-groups"))
    schema = RolesSchema()

    def get(self) -> dict[str, Any]:
        """The roles held now."""
        held = self.context.roles()
        return {"roles": {name for name, role in GLOBAL_ROLES.items() if role in held}}

    def set(self, struct: dict[str, Any], omit: Any = ()) -> bool:
        """Give and take."""
        for name in GLOBAL_ROLES:
            verb = accounts.give_role if name in struct["roles"] else accounts.take_role
            verb(self.request.site, self.context, name)
        return True


def _found(request: Request, node: Any, logins: str) -> list[Any]:
    found = {login: accounts.by_login(request.site, login) for login in logins.split()}
    unknown = [login for login, account in found.items() if account is None]
    if unknown:
        raise colander.Invalid(node, _("Aucun compte de ce nom : ${logins}.", mapping={"logins": ", ".join(unknown)}))
    return list(found.values())


@colander.deferred
def _entering(node: Any, kw: Any) -> Any:
    return lambda node, value: _found(kw["request"], node, value) and None


@colander.deferred
def _leaving(node: Any, kw: Any) -> Any:
    def check(node: Any, value: str) -> None:
        leaving = _found(kw["request"], node, value)
        if kw["context"].__name__ == group_of("admin"):
            _leave_one(kw["request"].site, node, leaving)

    return check


class GroupSchema(Schema):
    """Who enters and who leaves: a role of thousands is no list to tick."""

    description = fields.line(_("Description"), longest=100)
    enter = fields.text(
        _("Faire entrer"),
        description=_("Des identifiants ou des adresses, séparés par des espaces."),
        validator=_entering,
        rows=2,
    )
    leave = fields.text(_("Faire sortir"), validator=_leaving, rows=2)


class GroupSheet(PropertySheet):
    """A group, which is a role."""

    schema = GroupSchema()
    shown = 100  #: members that are named

    def get(self) -> dict[str, Any]:
        """What is stored; nobody enters or leaves yet."""
        return {"description": self.context.description or "", "enter": "", "leave": ""}

    def before_render(self, form: Any) -> None:
        """Name the members."""
        members = self.context.memberids
        names = sorted(account.__name__ for account in list(self.context.members)[: self.shown] if account is not None)
        form["leave"].description = _(
            "${count} membres : ${names}",
            mapping={"count": len(members), "names": ", ".join(names) + (" …" if len(members) > self.shown else "")},
        )

    def set(self, struct: dict[str, Any], omit: Any = ()) -> bool:
        """Let them enter and leave."""
        group = self.context
        group.description = struct["description"]
        for name, verb in (("enter", group.memberids.connect), ("leave", group.memberids.disconnect)):
            verb(_found(self.request, self.schema[name], struct[name]))
        return True


class _Sheets(PropertySheetsView):
    """The property sheets of Substance D with ours in their place."""

    sheets: tuple[tuple[str, type[PropertySheet]], ...] = ()
    buttons = (deform.Button("save", _("Enregistrer")),)

    def __init__(self, context: Any, request: Request) -> None:
        super().__init__(request)

    def viewable_sheet_factories(self) -> list[tuple[str, Any]]:
        """The sheets of this kind of object."""
        return [(name, sheet) for name, sheet in self.sheets if self.has_permission_to("view", sheet)]


@mgmt_view(
    context=Account,
    name="properties",
    renderer="substanced.property:templates/propertysheets.pt",
    permission="sdi.view",
    tab_condition=False,
)
class AccountProperties(_Sheets):
    """The account and its roles."""

    sheets = ((_("Compte"), AccountSheet), (_("Rôles"), RolesSheet))


@mgmt_view(
    context=IGroup,
    name="properties",
    renderer="substanced.property:templates/propertysheets.pt",
    permission="sdi.view",
    tab_condition=False,
)
class GroupProperties(_Sheets):
    """The group and its members."""

    sheets = (("", GroupSheet),)
