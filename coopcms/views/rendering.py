"""What every template knows, and how dates and texts are shown."""

import functools
import hashlib
import hmac
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import nh3
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup
from pyramid.csrf import get_csrf_token
from pyramid.events import BeforeRender
from pyramid.request import Request
from pyramid.static import QueryStringConstantCacheBuster

from ..content.calendar import day_in_words, moment_in_words
from ..content.geography import LINKS, ORIGINS, SECTORS
from ..domain.timeline import comments_count, criteria_count
from ..i18n import _, isolated
from ..security.permissions import P
from ..security.roles import GLOBAL_ROLES, TITLES
from ..workflows import WORKFLOWS
from . import markdown, people, social
from .addresses import url
from .language import switch
from .security import TAKEN

_TAGS = {"p", "br", "strong", "ul", "ol", "li", "a"}


@functools.lru_cache(maxsize=4096)
def rich(text: str) -> Markup:
    """A text that somebody wrote as safe HTML: bold, lists and links (``markdown``), all else as it was typed."""
    return Markup(  # noqa: S704 - cleaned here
        nh3.clean(
            markdown.html(text),
            tags=_TAGS,
            attributes={"a": {"href"}},
            url_schemes={"http", "https", "mailto"},
            link_rel="nofollow noopener ugc",
        )
    )


day, moment = day_in_words, moment_in_words


@functools.lru_cache(maxsize=4096)
def iso(when: datetime | date) -> str:
    """A time or a day for machines (RFC 3339)."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(when, datetime) else when.isoformat()


def number(count: int, language: str) -> str:
    """A whole number: 9 000."""
    return str(format_decimal(count, locale=language))


def percent(share: Fraction, language: str) -> str:
    """A share with one decimal, half up: 25,6 %."""
    tenths = Decimal(int(share * 1000 + Fraction(1, 2))) / 1000
    return str(
        format_percent(tenths, "#,##0.0\N{NO-BREAK SPACE}%" if language == "fr" else "#,##0.0%", locale=language)
    )


def initials(title: str) -> str:
    """One or two letters for a company without a logo."""
    words = [word for word in title.replace("’", " ").split() if word[0].isalpha() and len(word) > 2] or [title or "?"]
    return "".join(word[0] for word in words[:2]).upper()


def logo(request: Request, company: Any) -> Markup:
    """The logo of a company, or one or two letters."""
    if company.logo is None:
        return Markup('<span class="logo" aria-hidden="true">{}</span>').format(initials(company.title))
    return Markup('<span class="logo"><img src="{}" alt=""/></span>').format(url(request, company, "logo"))


def size(number: int, language: str) -> str:
    """A size in bytes for people."""
    units = ("o", "ko", "Mo") if language == "fr" else ("B", "kB", "MB")
    step = 0 if number < 1000 else 1 if number < 1_000_000 else 2
    shown = number / 1000**step
    text = f"{shown:.1f}" if step and shown < 10 else f"{shown:.0f}"
    return f"{text.replace('.', ',') if language == 'fr' else text}\N{NO-BREAK SPACE}{units[step]}"


def static_url(request: Request, name: str) -> str:
    """The address of a file of the site's own."""
    return f"{request.script_name}/static/{name}?v={request.registry.static_version}"


