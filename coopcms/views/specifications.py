"""Specifications of companies, the framework, their versions and criteria."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config, view_defaults

from ..content import fields
from ..content.specification import (
    CHECK_METHODS,
    CLASSES,
    CriterionSchema,
    Framework,
    Specification,
    Specifications,
    SpecificationSchema,
    SpecificationVersion,
)
from ..domain import amendments, criteria, specifications
from ..domain.errors import Invalid, Stale
from ..i18n import _
from ..security.permissions import P
from ..workflows import WORKFLOWS, engine
from . import forms
from .addresses import url
from .base import Views, crumbs
from .differences import compare
from .history import history


@view_defaults(context=Specifications)
class SpecificationsViews(Views):
    """Pages of the folder of a company's specifications."""

    @view_config(permission=P.READ, request_method="GET", renderer="templates/specification/list.pt")
    def show(self) -> dict[str, Any]:
        """Every specification with its versions."""
        return self.page(None)

    @view_config(name="add", permission=P.UPDATE, renderer="templates/specification/list.pt")
    def add(self) -> Any:
        """Begin a specification; its first version is a draft."""
        request = self.request
        form = forms.make(request, SpecificationSchema(), submit=_("Commencer ce cahier des charges"), guard=True)
        if request.method == "POST":
            values = forms.sent(request, form)
            if values is not None:
                version = specifications.create(
                    self.context.__parent__, values["title"], values["description"], request.actor, request.now
                )
                self.say(_("Le brouillon est ouvert : ajoutez-y les critères."))
                return self.go(version)
            request.response.status_int = 422
        return self.page(form)

    def page(self, form: Any) -> dict[str, Any]:
        """What the template needs."""
        request = self.request
        return {
            "title": _("Les cahiers des charges"),
            "crumbs": crumbs(request, self.context),
            "company": self.context.__parent__,
            "specifications": [
                (s, [v for v in reversed(s.versions()) if request.may(P.VIEW, v)]) for s in self.context.values()
            ],
            "form": form,
            "may_update": request.may(P.UPDATE),
        }


@view_config(
    context=Specification, permission=P.READ, request_method="GET", renderer="templates/specification/version.pt"
)
@view_config(context=Framework, permission=P.READ, request_method="GET", renderer="templates/specification/version.pt")
def specification(context: Specification, request: Any) -> Any:
    """A specification answers for its version in force, else for its newest that the reader may see."""
    version = context.current()
    if version is None or not request.may(P.VIEW, version):
        seen = [v for v in context.versions() if request.may(P.VIEW, v)]
        if not seen:
            raise HTTPNotFound()
        version = seen[-1]
    return VersionViews(version, request).view()


