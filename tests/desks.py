"""People who work at the same moment, each over a connection of their own."""

from concurrent.futures import ThreadPoolExecutor

import transaction
from pyramid.threadlocal import manager
from ZODB.POSException import ConflictError

from . import world as worlds


class Desk:
    """Where somebody works: a thread with a connection and a transaction of its own."""

    def __init__(self, registry, login, find):
        """``find(world)`` is what the person works on."""
        self.login = login
        self.find = find
        self.thread = ThreadPoolExecutor(1)
        self._run(self._open, registry)

    def _run(self, work, *given):
        return self.thread.submit(work, *given).result()

    def _open(self, registry):
        manager.push({"registry": registry, "request": None})
        self.connection = registry._zodb_databases[""].open()
        self.world = worlds.find(self.connection.root()["app_root"])

    def read(self):
        """Look at everything as it is now."""
        self._run(transaction.begin)

    def do(self, work):
        """Do something as the person of this desk, and do not save it yet."""
        return self._run(lambda: work(self.find(self.world), self.world.actors[self.login]))

    def save(self):
        """Save it; after a conflict everything is as it was for the others."""
        try:
            self._run(transaction.commit)
        except ConflictError:
            self._run(transaction.abort)
            raise

    def close(self):
        self._run(transaction.abort)
        self._run(self.connection.close)
        self._run(manager.pop)
        self.thread.shutdown()
