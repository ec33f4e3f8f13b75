"""Pieces of pages that change only when something stored changes: each is made once, until then."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

Piece = TypeVar("Piece")

_pieces: dict[Any, Any] = {}
#: Pieces kept: a few for each company and language.
MOST = 4000


def kept(key: tuple[Any, ...], rests_on: Iterable[Any], make: Callable[[], Piece]) -> Piece:
    """The piece of that key, made anew when one of the persistent objects it rests on changed."""
    marks = tuple(_mark(obj) for obj in rests_on)
    if None in marks:
        return make()
    whole = (key, marks)
    piece: Piece | None = _pieces.get(whole)
    if piece is None:
        if len(_pieces) >= MOST:
            _pieces.clear()
        piece = _pieces[whole] = make()
    return piece


def _mark(obj: Any) -> Any:
    """What changes with each change of a stored object, None for one that is being changed."""
    if obj is None:
        return 0
    obj._p_activate()
    return None if obj._p_changed or obj._p_oid is None else (obj._p_oid, obj._p_serial)
