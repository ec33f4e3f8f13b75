"""What tests of guards share: audits that stand in for real ones, and a refusal after which nothing has changed."""

import pytest

from coopcms.content.company import Company
from coopcms.workflows import engine
from tests.conftest import NOW
from tests.standins import Audit


@pytest.fixture
def audited(monkeypatch, site):
    """A function that gives a company audits; without any named, a validated one of each level for everything."""

    def give(company, *audits):
        if not audits:
            versions = (*company.versions(), *site["framework"].versions())
            audits = (Audit(1, versions), Audit(2, versions))
        given = {company.__name__: list(audits)}
        monkeypatch.setattr(Company, "audits", lambda self: iter(given.get(self.__name__, ())))
        return list(audits)

    return give


def picture(obj):
    """All that a transition might change, as plain values."""
    return (
        obj.state,
        [dict(entry) for entry in obj.history.values()],
        {name: value for name, value in vars(obj).items() if isinstance(value, (str, int, tuple, type(None)))},
    )


@pytest.fixture
def refused():
    """A function that fires, expects a refusal of that kind, and looks whether anything changed."""

    def fire(kind, obj, id, actor, **given):
        before = picture(obj)
        with pytest.raises(engine.Refused) as caught:
            engine.fire(obj, id, actor, given.pop("now", NOW), **given)
        assert type(caught.value) is kind
        assert str(caught.value.sentence).strip()
        assert picture(obj) == before
        return caught.value

    return fire


@pytest.fixture
def missing(refused):
    """A function that fires, expects a guard to refuse, and gives what is missing."""

    def fire(obj, id, actor, **given):
        shown = [step for step in engine.available(obj, actor, given.get("now", NOW)) if step.transition.id == id]
        found = refused(engine.GuardRefused, obj, id, actor, **given).missing
        assert [step.missing for step in shown] == [found], "the page shows before what the refusal says after"
        assert all(str(m.sentence).strip() for m in found)
        return found

    return fire
