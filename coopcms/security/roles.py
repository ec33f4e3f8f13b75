"""Every role there is: who somebody is, everywhere or towards one object."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from ..i18n import _


class R(StrEnum):
    """A role, written as the principal that stands for it."""

    EVERYONE = "system.Everyone"
    AUTHENTICATED = "system.Authenticated"
    MEMBER = "role:member"
    CERTIFIER = "role:certifier"
    COORDINATOR = "role:coordinator"
    ADMIN = "role:admin"
    STAFF = "local:staff"  #: of the company an object belongs to; of the framework: the coordinators
    AUDITOR = "local:auditor"  #: of the accredited body an audit was given to
    TEAM = "local:team"  #: of one audit: who makes it
    VERIFIER = "local:verifier"  #: of a company: whoever is in the team of one of its audits
    AUTHOR = "local:author"  #: of a proposal
    VOTER = "local:voter"  #: of a vote that is open: whoever is on its roll
    CLOCK = "system:clock"  #: what happens on a date; no person can hold it
    CLOSING = "system:closing"  #: what the result of a vote sets off; no person can hold it


#: Roles that an account holds everywhere, by name.
GLOBAL_ROLES: Mapping[str, R] = MappingProxyType(
    {"member": R.MEMBER, "certifier": R.CERTIFIER, "coordinator": R.COORDINATOR, "admin": R.ADMIN}
)


def group_of(role: str) -> str:
    """The group under /principals/groups that gives a role; no account may be called like a group."""
    return f"{role}s"


TITLES: Mapping[R, str] = MappingProxyType(
    {
        R.EVERYONE: _("Tout le monde"),
        R.AUTHENTICATED: _("Personne connectée"),
        R.MEMBER: _("Sociétaire"),
        R.CERTIFIER: _("Consommateur certificateur"),
        R.COORDINATOR: _("Équipe de la coopérative"),
        R.ADMIN: _("Administration"),
        R.STAFF: _("Équipe de l’entreprise"),
        R.AUDITOR: _("Auditeur de l’organisme"),
        R.TEAM: _("Équipe de l’audit"),
        R.VERIFIER: _("Équipe de vérification"),
        R.AUTHOR: _("Qui propose"),
        R.VOTER: _("Inscrit sur la liste électorale"),
        R.CLOCK: _("L’horloge"),
        R.CLOSING: _("La clôture du vote"),
    }
)
