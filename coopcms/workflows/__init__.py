"""Every workflow, by its name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ..security.access import register_table
from .audit import AUDIT
from .company import COMPANY
from .model import Workflow
from .nonconformity import NONCONFORMITY
from .proposal import PROPOSAL
from .specification import SPECIFICATION

WORKFLOWS: Mapping[str, Workflow] = MappingProxyType(
    {w.name: w for w in (COMPANY, SPECIFICATION, AUDIT, NONCONFORMITY, PROPOSAL)}
)

for _workflow in WORKFLOWS.values():
    register_table(_workflow.name, lambda state, workflow=_workflow: workflow.state(state).grants)  # type: ignore[misc]


def includeme(config: Any) -> None:
    """Show the workflows to Substance D."""
    from .substance import Adapter

    config.add_workflow(Adapter(COMPANY), content_types=("Company",))
    config.add_workflow(Adapter(SPECIFICATION), content_types=("Specification Version",))
    config.add_workflow(Adapter(AUDIT), content_types=("Audit",))
    config.add_workflow(Adapter(PROPOSAL), content_types=("Proposal",))
