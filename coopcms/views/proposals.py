"""Proposals: the list, one proposal, its rules in plain words, and the forms before the vote."""

from datetime import UTC, date, datetime, time
from fractions import Fraction
from typing import Any

import colander
import deform.widget as w
from pyramid.view import view_config, view_defaults

from ..content import fields
from ..content.calendar import PARIS
from ..content.french import sort_key
from ..content.proposal import BRIEF, DAYS, KINDS, MAJORITY, QUORUM, Proposal, Proposals, ProposalSchema
from ..domain import proposals, voting
from ..domain.consequences import held_back
from ..domain.errors import Invalid, Stale
from ..domain.tally import quorum_needed
from ..i18n import _
from ..security.permissions import P
from ..web import readable
from ..workflows import WORKFLOWS, engine
from . import forms
from .addresses import url
from .audits import differences
from .base import Views
from .history import history
from .markdown import in_short
from .rendering import day

#: The list, by what one may do with it.
GROUPS = (
    (_("Au vote"), ("voting",)),
    (_("En débat"), ("discussion",)),
    (_("En préparation"), ("draft", "submitted")),
    (_("Décidées"), ("adopted", "implemented", "rejected", "inquorate")),
    (_("Abandonnées"), ("withdrawn", "cancelled")),
)


BALLOTS = {
    "secret": _("Secrets : personne ne sait qui a voté quoi"),
    "public": _("Publics : les sociétaires voient qui a voté quoi, après la clôture"),
}


def rules_schema(stored: date | None) -> colander.Schema:
    """The rules of a vote; quorum and majority in percent."""
    return colander.Schema(
        fields.whole(
            _("Durée du vote"),
            name="days",
            description=_("Il se termine à 20 h, heure de Paris."),
            missing=colander.required,
            missing_msg=_("Donnez la durée du vote en jours."),
            least=proposals.SHORTEST_DAYS,
            most=proposals.LONGEST_DAYS,
            too_few=proposals.DAYS_ALLOWED,
            too_many=proposals.DAYS_ALLOWED,
            widget=w.TextInputWidget(input_append=_("jours"), attributes={"inputmode": "numeric"}),
        ),
        fields.share(
            _("Quorum"),
            name="quorum",
            description=_(
                "La part des inscrits qui doit voter pour que le vote compte : en pour cent, ou en fraction."
            ),
            missing_msg=_("Donnez le quorum, par exemple 10."),
        ),
        fields.share(
            _("Majorité"),
            name="majority",
            description=_(
                "La part des suffrages exprimés qu’il faut dépasser, en pour cent ou en fraction : 50, 2/3. "
                "Les votes blancs ne sont pas comptés."
            ),
            missing_msg=_("Donnez la majorité, par exemple 50 ou 2/3."),
        ),
        fields.radios(_("Bulletins"), BALLOTS, name="ballots", default="secret", missing="secret"),
        fields.day(
            _("Ouverture"),
            name="opens_on",
            description=_("Sans date, quelqu’un de l’équipe ouvre le vote."),
            missing=None,
            past=False,
            years=2,
            stored=stored,
        ),
        fields.revision(),
    )


def shown_percent(share: Fraction, language: str) -> str:
    """A share of what was counted, in percent with two decimals at most."""
    text = f"{float(share * 100):.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if language == "fr" else text


def shown_share(share: Fraction, language: str) -> str:
    """A share as it is typed: percent where two decimals say it, else the fraction."""
    text = fields.written_share(share)
    return text if language == "fr" else text.replace(",", ".")


def in_percent(share: Fraction, language: str) -> str:
    """A share as it is read: 10 %, or 2/3.

    >>> in_percent(Fraction(2, 3), "fr"), in_percent(Fraction(1, 8), "en")
    ('2/3', '12.5%')
    """
    text = shown_share(share, language)
    return text if "/" in text else f"{text}\N{NO-BREAK SPACE}%" if language == "fr" else f"{text}%"


