"""The templates of Substance D and deform, compiled before the first page of /manage and kept from then on."""

import threading
from pathlib import Path
from typing import Any

import deform
import substanced
from pyramid.renderers import get_renderer

_lock = threading.Lock()


def compile_once(registry: Any) -> None:
    """Compile them all in one thread: threads that compile at once break Chameleon on Python 3.11.

    Not at start, because it takes seconds the first time and most processes never show /manage.
    """
    if getattr(registry, "manage_compiled", False):
        return
    with _lock:
        if getattr(registry, "manage_compiled", False):
            return
        for name in names():
            get_renderer(name, registry=registry).implementation().cook_check()
        folder = Path(deform.__file__).parent / "templates"
        for file in folder.rglob("*.pt"):
            deform.Form.default_renderer.load(str(file.relative_to(folder).with_suffix(""))).cook_check()
        registry.manage_compiled = True


def names() -> list[str]:
    """The templates of the pages, by their addresses: those of ``pages`` and of this package."""
    found = []
    for package, root in (("substanced", Path(substanced.__file__).parent), (__package__, Path(__file__).parent)):
        for file in sorted(root.rglob("templates/*.pt")):
            rooms = file.relative_to(root).parts[:-2]
            if "scaffolds" not in rooms:
                found.append(f"{'.'.join((package, *rooms))}:templates/{file.name}")
    return found
