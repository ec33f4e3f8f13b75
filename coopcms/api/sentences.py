"""What is wrong with a request, said to people and naming the field."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ..i18n import _

Translate = Callable[[Any], str]

_KINDS = {
    "string": _("un texte"),
    "integer": _("un nombre entier"),
    "boolean": _("true ou false"),
    "array": _("une liste"),
    "object": _("un objet JSON"),
}


@dataclass(frozen=True)
class Said:
    """The status, the sentence in the reader's language, and the field it is about, if one."""

    status: int
    sentence: str
    field: str | None = None


def of(error: Any, translate: Translate) -> Said:
    """What to answer to an error of openapi-core: 400 for a parameter, 422 for a field of the body."""
    # Not at the top: the scan of the package would load openapi-core at every start.
    from openapi_core.templating.media_types.exceptions import MediaTypeNotFound
    from openapi_core.validation.request.exceptions import MissingRequestBodyError, ParameterValidationError

    cause = error.__cause__
    if isinstance(cause, MediaTypeNotFound):
        return Said(415, translate(_("Envoyez du JSON, avec l’en-tête « Content-Type: application/json ».")))
    if isinstance(error, MissingRequestBodyError):
        return Said(400, translate(_("Le corps de la demande manque : envoyez un objet JSON.")))
    first = next(iter(getattr(cause, "schema_errors", ())), None)
    if isinstance(error, ParameterValidationError):
        if first is None:
            return Said(400, _wrong(translate, error.name, getattr(cause, "type", None)), error.name)
        return Said(400, _sentence(translate, first, error.name), error.name)
    if first is None:
        return Said(422, translate(_("Le corps de la demande n’est pas accepté.")))
    field = _field(first)
    return Said(422, _sentence(translate, first, field), field or None)


def unknown(translate: Translate, name: str, known: Iterable[str]) -> str:
    """What to answer to a name that nothing is called like."""
    possible = ", ".join(known)
    if not possible:
        return translate(_("« ${field} » est inconnu ici ; aucun paramètre n’est possible.", mapping={"field": name}))
    return translate(
        _("« ${field} » est inconnu ici ; sont possibles : ${known}.", mapping={"field": name, "known": possible})
    )


def _field(error: Any) -> str:
    """The field a schema error is about: where it is, or the name that is missing or too many there."""
    path = [str(step) for step in error.absolute_path]
    if error.validator == "required":
        path.append(next(name for name in error.validator_value if name not in error.instance))
    if error.validator in ("additionalProperties", "unevaluatedProperties"):
        path.append(next(iter(_extra(error)), ""))
    return ".".join(path)


def _extra(error: Any) -> list[str]:
    return [name for name in error.instance if name not in error.schema.get("properties", {})]


def _sentence(translate: Translate, error: Any, field: str) -> str:
    wanted, names = error.validator_value, {"field": field}
    match error.validator:
        case "required":
            return translate(_("Le champ « ${field} » est nécessaire.", mapping=names))
        case "additionalProperties" | "unevaluatedProperties":
            return unknown(translate, field, error.schema.get("properties", {}))
        case "type":
            return _wrong(translate, field, wanted if isinstance(wanted, str) else wanted[0])
        case "enum":
            values = ", ".join(str(value) for value in wanted)
            return translate(
                _("« ${field} » doit être l’une de ces valeurs : ${values}.", mapping={**names, "values": values})
            )
        case "minLength":
            return translate(_("« ${field} » ne peut pas être vide.", mapping=names))
        case "maxLength":
            return translate(
                _("« ${field} » est trop long : ${most} caractères au plus.", mapping={**names, "most": wanted})
            )
        case "minimum":
            return translate(_("« ${field} » doit être ${least} ou plus.", mapping={**names, "least": wanted}))
        case "maximum":
            return translate(_("« ${field} » doit être ${most} ou moins.", mapping={**names, "most": wanted}))
    return _wrong(translate, field, None)


def _wrong(translate: Translate, field: str, kind: str | None) -> str:
    if not field and kind in _KINDS:
        return translate(_("Le corps de la demande doit être ${kind}.", mapping={"kind": translate(_KINDS[kind])}))
    if kind in _KINDS:
        return translate(
            _("« ${field} » doit être ${kind}.", mapping={"field": field, "kind": translate(_KINDS[kind])})
        )
    return translate(_("La valeur de « ${field} » n’est pas acceptée.", mapping={"field": field}))
