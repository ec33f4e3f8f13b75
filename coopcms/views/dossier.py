"""Editing the dossier: an overview with what is missing, and a form for each section."""

from typing import Any

import colander
from pyramid.httpexceptions import HTTPNotFound
from pyramid.view import view_config, view_defaults

from ..content import fields
from ..content.company import Company
from ..content.dossier import EFFORT, PARTS, SECTIONS, schema_of
from ..domain import companies, suggestions
from ..domain.errors import Stale
from ..i18n import _
from ..security.permissions import P
from ..workflows.dossier import COMMITMENTS
from . import forms
from .base import Views, crumbs
from .differences import compare


@view_defaults(context=Company, name="edit", permission=P.UPDATE)
class DossierViews(Views):
    """The pages below ``edit``."""

    @view_config(request_method="GET", renderer="templates/company/edit.pt")
    def show(self) -> Any:
        """The overview, or the form of the section that the address names."""
        return self.section() if self.subpath else self.overview()

    def overview(self) -> dict[str, Any]:
        """Every section with how far it is, and what an application still needs."""
        company, request = self.context, self.request
        progress = companies.progress(company, request.now)
        editable = request.may(P.EDIT)
        return {
            "title": _("${company} : le dossier", mapping={"company": company.title}),
            "crumbs": self._crumbs(),
            "company": company,
            "progress": progress,
            "editable": editable,
            "suggestions": suggestions.waiting(company),
            "SECTIONS": SECTIONS,
            "EFFORT": EFFORT,
            "minutes": _minutes(progress, ("identity", *COMMITMENTS)),
            "minutes_of_all": _minutes(progress, tuple(SECTIONS)),
            "groups": [
                (_("L’entreprise"), [("identity", SECTIONS["identity"])]),
                (_("Les cinq engagements"), list(COMMITMENTS.items())),
                (_("Les huit parties"), list(PARTS.items())),
            ],
            "form": None,
        }

    @view_config(request_method="POST", renderer="templates/company/edit.pt")
    def section(self) -> Any:
        """One section."""
        company, request, section = self.context, self.request, self.subpath
        if section not in SECTIONS:
            raise HTTPNotFound()
        if not request.may(P.EDIT):
            from pyramid.httpexceptions import HTTPForbidden

            raise HTTPForbidden()
        record = company.sections[section]
        schema = schema_of(section)
        schema.add(fields.revision())
        values = {**record.values, "revision": record.revision}
        if "link_kinds" in record.values:
            values["link_kinds"] = set(record.values["link_kinds"])
        form = forms.make(request, schema, values=values, guard=True)
        theirs = None
        if request.method == "POST":
            given = forms.sent(request, form)
            if given is not None:
                revision = given.pop("revision")
                if "link_kinds" in given:
                    given["link_kinds"] = sorted(given["link_kinds"])
                try:
                    companies.save_section(
                        company,
                        section,
                        given,
                        request.actor,
                        request.now,
                        revision=revision,
                        against=self._framework_version(),
                    )
                except Stale as stale:
                    theirs = self._differences(schema, given, stale.current)
                    form["revision"].cstruct = str(stale.current.revision)
                    request.response.status_int = 409
                else:
                    self.say(
                        _(
                            "« ${section} » est enregistré.",
                            mapping={"section": request.localizer.translate(SECTIONS[section])},
                        )
                    )
                    return self.go(company, "edit")
            else:
                request.response.status_int = 422
        return {
            "title": SECTIONS[section],
            "crumbs": [*self._crumbs(), {"href": f"{request.path.rsplit('/', 1)[0]}", "title": _("Le dossier")}],
            "company": company,
            "section": section,
            "EFFORT": EFFORT,
            "form": form,
            "theirs": theirs,
            "record": record,
            "commitment": request.site["framework"].commitments.get(section),
            "framework": request.site["framework"],
        }

    def _crumbs(self) -> list[dict[str, Any]]:
        return [
            *crumbs(self.request, self.context),
            {"href": self.request.path.split("/edit")[0], "title": self.context.title},
        ]

    def _framework_version(self) -> int | None:
        version = self.request.site["framework"].current()
        return None if version is None else version.number

    def _differences(self, schema: colander.Schema, mine: dict[str, Any], current: Any) -> list[dict[str, Any]]:
        """The fields in which what was typed differs from what somebody saved meanwhile, both in full."""
        found = []
        for node in schema:
            if node.name == "revision":
                continue
            old, new = str(current.values.get(node.name) or ""), str(mine.get(node.name) or "")
            if old != new:
                marked = compare(old, new)
                found.append({"title": node.title, "theirs": marked[0], "mine": marked[1]})
        return found


def _minutes(progress: companies.Progress, sections: tuple[str, ...]) -> int:
    """How long the sections among these that are not done will take."""
    return sum(EFFORT[section][0] for section in sections if progress.sections[section] != "done")
