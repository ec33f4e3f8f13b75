"""Lists of what lies in a folder: for looking, with nothing that adds, deletes, renames or copies but where ``pages`` says so."""

import json
from html import escape
from typing import Any

from hypatia.util import ResultSet
from substanced.folder.views import FolderContents, FolderServices, folder_contents_views
from substanced.interfaces import ILockService, IService, IUsers
from substanced.locking.views import LockServiceFolderContents
from substanced.sdi import RIGHT, mgmt_view
from substanced.util import JsonDict, get_content_type, get_oid

from ...i18n import _
from . import pages


class ScriptSafe(JsonDict):
    """JSON that can stand in a script of a page, whatever people called their things."""

    def __str__(self) -> str:
        return json.dumps(self).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


class _Lying:
    """A query for what lies in a small folder, in the order of the names."""

    def __init__(self, folder: Any, services: bool) -> None:
        self.folder, self.services = folder, services

    def execute(self) -> ResultSet:
        """The object ids."""
        found = [obj for _name, obj in sorted(self.folder.items()) if IService.providedBy(obj) or not self.services]
        return ResultSet([get_oid(obj) for obj in found], len(found), None)


class _Looking:
    """What all lists have in common."""

    context: Any
    request: Any
    lists_services = False

    def get_buttons(self) -> list[Any]:
        """The buttons that may be pressed here."""
        page = pages.find(self.context, self.request.view_name)
        allowed = page.buttons if page is not None else ()
        groups = [
            {**group, "buttons": [button for button in group["buttons"] if button["name"] in allowed]}
            for group in super().get_buttons()  # type: ignore[misc]
        ]
        return [group for group in groups if group["buttons"]]

    def get_query(self) -> Any:
        """What to show: found in the catalog, but for catalogs and services, which stand in none."""
        return _Lying(self.context, self.lists_services) if self._is_short() else super().get_query()  # type: ignore[misc]

    def get_filter_values(self) -> list[tuple[str, str]]:
        """What the list is narrowed by; what stands in no catalog is never so long that it would be."""
        return [] if self._is_short() else super().get_filter_values()  # type: ignore[misc]

    def _is_short(self) -> bool:
        return self.lists_services or get_content_type(self.context) in ("Catalogs", "Catalog")

    def _name_sorter(self, resource: Any, resultset: Any, limit: Any = None, reverse: bool = False) -> Any:
        if self._is_short():
            return resultset
        return super()._name_sorter(resource, resultset, limit, reverse)  # type: ignore[misc]

    def sdi_add_views(self) -> list[dict[str, Any]]:
        """What can be added here: accounts, and nothing else."""
        if not IUsers.providedBy(self.context):
            return []
        return [
            {
                "type_name": self.request.localizer.translate(_("Compte")),
                "icon": "glyphicon glyphicon-user",
                "content_type": "User",
                "url": self.request.sdiapi.mgmt_path(self.context, "@@add_user"),
            }
        ]

    def get_default_columns(self, resource: Any) -> list[dict[str, Any]]:
        """The name as a link, and the title.  Substance D writes the name into its HTML as it is."""
        columns: list[dict[str, Any]] = super().get_default_columns(resource)  # type: ignore[misc]
        if resource is not None:
            icon = escape(str(self.request.registry.content.metadata(resource, "icon") or ""))
            name = escape(resource.__name__ or "")
            if pages.tabs(resource, self.request):
                name = f'<a href="{escape(self.request.sdiapi.mgmt_path(resource, "@@manage_main"))}">{name}</a>'
            columns[0]["value"] = f'<i class="{icon}"></i> {name}'
        title = getattr(resource, "title", "") or ""
        columns.append({"name": self.request.localizer.translate(_("Titre")), "value": str(title)})
        return columns

    def show(self) -> dict[str, Any]:
        """The page."""
        shown: dict[str, Any] = super().show()  # type: ignore[misc]
        shown["slickgrid_wrapper_options"] = ScriptSafe(shown["slickgrid_wrapper_options"])
        return shown


@folder_contents_views()
class Contents(_Looking, FolderContents):
    """What lies in a folder."""


@folder_contents_views(name="services", view_permission="sdi.view-services", tab_near=RIGHT)
class Services(_Looking, FolderServices):
    """The services of the site."""

    lists_services = True


@folder_contents_views(context=ILockService)
class Locks(_Looking, LockServiceFolderContents):
    """The locks on accounts and groups."""


@mgmt_view(
    context=ILockService,
    name="contents",
    request_method="POST",
    request_param="form.delete_expired",
    permission="sdi.manage-contents",
    tab_condition=False,
)
def delete_expired(context: Any, request: Any) -> Any:
    """Substance D asks for a permission that it nowhere grants."""
    return Locks(context, request).delete_expired()
