"""When adopted versions come into force: with the certification of their company, or on the date that was set."""

from datetime import date, datetime
from typing import Any

from ..content.calendar import day_in_paris
from ..i18n import _
from ..security.permissions import P
from ..security.principals import CLOCK, Actor
from ..workflows import engine
from .errors import Invalid
from .permission import require


def set_date(version: Any, day: date | None, actor: Actor, now: datetime) -> None:
    """Set the day from which on an adopted version is in force; None: as soon as its company is certified.

    :raises Invalid: the day is past
    """
    require(P.PUT_IN_FORCE, version, actor)
    if day is not None and day < day_in_paris(now):
        raise Invalid(in_force_on=_("Cette date est passée : choisissez un jour à venir."))
    version.in_force_on = day


def bring_into_force(company: Any, now: datetime) -> int:
    """Put the adopted versions of a company in force whose day has come; how many."""
    return sum(_enforce(version, now) for version in list(company.versions()) if version.state == "adopted")


def enforce_due(site: Any, now: datetime) -> int:
    """The same for everything on the site: what the clock does."""
    count = sum(_enforce(version, now) for version in site["framework"].versions() if version.state == "adopted")
    for company in site["companies"].values():
        if company.state in ("certified", "partnered"):
            count += bring_into_force(company, now)
    return count


def _enforce(version: Any, now: datetime) -> int:
    if version.in_force_on is not None and version.in_force_on > day_in_paris(now):
        return 0
    engine.fire(version, "put_in_force", CLOCK, now)
    return 1
