"""One finding: what was found at a criterion, filed in the field, with its evidence."""

from typing import Any

import colander
import deform.widget as w
from pyramid.view import view_config, view_defaults

from ..content.audit import RESULTS, Finding
from ..content.checks import at_most, one_of
from ..content.file import SAFE_IMAGES, VISIBILITY_MARKS
from ..content.specification import CHECK_METHODS, CLASSES
from ..domain import audits
from ..domain.errors import Invalid, Stale
from ..i18n import _
from ..security.permissions import P
from ..workflows.conditions import company_of
from . import evidence, forms, people
from .addresses import url
from .audits import differences, needed, revision_node
from .base import Views, crumbs


def finding_schema() -> colander.Schema:
    """What was found."""
    return colander.Schema(
        colander.SchemaNode(
            colander.String(),
            name="result",
            title=_("Votre constat"),
            missing="",
            needed=True,
            validator=one_of(RESULTS),
            widget=w.RadioChoiceWidget(values=list(RESULTS.items())),
        ),
        colander.SchemaNode(
            colander.Boolean(),
            name="access_refused",
            title=_("Accès refusé"),
            label=_("On nous a refusé l’accès au lieu ou au document : c’est une non-conformité majeure."),
            missing=False,
            widget=w.CheckboxWidget(true_val="true", false_val="false"),
        ),
        colander.SchemaNode(
            colander.String(),
            name="text",
            title=_("Ce que vous avez vu"),
            description=_("Des faits : qui, quoi, où, combien. Pas de nom de salarié ni de client."),
            missing="",
            needed=_("(sauf si c’est conforme)"),
            validator=at_most(5000),
            widget=w.TextAreaWidget(rows=5),
        ),
        revision_node(),
    )


@view_defaults(context=Finding)
class FindingViews(Views):
    """Pages of one finding."""

    @view_config(permission=P.READ, request_method="GET", renderer="templates/audit/finding.pt")
    def view(self) -> dict[str, Any]:
        """What was found; for the team, the form to say it."""
        return self.page(self.form() if self.request.may(P.FILE) else None)

    @view_config(name="file", permission=P.FILE, renderer="templates/audit/finding.pt")
    def file(self) -> Any:
        """File it, and go on to the next criterion without a finding."""
        request, finding, form = self.request, self.context, self.form()
        if request.method != "POST":
            return self.go(finding)
        given, theirs = forms.sent(request, form), None
        if given is None:
            request.response.status_int = 422
            return self.page(form)
        try:
            audits.file(
                finding,
                given["result"],
                given["text"],
                request.actor,
                request.now,
                access_refused=given["access_refused"],
                revision=given["revision"],
            )
        except Invalid as refused:
            forms.refuse(form, refused)
            request.response.status_int = 422
            return self.page(form)
        except Stale as stale:
            current = stale.current
            result = "major" if given["access_refused"] else given["result"]
            theirs = differences(
                form,
                self._in_words(result, given["access_refused"], given["text"]),
                self._in_words(current.result, current.access_refused, current.text),
            )
            form["revision"].cstruct = str(current.revision)
            request.response.status_int = 409
            return self.page(form, theirs)
        self.say(_("« ${code} » est enregistré.", mapping={"code": finding.title}))
        return self.go(self._next() or finding.__parent__)

    @view_config(name="evidence", permission=P.FILE, renderer="templates/audit/finding.pt")
    def evidence(self) -> Any:
        """Add a photo or a document, or take one away."""
        request, finding = self.request, self.context
        form = self.evidence_form()
        if request.method != "POST" or evidence.changed(
            self, form, finding, finding.evidence, audits.add_evidence, audits.remove_evidence
        ):
            return self.go(finding)
        request.response.status_int = 422
        return self.page(self.form(), evidence_form=form)

    def form(self) -> Any:
        """The form of the finding."""
        finding = self.context
        values = {
            "result": finding.result,
            "text": finding.text,
            "access_refused": finding.access_refused,
            "revision": finding.revision,
        }
        action = url(self.request, finding, "file")
        return forms.make(
            self.request,
            finding_schema(),
            submit=_("Enregistrer et continuer"),
            values=values,
            guard=True,
            action=action,
        )

    def evidence_form(self) -> Any:
        """The form of a piece of evidence."""
        return evidence.form(self.request, url(self.request, self.context, "evidence"))

    def _in_words(self, result: str, access_refused: bool, text: str) -> dict[str, str]:
        """What was found as a reader sees it, to be set beside what a colleague found."""
        translate = self.request.localizer.translate
        return {
            "result": translate(RESULTS[result]) if result in RESULTS else "",
            "access_refused": translate(_("oui") if access_refused else _("non")),
            "text": text,
        }

    def _next(self) -> Any:
        """The next finding without an answer, after this one first."""
        findings = list(self.context.__parent__.findings())
        here = findings.index(self.context)
        return next((f for f in (*findings[here + 1 :], *findings[:here]) if not f.is_answered), None)

    def page(self, form: Any, theirs: Any = None, evidence_form: Any = None) -> dict[str, Any]:
        """What the template needs."""
        request, finding = self.request, self.context
        audit = finding.__parent__
        findings = list(audit.findings())
        here = findings.index(finding)
        if form is not None and evidence_form is None:
            evidence_form = self.evidence_form()
        return {
            "title": finding.title,
            "crumbs": crumbs(request, finding),
            "finding": finding,
            "audit": audit,
            "company": company_of(audit),
            "criterion": needed(finding.criterion),
            "version": finding.version,
            "form": form,
            "evidence_form": evidence_form,
            "theirs": theirs,
            "evidence": [e for e in finding.evidence.values() if request.may(P.READ, e)],
            "by": people.name_of(request, finding.found_by),
            "position": here + 1,
            "count": len(findings),
            "former": findings[here - 1] if here else None,
            "later": findings[here + 1] if here + 1 < len(findings) else None,
            "RESULTS": RESULTS,
            "CLASSES": CLASSES,
            "CHECK_METHODS": CHECK_METHODS,
            "MARKS": VISIBILITY_MARKS,
            "SAFE_IMAGES": SAFE_IMAGES,
        }
