"""Planning an audit: level, body, team, what and where."""

from datetime import date
from typing import Any

import colander
from pyramid.view import view_config

from ..catalog import queries
from ..content import fields
from ..content.audit import Audit, Audits
from ..content.company import Company
from ..content.french import sort_key
from ..domain import accounts, audits
from ..domain.errors import Invalid
from ..i18n import _
from ..security.permissions import P
from ..text import one_line
from ..web import readable
from ..workflows.conditions import company_of
from . import forms
from .addresses import url
from .base import Views, crumbs

LEVEL_CHOICES = {"1": 1, "2": 2}


def plan_schema(site: Any, company: Company, level: int, body: Any, planned_on: date | None = None) -> colander.Schema:
    """What is planned; the choices depend on the level, and for level 1 on the body."""
    nodes = [
        fields.line(_("Titre"), name="title", description=_("Sans titre, nous en donnons un.")),
        fields.day(
            _("Jour prévu"),
            name="planned_on",
            missing_msg=_("Donnez le jour prévu ; il peut encore changer."),
            past=False,
            years=5,
            stored=planned_on,
        ),
    ]
    if level == 1:
        auditors = _accounts(site, body.auditors)
        nodes.append(_choices("team", _("Auditeurs"), _("De l’organisme choisi."), auditors))
    else:
        nodes += [
            _choices(
                "certifiers",
                _("Consommateurs certificateurs"),
                _("Un au moins quand la visite commence : il la conduit."),
                _certifiers(site),
            ),
            fields.text(
                _("Autres sociétaires"),
                name="visitors",
                description=_(
                    "Un par ligne : identifiant ou adresse électronique. La visite se fait à trois au moins."
                ),
                longest=2000,
                rows=4,
            ),
        ]
    versions = [(str(v.__oid__), _version_title(v)) for v in company.to_be_audited()]
    nodes.append(
        _choices("versions", _("Ce qui est vérifié"), _("Le référentiel et les cahiers des charges figés."), versions)
    )
    sites = [(str(s.__oid__), s.title) for s in company.get("sites", {}).values()]
    if sites:
        nodes.append(_choices("sites", _("Où"), "", sites))
    purpose = _("Première vérification, suivi annuel, après une plainte…")
    nodes.append(fields.line(_("Objet"), name="purpose", description=purpose, longest=200))
    return colander.Schema(*nodes)


def _choices(name: str, title: Any, description: Any, values: list[tuple[str, str]]) -> Any:
    return fields.boxes(title, values, name=name, description=description or None, missing=frozenset())


def _accounts(site: Any, userids: Any) -> list[tuple[str, str]]:
    found = [accounts.by_id(site, userid) for userid in userids]
    return sorted(((str(a.__oid__), a.title) for a in found if a is not None), key=lambda pair: sort_key(pair[1]))


def _certifiers(site: Any) -> list[tuple[str, str]]:
    return sorted(((str(a.__oid__), a.title) for a in queries.certifiers(site)), key=lambda pair: sort_key(pair[1]))


def _version_title(version: Any) -> str:
    return f"{version.title} ({version.number})"


