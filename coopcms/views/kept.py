"""Pieces of pages that change only when something stored changes: each is made once, until then."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from sys import getsizeof
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

Piece = TypeVar("Piece")

#: Bytes of pieces that are remembered for a database.
MOST = 16_000_000


class Pieces:
    """Pieces by what they rest on, for any number of threads; those asked for longest ago go first when all weigh too much."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self.weight = 0
        self._pieces: OrderedDict[Any, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._pieces)

    def get(self, key: Any) -> Any:
        """The piece of that key, or None."""
        with self._lock:
            if key not in self._pieces:
                return None
            self._pieces.move_to_end(key)
            return self._pieces[key][0]

    def put(self, key: Any, piece: Any) -> None:
        """Remember a piece, unless it alone would weigh too much."""
        weight = _weight(key) + _weight(piece)
        if weight > self.most:
            return
        with self._lock:
            self.weight += weight - self._pieces.pop(key, (None, 0))[1]
            self._pieces[key] = piece, weight
            while self.weight > self.most:
                _key, (_piece, freed) = self._pieces.popitem(last=False)
                self.weight -= freed


#: A database has its own: object ids and serials of one say nothing in another.  They go with it.
_pieces: WeakKeyDictionary[Any, Pieces] = WeakKeyDictionary()
_opening = threading.Lock()


def kept(key: tuple[Any, ...], rests_on: Iterable[Any], make: Callable[[], Piece]) -> Piece:
    """The piece of that key, made anew when one of the persistent objects it rests on changed.

    Whatever else it shows – the language, the day – belongs to the key.  What a transaction that writes shows is not remembered: it
    may never be stored.
    """
    objects = [obj for obj in rests_on if obj is not None]
    marks = tuple(map(_mark, objects))
    if not marks or None in marks:
        return make()
    pieces, whole = _pieces_of(objects), (key, marks)
    piece: Piece | None = pieces.get(whole)
    if piece is None:
        piece = make()
        pieces.put(whole, piece)
    return piece


def records(tree: Any) -> Iterator[Any]:
    """The records that a BTree is stored in: itself and its buckets; a small one is a single record."""
    yield tree
    tree._p_activate()
    bucket = tree._firstbucket
    while bucket is not None and bucket._p_oid is not None:
        yield bucket
        bucket._p_activate()
        bucket = bucket._next


def _pieces_of(objects: Sequence[Any]) -> Pieces:
    database = objects[0]._p_jar.db()
    with _opening:
        found = _pieces.get(database)
        if found is None:
            found = _pieces[database] = Pieces()
        return found


def _mark(obj: Any) -> Any:
    """What changes with each change of a stored object, None where that cannot be said."""
    obj._p_activate()
    jar = obj._p_jar
    if jar is None or obj._p_oid is None or jar._registered_objects or jar._savepoint_storage is not None:
        return None
    return obj._p_oid, obj._p_serial


def _weight(value: Any) -> int:
    """Bytes, about; tuples with what they hold."""
    return getsizeof(value) + (sum(map(_weight, value)) if isinstance(value, tuple) else 0)
