"""Certificates: what the decision to certify says to the public.

The printed word is « attestation de vérification citoyenne »: certificates of conformity are reserved to accredited bodies
(Code de la consommation, art. L433-3 and following).
"""

from datetime import date, datetime
from typing import Any

from pyramid.traversal import find_root
from substanced.content import content

from .. import settings
from ..i18n import _
from ..security.permissions import P
from ..security.roles import R
from ..workflows.conditions import company_of
from .base import Container, Leaf
from .calendar import PARIS, months_later

STATUSES = {
    "valid": _("En cours de validité"),
    "suspended": _("Suspendue"),
    "ended": _("Échue"),
    "replaced": _("Remplacée"),
    "withdrawn": _("Retirée"),
}


@content("Certificates", icon="glyphicon glyphicon-certificate")
class Certificates(Container):
    """Where the certificates of a company are, by their numbers."""


@content("Certificate", icon="glyphicon glyphicon-certificate")
class Certificate(Leaf):
    """One certificate; what it says never changes.

    ``number`` is unique over all companies; ``scope`` lists the versions it speaks of as ``(path, title, number of version)``;
    ``start`` and ``end`` are days in Paris, both included; ``audits`` the names of the audits it rests on.
    """

    def __init__(
        self,
        number: str,
        title: str,
        start: date,
        end: date,
        scope: tuple[tuple[str, str, int], ...],
        audits: tuple[str, ...],
    ) -> None:
        super().__init__()
        self.number = number
        self.title = title
        self.start = start
        self.end = end
        self.scope = scope
        self.audits = audits

    def answers(self, permission: P) -> frozenset[R] | None:
        """Everybody may check it for ever, also when the company left or is a draft again: it was given in public."""
        return frozenset({R.EVERYONE}) if permission in (P.VIEW, P.READ) else None

    def status(self, now: datetime) -> str:
        """Whether it is good today: a key of ``STATUSES``."""
        company: Any = company_of(self)
        if company.state in ("withdrawn", "declined", "draft"):
            return "withdrawn"
        if company.current_certificate() is not self:
            return "replaced"
        if self.days_left(now) < 0:
            return "ended"
        return "suspended" if company.state == "suspended" else "valid"

    @property
    def last_day(self) -> date:
        """The day it ends: that of the certificate, or earlier when a version it speaks of was superseded long before (setting)."""
        months = settings.current().superseded_months
        root, days = find_root(self), [self.end]
        for path, _title, _number in self.scope:
            version: Any = root
            for name in path.split("/"):
                version = version[name]
            replaced = version.state_reached("superseded")
            if replaced is not None:
                days.append(months_later(replaced.astimezone(PARIS).date(), months))
        return min(days)

    def days_left(self, now: datetime) -> int:
        """Days until it ends, the last one included; negative afterwards."""
        return (self.last_day - now.astimezone(PARIS).date()).days
