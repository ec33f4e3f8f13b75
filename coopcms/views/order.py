"""The order of the criteria of a version, as a list for a phone."""

from typing import Any

from pyramid.view import view_config, view_defaults

from ..content.specification import SpecificationVersion
from ..domain import specifications
from ..domain.errors import Stale
from ..i18n import _
from ..security.permissions import P
from ..web import readable
from .addresses import url
from .base import Views
from .specifications import version_crumbs


@view_defaults(
    context=SpecificationVersion, name="order", permission=P.EDIT, renderer="templates/specification/order.pt"
)
class OrderViews(Views):
    """``order`` of a version: a row a criterion, each with its place."""

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any]:
        """The order as it is."""
        return self.page({})

    @view_config(request_method="POST")
    def save(self) -> Any:
        """Take the places that were given; what cannot be a place is said, and nothing typed is lost."""
        request, version = self.request, self.context
        given = {
            key: readable.word(request.POST, f"place-{key}")
            for key, _criterion in version.ordered()
            if f"place-{key}" in request.POST
        }
        problems = self._problems(given)
        if problems:
            request.response.status_int = 422
            return self.page(given, problems)
        known = readable.whole(request.POST, "revision")
        keys = sorted(given, key=lambda key: _place(given[key]) or 0)
        try:
            specifications.reorder(version, keys, request.actor, request.now, revision=known)
        except Stale:
            request.response.status_int = 409
            return self.page(given, stale=True)
        self.say(_("L’ordre des critères est enregistré."))
        return self.go(version)

    def page(self, given: dict[str, str], problems: Any = (), stale: bool = False) -> dict[str, Any]:
        """What the template needs; after an error with the places as they were typed, in the order of the version."""
        request, version = self.request, self.context
        wrong = {key for key, _sentence in problems}
        return {
            "title": _("Ordre des critères"),
            "crumbs": [*version_crumbs(request, version), {"href": url(request, version), "title": version.title}],
            "version": version,
            "revision": version.order_revision,
            "rows": [
                {
                    "key": key,
                    "code": criterion.code,
                    "title": criterion.title,
                    "place": given.get(key, str(number)),
                    "wrong": key in wrong,
                }
                for number, (key, criterion) in enumerate(version.ordered(), 1)
            ],
            "problems": problems,
            "stale": stale,
            # Filled in by the script, which knows the place.
            "words": _("{name} : place {place} sur {count}"),
        }

    def _problems(self, given: dict[str, str]) -> list[tuple[str, Any]]:
        """What is wrong with the places: the key of the criterion, and a sentence."""
        code = {key: criterion.code for key, criterion in self.context.ordered()}
        found = [
            (key, _("La place de ${code} s’écrit en chiffres, par exemple 3.", mapping={"code": code[key]}))
            for key, place in given.items()
            if _place(place) is None
        ]
        first: dict[int, str] = {}
        for key, typed in given.items():
            place = _place(typed)
            if place is None:
                continue
            other = first.setdefault(place, key)
            if other != key:
                names = {"one": code[other], "other": code[key], "place": place}
                found.append(
                    (key, _("${one} et ${other} ont la même place, ${place} : changez l’une des deux.", mapping=names))
                )
        return found


def _place(text: str) -> int | None:
    found = readable.number_in(text)
    return found if found is not None and found < 1_000_000 else None
