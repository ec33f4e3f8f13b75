"""The paths of discussions in the OpenAPI document."""

from ..i18n import _
from .operations import body, in_path, listing, reading, refusals, success
from .schemas import Schema, ref


def discussed(path: str, *parameters: Schema) -> dict[str, Schema]:
    """``comments`` below the path of an object that can be discussed."""
    return {
        f"{path}/comments": {
            "parameters": list(parameters),
            "get": listing(_("Les commentaires, du plus ancien au plus récent"), "CommentList"),
            "post": {
                "summary": _("Commenter, ou répondre à un commentaire"),
                "security": [{"bearer": []}],
                "requestBody": body("Saying"),
                "responses": {
                    "201": success(_("Le commentaire"), ref("Comment")),
                    **refusals("400", "401", "403", "404", "415", "422", "429"),
                },
            },
        },
        f"{path}/comments/{{comment}}": {
            "parameters": [*parameters, in_path("comment")],
            "get": reading(_("Un commentaire"), "Comment"),
        },
    }


def paths() -> dict[str, Schema]:
    """Every path with its operations."""
    company, specification = in_path("company"), in_path("specification")
    version, criterion = in_path("version"), in_path("criterion")
    text = "/companies/{company}/specifications/{specification}/{version}"
    return {
        **discussed("/companies/{company}", company),
        **discussed(text, company, specification, version),
        **discussed(f"{text}/{{criterion}}", company, specification, version, criterion),
        **discussed("/companies/{company}/audits/{audit}", company, in_path("audit")),
        **discussed("/framework/{version}", version),
        **discussed("/framework/{version}/{criterion}", version, criterion),
    }
