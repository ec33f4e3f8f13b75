"""The dossiers of the demo: identity, commitments, specifications with their versions, votes, and the way of each company."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from ..content.dossier import SECTIONS, schema_of
from ..content.structure import link_schema
from ..domain import companies, enforcement, specifications, structure
from ..domain.criteria import FIELDS
from ..security.principals import CLOSING, Actor
from ..workflows import engine
from ..workflows.dossier import COMMITMENTS
from .agenda import Agenda
from .cast import Cast, staff_of

#: Days from the draft to the first step.
_PREPARED = 45


def schedule(agenda: Agenda, cast: Cast, given: dict[str, Any]) -> None:
    """Note everything that a file of ``data/companies`` tells."""
    slug, events = given["slug"], given.get("events", [])
    cast.staff[slug] = staff_of(cast, given)
    born = agenda.day - timedelta(days=max((event["days_ago"] for event in events), default=20) + _PREPARED)
    agenda.add(born, partial(_create, cast, given))
    agenda.add(born + timedelta(days=5), partial(_sections, cast, given))
    for number, row in enumerate(given.get("specifications", [])):
        made = agenda.at(row["days_ago"]) if "days_ago" in row else born + timedelta(days=10 + number)
        agenda.add(made, partial(_specification, cast, slug, row))
        if row.get("frozen"):
            agenda.add(made + timedelta(days=8), partial(_step, agenda, cast, slug, row, 1, {"transition": "freeze"}))
        _schedule_version(agenda, cast, slug, row, 1, row)
        for version, revision in enumerate(row.get("revisions", []), 2):
            agenda.add(agenda.at(revision["days_ago"]), partial(_revise, cast, slug, row, revision))
            _schedule_version(agenda, cast, slug, row, version, revision)
    for vote in given.get("votes", []):
        agenda.add(agenda.at(vote["days_ago"]), partial(_vote, agenda, cast, slug, vote))
    for number, event in enumerate(events):
        # Working hours, in the order they are written, whatever falls on one day.
        agenda.add(agenda.at(event["days_ago"], 7 * number), partial(_event, agenda, cast, slug, event))


def _create(cast: Cast, given: dict[str, Any], when: datetime) -> None:
    slug = given["slug"]
    company = companies.create(cast.site, given["title"], cast.actor("coordinator"), when, name=slug)
    company.is_demo = True
    company.sources = tuple((source["figure"], source["source"]) for source in given.get("sources", []))
    userid = cast.staff[slug].userid
    assert userid is not None
    companies.add_staff(company, userid)


def _sections(cast: Cast, given: dict[str, Any], when: datetime) -> None:
    company, staff = cast.site["companies"][given["slug"]], cast.staff[given["slug"]]
    filled: dict[str, dict[str, Any]] = {"identity": {"title": given["title"], **given["identity"]}}
    filled |= {c: {"statement": text} for c, text in given.get("statements", {}).items()}
    filled |= given.get("parts", {})
    for section in SECTIONS:
        if section not in filled:
            continue
        # Through the schema: the demo holds nothing that a form would refuse.
        typed = {n: str(v) if isinstance(v, int) else v for n, v in filled[section].items() if v not in ("", [])}
        values = schema_of(section).bind(today=when.date()).deserialize(typed)
        if "link_kinds" in values:
            values["link_kinds"] = sorted(values["link_kinds"])
        against = 1 if section in COMMITMENTS else None
        companies.save_section(company, section, values, staff, when, against=against)
    for contact in given.get("contacts", []):
        companies.add_contact(company, contact, staff)


def _specification(cast: Cast, slug: str, given: dict[str, Any], when: datetime) -> None:
    staff = cast.staff[slug]
    company = cast.site["companies"][slug]
    version = specifications.create(company, given["title"], given["description"], staff, when, name=given["slug"])
    for criterion in given["criteria"]:
        specifications.add_criterion(version, {k: criterion.get(k, "") for k in FIELDS}, staff, when)


def _revise(cast: Cast, slug: str, given: dict[str, Any], revision: dict[str, Any], when: datetime) -> None:
    """Open the next version and write into it what it has otherwise."""
    staff = cast.staff[slug]
    version = specifications.revise(cast.site["companies"][slug]["specifications"][given["slug"]], staff, when)
    keys = {criterion.code: key for key, criterion in version.ordered()}
    for change in revision.get("changed", []):
        criterion = version.criteria[keys[change["code"]]]
        values = {k: change.get(k, getattr(criterion, k)) for k in FIELDS}
        specifications.change_criterion(version, keys[change["code"]], values, staff, when)
    for code in revision.get("removed", []):
        specifications.remove_criterion(version, keys[code], staff, when)
    for criterion in revision.get("added", []):
        specifications.add_criterion(version, {k: criterion.get(k, "") for k in FIELDS}, staff, when)


def _schedule_version(
    agenda: Agenda, cast: Cast, slug: str, row: dict[str, Any], version: int, given: dict[str, Any]
) -> None:
    for number, step in enumerate(given.get("steps", [])):
        when = agenda.at(step["days_ago"], 7 * number)
        agenda.add(when, partial(_step, agenda, cast, slug, row, version, step))


def _step(
    agenda: Agenda,
    cast: Cast,
    slug: str,
    row: dict[str, Any],
    number: int,
    step: dict[str, Any],
    when: datetime,
) -> None:
    """A transition of a version, or the day set from which on it is in force."""
    version = cast.site["companies"][slug]["specifications"][row["slug"]][str(number)]
    actor = cast.actor(step.get("by", "staff"), slug)
    if "in_force_days_ago" in step:
        enforcement.set_date(version, day_of(agenda, step["in_force_days_ago"]), actor, when)
    else:
        engine.fire(version, step["transition"], actor, when, comment=step.get("comment", ""))


def _vote(agenda: Agenda, cast: Cast, slug: str, given: dict[str, Any], when: datetime) -> None:
    """Take over a vote: one that was really held has its date, an invented one ended the day before it is told."""
    held = given.get("held") or when - timedelta(days=1)
    companies.record_earlier_vote(
        cast.site["companies"][slug],
        given.get("kind", "admission"),
        "adopted",
        held,
        CLOSING,
        **{name: given[name] for name in ("entitled", "voters", "yes", "no")},
        blank=given.get("blank", 0),
        source=given["source"],
        subject=given["subject"],
    )


def _event(agenda: Agenda, cast: Cast, slug: str, event: dict[str, Any], when: datetime) -> None:
    company, actor = cast.site["companies"][slug], cast.actor(event["by"], slug)
    if "link" in event:
        _link(agenda, company, event["link"], actor, when - timedelta(minutes=5))
    engine.fire(company, event["transition"], actor, when, comment=event.get("comment", ""))
    if event["transition"] == "admit":
        _adopt(company, actor, when)


def _link(agenda: Agenda, company: Any, given: dict[str, Any], actor: Actor, when: datetime) -> None:
    """Record the structural link, through the schema of its form."""
    days = {name: day_of(agenda, given[f"{name}_days_ago"]).isoformat() for name in ("seat_until", "agreed_on")}
    programme = "\n".join(f"{day_of(agenda, step['days_ago'])} {step['text']}" for step in given["programme"])
    texts = {name: given[name] for name in ("stake", "seat", "agreement")}
    schema = link_schema().bind(today=when.date())
    structure.record_link(company, schema.deserialize({**texts, **days, "programme": programme}), actor, when)


def _adopt(company: Any, actor: Actor, when: datetime) -> None:
    """The vote that admits a company adopts the versions it was verified on."""
    for version in company.candidates():
        if version.state == "frozen":
            engine.fire(version, "adopt", actor, when)


def day_of(agenda: Agenda, days_ago: int) -> date:
    """A day, so many days before that of the demo; a negative number is still to come."""
    return (agenda.day - timedelta(days=days_ago)).date()
