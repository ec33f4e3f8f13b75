"""Audits: the list of a company's, one report, verdict, signatures, the company's reply."""

from collections import Counter
from typing import Any

import colander
from pyramid.httpexceptions import HTTPNotFound
from pyramid.view import view_config, view_defaults

from ..content import fields
from ..content.audit import LEVELS, RESULTS, Audit, Audits
from ..domain import audits
from ..domain.errors import Invalid, Stale
from ..i18n import _
from ..security.permissions import P
from ..workflows import engine
from ..workflows.conditions import company_of
from . import forms, people
from .addresses import place
from .base import Views, crumbs
from .differences import compare
from .history import history


def _text(name: str, title: Any, description: Any, *, rows: int = 5, longest: int = 5000, **kw: Any) -> Any:
    kw.setdefault("missing", colander.required)
    return fields.text(title, name=name, description=description, longest=longest, rows=rows, **kw)


def verdict_schema() -> colander.Schema:
    """The verdict in plain words."""
    return colander.Schema(
        _text(
            "text",
            _("Le verdict en mots simples"),
            _(
                "Deux ou trois phrases qu’un client comprend : ce qui est tenu, ce qui ne l’est pas, ce que vous n’avez pas pu "
                "voir."
            ),
            missing_msg=_("Écrivez le verdict en deux ou trois phrases qu’un client comprend."),
        ),
        fields.revision(),
    )


def reply_schema() -> colander.Schema:
    """The company's reply."""
    return colander.Schema(
        _text(
            "text",
            _("Votre réponse"),
            _("Elle est publiée avec le rapport, telle que vous l’écrivez."),
            rows=8,
            markdown=True,
            missing_msg=_("Écrivez votre réponse : elle sera publiée avec le rapport."),
        )
    )


def sign_schema() -> colander.Schema:
    """A signature, with or without reservation."""
    return colander.Schema(
        _text(
            "reservation",
            _("Réserve"),
            _("Si vous n’êtes pas d’accord sur un point, dites lequel : la réserve est publiée avec votre signature."),
            rows=3,
            missing="",
        )
    )


@view_defaults(context=Audits)
class AuditsViews(Views):
    """The folder of a company's audits."""

    @view_config(permission=P.READ, request_method="GET", renderer="templates/audit/list.pt")
    def show(self) -> dict[str, Any]:
        """The audits the reader may see, newest first."""
        request, company = self.request, self.context.__parent__
        seen = [audit for audit in self.context.values() if request.may(P.VIEW, audit)]
        return {
            "title": _("Les vérifications"),
            "crumbs": crumbs(request, self.context),
            "company": company,
            "audits": [outline(request, audit) for audit in sorted(seen, key=_when, reverse=True)],
            "may_plan": request.may(P.PLAN_AUDIT, company),
            "admissible": audits.is_admissible(company),
        }


def _when(audit: Audit) -> Any:
    return engine.last_entry(audit)["when"]


def outline(request: Any, audit: Audit) -> dict[str, Any]:
    """An audit on a list: what it is, where it stands, and what it found as far as the reader may know."""
    return {
        "audit": audit,
        "level": LEVELS[audit.level],
        "body": audit.body,
        "counts": counts(audit) if audit.sequence and request.may(P.READ, audit) else [],
        "verdict": audit.verdict.text if request.may(P.READ, audit) else "",
    }


def counts(audit: Audit) -> list[tuple[str, Any, int]]:
    """How many findings there are of each result, in the order results are listed: (result, title, count)."""
    found = Counter(finding.result for finding in audit.findings())
    return [(result, title, found[result]) for result, title in RESULTS.items() if found[result]]


