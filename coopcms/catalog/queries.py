"""The only place where queries are written."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from substanced.objectmap import find_objectmap
from substanced.util import find_catalog

from ..content.french import alike, fold, sort_key, stem, tokens
from ..security.permissions import P
from ..security.principals import Actor, roles_here
from ..security.roles import R, group_of
from ..text import folded
from ..workflows import WORKFLOWS

COMPANY_STATES = tuple(state.id for state in WORKFLOWS["company"].states)
#: Characters of a text that somebody looks for: a paragraph, say.
LONGEST_TEXT = 2000


@dataclass(frozen=True)
class Found:
    """A page of what a query found: the objects, how many there are in all, and the counts by facet value."""

    items: list[Any]
    total: int
    facets: dict[str, dict[str, int]] = field(default_factory=dict)


def companies(
    site: Any,
    actor: Actor,
    *,
    states: Iterable[str] = (),
    sector: str = "",
    region: str = "",
    text: str = "",
    order: str = "sortable",
    newest_first: bool = False,
    after: tuple[Any, int] | None = None,
    start: int = 0,
    limit: int | None = None,
) -> Found:
    """Companies that somebody may see, filtered; facets count what each other choice would give.

    ``text`` finds all of its words, in any form, in the title at once and in the dossier as soon as it is indexed; small words
    count only where there are no others, and then in titles.
    ``order`` is ``sortable`` (title) or ``since`` (longest in its state first); ``newest_first`` turns it around.  A page
    begins at ``start``, or ``after`` a place: value and object id of the last item of the page before, which need not
    exist any more.
    """
    catalog = _catalog(site)
    visible = _granted(site, catalog, actor, P.VIEW)
    # What a closed dossier keeps to itself is not told by a filter either.
    readable = _granted(site, catalog, actor, P.READ)
    text = looked_for(text)
    if text:
        visible = catalog.family.IF.intersection(visible, _matching(catalog, text, readable))
    if sector or region:
        visible = catalog.family.IF.intersection(visible, readable)
    chosen = {"state": tuple(states), "sector": (sector,) if sector else (), "region": (region,) if region else ()}
    sets = {name: _any_of(catalog, name, values) for name, values in chosen.items() if values}
    found = _within(catalog, visible, sets.values())
    facets = {
        name: _counts(
            catalog,
            name,
            _within(
                catalog,
                visible if name == "state" else catalog.family.IF.intersection(visible, readable),
                (s for other, s in sets.items() if other != name),
            ),
        )
        for name in chosen
    }
    if newest_first and after is not None:
        raise ValueError("a place to go on from is counted from the oldest")
    docids = list(catalog[order].sort(found, reverse=newest_first)) if found else []
    total = len(docids)
    if after is not None:
        # What hypatia sorts by; documents of one value come in the order of their ids.
        values = catalog[order]._rev_index
        start = bisect_right(docids, after, key=lambda docid: (values[docid], docid))
    docids = docids[start : None if limit is None else start + limit]
    objectmap = find_objectmap(site)
    items = [obj for obj in (objectmap.object_for(docid) for docid in docids) if obj is not None]
    return Found(items, total, facets)


def looked_for(text: str) -> str:
    """A text somebody looks for as far as it counts: cut at a word where it is very long, "" where there is nothing to be seen.

    >>> looked_for(" \N{ZERO WIDTH SPACE} ")
    ''
    """
    text = text.strip()
    if len(text) > LONGEST_TEXT:
        text = text[: LONGEST_TEXT + 1].rsplit(maxsplit=1)[0][:LONGEST_TEXT]
    return text if fold(text).strip() else ""


def audits(site: Any, *, states: Iterable[str], team: int | None = None, bodies: Iterable[int] = ()) -> list[Any]:
    """Audits in some states, longest in their state first; of a team member, of bodies.  Who may see them the caller asks."""
    catalog = _catalog(site)
    found = catalog.family.IF.intersection(catalog["type"].applyEq("audit"), _any_of(catalog, "state", states))
    if team is not None:
        found = catalog.family.IF.intersection(found, catalog["team"].applyAny([team]))
    wanted = list(bodies)
    if wanted:
        found = catalog.family.IF.intersection(found, catalog["body"].applyAny(wanted))
    objectmap = find_objectmap(site)
    docids = list(catalog["since"].sort(found)) if found else []
    return [obj for obj in map(objectmap.object_for, docids) if obj is not None]


def all_companies(site: Any) -> Iterator[Any]:
    """Every company, for the clock and for checks."""
    return iter(site["companies"].values())


def account_by_email(site: Any, email: str) -> Any:
    """The account with that address, or None."""
    catalog = _catalog(site)
    wanted = folded(email)
    if not wanted:
        return None
    docids = catalog["email"].applyEq(wanted)
    return find_objectmap(site).object_for(next(iter(docids))) if docids else None


def staff_companies(site: Any, actor: Actor) -> list[Any]:
    """The companies somebody is staff of, by title."""
    if actor.userid is None:
        return []
    catalog = _catalog(site)
    docids = catalog["staff"].applyAny([actor.userid])
    objectmap = find_objectmap(site)
    found = [objectmap.object_for(docid) for docid in docids]
    return sorted(
        (c for c in found if c is not None and actor.userid in c.staff), key=lambda company: sort_key(company.title)
    )


def coordinators(site: Any) -> list[Any]:
    """The accounts of the cooperative's team."""
    return list(site["principals"]["groups"][group_of("coordinator")].members)


