"""What others see of a dossier, before they do: its page with the eyes of everybody, of a member, of whoever verifies."""

from typing import Any

from pyramid.view import view_config, view_defaults

from ..content.company import Company
from ..content.file import READ_BY_VISIBILITY
from ..i18n import _
from ..security.permissions import P
from ..security.principals import Actor
from ..security.roles import R
from ..web import readable
from .company import CompanyViews

#: Whose eyes: a title, the roles of such a reader, and what they may read once the dossier is submitted.
EYES: dict[str, tuple[str, frozenset[R], frozenset[P]]] = {
    "public": (_("Tout le monde"), frozenset(), frozenset({P.VIEW, P.READ})),
    "members": (_("Les sociétaires"), frozenset({R.MEMBER}), frozenset({P.VIEW, P.READ, P.READ_MEMBERS})),
    "verifiers": (
        _("Les vérificateurs"),
        frozenset({R.MEMBER, R.CERTIFIER}),
        frozenset({P.VIEW, P.READ, P.READ_MEMBERS, P.READ_VERIFIERS}),
    ),
}


@view_defaults(context=Company)
class PreviewViews(CompanyViews):
    """``preview`` of a dossier."""

    @view_config(name="preview", permission=P.UPDATE, request_method="GET", renderer="templates/company/view.pt")
    def preview(self) -> dict[str, Any]:
        """The page of the dossier as those others will read it, and what is kept from them."""
        request, company = self.request, self.context
        eyes = readable.word(request.GET, "eyes")
        eyes = eyes if eyes in EYES else "public"
        title, roles, permitted = EYES[eyes]
        hidden = [
            *(_hidden(file.title, file.visibility, permitted) for file in company["files"].values()),
            *(_hidden(contact["name"], contact["visibility"], permitted) for contact in company.contacts.values()),
        ]
        # The page asks the request who reads and what they may; for its length the answer is that of the other reader.
        request.actor = Actor(None, "", frozenset({R.EVERYONE}) | roles, reading=True)
        request.may = lambda permission, obj=None: _may(permission, company if obj is None else obj, permitted)
        return {
            **self.view(),
            "preview": {
                "title": title,
                "tabs": [(key, words, key == eyes) for key, (words, _roles, _permitted) in EYES.items()],
                "hidden": [one for one in hidden if one is not None],
                "draft": company.state == "draft",
            },
        }


def _may(permission: P, obj: Any, permitted: frozenset[P]) -> bool:
    becomes = getattr(obj, "becomes", None)
    if getattr(obj, "workflow_name", "") == "specification" and obj.state == "draft":
        return False
    return (becomes(permission) if becomes is not None else permission) in permitted


def _hidden(title: str, visibility: str, permitted: frozenset[P]) -> tuple[str, str] | None:
    return None if READ_BY_VISIBILITY[visibility] in permitted else (title, visibility)
