"""Accounts: Substance D users with argon2 passwords and the language they read."""

import contextlib
from datetime import datetime
from functools import lru_cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from substanced.content import content
from substanced.principal import User

from .. import text as texts
from ..security.roles import GLOBAL_ROLES, R, group_of
from .fields import LONGEST_PASSWORD

_HASHER = PasswordHasher()
_BY_GROUP = {group_of(name): role for name, role in GLOBAL_ROLES.items()}


@content("User", icon="glyphicon glyphicon-user", add_view="add_user", tab_order=("properties",))
class Account(User):
    """Somebody who can log in.  ``password`` is an argon2id hash (RFC 9106), or None as long as nobody chose one."""

    title: str = ""
    epoch: int = 0  #: goes up with each new password; tokens and links of an older one end
    sessions: Any = None  #: number of each open session → when it was opened; a copied cookie ends with the log-out
    erased: bool = False
    calendar: int = 0  #: number of the address of one's feed; 0 where there is none, gone up with each new one
    calendars: int = 0  #: the highest number there was, so that none comes back
    language: str | None = None  #: "fr" or "en" once chosen
    link_sent_at: datetime | None = None  #: when a link for a new password was sent last
    mail_off: tuple[str, ...] = ()  #: groups of mails that are not wanted (``coopcms.content.outbox.GROUPS``)

    def __init__(self, password: str | None = None, email: str = "", tzname: str = "Europe/Paris", locale: str = "fr"):
        super().__init__(None, email, tzname, locale)
        if password is not None:
            self.set_password(password)

    @staticmethod
    def hash_new_password(password: str) -> str:
        """The argon2id hash of a password, with its parameters and salt in it."""
        return _HASHER.hash(texts.password(password))

    def set_password(self, password: str) -> None:
        """Take a new password; every session of the old one ends."""
        self.password = self.hash_new_password(password)
        self.epoch += 1
        self.sessions = None

    def check_password(self, password: str) -> bool:
        """Whether this is the password.  Takes as long for an account without one."""
        composed = texts.password(password)
        if len(password) > LONGEST_PASSWORD:
            return False
        # The second one only where they differ: hashes from before passwords were composed.
        return any(self._matches(spelling) for spelling in dict.fromkeys((composed, password)))

    def _matches(self, password: str) -> bool:
        try:
            return _HASHER.verify(self.password or _nobody(_HASHER), password) and self.password is not None
        except (VerificationError, InvalidHashError):
            return False

    def roles(self) -> frozenset[R]:
        """The roles this account holds everywhere, from its groups."""
        return frozenset(_BY_GROUP[g.__name__] for g in self.groups if g is not None and g.__name__ in _BY_GROUP)

    def email_password_reset(self, request: Any) -> None:
        """Substance D's own reset is switched off: its tokens neither expire nor come from a secure source."""
        raise NotImplementedError("coopcms.domain.accounts sends the links")


def waste_time(password: str) -> None:
    """Do the work of a check for a login that does not exist, so that time does not tell which ones do."""
    for spelling in dict.fromkeys((texts.password(password), password)):
        with contextlib.suppress(VerificationError):
            _HASHER.verify(_nobody(_HASHER), spelling[:LONGEST_PASSWORD])


@lru_cache(maxsize=1)
def _nobody(hasher: PasswordHasher) -> str:
    """A hash that takes as long to check as any other."""
    return hasher.hash("nobody has this password")