@view_defaults(context=Audit)
class AuditViews(Views):
    """Pages of one audit."""

    @view_config(permission=P.VIEW, request_method="GET", renderer="templates/audit/view.pt")
    def view(self) -> dict[str, Any]:
        """The report, or as much of it as there is and the reader may see."""
        request, audit = self.request, self.context
        readable = request.may(P.READ)
        may_file = request.may(P.FILE)
        answered = sum(finding.is_answered for finding in audit.findings())
        return {
            **self.frame(audit.title),
            "readable": readable,
            "counts": counts(audit) if readable else [],
            "answered": answered,
            "groups": groups(audit) if readable else [],
            "nonconformities": list(audit.nonconformities()) if readable and audit.report_stands else [],
            "team": self.team(),
            "signatures": self.signatures() if readable else [],
            "replies": list(audit.replies.values()) if readable else [],
            "steps": engine.available(audit, request.actor, request.now),
            "may_file": may_file,
            "next": next((f for f in audit.findings() if not f.is_answered), None) if may_file else None,
            "may_sign": request.may(P.SIGN) and request.actor.userid in audit.unsigned(),
            "may_reply": request.may(P.REPLY),
            "may_plan": request.may(P.PLAN_AUDIT),
            "may_record": request.may(P.RECORD_UNSIGNED) and audit.level == 2,
            "discussed": audit.state == "validated",
            "history": history(request, audit),
        }

    @view_config(name="verdict", permission=P.FILE, renderer="templates/audit/form.pt")
    def verdict(self) -> Any:
        """Write the verdict; a colleague's newer text is shown beside one's own."""
        request, audit = self.request, self.context
        values = {"text": audit.verdict.text, "revision": audit.verdict.revision}
        form = forms.make(request, verdict_schema(), submit=_("Enregistrer le verdict"), values=values, guard=True)
        theirs = None
        if request.method == "POST":
            given = forms.sent(request, form)
            if given is not None:
                try:
                    audits.write_verdict(audit, given["text"], request.actor, request.now, revision=given["revision"])
                except Stale as stale:
                    theirs = differences(form, given, {"text": stale.current.text})
                    form["revision"].cstruct = str(stale.current.revision)
                    request.response.status_int = 409
                else:
                    self.say(_("Le verdict est enregistré."))
                    return self.go(audit)
            else:
                request.response.status_int = 422
        return {**self.frame(_("Le verdict")), "form": form, "theirs": theirs, "lead": None}

    @view_config(name="sign", permission=P.SIGN, renderer="templates/audit/sign.pt")
    def sign(self) -> Any:
        """Sign the report; the last signature gives it."""
        request, audit = self.request, self.context
        form = forms.make(request, sign_schema(), submit=_("Signer le rapport"), guard=True)
        missing: list[tuple[Any, str]] = []
        if request.method == "POST":
            given = forms.sent(request, form)
            if given is None:
                request.response.status_int = 422
            else:
                try:
                    done = audits.sign(audit, request.actor, request.now, reservation=given["reservation"])
                except engine.GuardRefused as refused:
                    missing = [(m.sentence, place(request, audit, m)) for m in refused.missing]
                    request.response.status_int = 409
                except Invalid as refused:
                    forms.refuse(form, refused)
                    request.response.status_int = 422
                else:
                    self.say(
                        _("Vous avez signé : le rapport est rendu.")
                        if done
                        else _("Vous avez signé. Le rapport est rendu avec la dernière signature.")
                    )
                    return self.go(audit)
        return {
            **self.frame(_("Signer le rapport")),
            "form": form,
            "missing": missing,
            "verdict": audit.verdict.text,
            "counts": counts(audit),
            "signed": request.actor.userid in audit.signatures,
        }

    @view_config(name="unsigned", permission=P.RECORD_UNSIGNED, renderer="templates/audit/form.pt")
    def unsigned(self) -> Any:
        """Record that somebody of the team did not sign."""
        request, audit = self.request, self.context
        waiting = [(str(a.__oid__), a.title) for a in audits.team_of(audit) if a.__oid__ in audit.unsigned()]
        form = forms.make(request, unsigned_schema(waiting), submit=_("Constater « non signé »"), guard=True)
        if request.method == "POST":
            given = forms.sent(request, form)
            if given is not None:
                try:
                    audits.record_unsigned(audit, int(given["person"]), given["reason"], request.actor, request.now)
                except Invalid as refused:
                    forms.refuse(form, refused)
                else:
                    self.say(_("C’est constaté, avec son motif."))
                    return self.go(audit)
            request.response.status_int = 422
        return {
            **self.frame(_("Constater une signature manquante")),
            "form": form if waiting else None,
            "theirs": None,
            "lead": _("Toute l’équipe a signé.")
            if not waiting
            else _("Le rapport peut être rendu sans une signature quand deux autres y sont ; le motif est publié."),
        }

    @view_config(name="reply", permission=P.REPLY, renderer="templates/audit/form.pt")
    def reply(self) -> Any:
        """The company's right of reply."""
        request, audit = self.request, self.context
        form = forms.make(request, reply_schema(), submit=_("Répondre au rapport"), guard=True)
        if request.method == "POST":
            given = forms.sent(request, form)
            if given is not None:
                audits.reply(audit, given["text"], request.actor, request.now)
                self.say(_("Votre réponse est jointe au rapport."))
                return self.go(audit)
            request.response.status_int = 422
        lead = _(
            "Vous pouvez répondre plusieurs fois. Chaque non-conformité a de plus sa page, pour l’action corrective."
        )
        return {**self.frame(_("Répondre au rapport")), "form": form, "theirs": None, "lead": lead}

    def frame(self, title: Any) -> dict[str, Any]:
        """What every page of an audit shows."""
        audit, request = self.context, self.request
        trail = crumbs(request, audit)
        if title is not audit.title:
            trail.append({"href": request.path.rsplit("/", 1)[0], "title": audit.title})
        return {
            "title": title,
            "crumbs": trail,
            "audit": audit,
            "company": company_of(audit),
            "level": LEVELS[audit.level],
            "RESULTS": RESULTS,
        }

    def team(self) -> list[tuple[Any, Any]]:
        """Who verifies: the names for whoever may see names, else what they are; (name or None, duty)."""
        return [
            (people.name_of(self.request, account.__oid__), duty(self.context, account))
            for account in audits.team_of(self.context)
        ]

    def signatures(self) -> list[tuple[Any, Any]]:
        """Every signature with the name as the reader sees it."""
        return [(people.name_of(self.request, userid), s) for userid, s in self.context.signatures.items()]


