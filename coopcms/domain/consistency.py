"""Does everything agree with everything? What ``coopcms check`` asks."""

import hashlib
from collections.abc import Iterator
from typing import Any

from substanced.objectmap import find_objectmap
from substanced.util import find_catalog, postorder

from ..content.base import Workflowed
from ..content.company import Company
from ..content.file import File
from ..workflows import WORKFLOWS
from .consistency_of_search import search
from .consistency_of_verification import below, evidence, verification
from .consistency_of_votes import registers, results


def check(site: Any) -> dict[str, list[str]]:
    """Each check by its name, with the problems it found; none means all is well."""
    return {
        "catalog": list(_catalog(site)),
        "search": list(search(site)),
        "states": list(_states(site)),
        "relations": list(_relations(site)),
        "blobs": list(_blobs(site)),
        "verification": list(verification(site)),
        "registers": list(registers(site)),
        "results": list(results(site)),
    }


def _path(obj: Any) -> str:
    names = []
    while getattr(obj, "__parent__", None) is not None:
        names.append(obj.__name__)
        obj = obj.__parent__
    return "/" + "/".join(reversed(names))


def _content(site: Any) -> Iterator[Any]:
    for name in ("framework", "companies", "bodies", "proposals", "members"):
        yield from postorder(site[name])


def _catalog(site: Any) -> Iterator[str]:
    """What the indexes say is what the objects say, and nothing is indexed that is gone."""
    catalog = find_catalog(site, "coopcms")
    objectmap = find_objectmap(site)
    for oid in catalog.objectids:
        if objectmap.object_for(oid) is None:
            yield f"an object that is gone is still indexed ({oid})"
    for obj in _content(site):
        if obj.__oid__ not in catalog.objectids:
            yield f"{_path(obj)} is not indexed"
        elif isinstance(obj, Company):
            expected = {
                "state": obj.state,
                "sector": obj.value("sector") or None,
                "region": obj.value("region") or None,
            }
            for index, value in expected.items():
                found = catalog[index].document_repr(obj.__oid__)
                if found != (None if value is None else repr(value)) and found != value:
                    yield f"{_path(obj)}: the index “{index}” says {found}, the object {value!r}"


def _states(site: Any) -> Iterator[str]:
    """Each state is one of its workflow, and the history leads to it without a gap."""
    for obj in (*_content(site), *below(site)):
        if not isinstance(obj, Workflowed):
            continue
        workflow = WORKFLOWS[obj.workflow_name]
        if obj.state not in workflow.by_id:
            yield f"{_path(obj)} is in the unknown state {obj.state!r}"
            continue
        state = ""
        for number, (key, entry) in enumerate(obj.history.items()):
            if key != number:
                yield f"{_path(obj)}: line {number} of the history is missing"
            if entry["from"] != state:
                yield f"{_path(obj)}: line {key} of the history begins at {entry['from']!r}, the one before ends at {state!r}"
            state = entry["to"]
        if state != obj.state:
            yield f"{_path(obj)}: the history ends at {state!r}, the state is {obj.state!r}"


def _relations(site: Any) -> Iterator[str]:
    """Staff, auditors and declared interests belong to accounts that exist."""
    objectmap = find_objectmap(site)
    for company in site["companies"].values():
        for what, userids in (
            ("staff", company.staff),
            ("interest", company.interests),
            ("stand-in", company.stand_ins),
        ):
            for userid in userids:
                if objectmap.object_for(userid) is None:
                    yield f"{_path(company)}: {what} {userid} is no account"
    for body in site["bodies"].values():
        for userid in body.auditors:
            if objectmap.object_for(userid) is None:
                yield f"{_path(body)}: auditor {userid} is no account"


def _blobs(site: Any) -> Iterator[str]:
    """Each document has the bytes it had when it came."""
    for obj in _content(site):
        picture = getattr(obj, "logo", None) or getattr(obj, "photo", None)
        files = [obj] if isinstance(obj, File) else [picture] if picture is not None else [*evidence(obj)]
        for file in [*files, *(file.original for file in files if file.original is not None)]:
            try:
                with file.open() as stream:
                    found = hashlib.sha256(stream.read()).hexdigest()
            except (OSError, KeyError) as error:
                yield f"{_path(obj)}: the bytes of “{file.filename}” cannot be read ({type(error).__name__})"
                continue
            if found != file.sha256:
                yield f"{_path(obj)}: the bytes of “{file.filename}” are not those that came"
