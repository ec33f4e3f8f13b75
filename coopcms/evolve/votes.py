"""2026-11: proposals and members have folders, shares a register."""

from typing import Any

from ..content.member import Members
from ..content.proposal import Proposals
from ..content.register import ShareRegister


def votes_have_a_place(root: Any, registry: Any) -> None:
    """Make the folders and the register; there is nothing yet to be put into them."""
    if getattr(root, "share_register", None) is None:
        root.share_register = ShareRegister()
    for name, folder, title in (
        ("proposals", Proposals, "Les votes et propositions"),
        ("members", Members, "Les sociétaires"),
    ):
        if name not in root:
            made = folder()
            made.title = title
            root.add(name, made, registry=registry)
