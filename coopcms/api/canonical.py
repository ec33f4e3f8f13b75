"""JSON as the API writes it."""

import json
from datetime import date, datetime
from typing import Any


def dumps(value: Any) -> str:
    """A value as JSON text; times in UTC as RFC 3339 says, texts as they are."""
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    raise TypeError(f"{type(value).__name__} is no JSON value")