@view_config(context=Audits, name="plan", permission=P.PLAN_AUDIT, renderer="templates/audit/plan.pt")
@view_config(context=Audit, name="plan", permission=P.PLAN_AUDIT, renderer="templates/audit/plan.pt")
class PlanViews(Views):
    """``plan`` of the folder makes an audit, ``plan`` of an audit changes what is planned."""

    def __call__(self) -> Any:
        """The level first, the body of level 1 next, then the form."""
        request, context = self.request, self.context
        audit = context if isinstance(context, Audit) else None
        company = company_of(context)
        level = audit.level if audit is not None else LEVEL_CHOICES.get(readable.word(request.GET, "level"))
        body = self._body(audit)
        if level is None or (level == 1 and body is None):
            return self.page(company, level=level, audit=audit)
        schema = plan_schema(request.site, company, level, body, None if audit is None else audit.planned_on)
        values = self._values(schema, audit, company)
        submit, watched = _("Enregistrer ce qui est prévu"), audit is not None
        form = forms.make(request, schema, submit=submit, values=values, guard=True, watched=watched)
        if request.method == "POST":
            given = forms.sent(request, form)
            if given is not None:
                try:
                    made = self._save(company, audit, level, body, given)
                except Invalid as refused:
                    # Who is in a team is two fields of the form of a visit.
                    messages = {_FIELD.get((level, f), f): m for f, m in refused.messages.items()}
                    forms.refuse(form, Invalid(**messages))
                else:
                    self.say(_("C’est prévu. L’équipe et l’entreprise le voient."))
                    return self.go(made)
            request.response.status_int = 422
        return self.page(company, level=level, body=body, form=form, audit=audit)

    def _body(self, audit: Audit | None) -> Any:
        bodies = self.request.site["bodies"]
        name = readable.word(self.request.GET, "body")
        if name in bodies:
            return bodies[name]
        return audit.body if audit is not None and "body" not in self.request.GET else None

    def _values(self, schema: Any, audit: Audit | None, company: Company) -> dict[str, Any]:
        if audit is None:
            return {"versions": {str(v.__oid__) for v in company.to_be_audited()}}
        certifiers = {a.__oid__ for a in audit.certifiers_of_team()}
        others = [a for a in audits.team_of(audit) if a.__oid__ not in certifiers]
        offered = {
            node.name: {value for value, _title in node.widget.values}
            for node in schema
            if isinstance(node.typ, fields.Chosen)
        }
        chosen = {
            "team": {str(userid) for userid in audit.team},
            "certifiers": {str(userid) for userid in certifiers},
            "versions": {str(oid) for oid in audit.version_ids},
            "sites": {str(oid) for oid in audit.site_ids},
        }
        return {
            "title": audit.title,
            "planned_on": audit.planned_on,
            "purpose": audit.purpose,
            "visitors": "\n".join(a.__name__ for a in others),
            **{name: values & offered[name] for name, values in chosen.items() if name in offered},
        }

    def _save(self, company: Company, audit: Audit | None, level: int, body: Any, given: dict[str, Any]) -> Audit:
        site = self.request.site
        chosen = given.get("team") or given.get("certifiers") or ()
        team = [account for oid in chosen if (account := accounts.by_id(site, int(oid))) is not None]
        team += [self._visitor(line) for line in map(one_line, given.get("visitors", "").splitlines()) if line]
        named = {str(v.__oid__): v for v in company.to_be_audited()}
        places = {str(s.__oid__): s for s in company.get("sites", {}).values()}
        details = {
            "title": given["title"],
            "planned_on": given["planned_on"],
            "body": body,
            "team": list({a.__oid__: a for a in team}.values()),
            "versions": [version for oid, version in named.items() if oid in given["versions"]],
            "sites": [place for oid, place in places.items() if oid in given.get("sites", ())],
            "purpose": given["purpose"],
        }
        if audit is None:
            return audits.plan(company, level, self.request.actor, self.request.now, **details)
        audits.change_plan(audit, self.request.actor, self.request.now, **details)
        return audit

    def _visitor(self, line: str) -> Any:
        found = accounts.by_login(self.request.site, line)
        if found is None:
            raise Invalid(
                visitors=_("« ${line} » n’est l’identifiant ou l’adresse de personne.", mapping={"line": line})
            )
        return found

    def page(self, company: Company, **given: Any) -> dict[str, Any]:
        """What the template needs: one of three steps."""
        request = self.request
        return {
            "title": _("Prévoir un audit") if given["audit"] is None else _("Changer ce qui est prévu"),
            "crumbs": crumbs(request, self.context)
            + [
                {
                    "href": url(request, self.context),
                    "title": getattr(self.context, "title", "") or _("Les vérifications"),
                }
            ],
            "company": company,
            "bodies": [(b, b.is_accredited(request.now)) for b in request.site["bodies"].values()],
            "admissible": audits.is_admissible(company),
            "body": None,
            "form": None,
            "here": url(request, self.context, "plan"),
            **given,
        }


_FIELD = {(2, "team"): "visitors", (1, "company"): "team", (2, "company"): "visitors"}
