"""Validators: each answers bad input with a sentence that says what to do."""

import re

import colander
from email_validator import EmailNotValidError, validate_email
from stdnum import luhn

from ..i18n import _


def siret(node: colander.SchemaNode, value: str) -> None:
    """Fourteen digits of which the first nine are a SIREN; both pass the Luhn check (INSEE).

    :raises colander.Invalid: a sentence that says which of it is wrong
    """
    if not re.fullmatch("[0-9]+", value):
        raise colander.Invalid(node, _("Un SIRET s’écrit en chiffres seulement : il y a ici d’autres signes."))
    if len(value) != 14:
        raise colander.Invalid(
            node, _("Un SIRET compte 14 chiffres ; vous en avez saisi ${count}.", mapping={"count": len(value)})
        )
    # La Poste numbers its establishments by another rule: the sum of the digits is a multiple of five.
    if value.startswith("356000000") and sum(map(int, value)) % 5 == 0:
        return
    meant = _two_digits_turned_back(value)
    if meant is not None:
        raise colander.Invalid(
            node,
            _(
                "La clé de contrôle ne tombe pas juste : deux chiffres voisins sont peut-être inversés. Est-ce ${siret} ?",
                mapping={"siret": grouped(meant)},
            ),
        )
    if not luhn.is_valid(value[:9]):
        raise colander.Invalid(
            node,
            _(
                "Les 9 premiers chiffres (${siren}) ne forment pas un SIREN : leur clé de contrôle ne tombe pas juste. "
                "Comparez-les un à un avec une facture ou l’avis de situation de l’INSEE.",
                mapping={"siren": grouped(value[:9])},
            ),
        )
    if not luhn.is_valid(value):
        raise colander.Invalid(
            node,
            _(
                "Le SIREN (${siren}) est juste, mais pas les 5 derniers chiffres (${nic}) : c’est le numéro de l’établissement, "
                "différent pour chaque adresse.",
                mapping={"siren": grouped(value[:9]), "nic": value[9:]},
            ),
        )


def grouped(number: str) -> str:
    """A SIREN or SIRET as it is printed: 732 829 320 00074."""
    return "\N{NARROW NO-BREAK SPACE}".join(filter(None, (number[:3], number[3:6], number[6:9], number[9:])))


def _two_digits_turned_back(value: str) -> str | None:
    """The number that was meant, where turning two neighbours back makes one and only one good SIRET."""
    if luhn.is_valid(value) and luhn.is_valid(value[:9]):
        return None
    turned = {value[:i] + value[i + 1] + value[i] + value[i + 2 :] for i in range(13)}
    good = [other for other in turned if luhn.is_valid(other) and luhn.is_valid(other[:9])]
    return good[0] if len(good) == 1 else None


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
    if not re.fullmatch("[0-9]{5}", value):
        raise colander.Invalid(node, _("Un code postal compte 5 chiffres."))


def at_most(length: int) -> colander.Length:
    """A text that is not longer than that."""
    return colander.Length(max=length, max_err=_("Ce texte est trop long : ${max} caractères au plus."))


def one_of(values: object) -> colander.OneOf:
    """One of the values offered."""
    return colander.OneOf(list(values))  # type: ignore[call-overload]
