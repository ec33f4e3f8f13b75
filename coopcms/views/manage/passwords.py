"""A new account, and a new password for an account, by administrators."""

from typing import Any

import colander
import deform
import deform.widget as w
from substanced.form import FormView
from substanced.interfaces import IUsers
from substanced.schema import Schema
from substanced.sdi import mgmt_view

from ...content import fields
from ...content.account import Account
from ...domain import accounts, journal
from ...domain.errors import Invalid
from ...i18n import _
from ...web.addresses import redirect
from .. import identity, throttle
from .accounts import AccountSchema, roles_node

_FORM = "substanced.sdi:templates/form.pt"


def _long_enough(node: Any, value: str) -> None:
    try:
        accounts.check_new_password(value)
    except Invalid as refused:
        raise colander.Invalid(node, refused.messages["password"]) from None


def _twice() -> Any:
    return w.CheckedPasswordWidget(redisplay=False, strip=False)


class NewAccountSchema(AccountSchema):
    """An account with its roles."""

    roles = roles_node()
    password = fields.password(
        _("Mot de passe"),
        widget=_twice(),
        description=_(
            "12 caractères au moins. Laissez vide pour que la personne le choisisse par « mot de passe oublié »."
        ),
        validator=_long_enough,
        missing="",
    )


class PasswordSchema(Schema):
    """The administrator's password, and the new one of the account."""

    current = fields.password(_("Votre mot de passe, à vous"), autocomplete="current-password")
    password = fields.password(
        _("Nouveau mot de passe de ce compte"),
        widget=_twice(),
        description=_("12 caractères au moins ; les sessions ouvertes de ce compte prennent fin."),
        validator=_long_enough,
    )


@mgmt_view(context=IUsers, name="add_user", permission="sdi.add-user", renderer=_FORM, tab_condition=False)
class AddUser(FormView):
    """Make an account."""

    title = _("Nouveau compte")
    schema = NewAccountSchema()
    buttons = (deform.Button("add", _("Créer le compte")),)

    def add_success(self, values: dict[str, Any]) -> Any:
        """Make it, and go there."""
        site = self.request.site
        account = accounts.create(site, values["name"], values["title"], values["email"])
        account.language = values["language"]
        if values["password"]:
            accounts.set_password(account, values["password"])
        for role in values["roles"]:
            accounts.give_role(site, account, role)
        self.request.sdiapi.flash(_("Le compte est créé."), "success")
        return redirect(self.request, self.request.sdiapi.mgmt_path(account))


@mgmt_view(
    context=Account, name="change_password", permission="sdi.change-password", renderer=_FORM, tab_condition=False
)
class ChangePassword(FormView):
    """Give an account a new password."""

    title = _("Mot de passe")
    schema = PasswordSchema()
    buttons = (deform.Button("change", _("Changer de mot de passe")),)

    def change_success(self, values: dict[str, Any]) -> Any:
        """Give it, if the administrator is who they say; wrong tries are counted as those of logging in."""
        request, me, account = self.request, self.request.account, self.context
        if throttle.too_many_logins(request, me.__name__):
            request.sdiapi.flash(_("Trop d’essais : attendez un quart d’heure."), "danger")
        elif not me.check_password(values["current"]):
            throttle.count_login(request, me.__name__)
            request.sdiapi.flash(_("Ce n’est pas votre mot de passe à vous."), "danger")
        else:
            accounts.set_password(account, values["password"])
            journal.write(request.site, "password", request.actor, request.now, account=account.__name__)
            if account is me:
                identity.log_in(request, me)
            request.sdiapi.flash(_("Le mot de passe est changé ; les sessions de ce compte sont fermées."), "success")
        return redirect(request, request.sdiapi.mgmt_path(account, "@@change_password"))