def certifiers(site: Any) -> list[Any]:
    """The accounts of the consumer certifiers."""
    return list(site["principals"]["groups"][group_of("certifier")].members)


def _catalog(site: Any) -> Any:
    """The catalog, with what this transaction changed already in it (texts excepted)."""
    catalog = find_catalog(site, "coopcms")
    catalog.flush(all=False)
    return catalog


def _granted(site: Any, catalog: Any, actor: Actor, permission: P) -> Any:
    """Companies whose state grants somebody a permission, by the roles held everywhere or by the local one they have there."""
    workflow = WORKFLOWS["company"]
    roles = roles_here(actor, site)
    everywhere = workflow.states_granting(permission, roles)
    found = _any_of(catalog, "state", everywhere)
    if actor.userid is not None:
        locally = workflow.states_granting(permission, roles | {R.STAFF, R.COORDINATOR})
        mine = catalog["staff"].applyAny([actor.userid])
        found = catalog.family.IF.union(found, catalog.family.IF.intersection(mine, _any_of(catalog, "state", locally)))
    return catalog.family.IF.intersection(found, catalog["type"].applyEq("company"))


def _any_of(catalog: Any, index: str, values: Iterable[str]) -> Any:
    return catalog[index].applyAny(list(values)) if values else catalog.family.IF.Set()


def _within(catalog: Any, found: Any, sets: Iterable[Any]) -> Any:
    for each in sets:
        found = catalog.family.IF.intersection(found, each)
    return found


def _counts(catalog: Any, index: str, found: Any) -> dict[str, int]:
    """How many of the found objects have each value of a field index."""
    counts = {}
    for value in catalog[index].unique_values():
        count = len(catalog.family.IF.intersection(found, catalog[index].applyEq(value)))
        if count:
            counts[value] = count
    return counts


def _matching(catalog: Any, text: str, readable: Any) -> Any:
    """The objects whose title, or text where it may be read, has all the words; a text without any word finds nothing."""
    asked = tokens(text) or tokens(text, small_words=True)
    found = None
    for token in dict.fromkeys(asked):
        either = _having(catalog, alike(token), readable)
        found = either if found is None else catalog.family.IF.intersection(found, either)
        if not found:
            break
    return catalog.family.IF.Set() if found is None else found


def _having(catalog: Any, either: tuple[str, ...], readable: Any) -> Any:
    """The objects whose title, or text where it may be read, has one of some folded words."""
    families = catalog.family.IF
    found = catalog["name_words"].applyAny([stem(word) for word in either])
    for word in either:
        # Word by word, not parsed: AND, OR and NOT are words like any other here.
        having = catalog["text"].index.search(word)
        if having:
            found = families.union(found, families.intersection(readable, families.Set(having.keys())))
    return found
