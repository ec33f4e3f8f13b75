"""The one table of what exists under /manage: which page, of which objects, and what may be sent to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypatia.interfaces import IIndex
from pyramid.request import Request
from substanced.interfaces import (
    ICatalog,
    IFolder,
    IGroup,
    IGroups,
    ILock,
    ILockService,
    IPrincipals,
    IUsers,
)
from substanced.objectmap import has_references
from substanced.util import get_content_type

from ...content.account import Account
from ...content.base import Described, Workflowed
from ...content.site import Site
from ...i18n import _


@dataclass(frozen=True)
class Page:
    """A page of the objects that ``where`` says yes to.

    ``tab`` is its title among the tabs, "" when it stands under none.  ``buttons`` are the names of the buttons that
    may be pressed on it; without any, the page is for reading.
    """

    name: str
    where: Callable[[Any], bool]
    tab: str = ""
    buttons: tuple[str, ...] = ()
    reads: bool = True  #: whether it answers GET


def _any(obj: Any) -> bool:
    return True


def _site(obj: Any) -> bool:
    return isinstance(obj, Site)


def ours(obj: Any) -> bool:
    """Whether this is content of the site: here it is looked at, never written."""
    return isinstance(obj, Described) and not isinstance(obj, Site)


def _catalogs(obj: Any) -> bool:
    return bool(get_content_type(obj) == "Catalogs")


def _described_or_principal(obj: Any) -> bool:
    return isinstance(obj, (Described, Account)) or bool(IGroup.providedBy(obj))


def _referenced(obj: Any) -> bool:
    return (isinstance(obj, Account) or bool(IGroup.providedBy(obj))) and bool(has_references(obj))


#: The order is that of the tabs; the first one is where a click on the object leads.
PAGES: tuple[Page, ...] = (
    Page("manage_catalog", ICatalog.providedBy, _("Gérer"), ("reindex", "update")),
    Page("manage_index", IIndex.providedBy, _("Gérer"), ("reindex",)),
    Page("properties", lambda obj: isinstance(obj, Account), _("Compte et rôles"), ("save",)),
    Page("properties", IGroup.providedBy, _("Membres du groupe"), ("save",)),
    Page("properties", ILock.providedBy, _("Réglages"), ("save",)),
    Page("change_password", lambda obj: isinstance(obj, Account), _("Mot de passe"), ("change",)),
    Page("add_user", IUsers.providedBy, "", ("add",)),
    Page("contents", ICatalog.providedBy, _("Contenu"), ("form.reindex",)),
    Page("contents", ILockService.providedBy, _("Contenu"), ("form.delete", "form.delete_expired")),
    Page(
        "contents",
        # An account and a group are folders too, always empty.
        lambda obj: bool(IFolder.providedBy(obj)) and not isinstance(obj, Account) and not IGroup.providedBy(obj),
        _("Contenu"),
    ),
    Page("services", _site, _("Services")),
    Page("properties", _site, _("Réglages"), ("save",)),
    Page("search_catalog", ICatalog.providedBy, _("Chercher"), ("search",)),
    Page("workflows", lambda obj: isinstance(obj, Workflowed), _("Étapes"), ("transition",)),
    Page("undo", _site, _("Annuler")),
    Page("undo_multiple", _site, "", ("transaction", "undo"), reads=False),
    Page("undo_recent", _any, "", ("undohash",), reads=False),
    Page(
        "database",
        _site,
        _("Base de données"),
        ("pack", "flush_cache", "show_evolve", "dryrun", "evolve", "evolve_finished", "evolve_unfinished"),
    ),
    Page("references", _referenced, _("Références")),
    Page("indexing", _described_or_principal, _("Indexation"), ("form.reindex",)),
    Page("acl_edit", lambda obj: isinstance(obj, Described), _("Qui peut faire quoi")),
    Page("acl_edit", _any),
    Page("inherited_acl", _any),
    Page("local_acl", _any),
    Page("manage_main", _any),
    Page("", _any),
)


def find(obj: Any, name: str) -> Page | None:
    """The page of an object by its name, or None when there is none."""
    return next((page for page in PAGES if page.name == name and page.where(obj)), None)


def tabs(obj: Any, request: Request) -> list[dict[str, Any]]:
    """The tabs of an object, as Substance D's templates want them."""
    shown = [page for page in PAGES if page.tab and find(obj, page.name) is page]
    return [
        {
            "view_name": page.name,
            "title": request.localizer.translate(page.tab),
            "class": "active" if page.name == request.view_name else None,
            "url": request.sdiapi.mgmt_path(obj, f"@@{page.name}"),
        }
        for page in shown
    ]


def why_not(obj: Any) -> Any:
    """Why something cannot be done here."""
    if IUsers.providedBy(obj) or isinstance(obj, Account):
        return _("Un compte ne se supprime, ne se déplace et ne se copie pas : l’historique cite la personne.")
    if IGroups.providedBy(obj) or IGroup.providedBy(obj) or IPrincipals.providedBy(obj):
        return _("Les groupes sont les rôles du site : on y entre et on en sort, ils ne changent pas eux-mêmes.")
    if ours(obj) or _site(obj):
        return _(
            "Ce que le site contient s’ajoute, se modifie et se retire dans les pages du site, avec leurs règles et leur "
            "historique ; ici, on le regarde."
        )
    return _("L’administration ne propose pas ce geste.")
