"""What comes in: requests that cannot be read, or are larger than anything we ask for, end here with a page that says why.

``receive`` runs before the first attempt at a request and takes in its body; ``factory`` makes the tween that refuses.  It lies
below the transaction and the exception views, so a refusal is a page like any other, in the reader's language.
"""

import ipaddress
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlsplit

from pyramid.httpexceptions import HTTPException, HTTPForbidden, HTTPNotFound
from pyramid.request import Request
from pyramid.tweens import EXCVIEW, MAIN

from ..i18n import _
from ..settings import Settings
from . import retry
from .addresses import API, is_api, is_manage, redirect
from .formdata import FORMS, MULTIPART
from .problems import not_allowed, refused

MEGABYTE = 1_000_000
LONGEST_FORM = MEGABYTE
LONGEST_JSON = MEGABYTE
#: What a form brings beside its file, in bytes.
BESIDE_UPLOAD = MEGABYTE
#: Path and query together, as they came.
LONGEST_ADDRESS = 8_000
MOST_PARAMETERS = 500
PAGE_METHODS = ("GET", "HEAD", "POST")
API_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
READING = frozenset({"GET", "HEAD"})
_REFUSAL = "coopcms.refusal"
_DOTS = (b".", b"..")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_HOST = re.compile(r"(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::([0-9]{1,5}))?", re.ASCII)
_CHUNK = 64 * 1024


def most_bytes(settings: Settings) -> int:
    """The largest body that is read at all; servers in front must let as much through."""
    return settings.upload_bytes + BESIDE_UPLOAD


# --- before the first attempt ---------------------------------------------------------------------------------------------------


def receive(request: Request) -> None:
    """Put in order what libraries would stumble over, and take in the body: what ``retry.activate_hook`` calls.

    Nothing may be raised here, above all tweens: what is wrong is kept for ``factory``.
    """
    _clean(request.environ)
    refusal = _take_body(request)
    if refusal is not None:
        request.body = b""
        request.environ[_REFUSAL] = refusal
    request.make_body_seekable()
    retry.remember(request.environ)


def _clean(environ: dict[str, Any]) -> None:
    # Another site of the same domain may have set a cookie in Latin-1; ours are ASCII.
    if "HTTP_COOKIE" in environ:
        cookies = environ["HTTP_COOKIE"].split(";")
        environ["HTTP_COOKIE"] = ";".join(pair for pair in cookies if pair.isascii() and pair.strip().isprintable())
    # Pyramid would begin to look for objects wherever this header says.
    environ.pop("HTTP_X_VHM_ROOT", None)
    for name in ("HTTP_REFERER", "HTTP_ORIGIN"):
        try:
            urlsplit(environ.get(name, ""))
        except ValueError:
            del environ[name]


def _take_body(request: Request) -> HTTPException | None:
    stated = str(request.environ.get("CONTENT_LENGTH") or "")
    if stated and not re.fullmatch("[0-9]{1,15}", stated):
        return refused(400, _("La longueur annoncée (Content-Length) n’est pas un nombre."))
    most = _limit(request)
    if stated and int(stated) > most:
        return _too_large(request, most)
    try:
        if stated or not request.is_body_readable:
            request.make_body_seekable()
            return None
        body = _read(request.body_file_raw, most + 1)
    except (OSError, ValueError):
        return refused(400, _("Le corps de la demande s’est arrêté avant la longueur annoncée."))
    if len(body) > most:
        return _too_large(request, most)
    request.body = body
    return None


def _read(stream: Any, most: int) -> bytes:
    pieces: list[bytes] = []
    while most > 0 and (piece := stream.read(min(most, _CHUNK))):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


def _limit(request: Request) -> int:
    if is_api(request):
        return LONGEST_JSON
    uploads = _kind(request) == MULTIPART and "session" in request.cookies
    return most_bytes(request.registry.coopcms) if uploads else LONGEST_FORM


def _kind(request: Request) -> str:
    kind: str = request.content_type
    return kind.strip().lower()


