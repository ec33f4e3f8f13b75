"""Certificates: made by the decision to certify or to renew, numbered without gaps."""

from datetime import datetime
from typing import Any

from pyramid.traversal import find_root

from .. import settings
from ..content.audit import path_below
from ..content.calendar import day_in_paris, months_later
from ..content.certificate import Certificate
from ..security.principals import Actor


def issue(company: Any, actor: Actor, now: datetime) -> Certificate:
    """Make the certificate of a decision that was just taken, and return it.

    Its number is the next of the site's register: two decisions at once meet there, and the later one is numbered anew when it is
    tried again.
    """
    site = find_root(company)
    serial = site.certificate_numbers.maxKey() + 1 if site.certificate_numbers else 1
    start = day_in_paris(now)
    number = f"{start.year}-{serial:04}"
    scope = tuple((path_below(site, version), version.title, version.number) for version in company.approved())
    audits = tuple(audit.__name__ for audit in company.audits() if audit.state == "validated")
    end = months_later(start, settings.current().certificate_months)
    certificate = Certificate(number, company.title, start, end, scope, audits)
    certificate.creator, certificate.created, certificate.modified = actor.userid, now, now
    company["certificates"].add(number, certificate)
    site.certificate_numbers[serial] = company.__oid__
    return certificate
