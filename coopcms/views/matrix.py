"""The verification matrix: each criterion, what is promised, what each level found, how old that is."""

import functools
from typing import Any

from markupsafe import Markup
from pyramid.httpexceptions import HTTPForbidden, HTTPNotFound
from pyramid.i18n import Localizer
from pyramid.view import view_config

from ..content.audit import RESULTS
from ..content.calendar import day_in_paris
from ..content.certificate import STATUSES
from ..content.company import Company
from ..content.specification import Framework, SpecificationVersion
from ..domain import verification
from ..i18n import _
from ..security.permissions import P
from ..web import readable
from ..workflows.conditions import company_of
from .addresses import url
from .base import crumbs
from .kept import kept
from .rendering import day
from .translating import translate


@view_config(
    context=SpecificationVersion,
    name="matrix",
    permission=P.READ,
    request_method="GET",
    renderer="templates/matrix/matrix.pt",
)
def of_version(context: SpecificationVersion, request: Any) -> dict[str, Any]:
    """The criteria of one version of a company; the framework is verified at each company, on its dossier."""
    company = company_of(context)
    if company is None or not request.may(P.READ, company):
        raise HTTPNotFound() if company is None else HTTPForbidden()
    return _page(request, company, [context], context)


@view_config(
    context=Company, name="matrix", permission=P.READ, request_method="GET", renderer="templates/matrix/matrix.pt"
)
def of_company(context: Company, request: Any) -> dict[str, Any]:
    """The framework and every version that is verified."""
    versions = [v for v in context.to_be_audited() if request.may(P.READ, v)]
    return _page(request, context, versions, context)


def _crumb(obj: Any) -> Any:
    """What a breadcrumb calls it: a version has the title of its specification, which stands before it."""
    if isinstance(obj, SpecificationVersion):
        return _("Version ${number}", mapping={"number": obj.number})
    return obj.title


def _page(request: Any, company: Company, versions: list[Any], obj: Any) -> dict[str, Any]:
    found = []
    for version in versions:
        rows = list(verification.rows(company, version, request.now))
        base, own = url(request, version), url(request, company, "audits")
        framework = isinstance(version.__parent__, Framework)
        lines = [_line(row, base, own, request.localizer, framework and company.__name__) for row in rows]
        found.append((version, verification.summary(rows), Markup("").join(lines)))
    return {
        "title": _("Ce qui est vérifié"),
        "crumbs": [*crumbs(request, obj), {"href": url(request, obj), "title": _crumb(obj)}],
        "company": company,
        "tables": found,
        "bar": bar,
    }


def _line(row: verification.Row, base: str, audits: str, localizer: Localizer, at: Any) -> Markup:
    one, two = (_cell(v, audits, level in row.aged, localizer) for level, v in ((1, row.first), (2, row.second)))
    criterion = row.criterion
    query = f"?company={at}" if at else ""
    return _row(
        criterion.code,
        criterion.title,
        _short(criterion.requirement),
        _short(criterion.evidence),
        f"{base}/{row.key}{query}",
        one,
        two,
        row.disagree,
        localizer,
    )


@functools.lru_cache(maxsize=8192, typed=True)
def _row(
    code: str,
    title: str,
    requirement: str,
    evidence: str,
    href: str,
    one: Markup,
    two: Markup,
    disagree: bool,
    localizer: Localizer,
) -> Markup:
    """One row.  It changes only when something is verified, and a page may have hundreds: each is made once for a language."""
    say = localizer.translate
    mark = Markup('<p class="mark-disagree">{}</p>').format(say(_("Les deux niveaux se contredisent")))
    return Markup(
        '<tr{}><th scope="row"><a href="{}">{}</a> {}{}</th><td data-label="{}">{}</td><td data-label="{}">{}</td>'
        '<td data-label="{}">{}</td><td data-label="{}">{}</td></tr>'
    ).format(
        Markup(' class="disagrees"') if disagree else "",
        href,
        code,
        title,
        mark if disagree else "",
        say(_("Promesse")),
        requirement,
        say(_("Preuve attendue")),
        evidence,
        say(_("Niveau 1")),
        one,
        say(_("Niveau 2")),
        two,
    )


@functools.lru_cache(maxsize=8192)
def _found(result: str, when: str, href: str, evidence: int, aged: bool, localizer: Localizer) -> Markup:
    say = localizer.translate
    pieces = (
        ""
        if not evidence
        else say(_("1 pièce"))
        if evidence == 1
        else say(_("${count} pièces", mapping={"count": evidence}))
    )
    return Markup(
        '<div><span class="finding {}">{}</span> <span class="soft small"><a href="{}">{}</a>{}</span>{}</div>'
    ).format(
        result,
        say(RESULTS[result]),
        href,
        when,
        Markup(", {}").format(pieces) if pieces else "",
        Markup('<p class="mark-aged">{}</p>').format(say(_("constat de plus d’un an"))) if aged else "",
    )


