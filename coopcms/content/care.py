"""What the cooperative keeps beside a dossier for itself: who looks after it, and notes."""

from datetime import datetime

from BTrees import family64
from persistent import Persistent


class Note(Persistent):
    """A note of a coordinator, for coordinators alone."""

    def __init__(self, text: str, by: int | None, when: datetime) -> None:
        self.text = text
        self.by = by  #: object id of the account
        self.when = when  #: UTC


class Care(Persistent):
    """In a record of its own, so that nobody who edits the dossier meets who writes here."""

    assignee: int | None = None  #: object id of the account that looks after the dossier

    def __init__(self) -> None:
        self.notes = family64.OO.BTree()  #: key, the hash of what it says → Note


class LetterTemplate(Persistent):
    """A letter to start from.

    Title and texts are content; in subject and text ``{company}``, ``{state}``, ``{missing}`` and ``{link}`` are filled in.
    """

    revision: int = 0

    def __init__(self, title: str, subject: str, text: str) -> None:
        self.title = title
        self.subject = subject
        self.text = text
