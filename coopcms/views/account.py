"""Logging in and out, one's own account, invitations and new passwords."""

from typing import Any

import colander
import deform
import deform.widget as w
from pyramid.httpexceptions import HTTPNotFound
from pyramid.view import view_config, view_defaults

from ..content import fields
from ..content.body import Body
from ..content.site import Site
from ..domain import accounts
from ..domain.errors import Forbidden, Invalid
from ..i18n import LANGUAGE_NAMES, _
from ..notifications import send
from ..security.permissions import P
from ..web.addresses import redirect, way_back
from ..web.readable import word
from . import forms, identity, language, links, mail_choices, throttle
from .base import Views
from .errors import answer


def _login_schema() -> colander.Schema:
    return colander.Schema(
        fields.line(
            _("Identifiant ou adresse électronique"),
            name="login",
            missing=colander.required,
            missing_msg=_("Tapez votre identifiant ou votre adresse."),
            longest=254,
            widget=w.TextInputWidget(attributes={"autocomplete": "username", "autocapitalize": "none"}),
        ),
        fields.password(_("Mot de passe"), name="password", autocomplete="current-password"),
    )


def _new_password_nodes() -> tuple[colander.SchemaNode, ...]:
    return (
        fields.password(
            _("Nouveau mot de passe"),
            name="password",
            description=_("12 caractères au moins ; une phrase se retient bien."),
        ),
        fields.password(_("Confirmez le nouveau mot de passe"), name="again"),
    )


def _name_node(description: str = "") -> colander.SchemaNode:
    return fields.line(
        _("Votre nom"),
        name="name",
        description=description,
        missing=colander.required,
        missing_msg=_("Donnez votre nom."),
        longest=80,
        widget=w.TextInputWidget(attributes={"autocomplete": "name"}),
    )


