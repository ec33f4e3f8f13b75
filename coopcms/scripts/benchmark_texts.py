"""What it costs to index a text: its words folded and stemmed, and put into a text index."""

import time
from collections.abc import Sequence
from typing import Any

from substanced.util import find_catalog

from ..catalog.indexes import FrenchText
from ..content.french import stem


def cpu_ms_per_text(site: Any) -> float:
    """CPU milliseconds for the text of a dossier, on average; the stems of each are made anew."""
    texts = [text for text in map(_text_of(site), site["companies"].values()) if text]
    before = time.process_time()
    _index(texts)
    return 1000 * (time.process_time() - before) / len(texts)


def _text_of(site: Any) -> Any:
    index = find_catalog(site, "coopcms")["text"]
    return lambda company: index.discriminate(company, "")


def _index(texts: Sequence[str]) -> None:
    index = FrenchText()("coopcms", "text").index
    for number, text in enumerate(texts):
        stem.cache_clear()
        index.index_doc(number, text)
