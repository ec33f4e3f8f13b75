"""A letter that somebody of the cooperative writes to the team of a company."""

import hashlib
from typing import Any

from ..domain import accounts, outbox
from ..text import one_line, prose


def send(request: Any, company: Any, subject: str, text: str) -> int:
    """Put the letter into the outbox for each of the team; how many get it.  Sent twice on one day it leaves once."""
    said = hashlib.sha256(repr((one_line(subject), prose(text))).encode()).hexdigest()
    facts = {"company": company.title, "author": request.actor.name, "subject": one_line(subject), "text": prose(text)}
    count = 0
    for userid in company.staff:
        account = accounts.by_id(request.site, userid)
        if account is None:
            continue
        parts = ("company_letter", company.__oid__, said, f"{request.now:%Y-%m-%d}", userid)
        path, base = outbox.path_to(company), request.application_url
        letter = outbox.post(
            request.site, "company_letter", parts, request.now, account=account, facts=facts, path=path, base=base
        )
        count += letter is not None
    return count
