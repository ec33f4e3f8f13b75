"""Days and months as the cooperative counts them: in Paris, by the calendar."""

from calendar import monthrange
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

PARIS = ZoneInfo("Europe/Paris")


def day_in_paris(moment: datetime) -> date:
    """The day that a time (aware) falls on in Paris."""
    return moment.astimezone(PARIS).date()


def months_later(day: date, months: int) -> date:
    """The same day some months later, the last of the month where that month is shorter.

    >>> months_later(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    count = day.month - 1 + months
    year, month = day.year + count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def moment_months_later(moment: datetime, months: int) -> datetime:
    """The same time of the day, in Paris, some months later (aware, UTC)."""
    here = moment.astimezone(PARIS)
    return datetime.combine(months_later(here.date(), months), here.timetz()).astimezone(UTC)


@lru_cache(maxsize=4096)
def day_in_words(when: datetime | date, language: str) -> str:
    """A date in Paris: 24 novembre 2026; the first of a month is an ordinal in French, as nowhere else."""
    text = str(format_date(when.astimezone(PARIS) if isinstance(when, datetime) else when, "long", locale=language))
    return f"1er{text[1:]}" if language == "fr" and text.startswith("1 ") else text


@lru_cache(maxsize=4096)
def moment_in_words(when: datetime, language: str) -> str:
    """A time in Paris: 24 novembre 2026 à 09:30."""
    day = day_in_words(when, "fr") if language == "fr" else ""
    pattern = "'à' HH:mm" if day else "d MMMM y, HH:mm"
    return f"{day} {format_datetime(when, pattern, tzinfo=PARIS, locale=language)}".lstrip()
