"""Audits and findings as the guards read them, where no real ones are needed."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from .conftest import NOW


@dataclass
class Finding:
    """A finding as the guards read it."""

    is_major: bool = False
    is_minor: bool = False
    is_closed: bool = False
    has_accepted_action: bool = False
    overdue: bool = False

    def is_overdue(self, now):
        return self.overdue


@dataclass
class Audit:
    """An audit as the guards read it."""

    __name__ = "audit"
    _p_jar = None

    level: int
    versions: tuple = ()
    state: str = "validated"
    team: tuple = ()
    valid_until: Any = NOW + timedelta(days=180)
    validated_at: Any = NOW - timedelta(days=185)
    reported_at: Any = NOW - timedelta(days=190)
    found: list = field(default_factory=list)

    @property
    def report_stands(self):
        return self.state in ("reported", "contested", "validated")

    def findings(self):
        return iter(self.found)

    findings_at_fault = findings
