"""``coopcms serve --demo`` cut off in the middle of its first start, as by a power cut, and started again."""

import random
import shutil
import time
from importlib.resources import files

import pytest

from coopcms.domain.consistency import check

from ..conftest import FULL
from .serving import Caller, Place

_CHANCE = random.Random(20_260_312)
PARTS = 6 if FULL else 2
#: When the first start is cut off: a moment in each part of what a first start takes on this machine.  Two are enough to see that it
#: is done again, COOPCMS_FULL=1 looks whether any step leaves something behind.
MOMENTS = [round(_CHANCE.uniform(part, part + 1) / PARTS, 2) for part in range(PARTS)]
LOGINS = ("membre", "certificatrice", "certificateur", "entreprise", "partenaire", "auditeur", "visiteuse", "visiteur",
          "equipe", "admin")  # fmt: skip


def slugs():
    """The companies of the demo by their names in addresses."""
    folder = files("coopcms.seed") / "data" / "companies"
    return sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml"))


def is_whole(place):
    """The demo content is complete, and nothing disagrees."""
    with place.opened() as site:
        assert not any(check(site).values()), check(site)
        assert site.is_demo
        assert sorted(site["companies"]) == slugs()
        assert set(LOGINS) <= set(site["principals"]["users"])
        assert all(len(company.history) for company in site["companies"].values())


@pytest.fixture(scope="module")
def seconds(tmp_path_factory):
    """What a first start takes here and now, with nothing compiled yet."""
    begun = time.monotonic()
    with Place(tmp_path_factory.mktemp("measured") / "site").start("--demo"):
        return time.monotonic() - begun


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_first_start_that_is_cut_off_is_done_again_in_full(tmp_path, moment, seconds):
    place = Place(tmp_path / "cut")
    first = place.start("--demo", wait=False)
    time.sleep(moment * seconds)
    first.kill()
    secret = (place.var / "secret").read_text() if (place.var / "secret").exists() else None
    with place.start("--demo") as second:
        for login in ("equipe", "partenaire"):
            Caller(second.url).log_in(login, "demo")
        assert second.get(f"/companies/{slugs()[0]}").status in (200, 403)
    assert "Traceback" not in second.log.read_text()
    is_whole(place)
    assert secret is None or secret == (place.var / "secret").read_text()


def test_a_site_that_is_killed_at_work_keeps_what_it_answered_that_it_saved(place):
    section = "/companies/complete/edit/truth"
    server = place.start()
    staff = Caller(server.url).log_in("entreprise")
    for number in range(5):
        assert staff.send(section, statement=f"Enregistrement {number}.")[0] == 200
    server.kill()
    with place.start() as again:
        status, page = Caller(again.url).log_in("entreprise").get(section)
        assert status == 200
        assert "Enregistrement 4." in page
    assert place.run("check").returncode == 0


def test_a_second_start_keeps_content_and_secret_and_shows_the_accounts(empty):
    place = empty
    with place.start("--demo") as first:
        staff = Caller(first.url).log_in("entreprise", "demo")
        made = first.log.read_text()
    secret = place.var / "secret"
    words = secret.read_text()
    assert len(words) > 40
    assert secret.stat().st_mode & 0o777 == 0o600
    with place.start("--demo") as second:
        # The session of before goes on: the key that signed it is the same.
        assert staff.get("/account")[0] == 200
        log = second.log.read_text().removeprefix(made)
    assert "Demo content was made." in made
    assert "Demo content was made." not in log
    for printed in (made, log):
        assert place.url in printed
        assert all(login in printed for login in LOGINS)
    assert secret.read_text() == words
    assert secret.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in place.var.glob("secret*")] == ["secret"]
    is_whole(place)


def test_demo_content_is_the_same_for_the_same_day(tmp_path, warm):
    told = []
    for name in ("one", "other"):
        shutil.copytree(warm, tmp_path / name / "var")
        place = Place(tmp_path / name)
        answer = place.run("demo", "--at", "2026-01-15")
        assert (answer.returncode, answer.stderr) == (0, "")
        with place.opened() as site:
            told.append(
                {
                    (slug, key): (entry["transition"], entry["when"], entry["comment"])
                    for slug, company in site["companies"].items()
                    for key, entry in company.history.items()
                }
            )
    assert told[0] == told[1]
    assert max(when for _transition, when, _comment in told[0].values()).date().isoformat() <= "2026-01-15"
