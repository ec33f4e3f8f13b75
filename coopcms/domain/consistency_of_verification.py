"""Does what is verified agree with the audits it comes from, and do certificates agree with their register?"""

from collections.abc import Iterator
from typing import Any

from ..content.audit import Audit, Evidence
from . import verification as matrix


def below(site: Any) -> Iterator[Any]:
    """What has a workflow without being content of the tree: non-conformities."""
    for company in site["companies"].values():
        for audit in company.audits():
            for finding in audit.findings():
                yield from _of(finding)


def _of(finding: Any) -> Iterator[Any]:
    yield from finding.former
    if finding.nonconformity is not None:
        yield finding.nonconformity


def evidence(obj: Any) -> Iterator[Evidence]:
    """The photos and documents of an audit: of its findings, and those brought as proof."""
    if isinstance(obj, Audit):
        for finding in obj.findings():
            yield from finding.evidence.values()
            for nonconformity in _of(finding):
                yield from nonconformity.documents.values()


def verification(site: Any) -> Iterator[str]:
    """Every problem: the matrix, the checklist, versions in force, the register of certificates."""
    for company in site["companies"].values():
        yield from _matrix(company)
        for audit in company.audits():
            yield from _checklist(company, audit)
        for specification in company.specifications():
            in_force = [str(v.number) for v in specification.versions() if v.state == "in_force"]
            if len(in_force) > 1:
                yield f"{company.__name__}: versions {', '.join(in_force)} of “{specification.title}” are in force at once"
    yield from _certificates(site)


def _matrix(company: Any) -> Iterator[str]:
    stored, anew = company.standings or {}, matrix.standings_anew(company)
    for version_id in {*stored, *anew}:
        one, two = stored.get(version_id), anew.get(version_id)
        if one is None or two is None or any(dict(one.of(level)) != dict(two.of(level)) for level in (1, 2)):
            yield f"{company.__name__}: the matrix of version {version_id} is not what the validated audits say"


def _checklist(company: Any, audit: Any) -> Iterator[str]:
    where = f"{company.__name__}/{audit.__name__}"
    if set(audit.sequence) != set(audit.checklist):
        yield f"{where}: the order of the checklist does not name each finding once"
    if audit.state == "validated" and audit.unanswered():
        yield f"{where}: validated, but {len(audit.unanswered())} criteria have no finding"
    if audit.report_stands and audit.level == 2 and audit.unsigned():
        yield f"{where}: reported, but not signed by everybody"


def _certificates(site: Any) -> Iterator[str]:
    register = site.certificate_numbers
    if list(register) != list(range(1, len(register) + 1)):
        yield "the register of certificates has a gap"
    listed = {f"{serial:04}": oid for serial, oid in register.items()}
    found = {}
    for company in site["companies"].values():
        for certificate in company.certificates():
            serial = certificate.number.partition("-")[2]
            if serial in found:
                yield f"the certificate number {serial} was given twice"
            found[serial] = company.__oid__
            if listed.get(serial) != company.__oid__:
                yield f"{company.__name__}: the certificate {certificate.number} is not in the register"
    for serial in sorted(set(listed) - set(found)):
        yield f"the certificate {serial} of the register is nowhere"
