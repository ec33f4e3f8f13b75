"""Non-conformities: the list of a company's, one with its corrective action and proof, the two forms of the company."""

from datetime import date
from typing import Any

import colander
from pyramid.view import view_config, view_defaults

from ..content import fields
from ..content.audit import LEVELS
from ..content.company import Company
from ..content.file import SAFE_IMAGES, VISIBILITY_MARKS
from ..content.nonconformity import NonConformity
from ..domain import nonconformities
from ..domain.errors import Invalid, Stale
from ..i18n import _
from ..security.permissions import P
from ..workflows import WORKFLOWS, engine
from ..workflows.conditions import company_of
from . import evidence, forms, people
from .addresses import place, url
from .audits import differences
from .base import Views, crumbs
from .history import history
from .rendering import day


def _text(name: str, title: Any, description: Any, missing_msg: Any, needed: bool = True) -> Any:
    return fields.text(
        title,
        name=name,
        description=description,
        missing=colander.required if needed else "",
        missing_msg=missing_msg,
        longest=5000,
        rows=4,
    )


def action_schema() -> colander.Schema:
    """Cause, action, deadline."""
    return colander.Schema(
        _text(
            "cause",
            _("La cause"),
            _("Pourquoi cela est-il arrivé ? Une cause n’est ni un coupable ni la répétition de l’écart."),
            _("Dites d’où vient l’écart : sans cause, pas d’action qui dure."),
        ),
        _text(
            "action",
            _("L’action corrective"),
            _("Ce que vous faites pour que cela n’arrive plus, et qui s’en charge."),
            _("Dites ce que vous faites, concrètement."),
        ),
        fields.day(
            _("Échéance"),
            name="deadline",
            description=_("À un an au plus. Passé ce jour sans preuve, la certification peut être suspendue."),
            missing_msg=_("Donnez une échéance."),
            past=False,
            years=1,
            too_early=_("Cette échéance est passée : choisissez un jour à venir."),
            too_late=_("Choisissez une échéance à un an au plus."),
        ),
        fields.revision(),
    )


def proof_schema(needed: bool = True) -> colander.Schema:
    """What was done; not needed as long as only documents are joined."""
    return colander.Schema(
        _text(
            "text",
            _("Ce qui a été fait"),
            _(
                "Et à quoi on le voit. Joignez vos photos et documents ci-dessous : une fois la preuve remise, rien ne s’y ajoute."
            ),
            _("Dites ce qui a été fait, et à quoi on le voit."),
            needed,
        )
    )


@view_config(
    context=Company,
    name="nonconformities",
    permission=P.READ,
    request_method="GET",
    renderer="templates/nonconformity/list.pt",
)
def listing(context: Company, request: Any) -> dict[str, Any]:
    """Every non-conformity of a company that the reader may see: open ones first, majors before minors."""
    found = [
        nonconformity
        for audit in context.audits()
        if audit.report_stands and request.may(P.READ, audit)
        for nonconformity in audit.nonconformities()
    ]
    found.sort(key=lambda n: (n.state == "closed", not n.is_major, n.due or date.max))
    return {
        "title": _("Les non-conformités"),
        "crumbs": [*crumbs(request, context), {"href": url(request, context), "title": context.title}],
        "company": context,
        "found": found,
        "LEVELS": LEVELS,
    }


