"""Filling in a dossier together: the forms of the cooperative, and what the company does with a proposal."""

from typing import Any

import colander
from pyramid.httpexceptions import HTTPNotFound
from pyramid.view import view_config, view_defaults

from ..content import fields
from ..content.company import Company
from ..content.dossier import SECTIONS, Suggestion, schema_of
from ..domain import suggestions
from ..domain.errors import Invalid, Stale
from ..i18n import _
from ..security.permissions import P
from . import forms, people
from .addresses import url
from .base import Views, crumbs
from .differences import compare


@view_defaults(context=Company)
class SuggestionViews(Views):
    """``suggest`` for the cooperative and ``suggestion`` for the company, each with a section behind it."""

    @view_config(name="suggest", permission=P.SUGGEST, renderer="templates/company/suggest.pt")
    def suggest(self) -> Any:
        """The sections, or the form of the one that the address names."""
        request, company, section = self.request, self.context, self.subpath
        if not section:
            return {**self._frame(_("Remplir avec l’entreprise")), "form": None, "section": "", "made": self._made()}
        record = company.sections.get(section) if section in SECTIONS else None
        if record is None:
            raise HTTPNotFound()
        there = (company.suggestions or {}).get(section)
        if "take_back" in request.POST and there is not None:
            suggestions.take_back(company, section, request.actor)
            self.say(_("Votre proposition est retirée."))
            return self.go(company, "suggest")
        form = self._form(section, there.values if there is not None else record.values, there)
        if request.method == "POST":
            given = forms.sent(request, form)
            if given is not None:
                message = given.pop("message")
                try:
                    suggestions.suggest(company, section, _plain(given), message, request.actor, request.now)
                except Invalid as refused:
                    forms.refuse(form, refused)
                else:
                    self.say(_("Votre proposition attend l’entreprise ; le dossier n’a pas changé."))
                    return self.go(company, "suggest")
            request.response.status_int = 422
        return {
            **self._frame(SECTIONS[section], _("Remplir avec l’entreprise"), "suggest"),
            "form": form,
            "section": section,
            "there": there,
        }

    def _form(self, section: str, values: dict[str, Any], there: Suggestion | None) -> Any:
        schema = schema_of(section)
        schema.add(
            fields.text(
                _("Un mot pour l’entreprise"),
                name="message",
                description=_("D’où viennent ces informations, ce qu’il reste à vérifier ensemble."),
                longest=1000,
                rows=3,
            )
        )
        filled = {**values, "message": "" if there is None else there.message}
        if "link_kinds" in filled:
            filled["link_kinds"] = set(filled["link_kinds"])
        return forms.make(
            self.request, schema, submit=_("Proposer à l’entreprise"), values=filled, guard=True, watched=True
        )

    def _made(self) -> list[tuple[str, Any, Suggestion | None]]:
        """Every section with the proposal there is."""
        there = self.context.suggestions or {}
        return [(section, title, there.get(section)) for section, title in SECTIONS.items()]

    @view_config(name="suggestion", permission=P.EDIT, renderer="templates/company/suggestion.pt")
    def answer(self) -> Any:
        """A proposal beside the text of the dossier: take it, or say why not."""
        request, company, section = self.request, self.context, self.subpath
        suggestion = suggestions.waiting(company).get(section)
        if suggestion is None:
            raise HTTPNotFound()
        form, stale, status = self._decision(section, suggestion), False, 200
        if request.method == "POST":
            given = forms.sent(request, form)
            try:
                if given is None:
                    raise Invalid
                if given["seen"] != suggestion.when.isoformat():
                    raise Stale(suggestion)
                if "decline" in request.POST:
                    suggestions.decline(company, section, given["answer"], request.actor)
                    self.say(_("Votre réponse est transmise ; le dossier n’a pas changé."))
                else:
                    self._take(section, suggestion, given)
                    self.say(_("La proposition est dans votre dossier."))
                return self.go(company, "edit")
            except Invalid as refused:
                status = 422
                if refused.messages:
                    forms.refuse(form, refused)
            except Stale:
                stale, status = True, 409
                typed = form["answer"].cstruct
                form = self._decision(section, suggestion)
                form["answer"].cstruct = typed
        request.response.status_int = status
        record = company.sections[section]
        return {
            **self._frame(SECTIONS[section], _("Le dossier"), "edit"),
            "section": section,
            "suggestion": suggestion,
            "name": people.name_of(request, suggestion.by),
            "rows": _rows(request, section, record.values, suggestion.values),
            "form": form,
            "stale": stale,
        }

    def _decision(self, section: str, suggestion: Suggestion) -> Any:
        """Take the text that was read in the place of the one that was read, or say why not."""
        schema = colander.Schema(
            fields.hidden("seen"),
            fields.revision(),
            fields.text(
                _("Si vous ne le prenez pas : pourquoi ?"),
                name="answer",
                description=_("La personne qui vous aide le lira."),
                longest=1000,
                rows=3,
            ),
        )
        values = {"seen": suggestion.when.isoformat(), "revision": self.context.sections[section].revision}
        form = forms.make(self.request, schema, values=values, guard=True)
        return forms.buttons(form, take=_("Prendre ce texte dans mon dossier"), decline=_("Ne pas prendre ce texte"))

    def _take(self, section: str, suggestion: Suggestion, given: dict[str, Any]) -> None:
        framework = self.request.site["framework"].current()
        suggestions.take(
            self.context,
            section,
            self.request.actor,
            self.request.now,
            seen=suggestion.when,
            revision=-1 if given["revision"] is None else given["revision"],
            against=None if framework is None else framework.number,
        )

    def _frame(self, title: Any, above: Any = None, view: str = "") -> dict[str, Any]:
        request, company = self.request, self.context
        trail = [*crumbs(request, company), {"href": url(request, company), "title": company.title}]
        if above is not None:
            trail.append({"href": url(request, company, view), "title": above})
        return {"title": title, "crumbs": trail, "company": company, "there": None}


def _plain(given: dict[str, Any]) -> dict[str, Any]:
    """Values as a section keeps them."""
    return {name: sorted(value) if isinstance(value, set) else value for name, value in given.items()}


def _rows(request: Any, section: str, now: dict[str, Any], proposed: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields in which a proposal differs from the dossier, both in words."""
    found = []
    for node in schema_of(section):
        old, new = (_said(request, node, values.get(node.name)) for values in (now, proposed))
        if old != new:
            left, right = compare(old, new)
            found.append({"title": node.title, "now": left, "proposed": right})
    return found


def _said(request: Any, node: colander.SchemaNode, value: Any) -> str:
    """A value as a reader sees it: of a choice its words."""
    words = dict(getattr(node.widget, "values", ()))
    translate = request.localizer.translate
    if isinstance(value, (list, tuple, set)):
        return ", ".join(str(translate(words.get(one, one))) for one in value)
    return "" if value in (None, "") else str(translate(words.get(value, str(value))))
