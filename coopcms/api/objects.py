"""Content objects as JSON: all that the reader may see of each, and nothing else.

``…_scalars`` is what a list shows of an object, ``…_whole`` what its own address gives.
"""

from typing import Any

from pyramid.request import Request

from ..content.company import Company
from ..content.dossier import PARTS, ContactSchema, schema_of
from ..content.file import File
from ..content.specification import Framework, Specification, SpecificationVersion
from ..domain.criteria import FIELDS
from ..domain.timeline import since
from ..security.permissions import P
from ..views.company import visible_contacts
from ..workflows.dossier import COMMITMENTS
from .base import address, api_view, page
from .certificates import certificate_scalars
from .outside import earlier_votes, outside_certificates
from .versions import seen_versions, shown_version, shown_version_or_none
from .workflow import history

#: Fields by the schema of the form that fills them: what is asked for is what is shown.
IDENTITY_FIELDS = tuple(node.name for node in schema_of("identity") if node.name != "title")
CONTACT_FIELDS = tuple(node.name for node in ContactSchema())
PART_FIELDS = {part: tuple(node.name for node in schema_of(part)) for part in PARTS}
#: What is read at an address of its own below a company.
LINKS = ("audits", "certificates", "matrix", "sites")


@api_view(context=Company, request_method="GET", permission=P.VIEW)
def company(context: Company, request: Request) -> dict[str, Any]:
    """The dossier of a company; of one that is closed, title, state and history."""
    return company_whole(request, context)


@api_view(context=Specification, request_method="GET", permission=P.READ)
def specification(context: Specification, request: Request) -> dict[str, Any]:
    """A specification, or the framework, with the criteria of the version it answers for."""
    version = shown_version(request, context)
    return {
        **specification_scalars(request, context, version),
        "versions": [link_to(request, v, "version") for v in seen_versions(request, context)],
        "criteria": criteria(version),
        **({"commitments": _commitments(context)} if isinstance(context, Framework) else {}),
    }


@api_view(context=SpecificationVersion, request_method="GET", permission=P.READ)
def version(context: SpecificationVersion, request: Request) -> dict[str, Any]:
    """One version with its criteria and its history."""
    return {
        **described(request, context, "version"),
        "state": context.state,
        "since": since(context),
        "number": context.number,
        "criteria": criteria(context),
        "history": history(request, context),
    }


@api_view(context=File, request_method="GET", permission=P.READ)
def file(context: File, request: Request) -> dict[str, Any]:
    """What a document is; its bytes are at ``download``, an address of the site for people."""
    return file_scalars(request, context)


def company_scalars(request: Request, company: Company) -> dict[str, Any]:
    """The scalar fields of a company; of one that the reader may not read, only that it exists and where it stands."""
    told = {
        "@id": address(request, company),
        "@type": "company",
        "title": company.title,
        "state": company.state,
        "since": since(company),
    }
    if not request.may(P.READ, company):
        return told
    identity = company.values_of("identity")
    return {
        **described(request, company, "company"),
        **told,
        **{field: _plain(identity.get(field, "")) for field in IDENTITY_FIELDS},
        "founded": identity.get("founded"),
        "headcount": identity.get("headcount"),
        "logo": None if company.logo is None else page(request, company, "logo"),
        "is_demo": company.is_demo,
    }


def company_whole(request: Request, company: Company) -> dict[str, Any]:
    """All of a company that the reader may see."""
    told = {**company_scalars(request, company), "history": history(request, company)}
    if not request.may(P.READ, company):
        return told
    certificate = company.current_certificate()
    return {
        **told,
        "certificate": None if certificate is None else certificate_scalars(request, certificate),
        "links": {name: address(request, company, name) for name in LINKS},
        "statements": {commitment: company.statement(commitment) for commitment in COMMITMENTS},
        "parts": {
            part: {field: _plain(company.values_of(part).get(field, _EMPTY.get(field, ""))) for field in fields}
            for part, fields in PART_FIELDS.items()
        },
        "sources": [{"figure": figure, "source": source} for figure, source in company.sources],
        "outside_certificates": outside_certificates(request, company),
        "earlier_votes": earlier_votes(company),
        "contacts": [
            {"id": key, **{field: contact.get(field, "") for field in CONTACT_FIELDS}}
            for key, contact in visible_contacts(request, company)
        ],
        "specifications": [
            link_to(request, specification, "specification", version.state)
            for specification, version in shown_specifications(request, company)
        ],
        "files": [file_scalars(request, file) for file in shown_files(request, company)],
    }


def shown_specifications(request: Request, company: Company) -> list[tuple[Specification, Any]]:
    """The specifications of which the reader may see a version, each with the version it answers for."""
    pairs = (
        (specification, shown_version_or_none(request, specification)) for specification in company.specifications()
    )
    return [(specification, version) for specification, version in pairs if version is not None]


def shown_files(request: Request, company: Company) -> list[File]:
    """The documents whose visibility lets the reader see them."""
    return [file for file in company["files"].values() if request.may(P.READ, file)]


def specification_scalars(request: Request, specification: Specification, version: Any) -> dict[str, Any]:
    """The scalar fields of a specification; state, number and texts are those of the version it answers for."""
    kind = "framework" if isinstance(specification, Framework) else "specification"
    return {
        **described(request, version, kind),
        "@id": address(request, specification),
        "state": version.state,
        "number": version.number,
        "version": address(request, version),
    }


def file_scalars(request: Request, file: File) -> dict[str, Any]:
    """What a document is: size in bytes, SHA-256 in hexadecimal."""
    return {
        **described(request, file, "file"),
        "state": None,
        "visibility": file.visibility,
        "filename": file.filename,
        "content_type": file.content_type,
        "size": file.size,
        "sha256": file.sha256,
        "download": page(request, file, "download"),
    }


def criteria(version: SpecificationVersion) -> list[dict[str, str]]:
    """The criteria in their order."""
    return [
        {"id": key, **{field: getattr(criterion, field) for field in FIELDS}} for key, criterion in version.ordered()
    ]


#: What a field of a part is when nothing was said, where it is no text.
_EMPTY: dict[str, Any] = {"link_kinds": ()}


def _plain(value: Any) -> Any:
    """A stored value for JSON: sets in an order that stays."""
    return sorted(value) if isinstance(value, (set, frozenset, list, tuple)) else value


def described(request: Request, obj: Any, kind: str) -> dict[str, Any]:
    """What every object says of itself."""
    return {
        "@id": address(request, obj),
        "@type": kind,
        "title": obj.title,
        "description": obj.description,
        "language": obj.language,
        "created": obj.created,
        "modified": obj.modified,
    }


def link_to(request: Request, obj: Any, kind: str, state: str | None = None) -> dict[str, Any]:
    """Another object, by its address."""
    return {"@id": address(request, obj), "@type": kind, "title": obj.title, "state": state or obj.state}


def _commitments(framework: Framework) -> list[dict[str, str]]:
    return [{"id": id, "title": c["title"], "text": c["text"]} for id, c in framework.commitments.items()]