def _cell(found: verification.Verified | None, audits: str, aged: bool, localizer: Localizer) -> Markup:
    if found is None:
        return Markup('<span class="finding none">{}</span>').format(localizer.translate(_("pas encore vérifié")))
    href = f"{audits}/{found.audit}/{found.finding}"
    return _found(found.result, day(found.when, localizer.locale_name), href, found.evidence, aged, localizer)


def _short(text: str, longest: int = 220) -> str:
    """A text cut at a word where it is long: the page of the criterion has all of it."""
    return text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0] + "…"


def of_criterion(request: Any, criterion: Any) -> list[Markup]:
    """What every validated audit found at a criterion, newest first; of the framework, at the company that the address names."""
    specification = criterion.__parent__.__parent__
    company = company_of(criterion) or request.site["companies"].get(readable.word(request.GET, "company"))
    if company is None or not request.may(P.READ, company):
        return []
    lines = []
    for audit, finding in verification.findings_on(specification, criterion.__name__, company):
        if not request.may(P.READ, audit):
            continue
        lines.append(
            Markup(
                '<p class="meta"><span class="finding {}">{}</span><span>{}</span></p><p class="text">{}</p><p>{}{}</p>'
            ).format(
                finding.result,
                translate(RESULTS[finding.result]),
                day(audit.validated_at, request.locale_name),
                finding.text,
                Markup('<a href="{}">{}</a>').format(url(request, finding), audit.title),
                "" if company_of(criterion) is not None else f", {company.title}",
            )
        )
    return lines


def glance(request: Any, company: Company) -> Markup:
    """The matrix of a dossier in one look: a bar, the counts in words, the certificate.  Made anew only when something changed."""
    versions = company.to_be_audited()
    standings = company.standings or {}
    certificate = company.current_certificate()
    state = (certificate.number, certificate.status(request.now), certificate.last_day) if certificate else ()
    rests_on = [*versions, *(standings.get(version.__oid__) for version in versions)]

    def make() -> Markup:
        rows = [row for version in versions for row in verification.rows(company, version, request.now)]
        return _glance(request, company, verification.summary(rows), certificate, state)

    key = ("glance", company.__oid__, request.locale_name, day_in_paris(request.now), state, request.script_name)
    return kept(key, rests_on, make)


def _glance(request: Any, company: Company, found: verification.Summary, certificate: Any, state: Any) -> Markup:
    counts = [
        ("both", _("tenus aux deux niveaux"), found.both),
        ("one", _("tenus à un seul niveau"), found.one),
        ("broken", _("avec un écart"), found.broken),
        ("none", _("pas encore vérifiés"), found.none),
    ]
    legend = Markup("").join(
        Markup('<li class="m-{}">{}{}<b>{}</b></li>').format(kind, translate(words), _COLON[request.locale_name], count)
        for kind, words, count in counts
        if count
    )
    parts = [Markup('<div class="chart matrix-bar">{}<ul class="legend">{}</ul>').format(bar(found), legend)]
    if found.disagreeing:
        sentence = _(
            "Critères sur lesquels les deux niveaux se contredisent : ${count}", mapping={"count": found.disagreeing}
        )
        parts.append(Markup('<p class="mark-disagree">{}</p>').format(translate(sentence)))
    if found.aged:
        sentence = _("Critères dont un constat a plus d’un an : ${count}", mapping={"count": found.aged})
        parts.append(Markup('<p class="mark-aged">{}</p>').format(translate(sentence)))
    parts.append(Markup("</div>"))
    if certificate is not None:
        words = _(
            "Attestation ${number}, jusqu’au ${date}",
            mapping={"number": state[0], "date": day(state[2], request.locale_name)},
        )
        parts.append(
            Markup('<p><span class="status {}">{}</span> <a href="{}">{}</a></p>').format(
                state[1], translate(STATUSES[state[1]]), url(request, certificate), translate(words)
            )
        )
    links = [
        ("matrix", _("Critère par critère")),
        ("audits", _("Les rapports")),
        ("nonconformities", _("Les non-conformités")),
    ]
    parts.append(
        Markup("<p>{}</p>").format(
            Markup(" · ").join(
                Markup('<a href="{}">{}</a>').format(url(request, company, view), translate(title))
                for view, title in links
            )
        )
    )
    return Markup("").join(parts)


#: What stands between a word and its figure.
_COLON = {"fr": "\N{NO-BREAK SPACE}: ", "en": ": "}


def bar(found: verification.Summary) -> Markup:
    """The counts as a bar of four parts; the same figures stand below it in words."""
    width, x, parts = 640, 0.0, []
    for kind, count in (("both", found.both), ("one", found.one), ("broken", found.broken), ("none", found.none)):
        if not count:
            continue
        share = width * count / found.criteria
        parts.append(
            Markup('<rect class="m-{}" x="{:.1f}" width="{:.1f}" height="28"/>').format(kind, x, max(share - 2, 1))
        )
        x += share
    return Markup('<svg viewBox="0 0 640 28" aria-hidden="true" preserveAspectRatio="none">{}</svg>').format(
        Markup("").join(parts)
    )
