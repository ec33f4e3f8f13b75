"""Writes docs/workflows.md and its pictures from the data: ``python -m coopcms.workflows.document [--check]``."""

import inspect
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from ..security.permissions import P
from ..security.roles import R
from . import WORKFLOWS
from .diagram import STYLE, legend, svg
from .model import FORMER, SAME, Guard, State, Transition, Workflow

DOCS = Path(__file__).parents[2] / "docs"


def pages() -> dict[Path, str]:
    """Every generated file with its text."""
    found = {DOCS / "workflows.md": "\n".join(_page()) + "\n"}
    for workflow in WORKFLOWS.values():
        head, _bracket, rest = svg(workflow).partition(">")
        found[DOCS / "workflows" / f"{workflow.name}.svg"] = f"{head}><style>{STYLE}</style>{rest}\n"
    return found


def _page() -> Iterator[str]:
    yield "# Workflows"
    yield ""
    yield "Made from `coopcms/workflows/` by `make docs`; a test fails when this page is older than the data."
    yield "What a state does not list is refused, to administrators as well."
    for workflow in WORKFLOWS.values():
        yield from _workflow(workflow)


def _workflow(workflow: Workflow) -> Iterator[str]:
    module = import_module(f"{__package__}.{workflow.name}")
    yield ""
    yield f"## {workflow.name.capitalize()}"
    yield ""
    yield (inspect.getdoc(module) or "").splitlines()[0]
    yield ""
    yield f"![The states of a {workflow.name} and its numbered transitions](workflows/{workflow.name}.svg)"
    yield ""
    yield "| n° | transition | title | from → to | who | asks for | comment |"
    yield "|---|---|---|---|---|---|---|"
    for number, transition in legend(workflow):
        yield _row(
            str(number),
            f"`{transition.id}`",
            str(transition.title),
            f"{', '.join(transition.sources)} → {_target(transition)}",
            _who(workflow, transition),
            " ".join(_asks(guard) for guard in transition.guards) or "–",
            "needed" if transition.comment else "",
        )
    for state in workflow.states:
        yield from _state(workflow, state)


def _state(workflow: Workflow, state: State) -> Iterator[str]:
    yield ""
    yield f"### {state.id} – {state.title}"
    yield ""
    yield str(state.next)
    yield ""
    yield "| permission | roles |"
    yield "|---|---|"
    for permission in P:
        roles = workflow.roles(state.id, permission)
        if roles:
            yield _row(f"`{permission.value}`", ", ".join(role.name.lower() for role in R if role in roles))


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _target(transition: Transition) -> str:
    return {SAME: "same", FORMER: "the state it came from"}.get(transition.target, transition.target)


def _who(workflow: Workflow, transition: Transition) -> str:
    """The roles, each with its states where not all of them grant it."""
    found = []
    for role in R:
        states = [s for s in transition.sources if role in workflow.roles(s, transition.permission)]
        if states:
            only = f" ({', '.join(states)})" if len(states) < len(transition.sources) else ""
            found.append(role.name.lower() + only)
    return ", ".join(found) or "nobody"


def _asks(guard: Guard) -> str:
    return (inspect.getdoc(guard) or "").splitlines()[0]


def main(arguments: list[str]) -> int:
    """Write the files, or with ``--check`` say which are stale."""
    stale = [file for file, text in pages().items() if not file.exists() or file.read_text("utf-8") != text]
    if "--check" in arguments:
        for file in stale:
            sys.stdout.write(f"{file.relative_to(DOCS.parent)} is older than the workflows: run `make docs`.\n")
        return 1 if stale else 0
    for file, text in pages().items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