def _too_large(request: Request, most: int) -> HTTPException:
    size = {"most": most // MEGABYTE}
    if is_api(request):
        return refused(413, _("Le corps de la demande est trop lourd : ${most} Mo au plus.", mapping=size))
    if _kind(request) == MULTIPART and most > LONGEST_FORM:
        return refused(413, "", heading="")
    if _kind(request) == MULTIPART:
        # Nobody is logged in: a file of any size would not be taken.
        return HTTPForbidden()
    return refused(
        413, _("Ce formulaire est trop lourd : ${most} Mo au plus. Raccourcissez vos textes.", mapping=size), heading=""
    )


# --- the tween ------------------------------------------------------------------------------------------------------------------


def factory(handler: Callable[[Request], Any], registry: Any) -> Callable[[Request], Any]:
    """A tween that lets through only what can be read."""
    own = _netloc(registry.coopcms.url) if registry.coopcms.url else None

    def tween(request: Request) -> Any:
        _check_host(request, own)
        _check_address(request)
        _check_method(request)
        if _REFUSAL in request.environ:
            raise request.environ[_REFUSAL]
        _check_body(request)
        return _without_slash(request) or handler(request)

    return tween


def _netloc(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return (parts.hostname or "").lower(), str(parts.port or {"http": 80, "https": 443}[parts.scheme])


def _check_host(request: Request, own: tuple[str, str] | None) -> None:
    given = request.environ.get("HTTP_HOST")
    if given is None and request.environ.get("SERVER_PROTOCOL") != "HTTP/1.1":
        return
    if given is None or not _is_ours(str(given).lower(), request.scheme, own):
        # The page that says so must not lead to where the header says.
        request.environ["HTTP_HOST"] = own[0] if own else "localhost"
        raise refused(400, _("Le nom du site dans la demande (Host) n’est pas celui de ce site."))


def _is_ours(host: str, scheme: str, own: tuple[str, str] | None) -> bool:
    match = _HOST.fullmatch(host)
    if match is None:
        return False
    name, port = match[1], match[2] or {"http": "80", "https": "443"}.get(scheme, "80")
    # Behind a proxy the port is the proxy's: one of the two usual ones stands for the other.
    same = own is not None and name == own[0] and (port == own[1] or {port, own[1]} <= {"80", "443"})
    return own is None or same or _is_loopback(name.strip("[]"))


def _is_loopback(name: str) -> bool:
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _check_address(request: Request) -> None:
    raw = _raw_path(request)
    query = request.environ.get("QUERY_STRING", "")
    if len(raw) + len(query) > LONGEST_ADDRESS:
        raise refused(414, "", heading="")
    if not _is_readable(request.environ.get("PATH_INFO", "")) or not _has_plain_segments(raw):
        raise refused(400, _("Cette adresse n’est pas lisible : elle contient des signes ou des segments interdits."))
    if b"/@@" in raw and not is_manage(request):
        # Another name for the same page: what is said of its address, here or by a proxy, would not hold for it.
        raise HTTPNotFound()
    try:
        count = len(request.GET)
    except UnicodeError:
        raise refused(400, _("L’adresse n’est pas en UTF-8.")) from None
    if count > MOST_PARAMETERS:
        raise refused(414, _("Cette adresse a trop de paramètres."), heading="")


def _raw_path(request: Request) -> bytes:
    """The path as it came where the server says so, else as the server decoded it."""
    address = str(request.environ.get("REQUEST_URI") or "")
    path = address.partition("?")[0] if address.startswith("/") else str(request.environ.get("PATH_INFO", ""))
    return path.encode("latin-1", "replace")


def _is_readable(path: str) -> bool:
    try:
        text = path.encode("latin-1").decode()
    except UnicodeError:
        return False
    return not _CONTROL.search(text) and "\\" not in text and _has_plain_segments(path.encode("latin-1"))


def _has_plain_segments(path: bytes) -> bool:
    """Whether no segment is empty, but the first and the last, or dots, even when it is decoded once more.

    Proxies normalise a path before they choose a rule for it and hand it on as it came: what it means must not depend on that.
    """
    if b"%2f" in path.lower() or b"%5c" in path.lower():
        return False
    segments = path.split(b"/")
    return all(segments[1:-1]) and not any(unquote_to_bytes(unquote_to_bytes(each)) in _DOTS for each in segments)


def _check_method(request: Request) -> None:
    possible = API_METHODS if is_api(request) else PAGE_METHODS
    if request.method not in possible:
        raise not_allowed(possible, _("Ce site répond à : ${methods}.", mapping={"methods": ", ".join(possible)}))


def _check_body(request: Request) -> None:
    """Only what is described takes a body, and only forms are taken by pages; they are read here, whoever asks for them later."""
    if request.method in READING:
        if request.content_length:
            raise refused(400, _("Une demande de lecture n’a pas de corps."))
        return
    if is_api(request) or not request.content_length:
        return
    if _kind(request) not in FORMS:
        raise refused(415, _("Cette page ne lit que les formulaires du site."))
    if _kind(request) == MULTIPART and request.account is None:
        raise HTTPForbidden()
    request.POST  # noqa: B018 - raises what is wrong with it


def _without_slash(request: Request) -> Any:
    """Where an address with a slash too many leads; only reading is led on."""
    path = request.path_info
    if not path.endswith("/") or path in ("/", f"{API}/") or is_manage(request):
        return None
    if request.method not in READING:
        raise HTTPNotFound()
    query = quote(request.query_string.encode("latin-1"), safe="/?%&=+;:@!$'()*,~")
    return redirect(request, request.path.rstrip("/") + (f"?{query}" if query else ""))


def includeme(config: Any) -> None:
    """Below the exception views, and before the first attempt."""
    config.add_settings({"retry.activate_hook": receive})
    config.add_tween("coopcms.web.incoming.factory", under=EXCVIEW, over=MAIN)
