"""Two versions of a specification, criterion by criterion and word by word."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.view import view_config

from ..content.specification import Specification, SpecificationVersion
from ..domain.criteria import differences
from ..i18n import _
from ..security.permissions import P
from ..web import readable
from .addresses import url
from .criteria import TITLES, word
from .differences import woven
from .specifications import version_crumbs


@view_config(
    context=Specification,
    name="compare",
    permission=P.READ,
    request_method="GET",
    renderer="templates/specification/compare.pt",
)
def compare(context: Specification, request: Request) -> dict[str, Any]:
    """What a version has otherwise than another; without a choice, the newest and the one before."""
    versions = [version for version in context.versions() if request.may(P.READ, version)]
    if not versions:
        raise HTTPNotFound()
    new = _chosen(request, versions, "new", versions[-1])
    old = _chosen(request, versions, "old", versions[-2] if len(versions) > 1 else new)
    found = differences(old, new) if len(versions) > 1 else None
    translate = request.localizer.translate
    return {
        "title": _("Comparer deux versions"),
        "crumbs": [*version_crumbs(request, new), {"href": url(request, new), "title": new.title}],
        "specification": context,
        "versions": versions,
        "choices": [("old", _("Version ancienne"), old), ("new", _("Version nouvelle"), new)],
        "found": found,
        "summary": None
        if found is None
        else _(
            "De la version ${old} à la version ${new}, critères ajoutés : ${added}, retirés : ${removed}, modifiés : ${changed}, "
            "déplacés : ${moved}, inchangés : ${unchanged}.",
            mapping={
                "old": old.number,
                "new": new.number,
                "added": len(found.added),
                "removed": len(found.removed),
                "changed": len(found.changed),
                "moved": len(found.moved),
                "unchanged": found.unchanged,
            },
        ),
        "changed": []
        if found is None
        else [
            (
                criterion,
                [
                    {"title": TITLES[name], "text": woven(*(translate(word(name, text)) for text in pair))}
                    for name, pair in fields.items()
                ],
            )
            for _key, criterion, fields in found.changed
        ],
    }


def _chosen(
    request: Request, versions: list[SpecificationVersion], name: str, without: SpecificationVersion
) -> SpecificationVersion:
    """The version that the address asks for; 404 when it is none that one may read."""
    number = readable.word(request.GET, name)
    if not number:
        return without
    for version in versions:
        if version.__name__ == number:
            return version
    raise HTTPNotFound()
