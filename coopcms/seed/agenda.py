"""What happened before the day of the demo, done in the order in which it happened, with the clock running beside it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from ..content.calendar import PARIS, day_in_paris
from ..domain import clock

#: When the clock runs: in the night, and in the evening when votes end.
_TICKS = (time(5), time(20))

Progress = Callable[[Iterable[Any]], Iterable[Any]]


def as_they_are(items: Iterable[Any]) -> Iterable[Any]:
    """The items, without showing how far one is."""
    return items


class Agenda:
    """Steps at times before ``day`` (aware, UTC), gathered in any order.

    ``made`` keeps what steps made under a name of the data, for the steps that come later.
    """

    def __init__(self, site: Any, day: datetime) -> None:
        self.site = site
        self.day = day
        self.made: dict[str, Any] = {}
        self._steps: list[tuple[datetime, Callable[[datetime], object]]] = []

    def at(self, days_ago: float, minutes: float = 0) -> datetime:
        """A time of the working day, so many days ago."""
        return self.day - timedelta(days=days_ago, hours=3) + timedelta(minutes=minutes)

    def add(self, when: datetime, do: Callable[[datetime], object]) -> None:
        """Note what is done at a time; ``do`` is told the time."""
        self._steps.append((when, do))

    def run(self, progress: Progress) -> None:
        """Do everything, earliest first, and what falls due in between."""
        # Stable: what was noted first comes first when two things fall on one minute.
        steps = sorted(self._steps, key=lambda step: step[0])
        ticks = self._ticks(self.day if not steps else steps[0][0])
        tick = next(ticks)
        for when, do in progress(steps):
            while tick <= when:
                clock.tick(self.site, tick)
                tick = next(ticks)
            do(when)
        while tick <= self.day:
            clock.tick(self.site, tick)
            tick = next(ticks)
        clock.tick(self.site, self.day)

    def _ticks(self, first: datetime) -> Iterator[datetime]:
        """The times at which the clock runs, from a day on."""
        day = day_in_paris(first)
        while True:
            for hour in _TICKS:
                yield datetime.combine(day, hour, PARIS).astimezone(UTC)
            day += timedelta(days=1)
