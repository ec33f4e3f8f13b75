"""Handing a mail over: to an SMTP server, or to a file where there is none."""

import contextlib
import os
import re
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

from ..content.readers import routed
from ..settings import Settings

#: Seconds that any answer of the server may take; an attempt is half a dozen of them.
PATIENCE = 30.0


class NotTaken(Exception):
    """The server did not take this mail over; another attempt may do better."""


class Unreachable(NotTaken):
    """There is no server to talk to now: no other mail would get through either."""


class Refused(Exception):
    """The server refused this mail for good."""


class Unclear(Exception):
    """The mail was handed over and no answer came."""


class Folder:
    """Files in ``var/mail/new``, as a maildir: for development, and for a program that takes them from there."""

    def __init__(self, settings: Settings) -> None:
        self.folder = settings.var / "mail"

    def send(self, message: EmailMessage, to: str) -> None:
        """Write one mail; written again it is the same file."""
        name = re.sub(r"\W+", "-", str(message["Message-ID"]).strip("<>"))
        try:
            for each in ("new", "tmp", "cur"):
                (self.folder / each).mkdir(parents=True, exist_ok=True)
            draft = self.folder / "tmp" / f"{name}.{os.getpid()}"
            draft.write_bytes(message.as_bytes())
            draft.replace(self.folder / "new" / name)
        except OSError as error:
            raise Unreachable(_said(error)) from error

    def close(self) -> None:
        """Nothing is open."""


class Server:
    """An SMTP server; one connection for many mails, opened with the first."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.smtp: smtplib.SMTP | None = None

    def send(self, message: EmailMessage, to: str) -> None:
        """Hand one mail over.

        :raises Unreachable: no connection, no log-in
        :raises NotTaken: not now, for this one
        :raises Refused: never, for this one
        :raises Unclear: it was handed over and no answer came
        """
        smtp, to = self._connected(), routed(to)
        sender = routed(parseaddr(self.settings.mail_from)[1])
        options = () if (sender + to).isascii() else ("SMTPUTF8",)
        if options and not smtp.has_extn("smtputf8"):
            raise Refused("SMTPUTF8")
        try:
            self._ask(smtp.mail(sender, options), 250)
            self._ask(smtp.rcpt(to), 250, 251, 252)
            self._ask(smtp.docmd("DATA"), 354)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise Unreachable(_said(error)) from error
        try:
            smtp.send(_dotted(message.as_bytes()))
            answer = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise Unclear(_said(error)) from error
        self._ask(answer, 250)

    def _ask(self, answer: tuple[int, bytes], *wanted: int) -> None:
        code, text = answer
        if code in wanted:
            return
        said = f"{code} {_text(text)}"
        if code in (-1, 421):  # the server closes the connection
            self._drop()
            raise Unreachable(said)
        self._start_over()
        raise Refused(said) if 500 <= code < 600 else NotTaken(said)

    def _start_over(self) -> None:
        """Forget this mail and keep the connection for the next."""
        try:
            if self.smtp is not None:
                self.smtp.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _connected(self) -> smtplib.SMTP:
        if self.smtp is None:
            try:
                self.smtp = self._connect()
            except (OSError, smtplib.SMTPException) as error:
                raise Unreachable(_said(error)) from error
        return self.smtp

    def _connect(self) -> smtplib.SMTP:
        s = self.settings
        context = ssl.create_default_context()
        smtp: smtplib.SMTP = (
            smtplib.SMTP_SSL(s.mail_host, s.mail_port, timeout=PATIENCE, context=context)
            if s.mail_tls == "tls"
            else smtplib.SMTP(s.mail_host, s.mail_port, timeout=PATIENCE)
        )
        try:
            if s.mail_tls == "starttls":
                smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
            if s.mail_user:
                smtp.login(s.mail_user, s.mail_password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _drop(self) -> None:
        if self.smtp is not None:
            self.smtp.close()
            self.smtp = None

    def close(self) -> None:
        """Say goodbye."""
        if self.smtp is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self.smtp.quit()
            self._drop()


def transport_of(settings: Settings) -> Folder | Server:
    """What the settings say."""
    return Server(settings) if settings.mail_host else Folder(settings)


def _dotted(data: bytes) -> bytes:
    """The content as the protocol wants it (RFC 5321, 4.5.2): CRLF, lines that begin with a dot doubled, a dot at the end."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", data)
    return re.sub(rb"(?m)^\.", b"..", lines).removesuffix(b"\r\n") + b"\r\n.\r\n"


def _said(error: Any) -> str:
    """What went wrong, in one line."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return _short(words)


def _text(answer: bytes | str) -> str:
    return _short(answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer)


def _short(words: object) -> str:
    return " ".join(str(words).split())[:300]
