"""Opening the database and finding the site in it; what can go wrong there, said in a sentence."""

import contextlib
import errno
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from traceback import walk_tb
from typing import Any

import transaction
from BTrees import family64
from substanced.event import RootAdded
from substanced.evolution import FINISHED_KEY, mark_unfinished_as_finished
from zc.lockfile import LockError
from ZODB.POSException import ConflictError
from zodburi import resolve_uri

from ..seed.framework import found_framework
from . import in_one_line


class Unavailable(Exception):
    """The database cannot be used; the message is one sentence."""


class Misplaced(Unavailable):
    """The setting names a place where no database can be."""


class BeingMade(Unavailable):
    """Another process makes the same database at this moment."""


#: What ``zodbconn.uri`` may begin with.
SCHEMES = ("file", "zeo", "postgres", "zconfig", "memory", "demo")
#: What storages raise where two processes make the tables, or the first object, of one empty database.
_MET = frozenset({"ConflictError", "IntegrityError"})
#: Words of a connection string.
_CONNECTING = "host|hostaddr|port|dbname|user|connect_timeout|application_name|options|service|ssl[a-z]+"


@contextlib.contextmanager
def opening(uri: str) -> Iterator[None]:
    """Turn what storages raise into :class:`Unavailable`.

    :raises Unavailable: with a sentence that says what to do
    """
    scheme, colon, _rest = uri.strip().partition(":")
    if not colon:
        raise Misplaced("The setting “zodbconn.uri” is missing: it says where the database is.")
    if scheme not in SCHEMES:
        # Not the whole of it: there may be a password in it.
        raise Misplaced(
            f"The setting “zodbconn.uri” begins with “{scheme}:”; it must begin with file://, zeo://, postgres:// or zconfig://."
        )
    try:
        resolve_uri(uri)
    except Exception as error:
        raise Misplaced(f"The setting “zodbconn.uri” cannot be used{_said(error, uri)}") from error
    try:
        yield
    except LockError as error:
        raise Unavailable(
            "The database is in use: the site is running (or another command is). Stop it, or wait until it is done."
        ) from error
    except FileNotFoundError as error:
        raise Misplaced(f"The folder of the database does not exist: “{error.filename}”.") from error
    except OSError as error:
        raise Unavailable(sentence(error)) from error
    except Exception as error:
        # Each storage has errors of its own, and no module of ours names a storage: where it was raised tells.
        if any(frame.f_code.co_name == "db_from_uri" for frame, _line in walk_tb(error.__traceback__)):
            kind = BeingMade if _MET & {base.__name__ for base in type(error).__mro__} else Unavailable
            raise kind(
                "The database cannot be opened. Is its server running, and is “zodbconn.uri” right? "
                f"{type(error).__name__}{_said(error, uri)}"
            ) from error
        raise


def opened(uri: str, build: Callable[[], Any]) -> Any:
    """What ``build`` makes of a database, again when another process was making the same one: two may start at once.

    :raises Unavailable: see :func:`opening`
    """
    for _attempt in range(3):
        with contextlib.suppress(BeingMade), opening(uri):
            return build()
    with opening(uri):
        return build()


def _said(error: Exception, uri: str) -> str:
    """What a library says, as the end of a sentence; nothing where it may quote from a password."""
    words = in_one_line(error)
    quoted = re.findall(r"""["'“](.+?)["'”]|(\d+)""", words)
    secret = " ".join(_secrets(uri))
    return "." if any(piece and piece in secret for pieces in quoted for piece in pieces) else f": {words}"


def _secrets(uri: str) -> Iterator[str]:
    """What may be a password in the setting, in the file that it names and in what that file takes from the environment."""
    texts = [uri]
    scheme, _colon, rest = uri.partition("://")
    if scheme == "zconfig":
        with contextlib.suppress(OSError, UnicodeDecodeError):
            texts.append(Path(rest.partition("#")[0]).read_text())
        texts += [os.environ.get(name, "") for name in re.findall(r"\$\((\w+)\)", texts[-1])]
    for text in texts:
        yield from re.findall(r"://[^:/]*:(.+)@", text)
        # Up to the next word that a connection string knows; a password with a space in it may have been left without quotes.
        yield from re.findall(rf"(?i)password\s*=\s*(.+?)(?=&|\s+(?:{_CONNECTING})\s*=|$)", text, re.MULTILINE)


def sentence(error: OSError) -> str:
    """What an error of the operating system means for the one who runs the site."""
    where = f" (“{error.filename}”)" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"The disk is full: nothing more can be written{where}. Make room and try again; nothing that was saved is lost."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"Permission denied: the database cannot be written{where}."
    if error.errno in (errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ETIMEDOUT):
        return "The database server does not answer: is it running, and is its address right?"
    return f"The database cannot be used: {error.strerror or error}{where}."


def database(registry: Any) -> Any:
    """The open ZODB database of an application."""
    return registry._zodb_databases[""]


def found_site(registry: Any) -> None:
    """Make the site with its services and its framework, unless it is there; in one transaction."""
    for _attempt in range(3):
        connection = database(registry).open()
        try:
            root = connection.root()
            if "app_root" in root:
                return
            transaction.begin()
            from pyramid.threadlocal import manager

            manager.push({"registry": registry, "request": None})
            try:
                site = registry.content.create("Root")
                root["app_root"] = site
                # Made here so that Substance D need not commit it in the middle.
                root[FINISHED_KEY] = family64.OO.BTree()
                transaction.savepoint()
                registry.notify(RootAdded(site))
                found_framework(site, datetime.now(UTC))
                # What an older database would have to be taught, this one knows.
                mark_unfinished_as_finished(site, registry, transaction)
                transaction.get().note("the site is founded")
                transaction.commit()
            finally:
                manager.pop()
            return
        except ConflictError:
            # Another process was faster; the site is there now.
            continue
        finally:
            transaction.abort()
            connection.close()


@contextlib.contextmanager
def site_of(registry: Any) -> Iterator[Any]:
    """The site in a transaction of its own, committed at the end, aborted when something is raised."""
    from pyramid.threadlocal import manager

    connection = database(registry).open()
    manager.push({"registry": registry, "request": None})
    try:
        transaction.begin()
        yield connection.root()["app_root"]
        transaction.commit()
    except BaseException:
        transaction.abort()
        raise
    finally:
        manager.pop()
        connection.close()
