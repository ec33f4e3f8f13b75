"""The configuration file as one frozen dataclass, with a sentence for every wrong value."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pyramid.threadlocal import get_current_registry

PREFIX = "coopcms."


class WrongSetting(Exception):
    """A setting that cannot be used; the message is one sentence for whoever writes the file."""


@dataclass(frozen=True)
class Settings:
    """What ``coopcms.*`` in the configuration file says."""

    var: Path  #: folder of everything the site writes itself
    secret: str  #: key of signed cookies and links
    title: str = "La Suite"
    https: bool = False  #: cookies only over https, and strict transport security
    clock: str = "inside"  #: "inside" serve, or "outside" by ``coopcms tick``
    upload_megabytes: int = 10
    session_hours: int = 12
    logins_per_quarter: int = 10  #: failed log-ins per address and per account in 15 minutes
    forms_per_hour: int = 30  #: public forms per address
    check_responses: bool = False  #: compare the API's answers with its document
    mail_from: str = "La Suite <ne-pas-repondre@localhost.localdomain>"
    url: str = (
        ""  #: address of the site, for links in mail; needed with ``mail_host``, else that of who causes the mail
    )
    mail_host: str = ""  #: SMTP server; without one, mail stays in ``var/mail``
    mail_port: int = 25
    mail_tls: str = "none"  #: "none", "starttls" (usually port 587) or "tls" (465); certificates are checked
    mail_user: str = ""  #: log-in at the SMTP server
    mail_password: str = field(default="", repr=False)  #: only from the environment, COOPCMS_MAIL_PASSWORD
    mail_days: int = 90  #: after how many days mail that was dealt with is removed from the outbox
    trusted_proxy: bool = False  #: the server stands behind a proxy that sets X-Forwarded-For
    visit_team: int = 3  #: members of the team of a level-2 visit, one of them a certifier
    report_months: int = 12  #: how long a validated level-1 report is valid
    certificate_months: int = 12  #: how long a certificate runs
    superseded_months: int = 12  #: how long a certificate outlives the version it was made on
    reply_days: int = 14  #: after how many days a report is validated without a reply
    contest_days: int = 30  #: for how many days a report can be contested
    signature_days: int = 14  #: after how many days a missing signature is recorded as such
    action_days: int = 30  #: within how many days of a report a corrective action is proposed
    comments_moderated: bool = False  #: comments of members wait for a coordinator before others read them

    @property
    def upload_bytes(self) -> int:
        """The largest upload, in bytes."""
        return self.upload_megabytes * 1_000_000


def read(given: Mapping[str, str]) -> Settings:
    """The settings of a configuration file.

    :raises WrongSetting: a value cannot be used, or a name is unknown
    """
    known = {each.name: each for each in fields(Settings)}
    own = {name.removeprefix(PREFIX): value for name, value in given.items() if name.startswith(PREFIX)}
    for name in own:
        if name not in known:
            raise WrongSetting(f"The setting “{PREFIX}{name}” is unknown; known are: {', '.join(sorted(known))}.")
    if "mail_password" in own:
        raise WrongSetting(f"The setting “{PREFIX}mail_password” comes from the environment: COOPCMS_MAIL_PASSWORD.")
    if "var" not in own:
        raise WrongSetting(f"The setting “{PREFIX}var” is missing: the folder for everything the site writes.")
    values: dict[str, Any] = {}
    for name, known_field in known.items():
        if name in own:
            kind = known_field.type
            convert = _CONVERT[kind if isinstance(kind, str) else kind.__name__]
            try:
                values[name] = convert(own[name].strip())
            except ValueError as error:
                raise WrongSetting(f"The setting “{PREFIX}{name}” is “{own[name]}”, but it must be {error}.") from None
        elif known_field.default is not MISSING:
            values[name] = known_field.default
    values["var"].mkdir(parents=True, exist_ok=True) if values["var"].parent.is_dir() else _no_parent(values["var"])
    values.setdefault("secret", "")
    values["secret"] = os.environ.get("COOPCMS_SECRET") or values["secret"] or secret_in(values["var"])
    values["mail_password"] = os.environ.get("COOPCMS_MAIL_PASSWORD", "")
    values["url"] = values["url"].rstrip("/")
    settings = Settings(**values)
    _check(settings)
    return settings


def secret_in(var: Path) -> str:
    """The secret kept in a folder, made at random the first time."""
    file = var / "secret"
    try:
        return file.read_text().strip() or _make_secret(file)
    except FileNotFoundError:
        return _make_secret(file)
    except OSError as error:
        raise WrongSetting(f"The secret in “{file}” cannot be read: {error.strerror}.") from error


def _make_secret(file: Path) -> str:
    secret = secrets.token_urlsafe(48)
    draft = file.with_name(f"secret.{os.getpid()}")
    try:
        draft.touch(mode=0o600)
        draft.write_text(secret + "\n")
        # A name appears with all of its content or not at all, and the first of two processes wins.
        os.link(draft, file) if not file.exists() else draft.replace(file)
    except FileExistsError:
        return file.read_text().strip()
    except OSError as error:
        raise WrongSetting(f"The secret cannot be written to “{file}”: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
    return secret


def _no_parent(var: Path) -> None:
    raise WrongSetting(f"The folder “{var.parent}” does not exist, so “{PREFIX}var” cannot be made in it.")


#: Numbers of which none or less makes no sense.
AT_LEAST_ONE = (
    "upload_megabytes",
    "session_hours",
    "logins_per_quarter",
    "forms_per_hour",
    "visit_team",
    "report_months",
    "certificate_months",
    "superseded_months",
    "reply_days",
    "contest_days",
    "signature_days",
    "action_days",
    "mail_days",
)


def current() -> Settings:
    """The settings of the running application."""
    found: Settings = get_current_registry().coopcms
    return found


def _check(settings: Settings) -> None:
    if settings.clock not in ("inside", "outside"):
        raise WrongSetting(f"The setting “{PREFIX}clock” is “{settings.clock}”, but it must be “inside” or “outside”.")
    if len(settings.secret) < 32:
        raise WrongSetting(
            "The secret is too short: it must have 32 characters at least (COOPCMS_SECRET, or var/secret)."
        )
    for name in AT_LEAST_ONE:
        if getattr(settings, name) < 1:
            raise WrongSetting(
                f"The setting “{PREFIX}{name}” is “{getattr(settings, name)}”, but it must be 1 or more."
            )
    if not 0 < settings.mail_port < 65536:
        raise WrongSetting(
            f"The setting “{PREFIX}mail_port” is “{settings.mail_port}”, but it must be from 1 to 65535."
        )
    _check_mail(settings)


def _check_mail(settings: Settings) -> None:
    if settings.url and not _is_web_address(settings.url):
        raise WrongSetting(
            f"The setting “{PREFIX}url” is “{settings.url}”, but it must begin with https:// or http://."
        )
    if settings.mail_host and not settings.url:
        # A mail of the clock knows of no request: its links would lead to the reader's own machine.
        raise WrongSetting(
            f"The setting “{PREFIX}mail_host” needs “{PREFIX}url”, the address of the site for links in mail."
        )
    if settings.mail_tls not in ("none", "starttls", "tls"):
        raise WrongSetting(
            f"The setting “{PREFIX}mail_tls” is “{settings.mail_tls}”, but it must be “none”, “starttls” or “tls”."
        )
    if (
        settings.mail_user
        and settings.mail_tls == "none"
        and settings.mail_host not in ("localhost", "127.0.0.1", "::1")
    ):
        raise WrongSetting(
            f"With “{PREFIX}mail_user” the setting “{PREFIX}mail_tls” must be “starttls” or “tls”, or the password could be read."
        )


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a port that is no number, half a bracket
        return False


def _integer(value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise ValueError("a whole number") from None


def _boolean(value: str) -> bool:
    try:
        return {
            "true": True,
            "yes": True,
            "on": True,
            "1": True,
            "false": False,
            "no": False,
            "off": False,
            "0": False,
        }[value.lower()]
    except KeyError:
        raise ValueError("“true” or “false”") from None


_CONVERT: dict[str, Callable[[str], Any]] = {"str": str, "int": _integer, "bool": _boolean, "Path": Path}


def for_libraries(settings: Settings) -> dict[str, str]:
    """What the libraries underneath are told, unless the configuration file says otherwise."""
    return {
        "pyramid.default_locale_name": "fr",
        "retry.attempts": "8",
        "tm.annotate_user": "false",
        "substanced.secret": settings.secret,
        "substanced.uploads_tempdir": str(settings.var / "uploads"),
    }
