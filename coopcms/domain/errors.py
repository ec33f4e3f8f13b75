"""What the domain answers when it does not do what was asked."""

from typing import Any


class Invalid(Exception):
    """Input that cannot be taken; ``messages`` maps a field to a sentence for people."""

    def __init__(self, **messages: str) -> None:
        super().__init__(", ".join(messages))
        self.messages = messages


class Forbidden(Exception):
    """The actor may not do this here."""


class Stale(Exception):
    """Somebody saved the same thing meanwhile.  ``current`` is what is stored now."""

    def __init__(self, current: Any) -> None:
        super().__init__("stale")
        self.current = current
