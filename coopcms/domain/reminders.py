"""What people are reminded of on a date: the end of a vote, the end of a certificate."""

from datetime import datetime, timedelta
from typing import Any

from substanced.objectmap import find_objectmap

from ..catalog.queries import all_companies
from ..content.calendar import day_in_paris
from . import outbox

#: Days before the end of a vote at which everybody on its roll is reminded.
VOTE_DAYS = 2
#: Days before the end of a certificate at which the company is warned.
CERTIFICATE_DAYS = (60, 30)


def remind_due(site: Any, now: datetime) -> int:
    """Put the reminders that are due into the outbox; how many were new."""
    return remind_of_votes(site, now) + remind_of_certificates(site, now)


def remind_of_votes(site: Any, now: datetime) -> int:
    """Remind everybody on the roll of a vote, whether they voted or not: nothing here looks into the box.

    A vote that opened that day, or the day before, needs no reminder yet.
    """
    count, today = 0, day_in_paris(now)
    for proposal in site["proposals"].values():
        if proposal.state != "voting" or proposal.ends_at is None or proposal.ends_at <= now:
            continue
        last = day_in_paris(proposal.ends_at)
        is_due = today >= last - timedelta(days=VOTE_DAYS)
        if is_due and day_in_paris(proposal.opened_at) <= last - timedelta(days=VOTE_DAYS + 1):
            parts = ("vote_closing", proposal.__oid__, last.isoformat())
            count += outbox.post_to_roll(site, "vote_closing", proposal, parts, now)
    return count


def remind_of_certificates(site: Any, now: datetime) -> int:
    """Warn the staff of companies whose certificate ends; after a time without a clock, of the later of the two days only."""
    count, objectmap = 0, find_objectmap(site)
    for company in all_companies(site):
        certificate = company.current_certificate()
        if certificate is None or company.state not in ("certified", "partnered"):
            continue
        left = certificate.days_left(now)
        days = min((days for days in CERTIFICATE_DAYS if 0 <= left <= days), default=None)
        if days is None:
            continue
        end = certificate.last_day
        facts = {"company": company.title, "number": certificate.number, "day": end, "days": left}
        for userid in company.staff:
            parts = ("certificate_ending", certificate.__oid__, end.isoformat(), days, userid)
            account, path = objectmap.object_for(userid), outbox.path_to(company)
            if account is not None:
                made = outbox.post(site, "certificate_ending", parts, now, account=account, facts=facts, path=path)
                count += made is not None
    return count
