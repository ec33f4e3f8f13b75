"""What happens on a date. Every step is idempotent: doing it twice does it once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from ..catalog.queries import all_companies
from ..security.principals import CLOCK
from ..workflows import engine
from ..workflows.dossier import OVERDUE
from .accounts import forget_ended
from .enforcement import enforce_due
from .outbox import remove_old
from .proposals import open_due
from .registers import number_waiting
from .reminders import remind_due
from .voting import close_due, retry_due


def suspend_overdue(site: Any, now: datetime) -> int:
    """Suspend companies for which something ran out without a proof waiting for the cooperative."""
    suspended = 0
    for company in all_companies(site):
        if company.state in ("certified", "partnered") and company.is_overdue(now):
            engine.fire(company, "suspend", CLOCK, now, comment=OVERDUE[company.overdue(now)[0]])
            suspended += 1
    return suspended


#: What one tick does, in this order: name → function that returns how many things it changed.
STEPS: dict[str, Callable[[Any, datetime], int]] = {
    "ended tokens and invitations": forget_ended,
    "overdue companies": suspend_overdue,
    "versions in force": enforce_due,
    "numbered lines of the share register": number_waiting,
    "opened votes": open_due,
    "closed votes": close_due,
    "results that took effect": retry_due,
    "reminders": remind_due,
    "old mails": remove_old,
}


def tick(site: Any, now: datetime) -> dict[str, int]:
    """Do all that is due, in the running transaction; how much of each, by the name of the step.

    A running site gives each step a transaction of its own (:func:`coopcms.scripts.heartbeat.beat`).
    """
    return {name: step(site, now) for name, step in STEPS.items()}
