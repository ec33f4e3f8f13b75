"""What a company brings along from elsewhere, as JSON: certificates of others, votes held before the platform."""

from typing import Any

from pyramid.request import Request

from ..content.company import Company
from ..domain.companies import EARLIER_NUMBERS
from ..views.outside import document, ordered
from .base import address


def outside_certificates(request: Request, company: Company) -> list[dict[str, Any]]:
    """The certificates of others, by name, as the company declares them and certifiers confirmed them."""
    found = []
    for key, one in ordered(company):
        file = document(request, company, one)
        renewal = one.renewal
        found.append(
            {
                "id": key,
                "name": one.name,
                "issuer": one.issuer,
                "number": one.number,
                "valid_until": one.valid_until,
                "lapsed": one.has_lapsed(request.now),
                "confirmed": one.is_confirmed,
                "file": None if file is None else address(request, file),
                "renewal": None
                if renewal is None
                else {name: renewal[name] for name in ("valid_until", "text", "when")},
            }
        )
    return found


def earlier_votes(company: Company) -> list[dict[str, Any]]:
    """The votes held before the platform, oldest first, each with its source."""
    told = ("kind", "subject", "result", "when", *EARLIER_NUMBERS, "source")
    return [{name: vote[name] for name in told} for vote in company.earlier_votes]
