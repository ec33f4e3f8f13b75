"""Counting tries in a process with several threads."""

from types import SimpleNamespace

import pytest
from limits import RateLimitItemPerHour

from coopcms.views import throttle

from ...support.threads import together


@pytest.fixture
def request_():
    return SimpleNamespace(registry=SimpleNamespace())


def test_an_application_has_one_count_whoever_asks_first(request_):
    assert len({id(each) for each in together(16, lambda: throttle._counts(request_))}) == 1


def test_names_that_some_clear_while_others_count_break_nothing(request_):
    limit, counts = RateLimitItemPerHour(10**6), throttle._counts(request_)

    def work():
        for number in range(400):
            counts.hit(limit, "login", "account", str(number % 3))
            counts.test(limit, "login", "account", str(number % 3))
            counts.clear(limit, "login", "account", str(number % 2))

    assert together(8, work) == [None] * 8


def test_exactly_as_many_are_let_through_as_may_be(request_):
    limit, counts = RateLimitItemPerHour(50), throttle._counts(request_)
    let_through = together(8, lambda: sum(counts.hit(limit, "form", "one") for _time in range(40)))
    assert sum(let_through) == 50


def test_names_that_expired_are_forgotten(request_, monkeypatch):
    monkeypatch.setattr(throttle, "MOST", 100)
    limit, counts = RateLimitItemPerHour(5), throttle._counts(request_)
    for number in range(101):
        counts.hit(limit, "login", str(number))
    for times in list(counts._storage.events.values())[:90]:
        times.clear()  # as the storage does with what expired
    counts.hit(limit, "login", "another")
    assert len(counts._storage.events) == 12
