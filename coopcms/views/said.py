"""What a company says of itself, as it stands in its dossier: the five commitments and the eight parts."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from ..content.company import Company
from ..content.dossier import PARTS
from ..content.geography import LINKS
from ..i18n import _
from ..workflows.dossier import COMMITMENTS
from .kept import kept
from .rendering import rich
from .translating import translate


def commitments(request: Any, company: Company) -> Markup:
    """The statement on each commitment; one that is not written yet says so."""
    rests_on = [company.sections[key] for key in COMMITMENTS]
    return kept(("commitments", request.locale_name), rests_on, lambda: _commitments(company))


def _commitments(company: Company) -> Markup:
    found = []
    for key, title in COMMITMENTS.items():
        text = company.statement(key)
        found.append(Markup('<h3 id="{}">{}</h3>').format(key, translate(title)))
        found.append(
            Markup('<div class="prose written" dir="auto">{}</div>').format(rich(text))
            if text
            else Markup('<p class="soft">{}</p>').format(translate(_("Pas encore rédigé.")))
        )
    return Markup("").join(found)


def parts(request: Any, company: Company) -> Markup:
    """The eight parts, those that say something, each to be opened; empty when none does."""
    rests_on = [company.sections.get(key) for key in PARTS]
    return kept(("parts", request.locale_name), rests_on, lambda: _parts(company))


def _parts(company: Company) -> Markup:
    return Markup("").join(
        Markup('<details id="{}"><summary>{}</summary>{}</details>').format(key, translate(title), pieces)
        for key, title in PARTS.items()
        if (pieces := _pieces(company.values_of(key)))
    )


_PIECES = (
    ("promise", _("Ce qui est promis")),
    ("proof", _("Comment on le vérifie")),
    ("public", _("Ce que l’on peut consulter")),
)


def _pieces(part: Mapping[str, Any]) -> Markup:
    found = [(heading, rich(part[field])) for field, heading in _PIECES if part.get(field)]
    if part.get("link_kinds"):
        items = Markup("").join(Markup("<li>{}</li>").format(translate(LINKS[kind])) for kind in part["link_kinds"])
        found.insert(0, (_("Liens envisagés"), Markup("<ul>{}</ul>").format(items)))
    return Markup("").join(
        Markup('<h3>{}</h3><div class="prose written" dir="auto">{}</div>').format(translate(heading), text)
        for heading, text in found
    )
