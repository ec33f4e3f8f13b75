"""An amendment: another text that a member proposes for one criterion."""

from collections.abc import Mapping
from datetime import datetime

import colander
from persistent import Persistent

from ..i18n import _
from . import fields
from .specification import CriterionSchema

#: What an amendment may put otherwise; code, domain and class are the company's.
AMENDABLE = ("title", "requirement", "evidence", "how_to_check")


class Amendment(Persistent):
    """Another text for a criterion, with its reason.

    ``proposed`` and ``base`` map each amendable field to the text proposed and to what stood there then; ``state`` is "proposed",
    "accepted", "refused" or "withdrawn".
    """

    state: str = "proposed"
    decided_by: int | None = None  #: object id of the account
    decided_at: datetime | None = None  #: UTC
    answer: str = ""  #: public

    def __init__(
        self, proposed: Mapping[str, str], base: Mapping[str, str], reason: str, author: int, when: datetime
    ) -> None:
        self.proposed = dict(proposed)
        self.base = dict(base)
        self.reason = reason
        self.author = author  #: object id of the account
        self.when = when  #: UTC

    def changes(self) -> dict[str, tuple[str, str]]:
        """The fields it puts otherwise, each with the text it found and the text it proposes."""
        pairs = {name: (self.base[name], self.proposed[name]) for name in AMENDABLE}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def amendment_schema() -> colander.Schema:
    """The amendable fields as the criterion's own form has them, and why."""
    criterion = CriterionSchema()
    return colander.Schema(
        *(criterion[name] for name in AMENDABLE),
        fields.text(
            _("Pourquoi ce changement"),
            name="reason",
            description=_("Public : ce qui ne va pas dans le texte actuel, ce que le vôtre apporte."),
            longest=2000,
            missing=colander.required,
            missing_msg=_("Dites pourquoi vous proposez ce changement."),
            rows=4,
        ),
    )
