"""The board of the coordinators: every dossier, whose turn it is, who looks after it; notes, and letters to start from."""

from collections import Counter
from typing import Any

import colander
import deform.widget as w
from pyramid.httpexceptions import HTTPNotFound
from pyramid.view import view_config, view_defaults

from ..catalog import queries
from ..content.checks import at_most
from ..content.company import Company
from ..content.site import Site
from ..domain import accounts, care, turns
from ..domain.errors import Invalid, Stale
from ..i18n import _
from ..notifications import company_letter
from ..security.permissions import P
from ..security.roles import TITLES, R
from ..web import readable
from ..workflows import WORKFLOWS
from . import forms, people
from .addresses import url
from .audits import differences, revision_node
from .base import Views, crumbs
from .translating import translate

#: Whose turn it can be, in the order of the filter.
WHO = (R.COORDINATOR, R.STAFF, R.TEAM, R.AUDITOR, R.CERTIFIER, R.MEMBER)


@view_defaults(context=Site, permission=P.SEE_BOARD)
class BoardViews(Views):
    """``board`` and ``letters`` of the site."""

    @view_config(name="board", request_method="GET", renderer="templates/site/board.pt")
    def board(self) -> dict[str, Any]:
        """Every dossier, the one that has waited longest first; closed ones only where they are asked for."""
        request = self.request
        asked = {name: readable.word(request.GET, name) for name in ("state", "who", "care")}
        everything = [self._row(company) for company in queries.all_companies(request.site)]
        shown = [row for row in everything if self._is_asked_for(row, asked)]
        shown.sort(key=lambda row: (row["turn"].who is None, row["turn"].since))
        counts = Counter(row["turn"].who for row in everything if row["turn"].who is not None)
        return {
            "title": _("Tous les dossiers"),
            "rows": shown,
            "asked": asked,
            "states": [(state.id, state.title) for state in WORKFLOWS["company"].states],
            "who": [(str(role), TITLES[role], counts[role]) for role in WHO],
            "team": [(str(account.__oid__), account.title) for account in queries.coordinators(request.site)],
            "ROLES": TITLES,
        }

    def _row(self, company: Company) -> dict[str, Any]:
        request, turn = self.request, turns.turn(company, self.request.now)
        kept = care.care_of(company)
        return {
            "company": company,
            "turn": turn,
            "days": (request.now - turn.since).days,
            "assignee": None if kept is None else kept.assignee,
            "notes": 0 if kept is None else len(kept.notes),
        }

    def _is_asked_for(self, row: dict[str, Any], asked: dict[str, str]) -> bool:
        company, assignee = row["company"], row["assignee"]
        if asked["state"]:
            if company.state != asked["state"]:
                return False
        elif company.is_closed:
            return False
        if asked["who"] and str(row["turn"].who or "") != asked["who"]:
            return False
        if asked["care"] == "none":
            return assignee is None
        return not asked["care"] or str(assignee) == asked["care"]

    @view_config(name="letters", renderer="templates/site/letters.pt")
    def letters(self) -> Any:
        """The letters, or the form of the one that the address names; ``letters/add`` makes one."""
        request, key = self.request, self.subpath
        known = care.letters(request.site)
        trail = [{"href": url(request, self.context, "board"), "title": _("Tous les dossiers")}]
        if not key:
            return {"title": _("Modèles de lettres"), "crumbs": trail, "letters": known, "form": None, "theirs": None}
        if key != "add" and key not in known:
            raise HTTPNotFound()
        letter = known.get(key)
        values = {} if letter is None else {**_texts(letter), "revision": letter.revision}
        form, theirs = forms.make(request, _letter_schema(), values=values, guard=True), None
        if request.method == "POST":
            given = forms.sent(request, form)
            if given is not None:
                try:
                    care.save_letter(
                        request.site,
                        None if key == "add" else key,
                        given["title"],
                        given["subject"],
                        given["text"],
                        request.actor,
                        revision=given["revision"],
                    )
                except Invalid as refused:
                    forms.refuse(form, refused)
                except Stale as stale:
                    theirs = differences(form, given, _texts(stale.current))
                    form["revision"].cstruct = str(stale.current.revision)
                else:
                    self.say(_("Le modèle est enregistré."))
                    return self.go(self.context, "letters")
            request.response.status_int = 422 if theirs is None else 409
        trail.append({"href": url(request, self.context, "letters"), "title": _("Modèles de lettres")})
        title = _("Nouveau modèle") if letter is None else letter.title
        return {"title": title, "crumbs": trail, "letters": known, "form": form, "theirs": theirs}


def _texts(letter: Any) -> dict[str, str]:
    return {"title": letter.title, "subject": letter.subject, "text": letter.text}


