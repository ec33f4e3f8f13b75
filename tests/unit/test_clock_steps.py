"""The clock inside the site: a step that fails holds back no other."""

import pytest
import transaction

from coopcms.domain import clock
from coopcms.scripts import heartbeat

from ..conftest import NOW


def test_each_step_is_kept_whatever_becomes_of_the_others(registry, world, monkeypatch, caplog):
    def fails(site, now):
        site.title = "à moitié"
        raise RuntimeError("broken")

    def works(site, now):
        site.description = "fait"
        return 1

    transaction.commit()
    monkeypatch.setattr(heartbeat, "STEPS", {"one": fails, "two": works})
    with pytest.raises(heartbeat.Missed) as missed:
        heartbeat.beat(registry, NOW)
    assert missed.value.names == ["one"]
    assert missed.value.done["two"] == 1
    assert "a step of the clock failed: one" in caplog.text
    transaction.begin()
    assert (world.site.title, world.site.description) == ("La Suite", "fait")


def test_every_step_of_the_clock_is_one_of_the_beat(registry, world):
    transaction.commit()
    assert list(heartbeat.beat(registry, NOW)) == [
        *clock.STEPS,
        "deferred index entries",
        "files held for a form",
        "mails sent",
    ]
