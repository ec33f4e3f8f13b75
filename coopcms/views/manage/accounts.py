"""Accounts and groups in /manage, through the same verbs as everywhere else."""

import re
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
from ...content.account import Account
from ...content.checks import at_most
from ...domain import accounts
from ...i18n import LANGUAGES, _
from ...security.roles import GLOBAL_ROLES, TITLES, group_of

_LOGIN = re.compile(r"[\w.@+-]{1,80}", re.ASCII)


@colander.deferred
def _free_login(node: Any, kw: Any) -> Any:
    context = kw["context"]
    own = context.__name__ if isinstance(context, Account) else None

    def check(node: Any, value: str) -> None:
        principals = kw["request"].site["principals"]
        if not _LOGIN.fullmatch(value):
            raise colander.Invalid(node, _("Des lettres sans accent, des chiffres et . @ + - _ : 80 au plus."))
        if value != own and (value in principals["users"] or value in principals["groups"]):
            raise colander.Invalid(node, _("Cet identifiant est déjà pris."))

    return check


@colander.deferred
def _free_address(node: Any, kw: Any) -> Any:
    def check(node: Any, value: str) -> None:
        if account_by_email(kw["request"].site, value) not in (None, kw["context"]):
            raise colander.Invalid(node, _("Un compte existe déjà avec cette adresse."))

    return colander.All(colander.Email(), at_most(200), check)


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
    return colander.SchemaNode(
        colander.Set(),
        name="roles",
        title=_("Rôles"),
        missing=frozenset(),
        widget=w.CheckboxChoiceWidget(values=[(name, TITLES[role]) for name, role in GLOBAL_ROLES.items()]),
        **kw,
    )


class AccountSchema(Schema):
    """What an account says of somebody."""

    name = colander.SchemaNode(colander.String(), title=_("Identifiant"), validator=_free_login)
    title = colander.SchemaNode(colander.String(), title=_("Nom montré aux autres"), validator=at_most(80))
    email = colander.SchemaNode(colander.String(), title=_("Adresse électronique"), validator=_free_address, missing="")
    language = colander.SchemaNode(
        colander.String(),
        title=_("Langue"),
        validator=colander.OneOf(LANGUAGES),
        default="fr",
        missing="fr",
        widget=w.SelectWidget(values=[("fr", "Français"), ("en", "English")]),
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
            account.name = struct["name"]
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

    description = colander.SchemaNode(colander.String(), title=_("Description"), validator=at_most(100), missing="")
    enter = colander.SchemaNode(
        colander.String(),
        title=_("Faire entrer"),
        description=_("Des identifiants ou des adresses, séparés par des espaces."),
        validator=_entering,
        missing="",
        widget=w.TextAreaWidget(rows=2),
    )
    leave = colander.SchemaNode(
        colander.String(),
        title=_("Faire sortir"),
        validator=_leaving,
        missing="",
        widget=w.TextAreaWidget(rows=2),
    )


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
