"""A non-conformity: what the company does about it, and how that is verified."""

from datetime import date, datetime, timedelta
from typing import Any

from BTrees import family64
from persistent import Persistent

from .. import settings
from .base import Workflowed
from .calendar import day_in_paris


class NonConformity(Workflowed, Persistent):
    """A minor or major finding of a report that was given.

    ``cause``, ``action`` and ``deadline`` (a day in Paris) are the company's; ``proofs`` are numbered records
    ``{"text", "when", "by"}``, ``documents`` the evidence brought with them.
    """

    workflow_name = "nonconformity"
    __parent__: Any = None
    __name__: str | None = None
    cause: str = ""
    action: str = ""
    deadline: date | None = None
    revision: int = 0

    def __init__(self, severity: str) -> None:
        self.severity = severity  # what the report that opened it called it: "minor" or "major"
        self.open_history()
        self.proofs = family64.IO.BTree()
        self.documents = family64.OO.BTree()

    def __getitem__(self, name: str) -> Any:
        """A document brought as proof."""
        return self.documents[name]

    @property
    def title(self) -> str:
        """That of its finding."""
        return str(self.finding.title)

    @property
    def finding(self) -> Any:
        """The finding it belongs to."""
        return self.__parent__

    @property
    def audit(self) -> Any:
        """The audit that found it."""
        return self.finding.__parent__

    def gate(self) -> Any:
        """Who reads it is who reads its audit."""
        return self.audit

    @property
    def counts(self) -> bool:
        """Whether the finding is still a non-conformity: a report made anew may say otherwise."""
        return self.finding.nonconformity is self and self.finding.result in ("minor", "major")

    @property
    def is_major(self) -> bool:
        """Whether it is a major one."""
        return bool(self.finding.is_major)

    @property
    def has_accepted_action(self) -> bool:
        """Whether a certifier accepted the corrective action."""
        return self.state in ("accepted", "proved", "verified", "closed")

    def is_outdone(self) -> bool:
        """Whether a later report found more than what this one was opened for: a graver gap, or the same after the closing."""
        finding, closed = self.finding, self.state_reached("closed")
        return (self.severity == "minor" and finding.is_major) or (closed is not None and finding.found_at > closed)

    def has_new_proof(self) -> bool:
        """Whether a proof was brought since the action was accepted or the last proof refused."""
        asked = self.last_time("accept_action", "refuse_proof")
        return asked is not None and any(proof["when"] >= asked for proof in self.proofs.values())

    @property
    def due(self) -> date | None:
        """The day by which the company must act next, in Paris; None when the next step is the cooperative's."""
        if self.state == "open":
            audit = self.audit
            times = (self.last_time("create", "return_action"), audit.reported_at, audit.validated_at)
            asked = max((time for time in times if time is not None), default=None)
            return None if asked is None else day_in_paris(asked + timedelta(days=settings.current().action_days))
        return self.deadline if self.state == "accepted" else None

    def is_overdue(self, now: datetime) -> bool:
        """Whether the company let a date pass: for proposing an action or for proving it.

        Nothing is held against it before a certifier validated the report: until then it may be contested and made anew.
        """
        due = self.due
        return due is not None and day_in_paris(now) > due and self.audit.state == "validated"
