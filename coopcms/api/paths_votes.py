"""The paths of proposals, their votes and the members in the OpenAPI document."""

from ..i18n import _
from .operations import body, in_path, in_query, listing, moving, reading, refusals, success
from .paths_discussion import discussed
from .schemas import Schema, many, ref, states


def paths() -> dict[str, Schema]:
    """Every path with its operations."""
    proposal = in_path("proposal")
    one = "/proposals/{proposal}"
    return {
        "/proposals": {
            "get": listing(
                _("Les votes et propositions"),
                "ProposalList",
                in_query("state", many(states("proposal")), _("Un état ; plusieurs fois pour plusieurs états")),
            )
        },
        one: {"parameters": [proposal], "get": reading(_("Une proposition, avec les règles de son vote"), "Proposal")},
        f"{one}/workflow": moving("proposal", proposal),
        f"{one}/ballot": {
            "parameters": [proposal],
            "post": {
                "summary": _("Voter ; jusqu’à la fin du vote, un nouveau bulletin remplace le premier"),
                "security": [{"bearer": []}],
                "requestBody": body("Ballot"),
                "responses": {
                    "201": success(_("Le récépissé, qui n’est donné qu’une fois"), ref("Receipt")),
                    **refusals("400", "401", "403", "404", "409", "415", "422"),
                },
            },
        },
        f"{one}/result": {
            "parameters": [proposal],
            "get": reading(_("Le résultat ; rien avant la clôture, pour personne"), "Result"),
        },
        f"{one}/ballots.json": {
            "parameters": [proposal],
            "get": reading(
                _("Tous les bulletins, à recompter ; rien avant la clôture, pour personne"), "PublishedBallots"
            ),
        },
        **discussed(one, proposal),
        "/members": {"get": listing(_("Les sociétaires, par numéro : pour l’équipe de la coopérative"), "MemberList")},
        "/members/{member}": {"parameters": [in_path("member")], "get": reading(_("Un sociétaire"), "Member")},
    }
