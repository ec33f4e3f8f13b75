"""Every kind of page there is, with somebody who may open it, in the demo content; a new view needs a line here."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pyramid.traversal import resource_path

from coopcms.content.account import Account
from coopcms.content.audit import Audit, Audits, Finding
from coopcms.content.body import Bodies, Body
from coopcms.content.certificate import Certificate, Certificates
from coopcms.content.company import Companies, Company
from coopcms.content.dossier import SECTIONS
from coopcms.content.file import File, Files
from coopcms.content.member import Member, Members
from coopcms.content.nonconformity import NonConformity
from coopcms.content.proposal import Proposal, Proposals
from coopcms.content.site import Site
from coopcms.content.specification import Criterion, Framework, Specification, Specifications, SpecificationVersion
from coopcms.content.worksite import Worksite, Worksites
from coopcms.domain import accounts, care, files, suggestions
from coopcms.security.access import may
from coopcms.security.permissions import P
from coopcms.security.principals import VISITOR
from coopcms.seed.cast import PASSWORD
from coopcms.seed.demo import fill
from coopcms.views import links

from .serving import Place

#: Where the objects of each class stand; the first that suits a page is taken, in the order of their names.
PLACES: dict[type, str] = {
    Site: "/",
    Companies: "/companies",
    Company: "/companies/*",
    Audits: "/companies/*/audits",
    Audit: "/companies/*/audits/*",
    Finding: "/companies/*/audits/*/*",
    NonConformity: "/companies/*/audits/*/*/action",
    Certificates: "/companies/*/certificates",
    Certificate: "/companies/*/certificates/*",
    Files: "/companies/*/files",
    File: "/companies/*/files/*",
    Worksites: "/companies/*/sites",
    Worksite: "/companies/*/sites/*",
    Specifications: "/companies/*/specifications",
    Specification: "/companies/*/specifications/*",
    SpecificationVersion: "/companies/*/specifications/*/*",
    Criterion: "/companies/*/specifications/*/*/*",
    Framework: "/framework",
    Bodies: "/bodies",
    Body: "/bodies/*",
    Proposals: "/proposals",
    Proposal: "/proposals/*",
    Members: "/members",
    Member: "/members/*",
}
#: Views that answer no page to a GET, each with what they answer.
NO_PAGES = {
    ("Company", "logo"): "a picture",
    ("Worksite", "photo"): "a picture",
    ("Workflowed", "diagram.svg"): "a picture",
    ("Evidence", "picture"): "a picture",
    ("Evidence", ""): "leads to the finding it belongs to",
    ("Evidence", "download"): "a file",
    ("File", "download"): "a file",
    ("File", "original"): "a file",
    ("Proposal", "ballots.json"): "a file",
    ("Site", "deadlines.ics"): "a file",
    ("Site", "card.png"): "a picture",
    ("Company", "card.png"): "a picture",
    ("Proposal", "card.png"): "a picture",
    ("Site", "icon.png"): "a picture",
    ("None", "language"): "leads back",
}


@dataclass(frozen=True)
class Page:
    """A kind of page: a view of a class, opened by somebody.

    ``may`` is asked of the object for the login, ``state`` and ``at`` (a pattern of the address) narrow further; ``tail`` is what
    follows the name of the view, or makes it of the object, None when there is nothing to it.
    """

    name: str
    context: type
    view: str = ""
    login: str | None = None
    may: P = P.READ
    state: str = ""
    at: str = ""
    tail: str | Callable[[Any], str | None] = ""
    status: int = 200
    having: Callable[[Any], Any] = bool

    @property
    def kind(self) -> tuple[str, str, bool]:
        """What pages made by the same view have in common."""
        return (self.context.__name__, self.view, callable(self.tail) or self.tail.startswith("/"))


def _first(name: str) -> Callable[[Any], str | None]:
    """The first key of a collection of the object, None when it is empty."""

    def tail(obj: Any) -> str | None:
        keys = list(getattr(obj, name) or ())
        return f"/{keys[0]}" if keys else None

    return tail


def _first_comment(obj: Any) -> str | None:
    keys = [key for key, comment in obj.discussion.items() if comment.state == "published"]
    return f"/{keys[0]}" if keys else None


def _outside(what: str, renewal: bool = False) -> Callable[[Any], str | None]:
    def tail(company: Any) -> str | None:
        found = [key for key, one in (company.outside_certificates or {}).items() if bool(one.renewal) is renewal]
        return f"/{found[0]}/{what}" if found else None

    return tail


def _any(obj: Any) -> bool:
    return True


def _has_ended(proposal: Any) -> bool:
    return proposal.result is not None


DRAFTER = "soleil-du-razes"  # staff of a company in draft
OFFERED = "tissage-de-la-haute-moselotte"  # staff of another, to which the cooperative made a suggestion

PAGES = (
    Page("home", Site),
    Page("home-member", Site, login="membre"),
    Page("access", Site, "access"),
    Page("account", Site, "account", "membre", P.USE_ACCOUNT),
    Page("account-password", Site, "account", "membre", P.USE_ACCOUNT, tail="/password"),
    Page("account-mail", Site, "account", "membre", P.USE_ACCOUNT, tail="/mail"),
    Page("forgotten", Site, "forgotten"),
    Page("invitation", Site, "invitation", tail="/{invitation}"),
    Page("invitation-logged-in", Site, "invitation", "membre", tail="/{invitation}"),
    Page("invitation-ended", Site, "invitation", tail="/x", status=403),
    Page("login", Site, "login"),
    Page("reset", Site, "reset", tail="/{reset}"),
    Page("see-as", Site, "see-as", "admin", P.SEE_AS),
    *(
        Page(f"tasks-{login}", Site, "tasks", login, P.USE_ACCOUNT)
        for login in (
            "membre",
            "certificatrice",
            "entreprise",
            "partenaire",
            "auditeur",
            "visiteuse",
            "equipe",
            "admin",
        )
    ),
    Page("journey", Site, "journey"),
    Page("board", Site, "board", "equipe"),
    Page("letters", Site, "letters", "equipe"),
    Page("outbox", Site, "outbox", "equipe"),
    Page("calendar", Site, "calendar", "membre"),
    Page("missing", Site, "nothing-here", status=404),
    Page("forbidden", Site, "see-as", "membre", status=403),
    Page("log-in-first", Site, "tasks", status=403),
    Page("api", Site, "api/v1/"),
    # companies
    Page("directory", Companies),
    Page("directory-nothing", Companies, tail="?text=ornithorynque"),
    Page("directory-filtered", Companies, tail="?state=certified", login="membre"),
    Page("invite-company", Companies, "invite", "equipe", P.INVITE_COMPANY),
    *(
        Page(f"dossier-{state}", Company, state=state, may=P.VIEW)
        for state in ("applied", "audited", "voted", "certified", "partnered", "declined", "suspended", "withdrawn")
    ),
    Page("dossier-rich", Company, at="*/ferme-des-trois-chenes"),
    Page("dossier-draft", Company, login=DRAFTER, state="draft"),
    Page("dossier-member", Company, login="membre", state="partnered"),
    Page("dossier-staff", Company, login="partenaire", may=P.UPDATE),
    Page("dossier-coordinator", Company, login="equipe", state="applied"),
    Page("dossier-certifier", Company, login="certificatrice", state="certified"),
    Page("contacts", Company, "contacts", DRAFTER, P.UPDATE),
    Page("contact-add", Company, "contacts", DRAFTER, P.UPDATE, tail="/add"),
    Page("contact", Company, "contacts", DRAFTER, P.UPDATE, tail=_first("contacts")),
    Page("edit", Company, "edit", DRAFTER, P.EDIT),
    Page("edit-partnered", Company, "edit", "partenaire", P.UPDATE),
    *(Page(f"edit-{section}", Company, "edit", DRAFTER, P.EDIT, tail=f"/{section}") for section in SECTIONS),
    Page("preview", Company, "preview", DRAFTER, P.UPDATE),
    Page("suggest", Company, "suggest", "equipe", P.SUGGEST),
    Page("suggest-section", Company, "suggest", "equipe", P.SUGGEST, tail="/truth"),
    Page("suggestion", Company, "suggestion", OFFERED, P.EDIT, tail=_first("suggestions")),
    Page("care", Company, "care", "equipe", P.CARE),
    Page("letter", Company, "letter", "equipe", P.CARE, tail="/{letter}"),
    Page("interests", Company, "interests", "membre", P.DECLARE_INTEREST),
    Page("link", Company, "link", "equipe", P.RECORD_LINK),
    Page("matrix", Company, "matrix", state="partnered"),
    Page("matrix-in-work", Company, "matrix", "certificatrice", state="suspended"),
    Page("nonconformities", Company, "nonconformities", "equipe", state="suspended"),
    Page("outside", Company, "outside-certificates", having=lambda c: c.outside_certificates),
    Page("outside-add", Company, "outside-certificates", "partenaire", P.UPDATE, tail="/add"),
    Page("outside-change", Company, "outside-certificates", "partenaire", P.UPDATE, tail=_outside("change")),
    Page("outside-renew", Company, "outside-certificates", "partenaire", P.UPDATE, tail=_outside("renew")),
    Page(
        "outside-decide",
        Company,
        "outside-certificates",
        "certificatrice",
        P.CONFIRM_RENEWAL,
        tail=_outside("decide", renewal=True),
    ),
    Page("staff", Company, "staff", DRAFTER, P.INVITE_STAFF),
    Page("stand-in", Company, "stand-in", "admin", P.NAME_STAND_IN),
    Page("company-workflow", Company, "workflow", "equipe", state="applied"),
    Page("company-workflow-certifier", Company, "workflow", "certificatrice", state="voted"),
    Page("company-workflow-draft", Company, "workflow", DRAFTER, state="draft"),
    Page("company-access", Company, "access", state="partnered"),
    Page(
        "company-comments", Company, "comments", "membre", P.COMMENT, having=lambda c: len(list(c.discussion.items()))
    ),
    Page("company-comments-visitor", Company, "comments", having=lambda c: len(list(c.discussion.items()))),
    Page("comment", Company, "comments", "equipe", P.MODERATE, tail=_first_comment),
    # documents and places
    Page("files", Files, "", DRAFTER, P.UPDATE),
    Page("file-add", Files, "add", DRAFTER, P.UPDATE),
    Page("logo-add", Files, "logo", DRAFTER, P.UPDATE),
    Page("file", File, "", DRAFTER, P.UPDATE),
    Page("file-edit", File, "edit", DRAFTER, P.UPDATE),
    Page("sites", Worksites, at="/companies/laiterie-des-monts/*"),
    Page("site-add", Worksites, "add", "partenaire", P.UPDATE),
    Page("site", Worksite),
    Page("site-edit", Worksite, "edit", "partenaire", P.UPDATE),
    # specifications
    Page("specifications", Specifications, at="/companies/beurrerie-de-la-selune/*"),
    Page("specification-add", Specifications, "add", DRAFTER, P.UPDATE),
    Page("specification", Specification),
    Page("compare", Specification, "compare", at="*beurre-de-baratte", tail="?from=1&to=2"),
    Page("framework", Framework),
    Page("version-in-force", SpecificationVersion, state="in_force"),
    Page("version-consultation", SpecificationVersion, login="membre", state="consultation"),
    Page("version-draft", SpecificationVersion, login=DRAFTER, state="draft", may=P.EDIT),
    Page("version-edit", SpecificationVersion, "edit", DRAFTER, P.EDIT),
    Page("criterion-add", SpecificationVersion, "add-criterion", DRAFTER, P.EDIT),
    Page("criterion-edit", SpecificationVersion, "edit-criterion", DRAFTER, P.EDIT, tail=_first("criteria")),
    Page("in-force", SpecificationVersion, "in-force", "equipe", P.PUT_IN_FORCE),
    Page("version-matrix", SpecificationVersion, "matrix", state="in_force"),
    Page("order", SpecificationVersion, "order", OFFERED, P.EDIT, having=lambda version: len(version.criteria) > 1),
    Page("version-workflow", SpecificationVersion, "workflow", "partenaire", state="consultation"),
    Page("version-access", SpecificationVersion, "access", state="in_force"),
    Page("version-comments", SpecificationVersion, "comments", "membre", P.COMMENT),
    Page("criterion", Criterion, "", at="/companies/laiterie-des-monts/specifications/lait-biologique/*"),
    Page("criterion-comments", Criterion, "comments", "membre", P.COMMENT),
    Page("amend", Criterion, "amend", "membre", P.AMEND),
    Page("amendment", Criterion, "amendments", "partenaire", P.DECIDE_AMENDMENT, tail=_first("amendments")),
    # audits
    Page("audits", Audits, at="/companies/moulin-de-grandval/*"),
    Page("audit-plan", Audits, "plan", "equipe", P.PLAN_AUDIT),
    Page("audit-plan-1", Audits, "plan", "equipe", P.PLAN_AUDIT, tail="?level=1", at="/companies/moulin-de-grandval/*"),
    Page("audit-plan-2", Audits, "plan", "equipe", P.PLAN_AUDIT, tail="?level=2", at="/companies/moulin-de-grandval/*"),
    Page("audit", Audit, state="validated"),
    Page("audit-visit", Audit, login="visiteuse", may=P.FILE),
    Page("audit-reported", Audit, login="entreprise", may=P.REPLY),
    Page("audit-replan", Audit, "plan", "equipe", P.PLAN_AUDIT, "planned"),
    Page("audit-reply", Audit, "reply", "entreprise", P.REPLY),
    Page("audit-sign", Audit, "sign", "certificateur", P.SIGN, having=lambda audit: not audit.unanswered()),
    Page("audit-sign-not-yet", Audit, "sign", "visiteuse", P.SIGN, having=lambda audit: audit.unanswered()),
    Page("audit-unsigned", Audit, "unsigned", "equipe", P.RECORD_UNSIGNED),
    Page("audit-verdict", Audit, "verdict", "auditeur", P.FILE),
    Page("audit-workflow", Audit, "workflow", "auditeur", P.FILE),
    Page("audit-access", Audit, "access", state="validated"),
    Page("audit-comments", Audit, "comments", "membre", P.COMMENT),
    Page("finding", Finding),
    Page("finding-file", Finding, "file", "auditeur", P.FILE),
    Page("finding-file-visit", Finding, "file", "visiteuse", P.FILE, having=lambda finding: finding.is_answered),
    Page("nonconformity", NonConformity),
    Page("action-propose", NonConformity, "propose", "entreprise", P.PROPOSE_ACTION),
    Page("action-prove", NonConformity, "prove", "entreprise", P.SUBMIT_PROOF),
    Page("action-workflow", NonConformity, "workflow", "certificatrice", P.ACCEPT_ACTION),
    Page("action-access", NonConformity, "access"),
    Page("certificates", Certificates, at="/companies/moulin-de-grandval/*"),
    Page("certificate", Certificate),
    Page("bodies", Bodies),
    Page("body-add", Bodies, "add", "equipe", P.MANAGE_BODIES),
    Page("body", Body),
    Page("body-edit", Body, "edit", "equipe", P.MANAGE_BODIES),
    Page("body-auditors", Body, "auditors", "equipe", P.MANAGE_BODIES),
    # votes
    Page("proposals", Proposals, login="membre"),
    Page("proposal-add", Proposals, "add", "equipe", P.PROPOSE),
    Page("proposal-add-company", Proposals, "add", "equipe", P.PROPOSE, tail="?kind=admission"),
    Page(
        "proposal-add-text",
        Proposals,
        "add",
        "equipe",
        P.PROPOSE,
        tail="?kind=specification&company=beurrerie-de-la-selune",
    ),
    Page("proposal-draft", Proposal, login="equipe", state="draft"),
    Page("proposal-discussion", Proposal, login="membre", state="discussion"),
    Page("proposal-voting", Proposal, state="voting"),
    Page("proposal-adopted", Proposal, state="adopted"),
    Page("proposal-inquorate", Proposal, state="inquorate"),
    Page("proposal-edit", Proposal, "edit", "equipe", P.EDIT),
    Page("rules", Proposal, "rules", state="voting"),
    Page("set-rules", Proposal, "set-rules", "equipe", P.EDIT),
    Page("extend", Proposal, "extend", "equipe", P.EXTEND),
    Page("milestones", Proposal, "milestones", "equipe", P.IMPLEMENT),
    Page("minutes", Proposal, "minutes", having=_has_ended),
    Page("vote", Proposal, "vote", "membre", P.CAST),
    Page("receipt", Proposal, "receipt", "visiteuse", P.CAST),
    Page("vote-visitor", Proposal, "vote", state="voting", status=403),
    Page("proposal-workflow", Proposal, "workflow", "equipe", state="discussion"),
    Page("proposal-access", Proposal, "access", state="voting"),
    Page("proposal-comments", Proposal, "comments", "membre", state="voting"),
    Page("members", Members, "", "equipe", P.READ),
    Page("member-add", Members, "add", "equipe", P.MANAGE_MEMBERS),
    Page("member", Member, "", "equipe", P.READ),
)


# --- the demo content, and what it lacks ---------------------------------------------------------------------------------------


def noon(now: datetime | None = None) -> datetime:
    """The noon that was last: the demo is made for noon, and nothing in it may lie ahead."""
    now = now or datetime.now(UTC)
    today = now.replace(hour=12, minute=0, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def furnish(site: Any, day: datetime, secret: str) -> dict[str, str]:
    """Fill a site with the demo content and the little that only comes with use; the addresses of all pages by name.

    Everybody gets the password of the demo.
    """
    fill(site, day)
    hashed = Account.hash_new_password(PASSWORD)
    for account in site["principals"]["users"].values():
        account.password, account.epoch = hashed, 1
    staff = _actor(site, DRAFTER)
    files.add(
        site["companies"][DRAFTER],
        io.BytesIO(b"%PDF-1.4\n%%EOF\n"),
        "statuts.pdf",
        "Statuts",
        "members",
        staff,
        day,
        most_bytes=100_000,
    )
    suggestions.suggest(
        site["companies"][OFFERED],
        "truth",
        {"statement": "Nous disons sur l’étiquette où chaque torchon est filé et tissé."},
        "Dites-le comme vous nous l’avez dit.",
        _actor(site, "equipe"),
        day,
    )
    number = accounts.invite(
        site, "nouvelle@exemple.example", _actor(site, "equipe"), datetime.now(UTC), title="Vannerie du Layon"
    )
    asked: Any = SimpleNamespace(
        application_url="", registry=SimpleNamespace(coopcms=SimpleNamespace(secret=secret)), site=site
    )
    words = {
        "invitation": links.invitation(asked, number).rsplit("/", 1)[1],
        "letter": next(iter(care.letters(site))),
        "reset": links.reset(asked, site["principals"]["users"]["membre"]).rsplit("/", 1)[1],
    }
    return {page.name: address(site, page, words) for page in PAGES}


def _actor(site: Any, login: str | None) -> Any:
    return VISITOR if login is None else accounts.actor_of(site["principals"]["users"][login])


def address(site: Any, page: Page, words: dict[str, str]) -> str:
    """The address of a page, without the host; "" where nothing in the demo content suits it."""
    actor = _actor(site, page.login)
    having = _any if page.having is bool else page.having
    for obj in _matching(site, PLACES[page.context].strip("/").split("/")):
        path = resource_path(obj).rstrip("/")
        if page.at and not fnmatchcase(path, page.at):
            continue
        if page.state and obj.state != page.state:
            continue
        if not isinstance(obj, Site) and page.status == 200 and not may(page.may, obj, actor):
            continue
        tail = page.tail(obj) if callable(page.tail) else page.tail.format(**words)
        if tail is None or not having(obj):
            continue
        return f"{path}/{page.view}{tail}" if page.view else f"{path or '/'}{tail}"
    return ""


def _matching(obj: Any, pattern: list[str]) -> list[Any]:
    """The objects at the addresses that a pattern fits, in the order of their names."""
    if pattern in ([], [""]):
        return [obj]
    first, *rest = pattern
    if first != "*":
        try:
            found = [obj[first]]
        except KeyError:
            found = []
    else:
        found = [child for _name, child in sorted(_children(obj).items())]
    return [one for child in found for one in _matching(child, rest) if one is not None]


def _children(obj: Any) -> dict[str, Any]:
    if isinstance(obj, Audit):
        return dict(obj.checklist)
    if isinstance(obj, SpecificationVersion):
        return dict(obj.criteria)
    if isinstance(obj, Members):
        return {f"{number:>06}": member for number, member in obj.items()} if hasattr(obj, "items") else {}
    return dict(obj.items())


def settle(folder: Path) -> Place:
    """A site in a folder with the demo content; beside it ``pages.json``, the addresses by name."""
    place = Place(folder)
    with place.opened() as site:
        secret = (place.var / "secret").read_text().strip()
        found = furnish(site, noon(), secret)
    (folder / "pages.json").write_text(json.dumps(found))
    return place


def addresses(folder: Path) -> dict[str, str]:
    """The addresses of the pages of a site that was settled, by name."""
    found: dict[str, str] = json.loads((folder / "pages.json").read_text())
    return found


def firsts() -> set[str]:
    """The names of the pages that are the first of their kind; the others show the same page in another state."""
    seen: dict[tuple[str, str, bool], str] = {}
    for page in PAGES:
        seen.setdefault(page.kind, page.name)
    return set(seen.values())
