"""Undoing what was done in /manage, where that takes nothing out of a history, a register, a journal or a dossier.

Undoing removes a transaction as if it had never been.  So it is offered only for those that were made in /manage, carry the
mark of a page that offers it, and wrote nothing but accounts, groups, the settings of the site and what finds them again:
every record of the transaction is looked at, and what is not on the list keeps the transaction from being undone.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from pyramid.request import Request
from substanced.sdi import mgmt_view
from ZODB._compat import PersistentUnpickler
from ZODB.POSException import POSError
from ZODB.utils import get_pickle_metadata

from ...domain import journal
from ...i18n import _
from ...web import readable
from ...web.addresses import redirect
from .. import people

#: The name under which a transaction carries the number of its undo button.
MARK = "undohash"
#: The name under which a transaction that undoes others carries theirs.
UNDONE = "undone"
#: How many transactions back one can go, and how many of them are shown.
REACH, SHOWN = 200, 30

_ACCOUNT = ("coopcms.content.account", "Account")
_WRITTEN = {
    _ACCOUNT,
    ("coopcms.content.site", "Site"),
    ("substanced.principal", "Group"),
    ("substanced.principal", "Groups"),
    ("substanced.principal", "Users"),
    ("substanced.locking", "Lock"),
    ("substanced.locking", "LockService"),
}
#: What finds those again: the object map and the catalogs.
_FINDING = ("substanced.objectmap", "substanced.catalog", "hypatia")
#: What their trees hold.  Lines of histories, registers and the journal are mappings or hold times, and are none of these.
_PLAIN = (int, float, str, type(None))
_REFERENCE = "a reference to another record"


def is_possible(request: Request) -> bool:
    """Whether the storage can undo, and lets transactions be looked into."""
    database = request.sdiapi.get_connection(request).db()
    return bool(database.supportsUndo()) and hasattr(database.storage, "iterator")


def is_harmless(storage: Any, tid: bytes) -> bool:
    """Whether a transaction wrote only what may be undone."""
    for transaction in storage.iterator(tid, tid):
        if transaction.tid == tid:
            # At once: behind its last transaction the iterator closes the file.
            records = [_may_go(storage, tid, record) for record in transaction]
            return all(records)
    return False


def _may_go(storage: Any, tid: bytes, record: Any) -> bool:
    if record.data is None:
        return False
    module, name = get_pickle_metadata(record.data)
    if (module, name) == _ACCOUNT:
        # Undoing what made an account would delete it.
        return _existed(storage, record.oid, tid)
    if (module, name) in _WRITTEN or module.startswith(_FINDING):
        return True
    return module.startswith("BTrees.") and _is_plain(_state(record.data))


def _existed(storage: Any, oid: bytes, tid: bytes) -> bool:
    try:
        return storage.loadBefore(oid, tid) is not None
    except POSError:
        return False


def _state(data: bytes) -> Any:
    unpickler = PersistentUnpickler(None, lambda reference: _REFERENCE, BytesIO(data))
    unpickler.load()  # the class
    return unpickler.load()


def _is_plain(state: Any) -> bool:
    return all(map(_is_plain, state)) if isinstance(state, tuple) else isinstance(state, _PLAIN)


def _undoable(request: Request) -> Iterator[dict[str, Any]]:
    """The transactions that may be undone, newest first, as the storage tells of them, with their ``tid``."""
    if not is_possible(request):
        return
    database = request.sdiapi.get_connection(request).db()
    undone: set[str] = set()
    for entry in database.undoLog(0, -REACH):
        description, tid = _text(entry["description"]), _tid(entry["id"])
        undone.update(entry.get(UNDONE, "").split())
        if tid is not None and tid.hex() in undone:
            continue
        if description.startswith("/manage") and entry.get(MARK) and tid and is_harmless(database.storage, tid):
            yield {**entry, "tid": tid, "description": description}


def _text(given: Any) -> str:
    return given.decode("utf-8", "replace") if isinstance(given, bytes) else str(given or "")


def _tid(id: Any) -> bytes | None:
    try:
        tid = base64.b64decode(id)
    except (binascii.Error, ValueError, TypeError):
        return None
    return tid if len(tid) == 8 else None


def _author(entry: dict[str, Any]) -> int | None:
    words = _text(entry["user_name"]).split()
    return int(words[-1]) if words and re.fullmatch("-?[0-9]+", words[-1]) else None


@mgmt_view(name="undo", physical_path="/", permission="sdi.undo", renderer="templates/undo.pt", tab_condition=False)
def undo(context: Any, request: Request) -> dict[str, Any]:
    """What can be undone."""
    entries = []
    for entry in _undoable(request):
        path, *rest = entry["description"].split(None, 1)
        entries.append(
            {
                "id": entry["tid"].hex(),
                "when": datetime.fromtimestamp(entry["time"], UTC),
                "who": people.name_of(request, _author(entry)),
                "path": path,
                "what": "".join(rest),
            }
        )
        if len(entries) == SHOWN:
            break
    return {"possible": is_possible(request), "entries": entries}


@mgmt_view(name="undo_multiple", check_csrf=True, physical_path="/", permission="sdi.undo", tab_condition=False)
def undo_multiple(context: Any, request: Request) -> Any:
    """Undo the transactions that were chosen in the list."""
    chosen = set(readable.words(request.POST, "transaction"))
    _undo(request, [entry for entry in _undoable(request) if entry["tid"].hex() in chosen], len(chosen))
    return redirect(request, request.sdiapi.mgmt_path(context, "@@undo"))


@mgmt_view(name="undo_recent", check_csrf=True, permission="sdi.undo", tab_condition=False)
def undo_recent(context: Any, request: Request) -> Any:
    """Undo what the message beside the button speaks of; only whoever did it can."""
    number, me = readable.word(request.POST, MARK), request.account.__oid__
    found = (entry for entry in _undoable(request) if entry[MARK] == number and _author(entry) == me)
    _undo(request, [entry for entry in (next(found, None),) if entry is not None], 1)
    return redirect(request, request.sdiapi.mgmt_path(context))


def _undo(request: Request, entries: list[dict[str, Any]], asked: int) -> None:
    refused = _("Cela ne peut pas être annulé : autre chose a été écrit depuis, ou l’historique du site en perdrait.")
    if not entries or len(entries) != asked:
        request.sdiapi.flash(refused, "danger")
        return
    what = " · ".join(entry["description"] for entry in entries)
    manager = request.tm
    # In a transaction with nothing else in it: the storage would wait for itself, and the whole site with it.
    manager.abort()
    alone = manager.begin()
    alone.user = str(request.account.__oid__)
    alone.note(f"{request.path_info} undo: {what}")
    alone.setExtendedInfo(UNDONE, " ".join(entry["tid"].hex() for entry in entries))
    try:
        request.sdiapi.get_connection(request).db().undoMultiple([entry["id"] for entry in entries], alone)
        # Now rather than after the answer, so that a refusal of the storage can still be told.
        manager.commit()
    except POSError:
        manager.abort()
        request.sdiapi.flash(refused, "danger")
        return
    manager.begin()
    journal.write(request.site, "undo", request.real_actor, request.now, description=what)
    request.sdiapi.flash(_("Annulé : ${what}", mapping={"what": what}), "success")