def unsigned_schema(waiting: list[tuple[str, str]]) -> colander.Schema:
    """Whose signature is missing, and why."""
    return colander.Schema(
        fields.radios(
            _("La personne qui n’a pas signé"),
            dict(waiting),
            name="person",
            missing=colander.required,
            missing_msg=_("Choisissez une personne de l’équipe."),
        ),
        _text(
            "reason",
            _("Motif"),
            _("Il est publié avec le rapport : malade, injoignable malgré deux relances…"),
            rows=3,
            missing_msg=_("Dites pourquoi la signature manque : le motif figure au rapport."),
        ),
    )


def duty(audit: Audit, account: Any) -> Any:
    """What somebody is in a team."""
    from ..security.roles import R

    if audit.level == 1:
        return _("auditeur de l’organisme")
    return _("consommateur certificateur") if R.CERTIFIER in account.roles() else _("sociétaire")


def groups(audit: Audit) -> list[tuple[Any, list[Any]]]:
    """The findings by the version they answer."""
    found: dict[int, list[Any]] = {}
    for finding in audit.findings():
        found.setdefault(finding.version_id, []).append(finding)
    return [(version, found[version.__oid__]) for version in audit.versions if version.__oid__ in found]


def differences(form: Any, mine: dict[str, Any], theirs: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields in which what was typed differs from what somebody saved meanwhile, both in full."""
    found = []
    for name, other in theirs.items():
        old, new = str(other or ""), str(mine.get(name) or "")
        if old != new:
            left, right = compare(old, new)
            found.append({"title": form[name].title, "theirs": left, "mine": right})
    return found


def needed(obj: Any) -> Any:
    """The object, or 404."""
    if obj is None:
        raise HTTPNotFound()
    return obj