@view_defaults(context=SpecificationVersion)
class VersionViews(Views):
    """Pages of a version."""

    @view_config(permission=P.READ, request_method="GET", renderer="templates/specification/version.pt")
    def view(self) -> dict[str, Any]:
        """The criteria, by domain."""
        request, version = self.request, self.context
        return {
            "title": version.title,
            "description": version.description,
            "crumbs": version_crumbs(request, version),
            "version": version,
            "framework": isinstance(version.__parent__, Framework),
            "commitments": version.__parent__.commitments if isinstance(version.__parent__, Framework) else {},
            "versions": [v for v in reversed(version.__parent__.versions()) if request.may(P.VIEW, v)],
            "criteria": [(criterion, amendments.in_consultation(criterion)) for _key, criterion in version.ordered()],
            "removed": list(version.removed.values()) if criteria.reads_drafts(version, request.actor) else [],
            "comparable": sum(request.may(P.READ, v) for v in version.__parent__.versions()) > 1,
            # Whether anybody may comment on it in its state.
            "discussed": bool(WORKFLOWS["specification"].roles(version.state, P.COMMENT)),
            "may_edit": request.may(P.EDIT, version),
            "may_revise": self._may_revise(),
            "steps": engine.available(version, request.actor, request.now),
            "history": history(request, version),
            "CLASSES": CLASSES,
            "CHECK_METHODS": CHECK_METHODS,
        }

    @view_config(name="edit", permission=P.EDIT, renderer="templates/specification/edit.pt")
    def edit(self) -> Any:
        """Title and description."""
        request, version = self.request, self.context
        form = forms.make(
            request,
            SpecificationSchema(),
            values={"title": version.title, "description": version.description},
            guard=True,
            watched=True,
        )
        if request.method == "POST":
            values = forms.sent(request, form)
            if values is not None:
                specifications.describe(version, values["title"], values["description"], request.actor, request.now)
                self.say(_("Titre et description sont enregistrés."))
                return self.go(version)
            request.response.status_int = 422
        return self._form_page(_("Titre et description"), form)

    @view_config(name="add-criterion", permission=P.EDIT, renderer="templates/specification/edit.pt")
    def add_criterion(self) -> Any:
        """A new criterion, at the end."""
        request, version = self.request, self.context
        form = forms.make(request, CriterionSchema(), submit=_("Ajouter ce critère"), guard=True)
        if request.method == "POST":
            values = forms.sent(request, form)
            if values is not None:
                try:
                    specifications.add_criterion(version, values, request.actor, request.now)
                except Invalid as refused:
                    forms.refuse(form, refused)
                else:
                    self.say(_("Le critère est ajouté."))
                    return self.go(version)
            request.response.status_int = 422
        return self._form_page(_("Ajouter un critère"), form)

    @view_config(
        name="edit-criterion", permission=P.READ, request_method="GET", renderer="templates/specification/edit.pt"
    )
    @view_config(
        name="edit-criterion", permission=P.EDIT, request_method="POST", renderer="templates/specification/edit.pt"
    )
    def edit_criterion(self) -> Any:
        """Change or remove a criterion; in a version that does not move any more, read it and where to go on."""
        request, version, key = self.request, self.context, self.subpath
        if key not in version.criteria:
            raise HTTPNotFound()
        criterion = version.criteria[key]
        if not request.may(P.EDIT, version):
            return {**self._form_page(criterion.title, None), "criterion": criterion}
        if "remove" in request.POST:
            specifications.remove_criterion(version, key, request.actor, request.now)
            self.say(_("Le critère est retiré."))
            return self.go(version)
        schema = CriterionSchema()
        schema.add(fields.revision())
        values = {name: getattr(criterion, name) for name in (*criteria.FIELDS, "revision")}
        form = forms.make(request, schema, values=values, guard=True)
        theirs = None
        if request.method == "POST":
            given = forms.sent(request, form)
            if given is not None:
                revision = given.pop("revision")
                try:
                    specifications.change_criterion(version, key, given, request.actor, request.now, revision=revision)
                except Invalid as refused:
                    forms.refuse(form, refused)
                except Stale as stale:
                    theirs = []
                    for node in schema:
                        old = str(getattr(stale.current, node.name, ""))
                        if node.name != "revision" and old != given.get(node.name, ""):
                            marked = compare(old, given.get(node.name, ""))
                            theirs.append({"title": node.title, "theirs": marked[0], "mine": marked[1]})
                    form["revision"].cstruct = str(stale.current.revision)
                    request.response.status_int = 409
                    return self._form_page(criterion.title, form, key, theirs)
                else:
                    self.say(_("Le critère est enregistré."))
                    return self.go(version)
            request.response.status_int = 422
        return self._form_page(criterion.title, form, key, theirs)

    def _form_page(self, title: Any, form: Any, key: str = "", theirs: Any = None) -> dict[str, Any]:
        version = self.context
        trail = [
            *version_crumbs(self.request, version),
            {"href": self.request.path.split(f"/{self.request.view_name}")[0], "title": version.title},
        ]
        return {"title": title, "crumbs": trail, "version": version, "form": form, "key": key, "theirs": theirs}

    @view_config(name="revise", permission=P.REVISE, request_method="POST")
    def revise(self) -> Any:
        """Open the next version, with the criteria of the newest one."""
        request, version = self.request, self.context
        try:
            opened = specifications.revise(version.__parent__, request.actor, request.now)
        except Invalid as refused:
            self.say(next(iter(refused.messages.values())), "danger")
            return self.go(version)
        self.say(_("Le brouillon de la version suivante est ouvert, avec tous les critères de celle-ci."))
        return self.go(opened)

    def _may_revise(self) -> bool:
        """Whether the button is shown: on the newest version, where nothing is being prepared."""
        version = self.context
        return bool(self.request.may(P.REVISE, version)) and version is version.__parent__.versions()[-1]


def version_crumbs(request: Request, version: SpecificationVersion) -> list[dict[str, Any]]:
    """The way to a version: the specifications of its company; the framework stands at the top."""
    specification = version.__parent__
    if isinstance(specification, Framework):
        return []
    folder = specification.__parent__
    return [*crumbs(request, version)[:-1], {"href": url(request, folder), "title": _("Les cahiers des charges")}]