@view_defaults(context=Site)
class AccountViews(Views):
    """Pages of the site for whoever has an account or is about to."""

    @view_config(name="login", permission=P.VIEW, renderer="templates/account/login.pt")
    def login(self) -> Any:
        """Log in; wrong log-ins are counted by address and by account."""
        request = self.request
        back = way_back(request, "/tasks")
        known = word(request.GET, "login")
        form = forms.make(
            request, _login_schema(), submit=_("Se connecter"), values={"login": known} if known else None
        )
        if request.method == "POST":
            values = forms.sent(request, form)
            if values is not None:
                if throttle.too_many_logins(request, values["login"]):
                    return answer(request, 429)
                account = accounts.authenticate(request.site, values["login"], values["password"])
                if account is not None:
                    throttle.forget_logins(request, values["login"])
                    identity.log_in(request, account)
                    return redirect(request, back)
                throttle.count_login(request, values["login"])
                # Which of both is wrong is nobody's business.
                forms.refuse(form, Invalid(login=_("Cet identifiant et ce mot de passe ne vont pas ensemble.")))
            request.response.status_int = 422
        return {"title": _("Se connecter"), "form": form}

    @view_config(name="logout", permission=P.USE_ACCOUNT, request_method="POST")
    def logout(self) -> Any:
        """Log out."""
        identity.log_out(self.request)
        return self.go(self.context)

    @view_config(name="forgotten", permission=P.VIEW, renderer="templates/account/form.pt")
    def forgotten(self) -> Any:
        """Ask for a link; the answer is the same whether the account exists or not."""
        request = self.request
        schema = colander.Schema(_login_schema()["login"])
        form = forms.make(request, schema, submit=_("Recevoir le lien"))
        if request.method == "POST":
            values = forms.sent(request, form)
            if values is not None:
                if throttle.too_many_forms(request):
                    return answer(request, 429)
                account = accounts.by_login(request.site, values["login"])
                if account is not None and account.email and accounts.takes_link(account, request.now):
                    send.new_password(request, account, links.reset(request, account))
                self.say(
                    _("Si ce compte existe et a une adresse, un lien valable une heure vient d’y être envoyé."), "info"
                )
                return self.go(self.context, "login")
            request.response.status_int = 422
        return {
            "title": _("Mot de passe oublié"),
            "lead": _("Nous vous envoyons un lien pour en choisir un nouveau."),
            "form": form,
        }

    @view_config(name="reset", permission=P.VIEW, renderer="templates/account/form.pt")
    def reset(self) -> Any:
        """Choose a new password by the link that was sent."""
        request = self.request
        account = links.read_reset(request, self.subpath)
        if account is None:
            return answer(
                request,
                403,
                title=_("Ce lien ne fonctionne plus"),
                sentence=_("Il a servi, ou il a plus d’une heure. Demandez-en un autre depuis la page de connexion."),
                login_url=f"{request.script_name}/forgotten",
            )
        form = forms.make(request, colander.Schema(*_new_password_nodes()), submit=_("Prendre ce mot de passe"))
        if request.method == "POST":
            values = forms.sent(request, form)
            if values is not None:
                try:
                    accounts.set_password(account, values["password"], values["again"])
                except Invalid as refused:
                    forms.refuse(form, refused)
                else:
                    identity.log_in(request, account)
                    self.say(_("Votre mot de passe est changé et vous êtes connecté."))
                    return self.go(self.context, "account")
            request.response.status_int = 422
        return {"title": _("Choisir un nouveau mot de passe"), "lead": account.title, "form": form}

    @view_config(name="invitation", permission=P.VIEW, renderer="templates/account/invitation.pt")
    def invitation(self) -> Any:
        """Take up an invitation, with an account of one's own or a new one."""
        request, site = self.request, self.request.site
        number = links.read_invitation(request, self.subpath)
        found = None if number is None else accounts.invitation(site, number, request.now)
        if found is None and number is not None and request.method == "POST" and request.account is not None:
            self.say(_("Cette invitation a déjà servi."), "info")
            return self.go(self.context, "tasks")
        if number is None or found is None:
            return answer(
                request,
                403,
                title=_("Cette invitation ne fonctionne plus"),
                sentence=_(
                    "Elle a servi, a été retirée ou a plus de 14 jours. Demandez-en une nouvelle à qui vous a invité."
                ),
            )
        me = request.account
        existing = accounts.by_login(site, found["email"])
        auditing = accounts.invites_auditor(found)
        names = {"title": _("Votre invitation"), "found": found, "auditing": auditing}
        if request.seeing_as:
            raise Forbidden("reading only")
        if me is not None:
            if request.method == "POST":
                return self._accept(number, me)
            return {**names, "form": None, "must_log_in": False, "me": me}
        if existing is not None:
            return {**names, "form": None, "must_log_in": True, "me": None}
        schema = colander.Schema(
            _name_node(_("Les sociétaires le verront dans l’historique du dossier.")),
            *_new_password_nodes(),
        )
        submit = _("Créer mon compte") if auditing else _("Créer mon compte et ouvrir le dossier")
        form = forms.make(request, schema, submit=submit)
        if request.method == "POST":
            values = forms.sent(request, form)
            if values is not None:
                if throttle.too_many_forms(request):
                    return answer(request, 429)
                try:
                    accounts.check_new_password(values["password"], values["again"])
                    login = accounts.login_for(site, found["email"])
                    account = accounts.create(site, login, values["name"], found["email"])
                except Invalid as refused:
                    forms.refuse(form, refused)
                else:
                    accounts.set_password(account, values["password"])
                    return self._accept(number, account)
            request.response.status_int = 422
        return {**names, "form": form, "must_log_in": False, "me": None}

    def _accept(self, number: str, account: Any) -> Any:
        place = accounts.accept_invitation(self.request.site, number, account, self.request.now)
        if self.request.account is None:
            identity.log_in(self.request, account)
        if isinstance(place, Body):
            self.say(_("Bienvenue. Vous auditez désormais pour « ${body} ».", mapping={"body": place.title}))
            return self.go(place)
        self.say(_("Bienvenue. Voici le dossier de « ${company} ».", mapping={"company": place.title}))
        return self.go(place, "edit")

    @view_config(name="account", permission=P.USE_ACCOUNT, renderer="templates/account/account.pt")
    def account(self) -> Any:
        """One's name and language; a new password and the mails one takes, each on a page of its own below."""
        if self.request.seeing_as:
            raise Forbidden("the account of a role does not exist")
        pages = {"": self._profile, "password": self._password, mail_choices.FORM: self._mail}
        if self.subpath not in pages or len(self.request.subpath) > 1:
            raise HTTPNotFound()
        done = pages[self.subpath]()
        if not isinstance(done, deform.Form):
            return done
        if self.request.method == "POST":
            self.request.response.status_int = 422
        here = self.subpath
        return {"title": _("Mon compte"), "form": done, "here": here, "pages": PAGES, "me": self.request.account}

    def _profile(self) -> Any:
        request, me = self.request, self.request.account
        schema = colander.Schema(
            _name_node(),
            fields.radios(_("Langue des pages et des messages"), LANGUAGE_NAMES, name="language", missing="fr"),
        )
        values = {"name": me.title, "language": me.language or request.locale_name}
        form = forms.make(request, schema, values=values, formid="profile")
        given = forms.sent(request, form) if request.method == "POST" else None
        if given is None:
            return form
        accounts.rename(me, given["name"], given["language"])
        self.say(_("Votre compte est enregistré."))
        response = self.go(self.context, "account")
        # What was chosen last counts: here, not with the link of before.
        response.delete_cookie(language.COOKIE)
        return response

    def _password(self) -> Any:
        request, me = self.request, self.request.account
        current = fields.password(_("Mot de passe actuel"), name="current", autocomplete="current-password")
        schema = colander.Schema(current, *_new_password_nodes())
        form = forms.make(request, schema, submit=_("Changer de mot de passe"), formid="password")
        given = forms.sent(request, form) if request.method == "POST" else None
        if given is None:
            return form
        if throttle.too_many_logins(request, me.__name__):
            return answer(request, 429)
        messages: dict[str, Any] = {}
        if not me.check_password(given["current"]):
            throttle.count_login(request, me.__name__)
            messages["current"] = _("Ce n’est pas votre mot de passe actuel.")
        try:
            accounts.check_new_password(given["password"], given["again"])
        except Invalid as refused:
            messages |= refused.messages
        if messages:
            forms.refuse(form, Invalid(**messages))
            return form
        accounts.set_password(me, given["password"])
        identity.log_in(request, me)
        self.say(_("Votre mot de passe est changé ; vos autres sessions sont fermées."))
        return self.go(self.context, "account")

    def _mail(self) -> Any:
        form = mail_choices.form(self.request, self.request.account)
        if self.request.method != "POST" or not mail_choices.take(self.request, form, self.request.account):
            return form
        self.say(_("Vos choix sont enregistrés."))
        return self.go(self.context, f"account/{mail_choices.FORM}")


#: The pages of one's account, by the last word of their address.
PAGES = (("", _("Vous")), ("password", _("Mot de passe")), (mail_choices.FORM, _("Messages")))
