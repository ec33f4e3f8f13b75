"""Sites, audits of both levels, non-conformities and outside certificates of the demo."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any
from zlib import crc32

from .. import settings
from ..domain import audits, companies, files, nonconformities, outside, worksites
from ..security.principals import Actor
from ..workflows import engine
from . import pictures
from .agenda import Agenda
from .cast import Cast
from .dossiers import day_of
from .framework import data


def schedule(agenda: Agenda, cast: Cast, given: dict[str, Any]) -> None:
    """Note everything that a file of ``data/verification`` tells of one company."""
    slug = given["company"]
    for number, row in enumerate(given.get("sites", [])):
        agenda.add(agenda.at(given["sites_days_ago"], 5 * number), partial(_site, agenda, cast, slug, row))
    for row in given.get("audits", []):
        _Audit(agenda, cast, slug, row).schedule()
    for row in given.get("outside_certificates", []):
        agenda.add(agenda.at(row["days_ago"]), partial(_declare, agenda, cast, slug, row))
        if "renewal" in row:
            agenda.add(agenda.at(row["renewal"]["days_ago"]), partial(_renew, agenda, cast, slug, row))
        if "confirmed" in row:
            agenda.add(agenda.at(row["confirmed"]["days_ago"]), partial(_confirm, agenda, cast, slug, row))
    for row in given.get("interests", []):
        agenda.add(agenda.at(row["days_ago"]), partial(_interest, cast, slug, row))


def _site(agenda: Agenda, cast: Cast, slug: str, row: dict[str, Any], when: datetime) -> None:
    staff = cast.staff[slug]
    values = {name: row[name] for name in worksites.FIELDS if name in row}
    site = worksites.create(cast.site["companies"][slug], values, staff, when, name=row["name"])
    if "photo" in row:
        stream = pictures.draw(row["photo"])
        files.set_photo(site, stream, "photo.jpg", staff, when, most_bytes=settings.current().upload_bytes)


def _declare(agenda: Agenda, cast: Cast, slug: str, row: dict[str, Any], when: datetime) -> None:
    values = {**row, "valid_until": day_of(agenda, row["ends_days_ago"])}
    key = outside.declare(cast.site["companies"][slug], values, cast.staff[slug], when)
    agenda.made[f"{slug}/{row['name']}"] = key


def _renew(agenda: Agenda, cast: Cast, slug: str, row: dict[str, Any], when: datetime) -> None:
    renewal, key = row["renewal"], agenda.made[f"{slug}/{row['name']}"]
    until = day_of(agenda, renewal["ends_days_ago"])
    outside.submit_renewal(cast.site["companies"][slug], key, until, renewal["text"], cast.staff[slug], when)


def _confirm(agenda: Agenda, cast: Cast, slug: str, row: dict[str, Any], when: datetime) -> None:
    key = agenda.made[f"{slug}/{row['name']}"]
    outside.confirm_renewal(cast.site["companies"][slug], key, cast.actor(row["confirmed"]["by"]), when)


def _interest(cast: Cast, slug: str, row: dict[str, Any], when: datetime) -> None:
    companies.declare_interest(cast.site["companies"][slug], row["text"], cast.actor(row["by"]), when)


@cache
def _conforming() -> dict[str, Any]:
    return data("conforming.toml")


class _Audit:
    """One audit of the data; each method is a step of it."""

    def __init__(self, agenda: Agenda, cast: Cast, slug: str, given: dict[str, Any]) -> None:
        self.agenda, self.cast, self.slug, self.given = agenda, cast, slug, given
        self.path = f"companies/{slug}/audits/{given['id']}"

    @property
    def audit(self) -> Any:
        return self.agenda.made[self.path]

    @property
    def company(self) -> Any:
        return self.cast.site["companies"][self.slug]

    def _note(self, days_ago: float, minutes: float, do: Any, *args: Any) -> None:
        self.agenda.add(self.agenda.at(days_ago, minutes), partial(do, *args))

    def schedule(self) -> None:
        """Note what the data says of this audit."""
        given = self.given
        self._note(given["planned"], 30, self._plan)
        if "started" in given:
            self._note(given["started"], 0, self._start)
        if "signed" in given:
            for number, login in enumerate(given.get("signed_by", given["team"])):
                if login not in given.get("unsigned", {}):
                    self._note(given["signed"], 60 + 25 * number, self._sign, login)
        if "reported" in given:
            self._note(given["reported"], 150, self._report)
        for row in given.get("replies", []):
            self._note(row["days_ago"], 20, self._reply, row["text"])
        for transition in ("contest", "resume", "validate", "cancel"):
            if transition in given:
                self._note(given[transition]["days_ago"], 90, self._fire, transition, given[transition])
        for row in given.get("actions", []):
            self._schedule_action(row)

    def _plan(self, when: datetime) -> None:
        given, company = self.given, self.company
        self.agenda.made[self.path] = audits.plan(
            company,
            given["level"],
            self.cast.actor(given.get("planned_by", "coordinator")),
            when,
            title=given.get("title", ""),
            planned_on=day_of(self.agenda, given.get("planned_for", given.get("started", 0))),
            body=self.cast.site["bodies"][given["body"]] if given["level"] == 1 else None,
            team=[self.cast.account(login) for login in given["team"]],
            sites=[company["sites"][name] for name in given.get("sites", [])],
            purpose=given.get("purpose", ""),
        )

    def _start(self, when: datetime) -> None:
        engine.fire(self.audit, "start", self.cast.actor(self.given["team"][0]), when)
        self._file(when)

    def _file(self, when: datetime) -> None:
        """What was found, each of the team in turn, in the order of the checklist."""
        named = self.given.get("findings", {})
        codes = [finding.criterion.code for finding in self.audit.findings()]
        unknown = (set(named) | set(self.given.get("evidence", {}))) - set(codes)
        assert not unknown, f"{self.path} has no criteria {sorted(unknown)}"
        for number, finding in enumerate(self.audit.findings()):
            code = finding.criterion.code
            if number >= self.given.get("filled", len(codes)):
                break
            result, text = named.get(code) or ("conforming", self._default(finding.criterion))
            actor = self._of_the_team(number)
            moment = when + timedelta(minutes=20 + 6 * number)
            if result == "refused":
                audits.file(finding, "major", text, actor, moment, access_refused=True)
            else:
                audits.file(finding, result, text, actor, moment)
            for row in self.given.get("evidence", {}).get(code, []):
                _keep(audits.add_evidence, finding, row, actor, moment + timedelta(minutes=2))
        if "verdict" in self.given:
            written = when + timedelta(minutes=30 + 6 * len(codes))
            audits.write_verdict(self.audit, self.given["verdict"], self._of_the_team(-1), written)

    def _default(self, criterion: Any) -> str:
        """One of the short texts for a criterion that is kept, the same for the same audit."""
        given = _conforming()
        texts = given["by_code"].get(criterion.code) or given["by_method"][criterion.check_method]
        return str(texts[crc32(f"{self.path}{criterion.code}".encode()) % len(texts)])

    def _of_the_team(self, number: int) -> Actor:
        team = self.given.get("filled_by", self.given["team"])
        return self.cast.actor(team[number % len(team)])

    def _sign(self, login: str, when: datetime) -> None:
        reservation = self.given.get("reservations", {}).get(login, "")
        audits.sign(self.audit, self.cast.actor(login), when, reservation=reservation)

    def _report(self, when: datetime) -> None:
        """Level 1: by the auditor.  A visit is reported by its last signature, or by what is recorded in its place."""
        if self.given["level"] == 1:
            engine.fire(self.audit, "report", self._of_the_team(0), when)
        for login, reason in self.given.get("unsigned", {}).items():
            userid = self.cast.account(login).__oid__
            audits.record_unsigned(self.audit, userid, reason, self.cast.actor("coordinator"), when)

    def _reply(self, text: str, when: datetime) -> None:
        audits.reply(self.audit, text, self.cast.staff[self.slug], when)

    def _fire(self, transition: str, given: dict[str, Any], when: datetime) -> None:
        by = "staff" if transition == "contest" else given["by"]
        actor = self.cast.actor(by, self.slug)
        engine.fire(self.audit, transition, actor, when, comment=given.get("comment", ""))

    # Non-conformities

    def _schedule_action(self, row: dict[str, Any]) -> None:
        for number, days_ago in enumerate(_each(row.get("proposed", []))):
            self._note(days_ago, 40, self._propose, row, number)
        if "returned" in row:
            self._note(row["returned"]["days_ago"], 60, self._decide, row, "return_action", row["returned"])
        for step, transition in (
            ("accepted", "accept_action"),
            ("refused", "refuse_proof"),
            ("verified", "verify_effect"),
            ("closed", "close"),
        ):
            if step in row:
                self._note(row[step]["days_ago"], 70, self._decide, row, transition, row[step])
        for number, days_ago in enumerate(_each(row.get("proved", []))):
            self._note(days_ago, 50, self._prove, row, number)

    def _nonconformity(self, row: dict[str, Any]) -> Any:
        return next(n for n in self.audit.nonconformities() if n.finding.criterion.code == row["code"])

    def _propose(self, row: dict[str, Any], number: int, when: datetime) -> None:
        action = list(_each(row["action"]))[number]
        deadline = day_of(self.agenda, row["deadline_days_ago"])
        one = self._nonconformity(row)
        nonconformities.propose(one, row["cause"], action, deadline, self.cast.staff[self.slug], when)

    def _decide(self, row: dict[str, Any], transition: str, given: dict[str, Any], when: datetime) -> None:
        engine.fire(
            self._nonconformity(row), transition, self.cast.actor(given["by"]), when, comment=given.get("comment", "")
        )

    def _prove(self, row: dict[str, Any], number: int, when: datetime) -> None:
        one, staff = self._nonconformity(row), self.cast.staff[self.slug]
        for document in row.get("documents", []) if number == 0 else []:
            _keep(nonconformities.add_document, one, document, staff, when - timedelta(minutes=5))
        nonconformities.prove(one, list(_each(row["proof"]))[number], staff, when)


def _each(value: Any) -> Iterator[Any]:
    """The values of a list, or the one value."""
    yield from value if isinstance(value, list) else [value]


def _keep(add: Any, holder: Any, row: dict[str, Any], actor: Actor, when: datetime) -> None:
    """Keep a drawing, or a text document, with what it belongs to."""
    stream = pictures.draw(row["drawing"]) if "drawing" in row else pictures.document(row["text"])
    filename = row.get("filename", "photo.jpg")
    visibility = row.get("visibility", "public")
    add(holder, stream, filename, row["title"], visibility, actor, when, most_bytes=settings.current().upload_bytes)
