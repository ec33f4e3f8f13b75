"""Where transitions lead."""

from .model import FORMER, SAME, Transition, Workflow


def targets(workflow: Workflow, transition: Transition, source: str) -> tuple[str, ...]:
    """The states a transition may lead to from one source: one, or for FORMER every state that leads to the source."""
    if transition.target == SAME:
        return (source,)
    if transition.target == FORMER:
        leading = [s for t in workflow.transitions if t.target == source for s in t.sources]
        return tuple(dict.fromkeys(leading))
    return (transition.target,)
