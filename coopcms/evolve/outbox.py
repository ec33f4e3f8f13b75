"""2026-11: mail waits in an outbox."""

from typing import Any

from ..content.outbox import Outbox


def mail_has_a_place(root: Any, registry: Any) -> None:
    """Make the outbox; there is nothing yet to be put into it."""
    if root.outbox is None:
        root.outbox = Outbox()