@view_defaults(context=Proposals)
class ProposalsViews(Views):
    """The folder of proposals."""

    @view_config(permission=P.READ, request_method="GET", renderer="templates/proposals/list.pt")
    def show(self) -> dict[str, Any]:
        """Every proposal the reader may see: votes that end first before the others."""
        request = self.request
        seen = [p for p in self.context.values() if request.may(P.VIEW, p)]
        return {
            "title": _("Les votes et propositions"),
            "description": _("Ce que les sociétaires décident : admissions, cahiers des charges, exclusions."),
            "groups": [(title, self._sorted(seen, states)) for title, states in GROUPS],
            "may_propose": request.may(P.PROPOSE),
            "KINDS": KINDS,
            "may_vote": lambda p: p.state == "voting" and request.may(P.CAST, p),
            "voted": lambda p: voting.has_voted(p, request.actor),
        }

    def _sorted(self, seen: list[Proposal], states: tuple[str, ...]) -> list[Proposal]:
        found = [p for p in seen if p.state in states]
        if states == ("voting",):
            return sorted(found, key=lambda p: p.ends_at or datetime.max.replace(tzinfo=UTC))
        return sorted(found, key=lambda p: p.closed_at or engine.last_entry(p)["when"], reverse=True)

    @view_config(name="add", permission=P.PROPOSE, renderer="templates/proposals/add.pt")
    def add(self) -> Any:
        """The kind first, the company next, then the text."""
        request, site = self.request, self.request.site
        kind, name = readable.word(request.GET, "kind"), readable.word(request.GET, "company")
        if kind not in KINDS:
            return self._add()
        # The framework is the cooperative's: its versions are voted on without a company.
        framework = kind == "specification" and "framework" in request.GET
        company = None if framework else site["companies"].get(name)
        if not framework and (company is None or not request.may(P.VIEW, company)):
            return self._add(kind, companies=self._companies(kind))
        schema = ProposalSchema()
        versions = list(site["framework"].versions() if company is None else company.versions())
        if kind == "specification":
            frozen = [(str(v.__oid__), f"{v.title} ({v.number})") for v in versions if v.state == "frozen"]
            schema.add(
                fields.boxes(
                    _("Versions soumises au vote"),
                    frozen,
                    name="versions",
                    least_msg=_("Choisissez au moins une version figée."),
                )
            )
        form = forms.make(request, schema, submit=_("Enregistrer le brouillon"), guard=True)
        if request.method == "POST":
            given = forms.sent(request, form)
            if given is not None:
                chosen = [v for v in versions if str(v.__oid__) in given.get("versions", ())]
                made = proposals.propose(
                    site,
                    kind,
                    given["title"],
                    given["text"],
                    request.actor,
                    request.now,
                    company=company,
                    versions=chosen,
                    description=given["description"],
                    brief=given,
                )
                self.say(_("Le brouillon est enregistré ; soumettez-le quand il est prêt."))
                return self.go(made)
            request.response.status_int = 422
        return self._add(kind, company, form)

    def _companies(self, kind: str) -> list[Any]:
        states = {
            "admission": ("audited",),
            "exclusion": ("certified", "partnered", "suspended"),
            "specification": tuple(state.id for state in WORKFLOWS["company"].states),
        }[kind]
        request = self.request
        found = [
            c
            for c in request.site["companies"].values()
            if c.state in states
            and request.may(P.VIEW, c)
            and (kind != "specification" or any(v.state == "frozen" for v in c.versions()))
        ]
        return sorted(found, key=lambda company: sort_key(company.title))

    def _add(self, kind: str = "", company: Any = None, form: Any = None, companies: Any = ()) -> dict[str, Any]:
        request = self.request
        return {
            "title": _("Nouvelle proposition"),
            "crumbs": [{"href": url(request, self.context), "title": _("Les votes et propositions")}],
            "kind": kind,
            "company": company,
            "companies": companies,
            "framework": kind == "specification"
            and any(version.state == "frozen" for version in request.site["framework"].versions()),
            "form": form,
            "here": url(request, self.context, "add"),
            "KINDS": KINDS,
        }


