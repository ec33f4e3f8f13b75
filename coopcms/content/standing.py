"""The newest validated finding of each criterion, by level: what the verification matrix shows."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from persistent import Persistent


class Verified(NamedTuple):
    """What one level says of a criterion; ``audit`` and ``finding`` are names, ``when`` the validation (UTC)."""

    result: str
    when: datetime
    audit: str
    finding: str
    evidence: int  #: pieces of evidence
    public: int  #: … that everybody may see


class Standing(Persistent):
    """One record a version of a company: written when a report is validated, read by every page about it."""

    def __init__(self) -> None:
        self._levels: dict[int, dict[str, tuple[Any, ...]]] = {1: {}, 2: {}}

    def of(self, level: int) -> Mapping[str, Verified]:
        """By criterion key, the newest finding of a level."""
        return MappingProxyType({key: Verified(*row) for key, row in self._levels[level].items()})

    def take(self, level: int, rows: Mapping[str, Verified]) -> None:
        """Let newer findings replace those of their criteria; what was not checked this time stays as it was, and ages."""
        known = self._levels[level]
        # Plain tuples: only values that need no class of ours are stored inside.
        newer = {key: tuple(row) for key, row in rows.items() if row.result != "not_checked" or key not in known}
        self._levels = {**self._levels, level: {**known, **newer}}
