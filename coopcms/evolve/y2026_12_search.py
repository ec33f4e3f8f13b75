"""2026-12: texts are indexed by folded words – ligatures, elisions, invisible signs – and titles by their small words too."""

from typing import Any

from ..catalog.draining import drain
from ..catalog.texts import renew


def texts_are_indexed_anew(root: Any, registry: Any) -> None:
    """Index anew each title and text whose words come out otherwise than they are stored, and what still waits to be indexed."""
    drain(root)
    renew(root)
