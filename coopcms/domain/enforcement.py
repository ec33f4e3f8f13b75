"""When adopted versions come into force: with the certification of their company, or on the date that was set."""

from datetime import date, datetime
from typing import Any

from ..content.calendar import day_in_paris
from ..content.fields import PAST
from ..security.permissions import P
from ..security.principals import CLOCK, Actor
from ..workflows import engine
from ..workflows.conditions import company_of, not_in_conflict
from .errors import Invalid
from .permission import require, require_met


def set_date(version: Any, day: date | None, actor: Actor, now: datetime) -> None:
    """Set the day from which on an adopted version is in force; None: with the next certification, or by a coordinator's hand.

    :raises Invalid: the day is past
    """
    require(P.PUT_IN_FORCE, version, actor)
    require_met(version, actor, now, not_in_conflict)
    if day is not None and day != version.in_force_on and day < day_in_paris(now):
        raise Invalid(in_force_on=PAST)
    version.in_force_on = day


def bring_into_force(company: Any, now: datetime) -> int:
    """Put the adopted versions of a company that was just certified in force, but for those whose day is to come; how many.

    One that was not verified at both levels is not what the company was certified for: it waits for its day, or a coordinator.
    """
    certified = [version for version in company.approved() if version.state == "adopted"]
    return sum(_enforce(version, now, company_of(version) is company) for version in certified)


def enforce_due(site: Any, now: datetime) -> int:
    """Put in force what has a day, once it has come: what the clock does.  What has none waits for a coordinator."""
    holders = [c for c in site["companies"].values() if c.state in ("certified", "partnered")]
    versions = [v for holder in (site["framework"], *holders) for v in holder.versions() if v.state == "adopted"]
    return sum(_enforce(version, now, False) for version in versions)


def _enforce(version: Any, now: datetime, undated: bool) -> int:
    due = undated if version.in_force_on is None else version.in_force_on <= day_in_paris(now)
    if not due:
        return 0
    engine.fire(version, "put_in_force", CLOCK, now)
    return 1
