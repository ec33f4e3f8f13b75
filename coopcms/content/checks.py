"""Validators: each answers bad input with a sentence that says what to do."""

import re
from collections.abc import Callable, Iterable

import colander
from stdnum import luhn

from ..i18n import _

Check = Callable[[colander.SchemaNode, str], None]


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


def postcode(node: colander.SchemaNode, value: str) -> None:
    """Five digits."""
    if not re.fullmatch("[0-9]{5}", value):
        raise colander.Invalid(node, _("Un code postal compte 5 chiffres."))


def too_long(count: int, most: int) -> str:
    """What is said of a text that is longer than it may be."""
    mapping = {"count": count, "most": most}
    sentence: str = _("Ce texte est trop long : il compte ${count} caractères, ${most} au plus.", mapping=mapping)
    return sentence


def at_most(length: int) -> Check:
    """A text that is not longer than that, counted in characters as it is stored."""

    def check(node: colander.SchemaNode, value: str) -> None:
        if len(value) > length:
            raise colander.Invalid(node, too_long(len(value), length))

    check.longest = length  # type: ignore[attr-defined]
    return check


def one_of(values: Iterable[str]) -> colander.OneOf:
    """One of the values offered."""
    return colander.OneOf(list(values))