@view_defaults(context=NonConformity)
class NonConformityViews(Views):
    """Pages of one non-conformity."""

    @view_config(permission=P.READ, request_method="GET", renderer="templates/nonconformity/view.pt")
    def view(self) -> dict[str, Any]:
        """What was found, what is done about it, where it stands."""
        return self.page()

    @view_config(name="propose", permission=P.PROPOSE_ACTION, renderer="templates/nonconformity/form.pt")
    def propose(self) -> Any:
        """Cause, action and deadline, handed to the certifiers."""
        request, nonconformity = self.request, self.context
        values = {
            "cause": nonconformity.cause,
            "action": nonconformity.action,
            "deadline": nonconformity.deadline,
            "revision": nonconformity.revision,
        }
        form = forms.make(request, action_schema(), submit=_("Proposer l’action"), values=values, guard=True)
        missing, theirs = [], None
        if request.method == "POST":
            given = forms.sent(request, form)
            if given is None:
                request.response.status_int = 422
            else:
                try:
                    nonconformities.propose(
                        nonconformity,
                        given["cause"],
                        given["action"],
                        given["deadline"],
                        request.actor,
                        request.now,
                        revision=given["revision"],
                    )
                except Invalid as refused:
                    forms.refuse(form, refused)
                    request.response.status_int = 422
                except Stale as stale:
                    current = stale.current
                    theirs = differences(
                        form,
                        self._in_words(given["cause"], given["action"], given["deadline"]),
                        self._in_words(current.cause, current.action, current.deadline),
                    )
                    form["revision"].cstruct = str(current.revision)
                    request.response.status_int = 409
                except engine.GuardRefused as refused:
                    missing = self._missing(refused)
                else:
                    self.say(_("L’action est proposée ; un certificateur l’examine."))
                    return self.go(nonconformity)
        return {**self._frame(_("Proposer une action corrective")), "form": form, "missing": missing, "theirs": theirs}

    @view_config(name="prove", permission=P.SUBMIT_PROOF, renderer="templates/nonconformity/form.pt")
    def prove(self) -> Any:
        """What was done, with documents, handed to whoever verifies it.

        The buttons for documents stay here, with what was typed in its place: it is handed over once and for all.
        """
        request, nonconformity, form = self.request, self.context, self._proof_form()
        missing: list[Any] = []
        if request.method == "POST":
            given, before = forms.sent(request, form), request.tm.savepoint(optimistic=True)
            try:
                if given is None:
                    raise Invalid
                sentences = self._documents(given)
                if not evidence.stays(request):
                    nonconformities.prove(nonconformity, given["text"], request.actor, request.now)
                    sentences.append(_("La preuve est apportée ; elle attend d’être vérifiée."))
            except Invalid as refused:
                before.rollback()
                if refused.messages:
                    forms.refuse(form, refused)
                request.response.status_int = 422
            except engine.GuardRefused as refused:
                before.rollback()
                missing = self._missing(refused)
            else:
                for sentence in sentences:
                    self.say(sentence)
                if not evidence.stays(request):
                    return self.go(nonconformity)
                if not given["text"]:
                    return self.go(nonconformity, "prove")
                for name in ("upload", "title"):
                    form[name].cstruct = colander.null
        return {
            **self._frame(_("Apporter la preuve")),
            "form": form,
            "missing": missing,
            "theirs": None,
            "removes": True,
        }

    def _documents(self, given: dict[str, Any]) -> list[Any]:
        nonconformity, add, remove = self.context, nonconformities.add_document, nonconformities.remove_document
        return evidence.take(self, given, nonconformity, nonconformity.documents, add, remove)

    def page(self) -> dict[str, Any]:
        """What the page of one needs."""
        request, nonconformity = self.request, self.context
        proposed = nonconformity.last("propose_action")
        return {
            **self._frame(nonconformity.title),
            "proofs": list(nonconformity.proofs.values()),
            "proposer": people.name_of(request, proposed["actor"] if proposed is not None else None),
            "steps": engine.available(nonconformity, request.actor, request.now),
            "may_propose": request.may(P.PROPOSE_ACTION),
            "may_prove": request.may(P.SUBMIT_PROOF),
            "overdue": nonconformity.is_overdue(request.now),
            "history": history(request, nonconformity),
        }

    def _proof_form(self) -> Any:
        action = url(self.request, self.context, "prove")
        schema = proof_schema(not evidence.stays(self.request))
        return evidence.form(self.request, schema, submit=_("Apporter la preuve"), action=action)

    def _in_words(self, cause: str, action: str, deadline: date | None) -> dict[str, str]:
        """An action as a reader sees it, to be set beside that of a colleague."""
        when = "" if deadline is None else day(deadline, self.request.locale_name)
        return {"cause": cause, "action": action, "deadline": when}

    def _missing(self, refused: engine.GuardRefused) -> list[tuple[Any, str]]:
        self.request.response.status_int = 409
        return [(m.sentence, place(self.request, self.context, m)) for m in refused.missing]

    def _frame(self, title: Any) -> dict[str, Any]:
        request, nonconformity = self.request, self.context
        trail = crumbs(request, nonconformity)
        if title is not nonconformity.title:
            trail.append({"href": url(request, nonconformity), "title": _("L’action corrective")})
        return {
            "title": title,
            "crumbs": trail,
            "nonconformity": nonconformity,
            "finding": nonconformity.finding,
            "audit": nonconformity.audit,
            "company": company_of(nonconformity),
            "level": LEVELS[nonconformity.audit.level],
            "state": WORKFLOWS["nonconformity"].state(nonconformity.state),
            "states": {state.id: state.title for state in WORKFLOWS["nonconformity"].states},
            "documents": [d for d in nonconformity.documents.values() if request.may(P.READ, d)],
            "SAFE_IMAGES": SAFE_IMAGES,
            "MARKS": VISIBILITY_MARKS,
            "removes": False,
        }