class Page:
    """The names that templates use, computed when first asked for."""

    def __init__(self, request: Request) -> None:
        self.request = request

    def navigation(self) -> list[dict[str, Any]]:
        """The main navigation."""
        here = self.request.path_info
        entries = [
            ("/companies", _("Les entreprises")),
            ("/proposals", _("Les votes")),
            ("/framework", _("Les cinq engagements")),
        ]
        return [
            {
                "href": self.request.script_name + path,
                "title": title,
                "current": here == path or here.startswith(path + "/"),
            }
            for path, title in entries
        ]

    def account_navigation(self) -> list[dict[str, Any]]:
        """Log-in, or one's own pages."""
        request = self.request
        here, script = request.path_info, request.script_name
        if not request.real_actor.is_person:
            return [{"href": f"{script}/login", "title": _("Se connecter"), "current": here == "/login"}]
        entries = [("/tasks", _("Ce qui m’attend")), ("/account", _("Mon compte"))]
        if request.may(P.SEE_AS, request.site):
            entries.append(("/see-as", _("Voir comme…")))
            entries.append(("/manage", _("Administration")))
        return [{"href": script + path, "title": title, "current": here == path} for path, title in entries]

    def footer_navigation(self) -> list[dict[str, Any]]:
        """Pages that explain the site."""
        script = self.request.script_name
        person = self.request.real_actor.is_person
        outbox = {"href": f"{script}/outbox", "title": _("Boîte d’envoi")}
        return [
            *([outbox] if person and self.request.may(P.SEE_OUTBOX, self.request.site) else []),
            {"href": f"{script}/bodies", "title": _("Organismes accrédités")},
            {"href": f"{script}/access", "title": _("Qui peut faire quoi")},
            {"href": f"{script}/api/v1/", "title": _("Données ouvertes (API)")},
        ]

    def flashes(self) -> list[dict[str, str]]:
        """Messages left by the request before this one; a session is opened for none."""
        if "session" not in self.request.cookies:
            return []
        return [
            {"kind": kind, "text": text}
            for kind in ("danger", "warning", "success", "info")
            for text in self.request.session.pop_flash(kind)
        ]

    def reader(self) -> str | None:
        """Who reads, under a name that tells nothing: what one types on a shared device is not offered to the next."""
        account = self.request.account
        if account is None:
            return None
        text = f"reader:{account.__oid__}".encode()
        return hmac.new(self.request.registry.coopcms.secret.encode(), text, hashlib.sha256).hexdigest()[:16]

    def saved(self) -> str | None:
        """The address of the form that was taken just before: what the browser kept of it can go."""
        if "session" not in self.request.cookies:
            return None
        paths = self.request.session.pop_flash(TAKEN)
        return paths[-1] if paths else None


def add_names(event: BeforeRender) -> None:
    """Give our templates their names; those of Substance D have their own."""
    request = event["request"]
    info = event.get("renderer_info")
    package = getattr(info, "package", None)
    if (
        request is None
        or package is None
        or not package.__name__.startswith("coopcms")
        or not info.name.endswith(".pt")
    ):
        return
    language = request.locale_name
    page = Page(request)
    seeing = request.seeing_as
    event.update(
        lang=language,
        site_title=request.registry.coopcms.title,
        actor=request.real_actor,
        person=request.actor,
        nav=page.navigation(),
        account_nav=page.account_navigation(),
        footer_nav=page.footer_navigation(),
        logout_url=f"{request.script_name}/logout" if request.real_actor.is_person else None,
        languages=switch(request),
        csrf=_Token(request),
        static=functools.partial(static_url, request),
        is_demo=getattr(request.site, "is_demo", False),
        seeing_as=None if seeing is None else TITLES[GLOBAL_ROLES[seeing]] if seeing in GLOBAL_ROLES else _("Visiteur"),
        see_as_stop_url=f"{request.script_name}/see-as",
        flashes=page.flashes(),
        social=social.told(request, getattr(request, "context", None)),  # refused before there was one
        reader=page.reader(),
        saved=page.saved(),
        url=functools.partial(url, request),
        may=request.may,
        P=P,
        day=lambda when: day(when, language),
        moment=lambda when: moment(when, language),
        iso=iso,
        rich=rich,
        isolated=isolated,
        lines=Markup("").join,
        logo=functools.partial(logo, request),
        size=lambda number: size(number, language),
        number=lambda count: number(count, language),
        percent=lambda share: percent(share, language),
        name_of=functools.partial(people.name_of, request),
        state_title=state_title,
        state_next=state_next,
        criteria_count=criteria_count,
        comments_count=comments_count,
        SECTORS=SECTORS,
        ORIGINS=ORIGINS,
        LINKS=LINKS,
        ROLES=TITLES,
    )


class _Token:
    """The CSRF token, which opens a session only where a form writes it."""

    def __init__(self, request: Request) -> None:
        self.request = request

    def __str__(self) -> str:
        return str(get_csrf_token(self.request))

    __html__ = __str__


def state_next(obj: Any) -> Any:
    """What happens next with an object in its state, and who acts."""
    return WORKFLOWS[obj.workflow_name].state(obj.state).next


def state_title(obj: Any) -> str:
    """What the state of an object is called."""
    return WORKFLOWS[obj.workflow_name].state(obj.state).title


def includeme(config: Any) -> None:
    """Static files under an address that changes with them, and the names."""
    from hashlib import sha256
    from pathlib import Path

    folder = Path(__file__).parent.parent / "static"
    digest = sha256(b"".join(file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file())).hexdigest()[:10]
    config.registry.static_version = digest
    config.add_static_view("static", "coopcms:static", cache_max_age=365 * 24 * 3600)
    config.add_cache_buster("coopcms:static", QueryStringConstantCacheBuster(digest, param="v"))
    config.add_subscriber(add_names, BeforeRender)