@view_defaults(context=Proposal)
class ProposalViews(Views):
    """Pages of one proposal, but for the vote itself."""

    @view_config(permission=P.READ, request_method="GET", renderer="templates/proposals/view.pt")
    def view(self) -> dict[str, Any]:
        """What is proposed, where it stands, how to vote, how it ended."""
        from .results import told

        request, proposal = self.request, self.context
        ended = proposal.state == "voting" and request.now >= proposal.ends_at
        return {
            **self.frame(proposal.title),
            "description": proposal.description or in_short(proposal.text),
            "company": proposal.company if self._shows_company() else None,
            "versions": [v for v in proposal.versions if request.may(P.READ, v)],
            "ended": ended,
            "may_vote": request.may(P.CAST) and not ended,
            "voted": voting.has_voted(proposal, request.actor),
            "may_edit": request.may(P.EDIT),
            "may_extend": request.may(P.EXTEND) and not ended,
            "may_count": ended and request.may(P.COUNT),
            "held_back": held_back(proposal, request.now),
            "may_retry": proposal.consequence.get("done") is False and request.may(P.RETRY),
            "may_follow": request.may(P.IMPLEMENT),
            "steps": engine.available(proposal, request.actor, request.now),
            "result": told(request, proposal) if proposal.result is not None else None,
            "discussed": request.may(P.COMMENT) or proposal.was_public,
            "history": history(request, proposal),
        }

    def _shows_company(self) -> bool:
        company = self.context.company
        return company is not None and self.request.may(P.VIEW, company)

    @view_config(name="edit", permission=P.EDIT, renderer="templates/proposals/form.pt")
    def edit(self) -> Any:
        """Change what it says, before the vote."""
        request, proposal = self.request, self.context
        names, theirs = ("title", "description", *BRIEF, "text"), None
        values = {"revision": proposal.revision, **{name: getattr(proposal, name) for name in names}}
        schema = ProposalSchema()
        schema.add(fields.revision())
        form = forms.make(request, schema, values=values, guard=True)
        if request.method == "POST":
            given = forms.sent(request, form)
            if given is not None:
                try:
                    proposals.rewrite(
                        proposal,
                        given["title"],
                        given["description"],
                        given["text"],
                        request.actor,
                        request.now,
                        brief=given,
                        revision=given["revision"],
                    )
                except Stale as stale:
                    theirs = self._theirs(form, stale, given, {name: getattr(proposal, name) for name in names})
                else:
                    self.say(_("La proposition est enregistrée."))
                    return self.go(proposal)
            self._refused(theirs)
        return {**self.frame(_("Modifier la proposition")), "form": form, "lead": None, "theirs": theirs}

    def _theirs(self, form: Any, stale: Stale, mine: dict[str, Any], stored: dict[str, Any]) -> Any:
        """What a colleague saved meanwhile beside what was typed; sending again is a decision then."""
        form["revision"].cstruct = str(stale.current.revision)
        return differences(form, mine, stored)

    def _refused(self, theirs: Any) -> None:
        self.request.response.status_int = 422 if theirs is None else 409

    @view_config(name="rules", permission=P.READ, request_method="GET", renderer="templates/proposals/rules.pt")
    def rules(self) -> dict[str, Any]:
        """The rules in plain words."""
        request, proposal = self.request, self.context
        roll = len(proposal.roll) if proposal.opened_at is not None else len(proposal.electorate())
        language = request.locale_name
        return {
            **self.frame(_("Les règles de ce vote")),
            "roll": roll,
            "quorum": in_percent(Fraction(*proposal.quorum), language),
            "majority": in_percent(Fraction(*proposal.majority), language),
            "needed": quorum_needed(roll, Fraction(*proposal.quorum)),
            "may_edit": request.may(P.EDIT),
        }

    @view_config(name="set-rules", permission=P.EDIT, renderer="templates/proposals/form.pt")
    def set_rules(self) -> Any:
        """Set the rules, before the vote opens."""
        request, proposal = self.request, self.context
        language = request.locale_name
        values = {
            "days": proposal.days,
            "quorum": Fraction(*proposal.quorum),
            "majority": Fraction(*proposal.majority),
            "ballots": "secret" if proposal.secret else "public",
            "opens_on": proposal.opens_on,
            "revision": proposal.revision,
        }
        theirs = None
        shown = {**values, **{name: shown_share(values[name], language) for name in ("quorum", "majority")}}
        schema = rules_schema(proposal.opens_on)
        form = forms.make(request, schema, submit=_("Enregistrer les règles"), values=shown, guard=True)
        if request.method == "POST":
            given = forms.sent(request, form, also=proposals.problems)
            if given is not None:
                try:
                    self._take_rules(given)
                except Invalid as refused:
                    forms.refuse(form, refused)
                except Stale as stale:
                    theirs = self._theirs(form, stale, self._in_words(given), self._in_words(values))
                else:
                    self.say(_("Les règles sont enregistrées."))
                    return self.go(proposal, "rules")
            self._refused(theirs)
        lead = _(
            "Par défaut : ${days} jours, un quorum de ${quorum} des inscrits, plus de ${majority} des suffrages exprimés.",
            mapping={"days": DAYS, "quorum": in_percent(QUORUM, language), "majority": in_percent(MAJORITY, language)},
        )
        return {**self.frame(_("Régler le vote")), "form": form, "lead": lead, "theirs": theirs}

    def _in_words(self, rules: dict[str, Any]) -> dict[str, Any]:
        """Rules as a reader sees them."""
        opens = rules["opens_on"]
        return {
            "days": rules["days"],
            "quorum": in_percent(rules["quorum"], self.request.locale_name),
            "majority": in_percent(rules["majority"], self.request.locale_name),
            "ballots": self.request.localizer.translate(BALLOTS[rules["ballots"]]),
            "opens_on": "" if opens is None else day(opens, self.request.locale_name),
        }

    def _take_rules(self, given: dict[str, Any]) -> None:
        proposals.set_rules(
            self.context,
            self.request.actor,
            self.request.now,
            days=given["days"],
            secret=given["ballots"] != "public",
            quorum=given["quorum"],
            majority=given["majority"],
            opens_on=given["opens_on"],
            revision=given["revision"],
        )

    @view_config(name="extend", permission=P.EXTEND, renderer="templates/proposals/form.pt")
    def extend(self) -> Any:
        """Move the end, later and with a reason."""
        request, proposal = self.request, self.context
        form = forms.make(request, _extension_schema(), submit=_("Repousser la fin"), guard=True)
        if request.method == "POST":
            given = forms.sent(request, form)
            if given is not None:
                try:
                    proposals.extend(proposal, evening(given["ends_at"]), given["reason"], request.actor, request.now)
                except Invalid as refused:
                    forms.refuse(form, refused)
                else:
                    self.say(_("La fin du vote est repoussée."))
                    return self.go(proposal)
            request.response.status_int = 422
        lead = _("La fin d’un vote ne peut être que repoussée ; la raison est publique.")
        return {**self.frame(_("Repousser la fin du vote")), "form": form, "lead": lead, "theirs": None}

    @view_config(name="milestones", permission=P.IMPLEMENT, renderer="templates/proposals/milestones.pt")
    def milestones(self) -> Any:
        """What remains to be done for the decision, ticked off one by one."""
        request, proposal, stale = self.request, self.context, False
        form = self._milestones()
        if request.method == "POST":
            given = forms.sent(request, form)
            if given is None:
                request.response.status_int = 422
            else:
                done, new = set(map(int, given.get("done", ()))), given["new"]
                try:
                    proposals.follow(proposal, done, new, request.actor, request.now, revision=given["revision"])
                except Stale:
                    form, stale = self._milestones(new), True
                    request.response.status_int = 409
                else:
                    self.say(_("Le suivi est enregistré."))
                    return self.go(proposal, "milestones")
        return {**self.frame(_("Suivre la mise en œuvre")), "stale": stale, "form": form}

    def _milestones(self, new: str = "") -> Any:
        """The steps there are, each to be ticked off, and one more."""
        request, proposal = self.request, self.context
        done = {str(number) for number, one in enumerate(proposal.milestones) if one["done"]}
        schema = colander.Schema(fields.revision())
        if proposal.milestones:
            offered = [(str(number), self._milestone(one)) for number, one in enumerate(proposal.milestones)]
            schema.add(fields.boxes(_("Étapes : cochez ce qui est fait"), offered, name="done", needed=True))
        schema.add(fields.line(_("Une étape de plus"), name="new", longest=200))
        values = {"revision": proposal.revision, "done": done, "new": new}
        return forms.make(request, schema, values=values, guard=True)

    def _milestone(self, one: Any) -> str:
        """A step with the day on which it was done."""
        if one["when"] is None:
            return str(one["title"])
        return f"{one['title']} ({day(one['when'], self.request.locale_name)})"

    def frame(self, title: Any) -> dict[str, Any]:
        """What every page of a proposal shows."""
        request, proposal = self.request, self.context
        trail = [{"href": url(request, proposal.__parent__), "title": _("Les votes et propositions")}]
        if title is not proposal.title:
            trail.append({"href": url(request, proposal), "title": proposal.title})
        return {"title": title, "crumbs": trail, "proposal": proposal, "kind": KINDS[proposal.kind]}


def _extension_schema() -> colander.Schema:
    return colander.Schema(
        fields.day(
            _("Nouvelle fin"),
            name="ends_at",
            description=_("Ce jour-là à 20 h, heure de Paris."),
            missing_msg=_("Donnez la nouvelle date de fin."),
            past=False,
            years=2,
        ),
        fields.text(
            _("Raison"),
            name="reason",
            missing=colander.required,
            missing_msg=_("Dites pourquoi la fin est repoussée : la raison est publique."),
            longest=1000,
            rows=3,
        ),
    )


def evening(day: date) -> datetime:
    """20 h in Paris on a day, in UTC."""
    return datetime.combine(day, time(20), PARIS).astimezone(UTC)
