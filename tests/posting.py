"""Mail in tests: what is in the outbox, and a server that does as it is told."""

import contextlib
import threading

import transaction

from coopcms.content.outbox import STATES
from coopcms.domain import outbox
from coopcms.notifications import delivery, transport


def letters(site, state=None):
    """The letters of the outbox, those of mailings included, oldest first."""
    states = STATES if state is None else (state,)
    found = [letter for box in outbox.of(site).all_boxes() for each in states for letter in box.oldest(each)]
    return sorted(found, key=lambda letter: letter.place, reverse=True)


def mailings(site):
    """The mailings, oldest first."""
    return [mailing for _place, mailing in outbox.of(site).mailings()][::-1]


def told(site, world, kind):
    """The logins of who gets letters of a kind."""
    names = {account.__oid__: login for login, account in world.accounts.items()}
    return sorted(names[letter.account] for letter in letters(site) if letter.kind == kind)


class Killed(BaseException):
    """The process ends here."""


class Scripted:
    """A transport that remembers what it took over; ``fails`` maps an address to the exceptions it meets first."""

    def __init__(self, fails=None):
        self.taken = []
        self.fails = {to: list(errors) for to, errors in (fails or {}).items()}
        self.lock = threading.Lock()
        self.before = lambda to: None

    def send(self, message, to):
        self.before(to)
        with self.lock:
            if self.fails.get(to):
                raise self.fails[to].pop(0)
            self.taken.append((to, message))

    def close(self):
        pass

    @property
    def addresses(self):
        return sorted(to for to, _message in self.taken)


@contextlib.contextmanager
def delivered_by(server, monkeypatch):
    """Let all delivery go through a transport."""
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "transport_of", lambda settings: server)
        yield server


def deliver(registry, now, server, monkeypatch, **options):
    """One round of delivery through a transport; how many were sent."""
    transaction.commit()
    with delivered_by(server, monkeypatch):
        sent = delivery.deliver(registry, now, **options)
    transaction.begin()
    return sent


Refused, NotTaken, Unreachable, Unclear = (
    transport.Refused,
    transport.NotTaken,
    transport.Unreachable,
    transport.Unclear,
)
