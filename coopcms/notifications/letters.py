"""A letter of the outbox as a mail: text and HTML, in the language of who gets it."""

import re
import threading
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from chameleon import PageTemplateFile
from pyramid.i18n import make_localizer
from pyramid.interfaces import ITranslationDirectories

from ..content.outbox import KINDS, Letter
from ..content.readers import routed
from ..i18n import LANGUAGES, _, bare, in_elements, turns, with_isolated_names
from ..settings import Settings
from .words import WORDS, Shown, Words

#: Where links lead when a mail that no reader caused is made on a site that was not told its address: ``make run``.
DEVELOPMENT = "http://127.0.0.1:6543"
#: In the place of a link that opens a door.
MASK = "••••••"

_template = PageTemplateFile(str(Path(__file__).parent / "templates" / "mail.pt"), auto_reload=False)
_cooking = threading.Lock()


class _Policy(EmailPolicy):
    """CRLF, and subjects folded whole: the one of the library adds spaces where encoded and plain words meet."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        """One header as bytes."""
        if name != "Subject":
            return super().fold_binary(name, value)
        folded = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {folded}{self.linesep}".encode("ascii")


_POLICY = _Policy() + SMTP


@dataclass(frozen=True)
class Composed:
    """The words of a mail in one language."""

    language: str
    heading: str  #: the subject without the name of the site
    subject: str
    text: str
    html: str


def address_of_site(settings: Settings, letter: Letter) -> str:
    """The address that links begin with: the setting, else what the reader who caused the mail saw."""
    return settings.url or letter.base or DEVELOPMENT


def compose(registry: Any, letter: Letter, name: str, language: str | None, *, masked: bool = False) -> Composed:
    """The words of a letter to somebody of that name ("" when it is not known); ``masked``: without the key in its link."""
    settings: Settings = registry.coopcms
    language = language if language in LANGUAGES else "fr"
    localizer = make_localizer(language, registry.queryUtility(ITranslationDirectories, default=[]))

    def translate(message: Any) -> str:
        # Programs for mail know little HTML: an element stands only where it changes something.
        return str(localizer.translate(with_isolated_names(message, where=turns)))

    kind, base = KINDS[letter.kind], address_of_site(settings, letter)
    words = WORDS[letter.kind](Shown(letter.facts, language))
    path = letter.path
    if kind.secret and (masked or not path):
        path = f"{path.rpartition('/')[0] or ''}/{MASK}"
    # A title is somebody's: no line of it becomes a header.
    heading = _on_one_line(translate(words.subject))
    subject = f"{_on_one_line(bare(heading))} – {settings.title}"
    said = {
        "language": language,
        "site": settings.title,
        "home": f"{base}/",
        "heading": heading,
        "subject": subject,
        "paragraphs": [translate(each) for each in (*_greeting(words, name), *words.paragraphs)],
        "quoted": words.quoted.strip(),
        "link": f"{base}{path}",
        "label": translate(words.link),
        "after": [translate(each) for each in words.after],
        "why": translate(words.why),
        "choices": f"{base}/account/mail" if kind.group else "",
        "choose": translate(_("Choisir les messages que je reçois")),
    }
    with _cooking:  # threads that compile at once break Chameleon on Python 3.11
        _template.cook_check()
    return Composed(
        language, _on_one_line(bare(heading)), subject, bare(_plain(said)), in_elements(str(_template(**said)))
    )


def _on_one_line(text: str) -> str:
    """A text without line breaks of any kind; the spaces that French asks for stay."""
    return re.sub(r"[\x00-\x20\x7f]+", " ", " ".join(text.splitlines())).strip()


def _greeting(words: Words, name: str) -> tuple[Any, ...]:
    if not words.greets:
        return ()
    return (_("Bonjour ${name},", mapping={"name": name}) if name else _("Bonjour,"),)


def _plain(said: dict[str, Any]) -> str:
    """The same as plain text."""
    colon = "\N{NO-BREAK SPACE}:" if said["language"] == "fr" else ":"
    quoted = "\n".join(f"> {line}".rstrip() for line in said["quoted"].splitlines())
    parts = [*said["paragraphs"], *([quoted] if quoted else [])]
    parts += [f"{said['label']}{colon}\n{said['link']}", *said["after"]]
    below = [said["site"], said["why"], *([f"{said['choose']}{colon} {said['choices']}"] if said["choices"] else [])]
    return "\n\n".join(parts) + "\n\n-- \n" + "\n".join(below) + "\n"


def as_message(registry: Any, letter: Letter, name: str, now: datetime) -> EmailMessage:
    """A letter that is about to leave, with its headers.  Its Message-ID is the same whenever it is sent."""
    settings: Settings = registry.coopcms
    composed = compose(registry, letter, name, letter.language)
    to = routed(letter.to)
    # Outside ASCII, an address stands in a header as it is or not at all (RFC 6532).
    message = EmailMessage(policy=_POLICY if to.isascii() else _POLICY.clone(utf8=True))
    message["From"] = settings.mail_from
    message["To"] = to
    message["Subject"] = composed.subject
    message["Date"] = format_datetime(now)
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2] or urlsplit(settings.url).hostname or "localhost"
    message["Message-ID"] = f"<{letter.digest}@{domain}>"
    message["Content-Language"] = composed.language
    message["Auto-Submitted"] = "auto-generated"
    if KINDS[letter.kind].group:
        message["List-Unsubscribe"] = f"<{address_of_site(settings, letter)}/account/mail>"
    message.set_content(composed.text, cte="quoted-printable")
    message.add_alternative(composed.html, subtype="html", cte="quoted-printable")
    return message
