"""What people say about an object: its discussion and the comments in it."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import colander
from BTrees import family64
from BTrees.Length import Length
from persistent import Persistent

from ..i18n import _
from . import fields

#: A comment's key: 16 hexadecimal digits, of which the first one says the shard.
KEY = re.compile(r"[0-9a-f]{16}")
LONGEST = 5000


class Comment(Persistent):
    """What somebody said, in Markdown.

    ``state`` is "published", "pending" or "hidden"; ``official`` is "company" or "cooperative" when its author spoke for them,
    else "".
    """

    state: str = "published"
    official: str = ""
    hidden_reason: str = ""
    hidden_by: int | None = None  #: object id of the account
    ticket: str = ""  #: under which it waits, or waited last, for a moderator

    def __init__(self, text: str, author: int, when: datetime, in_reply_to: str | None = None) -> None:
        self.text = text
        self.author = author  #: object id of the account
        self.when = when  #: UTC
        self.in_reply_to = in_reply_to  #: key of the comment it answers
        self.reports = family64.II.TreeSet()  #: accounts that reported it, each once

    @property
    def is_withdrawn(self) -> bool:
        """Whether its author took it back."""
        return self.state == "hidden" and self.hidden_by == self.author


class Discussion(Persistent):
    """Comments by random keys, in 16 shards that are made when first used: who writes at once seldom meets in one record."""

    def __init__(self) -> None:
        self.shards = family64.IO.BTree()  #: number → comments by key
        self.counts = family64.IO.BTree()  #: number → how many of them are published

    def get(self, key: str) -> Comment | None:
        """The comment of a key, or None."""
        if not KEY.fullmatch(key):
            return None
        found: Comment | None = self.shards.get(int(key[0], 16), {}).get(key)
        return found

    def add(self, key: str, comment: Comment) -> None:
        """Keep a comment under a key that is not there yet."""
        number = int(key[0], 16)
        if number not in self.shards:
            self.shards[number] = family64.OO.BTree()
            self.counts[number] = Length()
        self.shards[number][key] = comment
        if comment.state == "published":
            self.counts[number].change(1)

    def move(self, key: str, state: str) -> None:
        """Put a comment into another state."""
        number = int(key[0], 16)
        comment = self.shards[number][key]
        self.counts[number].change((state == "published") - (comment.state == "published"))
        comment.state = state

    def items(self) -> Iterator[tuple[str, Comment]]:
        """Every comment with its key, in no order that means something."""
        for shard in self.shards.values():
            yield from shard.items()

    @property
    def count(self) -> int:
        """How many are published; the comments are not loaded for it."""
        return sum(count() for count in self.counts.values())


class Discussed:
    """Content that people may discuss; the pages and the API below ``comments`` come with it."""

    discussion: Any = None  #: None on what is older than discussions, until somebody says something

    def open_discussion(self) -> None:
        """Make the empty discussion; called by the class that is made, and harmless when there is one."""
        if self.discussion is None:
            self.discussion = Discussion()

    @property
    def comment_count(self) -> int:
        """How many comments are published."""
        return 0 if self.discussion is None else int(self.discussion.count)


class CommentSchema(colander.Schema):
    """Something to say.  ``key`` is made with the page, so that a form sent twice says it once."""

    text = fields.text(
        _("Votre commentaire"),
        description=_("5 000 caractères au plus ; une ligne vide sépare deux paragraphes."),
        longest=LONGEST,
        missing=colander.required,
        markdown=True,
        missing_msg=_("Écrivez votre commentaire avant de l’envoyer."),
        rows=5,
    )
    in_reply_to = fields.hidden("in_reply_to", longest=16)
    key = fields.hidden("key", longest=16)
