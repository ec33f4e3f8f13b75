"""Validators: each answers bad input with a sentence that says what to do."""

import colander
from email_validator import EmailNotValidError, validate_email
from stdnum import luhn

from ..i18n import _


def siret(node: colander.SchemaNode, value: str) -> None:
    """Fourteen digits of which the first nine are a SIREN; both pass the Luhn check (INSEE).

    :raises colander.Invalid: a sentence that says which of it is wrong
    """
    if not value.isdigit() or len(value) != 14:
        count = sum(c.isdigit() for c in value)
        raise colander.Invalid(
            node, _("Un SIRET compte 14 chiffres ; vous en avez saisi ${count}.", mapping={"count": count})
        )
    # La Poste numbers its establishments by another rule: the sum of the digits is a multiple of five.
    if value.startswith("356000000") and sum(map(int, value)) % 5 == 0:
        return
    if not luhn.is_valid(value[:9]):
        raise colander.Invalid(
            node, _("Les 9 premiers chiffres ne forment pas un SIREN : vérifiez s’il n’y a pas une faute de frappe.")
        )
    if not luhn.is_valid(value):
        raise colander.Invalid(
            node, _("Le SIREN est juste, mais pas les 5 derniers chiffres : vérifiez le numéro de l’établissement.")
        )


def digits_only(value: str | object) -> str | object:
    """Leave out the spaces and dots that people put into numbers."""
    return (
        "".join(c for c in value if c not in " .-\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")
        if isinstance(value, str)
        else value
    )


def email(node: colander.SchemaNode, value: str) -> None:
    """An address that mail could be sent to; whether it exists is not asked."""
    try:
        validate_email(value, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise colander.Invalid(
            node, _("Cette adresse n’est pas complète : elle s’écrit comme nom@exemple.fr.")
        ) from None


def web_address(node: colander.SchemaNode, value: str) -> None:
    """An address of a web page, with http or https and nothing else."""
    if (
        not colander.URL_REGEX
        or not value.lower().startswith(("http://", "https://"))
        or " " in value
        or len(value) < 11
    ):
        raise colander.Invalid(node, _("L’adresse commence par https:// et ne contient pas d’espace."))


def postcode(node: colander.SchemaNode, value: str) -> None:
    """Five digits."""
    if not (value.isdigit() and len(value) == 5):
        raise colander.Invalid(node, _("Un code postal compte 5 chiffres."))


def at_most(length: int) -> colander.Length:
    """A text that is not longer than that."""
    return colander.Length(max=length, max_err=_("Ce texte est trop long : ${max} caractères au plus."))


def one_of(values: object) -> colander.OneOf:
    """One of the values offered."""
    return colander.OneOf(list(values))  # type: ignore[call-overload]
