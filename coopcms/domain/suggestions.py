"""Filling in a dossier together: a coordinator proposes a text for a section, the company takes it or not."""

from datetime import datetime
from typing import Any

from BTrees import family64

from ..content import fields
from ..content.company import Company
from ..content.dossier import SECTIONS, Suggestion, schema_of
from ..i18n import _
from ..security.permissions import P
from ..security.principals import Actor
from ..text import prose, says_something
from .companies import save_section
from .errors import Invalid, Stale
from .permission import require


def suggest(
    company: Company, section: str, values: dict[str, Any], message: str, actor: Actor, now: datetime
) -> Suggestion:
    """Propose a text for a section, in the place of an earlier proposal; nothing of the dossier changes by it.

    :raises KeyError: there is no such section
    :raises Invalid: it says what the section says
    """
    SECTIONS[section]
    require(P.SUGGEST, company, actor)
    record = company.sections[section]
    values = fields.prepared(schema_of(section), values)
    if {k: v for k, v in values.items() if v} == {k: v for k, v in record.values.items() if v}:
        raise Invalid(suggestion=_("Votre proposition est le texte du dossier : changez au moins un champ."))
    if company.suggestions is None:
        company.suggestions = family64.OO.BTree()
    made = Suggestion(dict(values), record.revision, prose(message), actor.userid, now)
    company.suggestions[section] = made
    return made


def waiting(company: Company) -> dict[str, Suggestion]:
    """The proposals that wait for the company, by section in the order of the dossier."""
    found = company.suggestions or {}
    return {section: found[section] for section in SECTIONS if section in found and not found[section].answer}


def take(
    company: Company,
    section: str,
    actor: Actor,
    now: datetime,
    *,
    seen: datetime,
    revision: int,
    against: int | None = None,
) -> None:
    """Make a proposal the text of the dossier.

    ``seen`` is when the one was made that the person read, ``revision`` that of the text it replaces.

    :raises KeyError: none waits
    :raises Stale: another one was made meanwhile, or somebody saved the section
    """
    require(P.EDIT, company, actor)
    suggestion = waiting(company)[section]
    if suggestion.when != seen:
        raise Stale(suggestion)
    save_section(
        company, section, suggestion.values, actor, now, revision=revision, against=against, helped_by=suggestion.by
    )
    del company.suggestions[section]


def decline(company: Company, section: str, answer: str, actor: Actor) -> None:
    """Leave the dossier as it is, and tell whoever proposed why.

    :raises KeyError: none waits
    :raises Invalid: there is no answer
    """
    require(P.EDIT, company, actor)
    suggestion = waiting(company)[section]
    if not says_something(answer):
        raise Invalid(answer=_("Dites en une phrase pourquoi : la personne qui vous aide le lira."))
    suggestion.answer = prose(answer)


def take_back(company: Company, section: str, actor: Actor) -> None:
    """Remove one's proposal, or one that was answered.

    :raises KeyError: there is none
    """
    require(P.SUGGEST, company, actor)
    del (company.suggestions or {})[section]
