"""Certificates that others gave to a company: what it declares, what runs out, and who confirms a renewal."""

from datetime import datetime
from typing import Any

import colander
import deform.widget as w
from markupsafe import Markup
from pyramid.httpexceptions import HTTPForbidden, HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config, view_defaults

from ..content import fields
from ..content.company import Company
from ..content.french import sort_key
from ..content.outside import EVENTS, OutsideCertificate, OutsideCertificateSchema, RefusalSchema, RenewalSchema
from ..domain import outside
from ..domain.errors import Invalid
from ..i18n import _
from ..security.permissions import P
from ..web import readable
from ..workflows.conditions import not_in_conflict
from . import forms
from .addresses import url
from .base import Views, crumbs
from .rendering import day

NAME = "outside-certificates"


@view_defaults(context=Company, name=NAME, permission=P.READ, renderer="templates/company/outside.pt")
class OutsideViews(Views):
    """``outside-certificates``, ``outside-certificates/add``, and for each ``…/<key>/change``, ``renew`` and ``decide``."""

    @view_config(request_method="GET")
    def show(self) -> Any:
        """All of them, or a form."""
        return self.form() if self.subpath else self.page()

    @view_config(request_method="POST")
    def form(self) -> Any:
        """What somebody does with one."""
        match self.request.subpath:
            case ["add"]:
                return self._declare()
            case [key, "change"]:
                return self._change(self._certificate(key), key)
            case [key, "renew"]:
                return self._renew(self._certificate(key), key)
            case [key, "decide"]:
                return self._decide(self._certificate(key), key)
        raise HTTPNotFound()

    def _certificate(self, key: str) -> OutsideCertificate:
        found = (self.context.outside_certificates or {}).get(key)
        if found is None:
            raise HTTPNotFound()
        return found  # type: ignore[no-any-return]

    def _declare(self) -> Any:
        self._ask(P.UPDATE)
        form = forms.make(self.request, self._schema(), guard=True)
        return self._sent(
            form,
            _("Ajouter un certificat"),
            lambda given: outside.declare(self.context, given, self.request.actor, self.request.now),
            _("Le certificat est publié comme déclaré par l’entreprise."),
        )

    def _change(self, certificate: OutsideCertificate, key: str) -> Any:
        self._ask(P.UPDATE)
        fields = (*outside.TEXTS, "valid_until")
        values = {field: getattr(certificate, field) for field in fields}
        form = forms.make(self.request, self._schema(), values=values, guard=True, watched=True)
        return self._sent(
            form,
            _("Corriger le certificat"),
            lambda given: outside.change(self.context, key, given, self.request.actor, self.request.now),
            _("Le certificat est enregistré."),
            certificate,
        )

    def _renew(self, certificate: OutsideCertificate, key: str) -> Any:
        self._ask(P.UPDATE)
        form = forms.make(self.request, RenewalSchema(), submit=_("Présenter le renouvellement"), guard=True)
        return self._sent(
            form,
            _("Présenter un renouvellement"),
            lambda given: outside.submit_renewal(
                self.context, key, given["valid_until"], given["text"], self.request.actor, self.request.now
            ),
            _("Le renouvellement est présenté : un certificateur va le vérifier."),
            certificate,
        )

    def _decide(self, certificate: OutsideCertificate, key: str) -> Any:
        """Confirm with one button, or refuse with a reason; what was read is what is decided on."""
        self._ask(P.CONFIRM_RENEWAL)
        request, company = self.request, self.context
        if certificate.renewal is None and request.method == "GET":
            self.say(_("Aucun renouvellement n’attend de décision pour ce certificat."), "info")
            return self.go(company, NAME)
        schema = RefusalSchema()
        schema.add(fields.hidden("seen"))
        submitted = "" if certificate.renewal is None else certificate.renewal["when"].isoformat()
        form = forms.make(
            request, schema, submit=_("Refuser le renouvellement"), values={"seen": submitted}, guard=True
        )
        form.buttons[0].css_class = "danger"
        missing = not_in_conflict(company, request.actor, request.now)
        names = {
            **self.page(_("Examiner le renouvellement"), form, certificate),
            "conflict": None if missing is None else missing.sentence,
            "seen": submitted,
        }
        if "confirm" in request.POST:
            try:
                seen = _moment(readable.word(request.POST, "seen"))
                outside.confirm_renewal(company, key, request.actor, request.now, seen=seen)
            except Invalid as refused:
                self.say(refused.messages["renewal"], "danger")
                return self.go(company, NAME)
            self.say(_("Le renouvellement est confirmé : la nouvelle date compte."))
            return self.go(company, NAME)

        def refuse(given: dict[str, Any]) -> None:
            outside.refuse_renewal(
                company, key, given["reason"], request.actor, request.now, seen=_moment(given["seen"])
            )

        done = self._sent(form, "", refuse, _("Le renouvellement est refusé ; le motif est public."), certificate)
        return names if isinstance(done, dict) else done

    def _sent(self, form: Any, title: str, act: Any, thanks: str, certificate: OutsideCertificate | None = None) -> Any:
        """Do what the form asks when it was sent and is good; else show it."""
        request = self.request
        if request.method == "POST":
            given = forms.sent(request, form)
            if given is not None:
                try:
                    act(given)
                except Invalid as refused:
                    forms.refuse(form, refused)
                else:
                    self.say(thanks)
                    return self.go(self.context, NAME)
            request.response.status_int = 422
        return self.page(title, form, certificate)

    def _ask(self, permission: P) -> None:
        if not self.request.may(permission):
            raise HTTPForbidden()

    def _schema(self) -> colander.Schema:
        """The form of a certificate, with the documents there are."""
        schema = OutsideCertificateSchema()
        documents = [(name, file.title) for name, file in self.context["files"].items()]
        schema["file"].widget = w.SelectWidget(values=[("", _("— Aucun —")), *documents])
        return schema

    def page(self, title: str = "", form: Any = None, certificate: OutsideCertificate | None = None) -> dict[str, Any]:
        """What the template needs."""
        company, request = self.context, self.request
        base = url(request, company)
        trail = [*crumbs(request, company), {"href": base, "title": company.title}]
        if form is not None:
            trail.append({"href": f"{base}/{NAME}", "title": _("Certificats d’autres organismes")})
        return {
            "title": title or _("Certificats d’autres organismes"),
            "crumbs": trail,
            "company": company,
            "certificates": ordered(company),
            "certificate": certificate,
            "form": form,
            "conflict": None,
            "seen": "",
            "now": request.now,
            "document": lambda one: document(request, company, one),
            "validity": lambda one: validity(one, request.now, request.locale_name),
            "marks": marks,
            "may_update": request.may(P.UPDATE),
            "may_decide": request.may(P.CONFIRM_RENEWAL),
            "EVENTS": EVENTS,
        }


