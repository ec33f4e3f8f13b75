"""Verbs on amendments: members propose another text for a criterion in consultation, staff decide."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from ..content.amendment import AMENDABLE, Amendment
from ..content.specification import Criterion
from ..i18n import _
from ..security.permissions import P
from ..security.principals import Actor
from ..text import prose, says_something
from ..workflows import WORKFLOWS
from .criteria import cleaned, record, write
from .errors import Forbidden, Invalid, Stale
from .permission import require


def propose(criterion: Criterion, values: Mapping[str, str], reason: str, actor: Actor, now: datetime) -> str:
    """Propose another text for a criterion and return the key of the amendment.

    :raises Invalid: it says what the criterion says, or not why; it was dealt with already; or the criterion was removed
    """
    require(P.READ, criterion, actor)
    require(P.AMEND, criterion, actor)
    if actor.userid is None:
        raise Forbidden("an amendment has an author")
    if criterion.is_removed:
        raise Invalid(criterion=_("Ce critère a été retiré de la version : il ne s’amende plus."))
    if not says_something(reason):
        raise Invalid(reason=_("Dites pourquoi vous proposez ce changement."))
    base = cleaned({name: getattr(criterion, name) for name in AMENDABLE})
    proposed = cleaned({name: values.get(name, base[name]) for name in AMENDABLE})
    if not proposed["title"]:
        raise Invalid(title=_("Donnez un intitulé en quelques mots."))
    if proposed == base:
        raise Invalid(criterion=_("Votre texte est celui du critère : changez au moins un champ."))
    # Named after what it says: sent twice, it is proposed once.
    key = hashlib.sha256(repr((actor.userid, base, proposed, prose(reason))).encode()).hexdigest()[:16]
    criterion.open_records()
    if key in criterion.amendments:
        if criterion.amendments[key].state == "proposed":
            return key
        raise Invalid(criterion=_("Vous avez déjà proposé ce changement, et il a été traité."))
    criterion.amendments[key] = Amendment(proposed, base, prose(reason), actor.userid, now)
    return key


def withdraw(criterion: Criterion, key: str, actor: Actor, now: datetime) -> None:
    """Take one's own amendment back, as long as nobody decided.

    :raises KeyError: there is none of that key
    """
    require(P.READ, criterion, actor)
    amendment = criterion.amendments[key]
    if actor.userid is None or amendment.author != actor.userid:
        raise Forbidden("only its author takes an amendment back")
    _still_open(amendment)
    _decide(amendment, "withdrawn", "", actor, now)


def accept(
    criterion: Criterion, key: str, actor: Actor, now: datetime, *, answer: str = "", revision: int | None = None
) -> None:
    """Write an amendment into its criterion and name its author there.

    Where the criterion changed since, ``revision`` says on which text it is accepted all the same.

    :raises KeyError: there is none of that key
    :raises Stale: the criterion changed since the amendment was written
    :raises Invalid: it was decided already, or the criterion was removed
    """
    require(P.READ, criterion, actor)
    require(P.DECIDE_AMENDMENT, criterion, actor)
    amendment = criterion.amendments[key]
    _still_open(amendment)
    if criterion.is_removed:
        raise Invalid(criterion=_("Ce critère a été retiré de la version : il ne s’amende plus."))
    if changed_since(criterion, amendment) and revision != criterion.revision:
        raise Stale(criterion)
    old = write(criterion, {name: proposed for name, (_base, proposed) in amendment.changes().items()})
    record(criterion, "amended", actor, now, old=old, author=amendment.author)
    if amendment.author not in criterion.amended_by:
        criterion.amended_by = (*criterion.amended_by, amendment.author)
    criterion.__parent__.modified = now
    _decide(amendment, "accepted", answer, actor, now)


def refuse(criterion: Criterion, key: str, answer: str, actor: Actor, now: datetime) -> None:
    """Refuse an amendment with a public answer.

    :raises KeyError: there is none of that key
    :raises Invalid: there is no answer, or it was decided already
    """
    require(P.READ, criterion, actor)
    require(P.DECIDE_AMENDMENT, criterion, actor)
    amendment = criterion.amendments[key]
    _still_open(amendment)
    if not says_something(answer):
        raise Invalid(answer=_("Répondez à la personne qui l’a proposé : dites pourquoi vous ne le retenez pas."))
    _decide(amendment, "refused", answer, actor, now)


def changed_since(criterion: Criterion, amendment: Amendment) -> bool:
    """Whether the texts that can be amended are others than those the amendment was written on."""
    return cleaned({name: getattr(criterion, name) for name in AMENDABLE}) != cleaned(amendment.base)


def in_consultation(criterion: Criterion) -> int:
    """How many of its amendments wait for a decision that can still be made."""
    return 0 if left_open(criterion) else sum(a.state == "proposed" for a in criterion.amendments.values())


def left_open(criterion: Criterion) -> bool:
    """Whether amendments that nobody decided stay so: in the state of the version no role decides."""
    state = criterion.__parent__.state
    return criterion.is_removed or not WORKFLOWS["specification"].roles(state, P.DECIDE_AMENDMENT)


def in_order(criterion: Criterion) -> list[tuple[str, Amendment]]:
    """Its amendments with their keys: those that wait first, then the newest."""
    return sorted(
        criterion.amendments.items(), key=lambda item: (item[1].state != "proposed", -item[1].when.timestamp())
    )


def _still_open(amendment: Amendment) -> None:
    if amendment.state != "proposed":
        raise Invalid(amendment=_("Cet amendement est déjà traité."))


def _decide(amendment: Amendment, state: str, answer: str, actor: Actor, now: datetime) -> None:
    amendment.state, amendment.answer = state, prose(answer)
    amendment.decided_by, amendment.decided_at = actor.userid, now