def _text_nodes() -> tuple[colander.SchemaNode, colander.SchemaNode]:
    return (
        colander.SchemaNode(
            colander.String(),
            name="subject",
            title=_("Objet"),
            missing_msg=_("Écrivez ce champ : la lettre en a besoin."),
            validator=at_most(160),
        ),
        colander.SchemaNode(
            colander.String(),
            name="text",
            title=_("Texte"),
            missing_msg=_("Écrivez ce champ : la lettre en a besoin."),
            validator=at_most(8000),
            widget=w.TextAreaWidget(rows=14),
        ),
    )


def _letter_schema() -> colander.Schema:
    subject, text = _text_nodes()
    text.description = _(
        "Se remplissent d’eux-mêmes : {company} le nom de l’entreprise, {state} son étape, {missing} ce qui manque au dossier, "
        "{link} son adresse."
    )
    title = colander.SchemaNode(
        colander.String(),
        name="title",
        title=_("Nom du modèle"),
        missing_msg=_("Écrivez ce champ : la lettre en a besoin."),
        validator=at_most(80),
    )
    return colander.Schema(title, subject, text, revision_node())


@view_defaults(context=Company, permission=P.CARE)
class CareViews(Views):
    """``care`` of a dossier – who looks after it, notes – and ``letter`` to its company."""

    @view_config(name="care", renderer="templates/company/care.pt")
    def care(self) -> Any:
        """Whose turn it is, who looks after the dossier, and the notes that only coordinators read."""
        request, company = self.request, self.context
        wrong, problem, typed = "", "", ""
        if request.method == "POST":
            try:
                self._act()
            except Invalid as refused:
                wrong, problem = next(iter(refused.messages.items()))
                typed = readable.passage(request.POST, "note")
                request.response.status_int = 422
            except KeyError:
                return self.go(company, "care")  # a colleague struck the note meanwhile
            else:
                return self.go(company, "care")
        kept = care.care_of(company)
        return {
            "title": _("Suivi du dossier"),
            "crumbs": [*crumbs(request, company), {"href": url(request, company), "title": company.title}],
            "company": company,
            "turn": turns.turn(company, request.now),
            "ROLES": TITLES,
            "team": [(account.__oid__, account.title) for account in queries.coordinators(request.site)],
            "assignee": None if kept is None else kept.assignee,
            "notes": [(key, one, people.name_of(request, one.by)) for key, one in care.notes(company, request.actor)],
            "letters": care.letters(request.site),
            "wrong": wrong,
            "problem": problem,
            "typed": typed,
        }

    def _act(self) -> None:
        request, company, given = self.request, self.context, self.request.POST
        if "strike" in given:
            care.strike(company, readable.word(given, "strike"), request.actor)
            self.say(_("La note est supprimée."))
        elif "note" in given:
            care.note(company, readable.passage(given, "note"), request.actor, request.now)
            self.say(_("La note est enregistrée ; seule l’équipe de la coopérative la lit."))
        else:
            chosen = readable.word(given, "assignee")
            account = next((a for a in queries.coordinators(request.site) if str(a.__oid__) == chosen), None)
            if chosen and account is None:
                raise Invalid(assignee=_("Choisissez quelqu’un de l’équipe de la coopérative."))
            care.assign(company, None if account is None else account.__oid__, request.actor)
            self.say(_("Le suivi est enregistré."))

    @view_config(name="letter", renderer="templates/company/letter.pt")
    def letter(self) -> Any:
        """A letter to the team of the company, from a template: read again, changed, sent by mail or printed."""
        request, company, key = self.request, self.context, self.subpath
        template = care.letters(request.site).get(key)
        if template is None:
            raise HTTPNotFound()
        state = translate(WORKFLOWS["company"].state(company.state).title)
        view = "edit" if company.state == "draft" else ""
        link = url(request, company, view)
        link = link if "://" in link else request.host_url + link
        subject, text = care.written(template, company, state, link, request.now, translate)
        form = forms.make(
            request,
            colander.Schema(*_text_nodes()),
            submit=_("Envoyer à l’équipe de l’entreprise"),
            values={"subject": subject, "text": text},
            guard=True,
        )
        to = [account for oid in company.staff if (account := accounts.by_id(request.site, oid)) is not None]
        if request.method == "POST":
            given = forms.sent(request, form)
            if given is not None and not to:
                forms.refuse(
                    form, Invalid(letter=_("Personne de l’entreprise n’a encore de compte : rien n’est parti."))
                )
            elif given is not None:
                company_letter.send(request, company, given["subject"], given["text"])
                care.note(
                    company,
                    translate(_("Lettre envoyée : ${subject}", mapping={"subject": given["subject"]})),
                    request.actor,
                    request.now,
                )
                self.say(_("La lettre part ; une note en garde la trace."))
                return self.go(company, "care")
            request.response.status_int = 422
        return {
            "title": template.title,
            "crumbs": [
                *crumbs(request, company),
                {"href": url(request, company), "title": company.title},
                {"href": url(request, company, "care"), "title": _("Suivi du dossier")},
            ],
            "company": company,
            "to": to,
            "form": form,
        }
