"""The share register: who holds how many shares of one euro.  Append-only, numbered without gaps by one writer.

The law asks a cooperative for a register of the movements of its shares (Code de commerce, art. L228-1 and R228-8, for companies by
shares; Loi n° 47-1775 du 10 septembre 1947, art. 11, for cooperatives).
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from BTrees import family64
from persistent import Persistent

#: Shards of the queue: two who subscribe at once seldom write the same one.
SHARDS = 16


class ShareRegister(Persistent):
    """``lines``: number → ``{"number", "when", "recorded", "holder", "shares", "kind", "key"}``; ``holder`` is a member's number.

    ``queue`` holds what waits for its number, by random keys, in shards; ``keys`` says which request became which line, so that a
    retry never becomes a second one.
    """

    def __init__(self) -> None:
        self.lines = family64.IO.BTree()
        self.keys = family64.OI.BTree()
        self.queue = tuple(family64.OO.BTree() for _ in range(SHARDS))

    def shard(self, key: str) -> Any:
        """The shard of a key (hexadecimal)."""
        return self.queue[int(key[0], 16) % SHARDS]

    def waiting(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """What waits for its number, oldest first; of one moment subscriptions before withdrawals, then by key."""
        found = [(key, request) for shard in self.queue for key, request in shard.items()]
        return iter(sorted(found, key=lambda pair: (pair[1]["when"], pair[1]["shares"] < 0, pair[0])))

    def last(self) -> tuple[int, datetime | None]:
        """The number and the time of the newest line."""
        if not self.lines:
            return 0, None
        number = self.lines.maxKey()
        return number, self.lines[number]["recorded"]
