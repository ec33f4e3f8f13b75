"""Templates are compiled once and kept: compiling the libraries' templates took 2.7 s at every start."""

from pathlib import Path
from typing import Any

import chameleon.template
from chameleon.loader import ModuleLoader
from pyramid.renderers import get_renderer


def use_cache(folder: Path) -> None:
    """Keep compiled templates in a folder; to be called before the first template is loaded."""
    folder.mkdir(parents=True, exist_ok=True)
    chameleon.template.BaseTemplate.loader = ModuleLoader(str(folder))


def compile_pages(registry: Any) -> None:
    """Compile our pages before the first request: threads that compile at once break Chameleon on Python 3.11."""
    for room in ("views", "api"):
        package = Path(__file__).parent.parent / room
        for file in sorted((package / "templates").rglob("*.pt")):
            if "widgets" not in file.parts:
                name = f"coopcms.{room}:{file.relative_to(package)}"
                get_renderer(name, registry=registry).implementation().cook_check()
