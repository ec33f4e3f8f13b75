"""One finding: what was found at a criterion, filed in the field, with its evidence."""

from typing import Any

import colander
from pyramid.view import view_config, view_defaults

from ..content import fields
from ..content.audit import RESULTS, Finding
from ..content.file import SAFE_IMAGES, VISIBILITY_MARKS
from ..content.specification import CHECK_METHODS, CLASSES
from ..domain import audits
from ..domain.errors import Invalid, Stale
from ..i18n import _
from ..security.permissions import P
from ..workflows.conditions import company_of
from . import evidence, forms, people
from .addresses import url
from .audits import differences, needed
from .base import Views, crumbs


def finding_schema() -> colander.Schema:
    """What was found."""
    return colander.Schema(
        fields.radios(_("Votre constat"), RESULTS, name="result", needed=True),
        fields.flag(
            _("Accès refusé"),
            name="access_refused",
            label=_("On nous a refusé l’accès au lieu ou au document : c’est une non-conformité majeure."),
        ),
        fields.text(
            _("Ce que vous avez vu"),
            name="text",
            description=_("Des faits : qui, quoi, où, combien. Pas de nom de salarié ni de client."),
            needed=_("(sauf si c’est conforme)"),
            longest=5000,
            rows=5,
        ),
        fields.revision(),
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
        """File it with the piece that was chosen, and go on to the next criterion without a finding.

        The buttons for pieces stay here, and file what was changed as well as far as it can be filed.
        """
        request, finding, form = self.request, self.context, self.form()
        if request.method != "POST":
            return self.go(finding)
        given = forms.sent(request, form, also=self._problems)
        if given is None:
            request.response.status_int = 422
            return self.page(form)
        before = request.tm.savepoint(optimistic=True)
        try:
            sentences = self._take(given)
            messages = self._file(given) if not evidence.stays(request) or self._changed(given) else {}
        except Invalid as refused:
            return self._refused(form, refused, before)
        except Stale as stale:
            current = stale.current
            before.rollback()
            return self._beside(form, given, current)
        if messages and not evidence.stays(request):
            return self._refused(form, Invalid(**messages), before)
        for sentence in sentences:
            self.say(sentence)
        if messages:
            return self._joined(form, messages)
        if evidence.stays(request):
            return self.go(finding)
        self.say(_("« ${code} » est enregistré.", mapping={"code": finding.title}))
        return self.go(self._next() or finding.__parent__)

    def _problems(self, given: dict[str, Any]) -> dict[str, Any]:
        """What is wrong with the words besides what their fields say, where they are what one came to send."""
        if evidence.stays(self.request):
            return {}
        found = audits.problems(given["result"], given["text"], given["access_refused"])
        return {**found, **evidence.problems(self.request, given)} if found else {}

    def _take(self, given: dict[str, Any]) -> list[Any]:
        finding, add, remove = self.context, audits.add_evidence, audits.remove_evidence
        return evidence.take(self, given, finding, finding.evidence, add, remove)

    def _file(self, given: dict[str, Any]) -> dict[str, Any]:
        """File the words; what is wrong with them by field, without which nothing of them is written."""
        try:
            audits.file(
                self.context,
                given["result"],
                given["text"],
                self.request.actor,
                self.request.now,
                access_refused=given["access_refused"],
                revision=given["revision"],
            )
        except Invalid as refused:
            return refused.messages
        return {}

    def _changed(self, given: dict[str, Any]) -> bool:
        """Whether something else was typed than what is filed."""
        return any(given[name] != getattr(self.context, name) for name in ("result", "text", "access_refused"))

    def _refused(self, form: Any, invalid: Invalid, before: Any) -> Any:
        """The form again, with what is wrong; nothing that it brought is written."""
        before.rollback()
        forms.refuse(form, invalid)
        self.request.response.status_int = 422
        return self.page(form)

    def _joined(self, form: Any, messages: dict[str, Any]) -> Any:
        """The form again, with what is wrong with the words, after the piece was joined: it is not asked for again."""
        forms.refuse(form, Invalid(**messages))
        for name in ("upload", "title"):
            form[name].cstruct = colander.null
        return self.page(form)

    def _beside(self, form: Any, given: dict[str, Any], current: Finding) -> Any:
        """The form again, beside what a colleague filed meanwhile."""
        result = "major" if given["access_refused"] else given["result"]
        theirs = differences(
            form,
            self._in_words(result, given["access_refused"], given["text"]),
            self._in_words(current.result, current.access_refused, current.text),
        )
        form["revision"].cstruct = str(current.revision)
        self.request.response.status_int = 409
        return self.page(form, theirs)

    def form(self) -> Any:
        """The form of the finding and of a piece of evidence."""
        finding = self.context
        values = {
            "result": finding.result,
            "text": finding.text,
            "access_refused": finding.access_refused,
            "revision": finding.revision,
        }
        action = url(self.request, finding, "file")
        submit = _("Enregistrer et continuer")
        return evidence.form(self.request, finding_schema(), submit=submit, values=values, action=action)

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

    def page(self, form: Any, theirs: Any = None) -> dict[str, Any]:
        """What the template needs."""
        request, finding = self.request, self.context
        audit = finding.__parent__
        findings = list(audit.findings())
        here = findings.index(finding)
        return {
            "title": finding.title,
            "crumbs": crumbs(request, finding),
            "finding": finding,
            "audit": audit,
            "company": company_of(audit),
            "criterion": needed(finding.criterion),
            "version": finding.version,
            "form": form,
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
