"""One thing that waits for somebody."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ..security.roles import R


@dataclass(frozen=True)
class Task:
    """One thing to do: the object, the page below it, what and since when (UTC); ``due`` is a day in Paris."""

    target: Any
    view: str
    title: Any
    role: R
    since: datetime
    due: date | None = None
