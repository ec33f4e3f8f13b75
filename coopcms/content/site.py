"""The site: the root of the tree, with the services below it."""

from typing import Any

from BTrees import family64
from pyramid.security import DENY_ALL, Allow
from substanced.content import content
from substanced.interfaces import ICatalogFactory
from substanced.objectmap import ObjectMap
from substanced.root import Root
from substanced.util import set_acl

from ..security.permissions import P
from ..security.roles import GLOBAL_ROLES, R, group_of
from .base import Described
from .body import Bodies
from .company import Companies
from .member import Members
from .outbox import Outbox
from .proposal import Proposals
from .register import ShareRegister
from .specification import Framework

#: Permissions of the management interface that administrators have; nothing of ours is among them.
SDI_PERMISSIONS = (
    "sdi.view",
    "sdi.manage-contents",
    "sdi.add-content",
    "sdi.add-services",
    "sdi.add-user",
    "sdi.add-group",
    "sdi.edit-properties",
    "sdi.change-password",
    "sdi.manage-catalog",
    "sdi.manage-database",
    "sdi.manage-references",
    "sdi.manage-user-groups",
    "sdi.manage-workflow",
    "sdi.undo",
    "sdi.view-services",
    "sdi.view-auditlog",
    "sdi.lock",
    "sdi.unlock",
)


@content("Root", icon="subd-capsule", after_create="after_create")
class Site(Described, Root):
    """The root.

    ``tokens`` are the bearer tokens of the API by the SHA-256 of each; ``invitations`` by their number; ``journal`` is the
    append-only log of what administrators looked at and did; ``certificate_numbers`` the register of certificates, serial number →
    object id of the company; ``share_register`` that of the shares; ``moderation`` the comments that wait for a moderator, by
    random tickets; ``outbox`` the mail.
    """

    letters: Any = None  #: key → Letter, those that somebody wrote or changed
    moderation: Any = None  #: None on what is older than discussions, until something waits
    outbox: Outbox | None = None  #: None on what is older than it, until there is a mail

    def after_create(self, inst: Any, registry: Any) -> None:
        """Make the services and the folders of the tree; nobody has an account yet."""
        self.__objectmap__ = ObjectMap(self)
        self.__objectmap__.add(self, ("",))
        self.title = self.sdi_title = "La Suite"
        self.tokens = family64.OO.BTree()
        self.invitations = family64.OO.BTree()
        self.journal = family64.OO.BTree()
        self.moderation = family64.OO.BTree()
        self.certificate_numbers = family64.IO.BTree()
        self.share_register = ShareRegister()
        self.outbox = Outbox()
        catalogs = registry.content.create("Catalogs")
        catalogs.__sdi_deletable__ = False
        self.add_service("catalogs", catalogs, registry=registry)
        for name in ("system", "coopcms"):
            catalogs.add_catalog(name, update_indexes=False)
            # Not by update_indexes, which commits: the site appears as a whole or not at all.
            registry.getUtility(ICatalogFactory, name=name).sync(catalogs[name], reindex=False, registry=registry)
        catalogs["system"].index_resource(catalogs)
        principals = registry.content.create("Principals")
        principals.__sdi_deletable__ = False
        self.add_service("principals", principals, registry=registry)
        for name in GLOBAL_ROLES:
            principals.add_group(group_of(name), registry=registry)
        locks = registry.content.create("Lock Service")
        locks.__sdi_deletable__ = False
        self.add_service("locks", locks, registry=registry)
        set_acl(self, [(Allow, R.ADMIN.value, SDI_PERMISSIONS), DENY_ALL], registry=registry)
        framework = Framework("Les cinq engagements")
        self.add("framework", framework, registry=registry)
        companies = Companies()
        companies.title = "Les entreprises"
        self.add("companies", companies, registry=registry)
        bodies = Bodies()
        bodies.title = "Les organismes accrédités"
        self.add("bodies", bodies, registry=registry)
        proposals = Proposals()
        proposals.title = "Les votes et propositions"
        self.add("proposals", proposals, registry=registry)
        members = Members()
        members.title = "Les sociétaires"
        self.add("members", members, registry=registry)

    def access(self, permission: P) -> frozenset[R] | None:
        """What everybody, or everybody with an account, may do anywhere."""
        return _TABLE.get(permission)


_TABLE = {
    P.VIEW: frozenset({R.EVERYONE}),
    P.READ: frozenset({R.EVERYONE}),
    P.USE_ACCOUNT: frozenset({R.AUTHENTICATED}),
    P.SEE_AS: frozenset({R.ADMIN}),
    P.SEE_BOARD: frozenset({R.COORDINATOR}),
    P.SEE_OUTBOX: frozenset({R.COORDINATOR}),
}
