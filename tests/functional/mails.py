"""The mails that a site left in its folder, as somebody would open them."""

import email
import email.policy
import re
from pathlib import Path

import pytest


@pytest.fixture
def mails(settings):
    """A function that gives the mails that came since it was asked last, the oldest first."""
    folder = Path(settings["coopcms.var"]) / "mail" / "new"
    seen = set(folder.iterdir()) if folder.is_dir() else set()

    def new():
        found = sorted(
            (set(folder.iterdir()) if folder.is_dir() else set()) - seen, key=lambda file: file.stat().st_mtime_ns
        )
        seen.update(found)
        return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in found]

    return new


def links_in(mail):
    """The links of a mail, as paths of the site."""
    return re.findall(r"http://localhost(?::80)?(/\S+)", mail.get_body(("plain",)).get_content())