def ordered(company: Company) -> list[tuple[str, OutsideCertificate]]:
    """Its certificates with their keys, by name."""
    return sorted((company.outside_certificates or {}).items(), key=lambda item: (sort_key(item[1].name), item[0]))


def document(request: Request, company: Company, certificate: OutsideCertificate) -> Any:
    """The document that goes with a certificate, where there is one that the reader may see."""
    found = company["files"].get(certificate.file) if certificate.file else None
    return found if found is not None and request.may(P.READ, found) else None


def validity(certificate: OutsideCertificate, now: datetime, language: str) -> Any:
    """Until when it runs, or since when it does not."""
    mapping = {"date": day(certificate.valid_until, language)}
    if certificate.has_lapsed(now):
        return _("échu depuis le ${date}", mapping=mapping)
    return _("valable jusqu’au ${date}", mapping=mapping)


def marks(certificate: OutsideCertificate) -> list[Any]:
    """On whose word the date counts, and what still waits."""
    word = _("confirmé par un certificateur") if certificate.is_confirmed else _("déclaré par l’entreprise")
    return [word, *([] if certificate.renewal is None else [_("renouvellement présenté, à confirmer")])]


def facts(request: Request, company: Company) -> list[tuple[Any, Any]]:
    """A line of the dossier for each certificate: what it is, who gave it, until when, on whose word."""
    translate = request.localizer.translate
    return [
        (
            Markup('<a href="{}#{}">{}</a>').format(url(request, company, NAME), key, one.name),
            Markup('{}, <span class="{}">{}</span> <span class="soft">({})</span>').format(
                one.issuer,
                "due late" if one.has_lapsed(request.now) else "due",
                translate(validity(one, request.now, request.locale_name)),
                ", ".join(translate(mark) for mark in marks(one)),
            ),
        )
        for key, one in ordered(company)
    ]


def _moment(text: str) -> datetime | None:
    """The time that a form carried along; what somebody made up matches no renewal."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime.min
