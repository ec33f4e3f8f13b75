"""Two visitors who file findings on different criteria of one audit at the same moment never meet."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from webtest.forms import Radio

from coopcms.domain import specifications
from coopcms.domain.consistency import check
from coopcms.workflows import engine

from .. import world as worlds
from ..conftest import PATIENCE
from .serving import Caller, build_world

VISITORS = ("visiteuse", "visiteur")
EACH = 8  #: criteria
AUDIT = "/companies/ferme/audits/visite"


def begun(site, now):
    """A visit in progress, with criteria for both."""
    world = build_world(site, now)
    company, staff = worlds.company(world, "ferme", now), world.actors["entreprise"]
    version = next(iter(company.versions()))
    engine.fire(version, "back_to_draft", staff, now + timedelta(minutes=1), comment="D’autres critères.")
    for number in range(2, 2 * EACH + 1):
        specifications.add_criterion(version, {**worlds.CRITERION, "code": f"A{number}"}, staff, now)
    engine.fire(version, "freeze", staff, now)
    engine.fire(company, "apply", staff, now)
    worlds.audit(world, company, 2, "in_progress", now, versions=[version], name="visite")


def file_all(caller, url, pages, together):
    """File a finding on each of these pages, at the same moment as the other: the statuses that came."""
    statuses = []
    for number, page in enumerate(pages):
        form = caller.form(page)
        form[radios(form)] = "minor"
        form["text"] = f"Constat {number}, par {caller.login}."
        together.wait(PATIENCE)
        # No photo was chosen: its field is not among what is sent.
        fields = [(name, value) for name, value in form.submit_fields("save") if isinstance(value, str)]
        statuses.append(caller.post(url + page + "/file", fields))
    return statuses


def radios(form):
    """The name of the field in which one says what was found."""
    return next(name for name, fields in form.fields.items() if isinstance(fields[0], Radio))


def test_two_visitors_at_two_processes_never_meet(on_postgresql):
    on_postgresql.prepare(begun)
    with on_postgresql.opened() as site:
        names = [finding.__name__ for finding in site["companies"]["ferme"]["audits"]["visite"].findings()]
    pages = [f"{AUDIT}/{name}" for name in names]
    assert len(pages) == 2 * EACH
    together = Barrier(len(VISITORS))
    with on_postgresql.several(len(VISITORS)) as servers, ThreadPoolExecutor(len(VISITORS)) as pool:
        filing = []
        for place, (login, server) in enumerate(zip(VISITORS, servers, strict=True)):
            caller = Caller(server.url).log_in(login)
            filing.append((caller, server.url, pages[place::2], together))
        statuses = [turn.result() for turn in [pool.submit(file_all, *turn) for turn in filing]]
    assert statuses == [[303] * EACH] * 2
    for server in servers:
        log = server.log.read_text()
        assert "is tried again" not in log
        assert "Traceback" not in log
    with on_postgresql.opened() as site:
        audit = site["companies"]["ferme"]["audits"]["visite"]
        by = [site["principals"]["users"][login].__oid__ for login in VISITORS]
        for place, finding in enumerate(audit.findings()):
            number = place // 2
            assert finding.found_by == by[place % 2]
            assert (finding.result, finding.text) == ("minor", f"Constat {number}, par {VISITORS[place % 2]}.")
        assert not any(check(site).values())
