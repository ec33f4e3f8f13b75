"""Verbs on discussions: saying something, reporting, hiding, publishing, taking back."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from BTrees import family64
from pyramid.traversal import find_root

from .. import settings
from ..content.checks import too_long
from ..content.discussion import KEY, LONGEST, Comment
from ..i18n import _
from ..security.access import may
from ..security.permissions import P
from ..security.principals import Actor, roles_here
from ..security.roles import R
from ..text import prose, says_something
from ..workflows.conditions import company_of
from .errors import Forbidden, Invalid
from .permission import require

#: Whoever holds one of these here is published at once, also where comments of members wait.
_AT_ONCE = frozenset({R.STAFF, R.COORDINATOR, R.CERTIFIER})
#: What is said of a comment that is hidden without a reason.
REASON_NEEDED = _("Dites pourquoi vous masquez ce commentaire : la raison s’affiche à sa place.")
#: The reason that is shown in the place of a comment which its author took back.
WITHDRAWN = _("retiré par son auteur")


def say(
    obj: Any, text: str, actor: Actor, now: datetime, *, in_reply_to: str | None = None, key: str | None = None
) -> str:
    """Say something in the discussion of an object and return the key of the comment.

    ``key`` is made by whoever shows the form: the same text sent twice by the same person is said once.  Another text under a key
    that is taken – written after going back, or by somebody else – is another comment.

    :raises Invalid: there is no text, it is too long, or there is no such comment to answer
    """
    require(P.READ, obj, actor)
    require(P.COMMENT, obj, actor)
    if actor.userid is None:
        raise Forbidden("a comment has an author")
    given = _place(obj, text, actor, in_reply_to, key)
    if obj.discussion is not None and obj.discussion.get(given) is not None:
        return given
    _check(obj, text, in_reply_to, actor)
    obj.open_discussion()
    comment = Comment(prose(text), actor.userid, now, in_reply_to or None)
    roles = roles_here(actor, obj)
    comment.official = _speaks_for(obj, roles)
    if settings.current().comments_moderated and not roles & _AT_ONCE:
        comment.state = "pending"
    obj.discussion.add(given, comment)
    if comment.state == "pending":
        _ask_moderators(obj, given, "pending", now)
    return given


def was_said(obj: Any, text: str, actor: Actor, *, in_reply_to: str | None = None, key: str | None = None) -> bool:
    """Whether the same person said this under this key already, so that saying it again adds nothing."""
    return obj.discussion is not None and obj.discussion.get(_place(obj, text, actor, in_reply_to, key)) is not None


def _place(obj: Any, text: str, actor: Actor, in_reply_to: str | None, key: str | None) -> str:
    """The key for a comment: the given one, unless something else stands there; always the same for the same comment."""
    if key is None or not KEY.fullmatch(key):
        return secrets.token_hex(8)
    there = None if obj.discussion is None else obj.discussion.get(key)
    said = (actor.userid, prose(text), in_reply_to or None)
    if there is None or (there.author, there.text, there.in_reply_to) == said:
        return key
    return hashlib.sha256(repr((key, *said)).encode()).hexdigest()[:16]


def hide(obj: Any, key: str, reason: str, actor: Actor, now: datetime) -> None:
    """Hide a comment; its place keeps the reason.

    :raises KeyError: there is none of that key
    :raises Invalid: there is no reason
    """
    require(P.MODERATE, obj, actor)
    comment = found(obj, key, actor)
    if not says_something(reason):
        raise Invalid(reason=REASON_NEEDED)
    if comment.is_withdrawn:
        raise Invalid(reason=_("Son auteur l’a déjà retiré."))
    comment.hidden_reason, comment.hidden_by = prose(reason), actor.userid
    obj.discussion.move(key, "hidden")
    _settled(obj, key)


def publish(obj: Any, key: str, actor: Actor, now: datetime) -> None:
    """Publish a comment that waits, show a hidden one again, or leave one as it is that was reported.

    :raises KeyError: there is none of that key
    :raises Invalid: its author took it back
    """
    require(P.MODERATE, obj, actor)
    comment = found(obj, key, actor)
    if comment.is_withdrawn:
        raise Invalid(comment=_("Son auteur l’a retiré : il ne se publie plus."))
    comment.hidden_reason, comment.hidden_by = "", None
    obj.discussion.move(key, "published")
    _settled(obj, key)


def withdraw(obj: Any, key: str, actor: Actor, now: datetime) -> None:
    """Take one's own comment back; its place stays.

    :raises KeyError: there is none of that key
    """
    require(P.READ, obj, actor)
    comment = found(obj, key, actor)
    if actor.userid is None or comment.author != actor.userid or actor.reading:
        raise Forbidden("only its author takes a comment back")
    if comment.state == "hidden":
        return
    comment.hidden_reason, comment.hidden_by = "", actor.userid
    obj.discussion.move(key, "hidden")
    _settled(obj, key)


def report(obj: Any, key: str, actor: Actor, now: datetime) -> None:
    """Ask the coordinators to look at a comment; each person once.

    :raises KeyError: there is none of that key
    """
    require(P.READ, obj, actor)
    if actor.userid is None or actor.reading:
        raise Forbidden("only somebody with an account reports a comment")
    comment = found(obj, key, actor)
    if comment.state != "published" or actor.userid in comment.reports:
        return
    comment.reports.insert(actor.userid)
    _ask_moderators(obj, key, "reported", now)


def found(obj: Any, key: str, actor: Actor) -> Comment:
    """The comment of a key.

    :raises KeyError: there is none that the actor may know of
    """
    comment = None if obj.discussion is None else obj.discussion.get(key)
    if comment is None or not _is_there(obj, comment, actor):
        raise KeyError(key)
    found: Comment = comment
    return found


@dataclass(frozen=True)
class Shown:
    """A comment for one reader.  ``text`` is None where it is hidden from them; ``replies`` are those of the whole thread."""

    key: str
    comment: Comment
    text: str | None
    replies: Sequence["Shown"] = field(default_factory=tuple)

    @property
    def reason(self) -> Any:
        """Why it is hidden, "" where it is not; translatable."""
        if self.comment.state != "hidden":
            return ""
        return WITHDRAWN if self.comment.is_withdrawn else self.comment.hidden_reason


def shown(obj: Any, actor: Actor) -> list[Shown]:
    """Every comment of an object that the actor may know of, oldest first."""
    if obj.discussion is None:
        return []
    moderates = may(P.MODERATE, obj, actor)
    everything = [
        Shown(key, comment, comment.text if comment.state != "hidden" or moderates else None)
        for key, comment in obj.discussion.items()
        if comment.state != "pending" or moderates or comment.author == actor.userid
    ]
    return sorted(everything, key=lambda one: (one.comment.when, one.key))


def threads(obj: Any, actor: Actor) -> list[Shown]:
    """The same by thread: a reply to a reply stands under the same beginning."""
    everything = shown(obj, actor)
    known = {one.key: one for one in everything}
    replies: dict[str, list[Shown]] = {}
    beginnings = []
    for one in everything:
        root = _root(one, known)
        if root == one.key:
            beginnings.append(one)
        else:
            replies.setdefault(root, []).append(one)
    return [Shown(one.key, one.comment, one.text, tuple(replies.get(one.key, ()))) for one in beginnings]


def waiting(site: Any, actor: Actor, most: int = 50) -> list[tuple[Any, str, str, datetime]]:
    """What waits for a moderator: object, key of the comment, "reported" or "pending", since when (UTC)."""
    result = []
    for ticket, entry in (site.moderation or {}).items():
        if may(P.MODERATE, entry["object"], actor):
            result.append((entry["object"], entry.get("key", ticket), entry["why"], entry["when"]))
            if len(result) == most:
                break
    return result


def _root(one: Shown, known: dict[str, Shown]) -> str:
    """The beginning of the thread of a comment."""
    passed = set()
    while one.comment.in_reply_to in known and one.key not in passed:
        passed.add(one.key)
        one = known[one.comment.in_reply_to]
    return one.key


def _is_there(obj: Any, comment: Comment, actor: Actor) -> bool:
    return comment.state != "pending" or comment.author == actor.userid or may(P.MODERATE, obj, actor)


def _check(obj: Any, text: str, in_reply_to: str | None, actor: Actor) -> None:
    if not says_something(text):
        raise Invalid(text=_("Écrivez votre commentaire avant de l’envoyer."))
    if len(prose(text)) > LONGEST:
        raise Invalid(
            text=too_long(len(prose(text)), LONGEST),
        )
    if in_reply_to:
        try:
            answered = found(obj, in_reply_to, actor)
        except KeyError:
            answered = None
        if answered is None or answered.state == "pending":
            raise Invalid(in_reply_to=_("Le commentaire auquel vous répondez n’est plus là."))


def _speaks_for(obj: Any, roles: frozenset[R]) -> str:
    """For whom somebody answers here, "" for themselves: staff for their company, coordinators for the cooperative."""
    if R.STAFF in roles and company_of(obj) is not None:
        return "company"
    return "cooperative" if R.COORDINATOR in roles else ""


def _ask_moderators(obj: Any, key: str, why: str, now: datetime) -> None:
    site = find_root(obj)
    if site.moderation is None:
        site.moderation = family64.OO.BTree()
    comment = obj.discussion.get(key)
    if not is_waiting(obj, key, comment):
        # Keys are chosen by whoever writes, and may be the same on two objects: tickets are drawn here.
        comment.ticket = secrets.token_hex(16)
        site.moderation[comment.ticket] = {"object": obj, "key": key, "why": why, "when": now}


def is_waiting(obj: Any, key: str, comment: Comment) -> bool:
    """Whether a moderator is asked to look at a comment."""
    return _ticket(obj, key, comment) is not None


def _ticket(obj: Any, key: str, comment: Comment) -> str | None:
    moderation = find_root(obj).moderation or {}
    if comment.ticket in moderation:
        return comment.ticket
    # Before there were tickets, what waits was listed by the key of the comment.
    return key if key in moderation and moderation[key]["object"] is obj else None


def _settled(obj: Any, key: str) -> None:
    ticket = _ticket(obj, key, obj.discussion.get(key))
    if ticket is not None:
        del find_root(obj).moderation[ticket]
