"""The components of the OpenAPI document that discussions take."""

from ..content.discussion import LONGEST
from ..i18n import _
from .schemas import ADDRESS, MOMENT, TEXT, Schema, list_of, one_of, or_null, record


def components() -> dict[str, Schema]:
    """Every component by its name."""
    return {
        "Comment": record(
            at_id=ADDRESS,
            id=TEXT,
            text={**or_null(TEXT), "description": _("En Markdown ; null si le commentaire est masqué")},
            author={**or_null(TEXT), "description": _("Le nom, que voient les sociétaires ; null pour le public")},
            official={
                "enum": ["company", "cooperative", None],
                "description": _("Pour qui l’auteur répond : l’entreprise, la coopérative, ou lui-même"),
            },
            when=MOMENT,
            in_reply_to={**or_null(TEXT), "description": _("Le commentaire auquel celui-ci répond")},
            state=one_of(["published", "pending", "hidden"]),
            reason={**or_null(TEXT), "description": _("Pourquoi il est masqué")},
        ),
        "CommentList": list_of("Comment"),
        "Saying": record(
            {"in_reply_to": {**or_null(TEXT), "maxLength": 16}},
            text={**TEXT, "minLength": 1, "maxLength": LONGEST, "description": _("En Markdown")},
        ),
    }
