"""Delivery: takes letters out of the outbox, hands them over, and writes down what became of each.

Each letter is claimed in a transaction of its own, handed over outside of any, and marked in another.  What is between the two when
the process ends is unclear, and stays so until a person decides: a mail is lost from sight rather than sent twice.
"""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from email.message import EmailMessage
from functools import partial
from typing import Any

import transaction
from pyramid.threadlocal import manager
from substanced.objectmap import find_objectmap
from ZODB.POSException import ConflictError

from ..content.outbox import Letter, Mailing
from ..domain import outbox
from .letters import as_message
from .transport import Folder, NotTaken, Refused, Server, Unclear, Unreachable, transport_of

log = logging.getLogger(__name__)

#: People of a roll for whom letters are made in one transaction.
BATCH = 200
#: How often something is written again when somebody else wrote beside it.
ATTEMPTS = 10
#: Threads that hand over what cannot wait for the clock.
_hurried = threading.BoundedSemaphore(4)

Transport = Folder | Server


def always() -> bool:
    """There is time enough."""
    return True


class Desk:
    """A connection to the database of its own, and transactions that have nothing to do with those of the thread."""

    def __init__(self, registry: Any, now: datetime) -> None:
        self.registry = registry
        self.now = now
        self.transactions = transaction.TransactionManager(explicit=True)
        self.connection = registry._zodb_databases[""].open(self.transactions)

    @contextlib.contextmanager
    def site(self) -> Iterator[Any]:
        """The site in a transaction, committed at the end."""
        manager.push({"registry": self.registry, "request": None})
        try:
            self.transactions.begin()
            yield self.connection.root()["app_root"]
            self.transactions.commit()
        except BaseException:
            self.transactions.abort()
            raise
        finally:
            manager.pop()

    def write(self, work: Callable[[Any], Any]) -> Any:
        """Do something on the site, again when somebody else wrote beside it."""
        for _attempt in range(ATTEMPTS - 1):
            with contextlib.suppress(ConflictError), self.site() as site:
                return work(site)
        with self.site() as site:
            return work(site)

    def close(self) -> None:
        """Give the connection back."""
        self.transactions.begin()
        self.transactions.abort()
        self.connection.close()


def deliver(registry: Any, now: datetime, go_on: Callable[[], bool] = always) -> int:
    """Deliver what is due, letters to single people first, until ``go_on`` says no; how many were sent.

    Where there is no server to talk to, the rest waits for the next time.
    """
    desk, transport, sent = Desk(registry, now), transport_of(registry.coopcms), 0
    try:
        desk.write(lambda site: outbox.find_stranded(site, now))
        with desk.site() as site:
            direct = outbox.due(site, now)
        try:
            for letter in direct:
                if not go_on():
                    return sent
                sent += _deliver_one(desk, transport, letter)
            for letter in _of_mailings(desk, now):
                if not go_on():
                    return sent
                sent += _deliver_one(desk, transport, letter)
        except Unreachable as error:
            log.warning("the mail server cannot be reached: %s", error)
    finally:
        transport.close()
        desk.close()
    return sent


def _of_mailings(desk: Desk, now: datetime) -> Iterator[Letter]:
    """The letters of mailings, oldest mailing first, made a batch at a time while they are delivered."""
    with desk.site() as site:
        # From an older site none; a mailing without letters that wait is looked at, and its letters are not.
        mailings = [] if site.outbox is None else [each for _place, each in site.outbox.mailings()][::-1]
    for mailing in mailings:
        yield from _waiting(desk, mailing, now)
        while not _is_done(desk, mailing):
            desk.write(partial(outbox.expand, mailing, most=BATCH))
            yield from _waiting(desk, mailing, now)


def _is_done(desk: Desk, mailing: Mailing) -> bool:
    with desk.site():
        return mailing.done


def _waiting(desk: Desk, mailing: Mailing, now: datetime) -> list[Letter]:
    with desk.site():
        if not mailing.box.counts["waiting"]():
            return []
        return [letter for letter in mailing.box.oldest("waiting") if outbox.is_due(letter, now)]


def deliver_now(registry: Any, digest: str, now: datetime) -> None:
    """Deliver one letter that somebody waits for; what hinders it leaves it to the clock."""
    desk, transport = Desk(registry, now), transport_of(registry.coopcms)
    try:
        with desk.site() as site:
            letter = outbox.find(site, digest)
        if letter is not None:
            _deliver_one(desk, transport, letter)
    except Unreachable as error:
        log.warning("the mail server cannot be reached: %s", error)
    finally:
        transport.close()
        desk.close()


def after_commit(registry: Any, letter: Letter, now: datetime) -> None:
    """Deliver a letter right after the commit of the running transaction: not if that is aborted, nor before a retry succeeds."""
    transaction.get().addAfterCommitHook(_right_away, (registry, letter.digest, now))


def _right_away(committed: bool, registry: Any, digest: str, now: datetime) -> None:
    if not committed:
        return
    if not registry.coopcms.mail_host:
        deliver_now(registry, digest, now)
    elif _hurried.acquire(blocking=False):
        # A server that answers slowly holds up no page, and how long a page takes tells nobody whether an account exists.
        threading.Thread(target=_hurry, args=(registry, digest, now), name="mail", daemon=True).start()


def _hurry(registry: Any, digest: str, now: datetime) -> None:
    try:
        deliver_now(registry, digest, now)
    except Exception:
        log.exception("a mail could not be delivered right away")
    finally:
        _hurried.release()


def _deliver_one(desk: Desk, transport: Transport, letter: Letter) -> int:
    """Claim, hand over and mark one letter: 1 when it was sent, else 0.

    :raises Unreachable: there is no server to talk to; the letter waits for another time
    """
    claimed = _claim(desk, letter)
    if claimed is None:
        return 0
    attempt, message, to = claimed
    now = desk.now
    try:
        transport.send(message, to)
    except NotTaken as error:
        said = str(error)
        desk.write(lambda site: outbox.put_off(site, letter, attempt, said, now))
        if isinstance(error, Unreachable):
            raise
        return 0
    except Refused as error:
        said = str(error)
        desk.write(lambda site: outbox.refuse(site, letter, attempt, said))
        return 0
    except Unclear as error:
        said = str(error)
        desk.write(lambda site: outbox.set_unclear(site, letter, attempt, said))
        return 0
    desk.write(lambda site: outbox.mark_sent(site, letter, attempt, now))
    return 1


def _claim(desk: Desk, letter: Letter) -> tuple[str, EmailMessage, str] | None:
    """Claim a letter and make its mail; None when somebody else has it, or it is not to be sent."""
    try:
        with desk.site() as site:
            attempt = outbox.claim(site, letter, desk.now)
            if attempt is None:
                return None
            account = None if letter.account is None else find_objectmap(site).object_for(letter.account)
            try:
                message = as_message(desk.registry, letter, "" if account is None else account.title, desk.now)
            except Exception:
                log.exception("a mail could not be made: %s", letter.kind)
                outbox.refuse(site, letter, attempt, "", "broken")
                return None
            return attempt, message, letter.to
    except ConflictError:
        return None
