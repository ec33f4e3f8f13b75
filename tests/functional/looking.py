"""Everything that somebody can look at around one vote: pages, the management interface, answers of the API."""

import re
from urllib.parse import urlsplit

from webtest import TestApp

from .. import crawl
from .. import world as worlds
from .api_fixtures import Client

VOTE = "/proposals/admission-de-celle"
API = f"/api/v1{VOTE}"
VIEWS = (
    "ballot",
    "ballots.json",
    "comments",
    "count",
    "edit",
    "extend",
    "history",
    "milestones",
    "minutes",
    "receipt",
    "result",
    "retry",
    "rules",
    "vote",
    "workflow",
)


def logged_in(application, login):
    """A browser of somebody, None being a visitor."""
    app = TestApp(application, extra_environ={"REMOTE_ADDR": "127.0.0.1"})
    if login is not None:
        form = app.get("/login").forms["form"]
        form["login"], form["password"] = login, worlds.PASSWORD
        form.submit("save", status=303)
    return app


#: What differs each time a page is made: the token of the session, the key of a comment form, the number of an error, a nonce.
ONCE = (
    (re.compile(r'(name="_?csrf_token_?"[^>]*value=")[^"]+'), r"\1-"),
    (re.compile(r'(value=")[^"]+("[^>]*name="_?csrf_token_?")'), r"\1-\2"),
    (re.compile(r'(csrf_?token["\']?[:=]\s*["\'])[^"\']+', re.IGNORECASE), r"\1-"),
    (re.compile(r'(name="key"[^>]*value=")[0-9a-f]{16}'), r"\1-"),
    (re.compile(r"(<code[^>]*>)[0-9a-f]{8}(</code>)"), r"\1-\2"),
    (re.compile(r'("error":")[0-9a-f]{8}'), r"\1-"),
    (re.compile(r"(nonce[-=]['\"]?)[\w+/=-]+"), r"\1-"),
    (re.compile(r"(<ZODB[.\w]+ object at )0x[0-9a-f]+"), r"\1-"),
)
#: Headers that say whether something changed.
TELLING = ("ETag", "Last-Modified", "Cache-Control", "Location", "Allow", "Content-Type", "Content-Disposition")


def told(response):
    """An answer without what differs each time."""
    text = response.text if response.charset else response.body.decode("latin-1")
    for pattern, plain in ONCE:
        text = pattern.sub(plain, text)
    return (response.status_int, text, tuple((name, response.headers.get(name)) for name in TELLING))


def pages(application, login):
    """Every page that links lead to, and every view of the vote by its name."""
    app = logged_in(application, login)
    start = (*crawl.UNLINKED, "/tasks", "/members", VOTE, *(f"{VOTE}/{view}" for view in VIEWS))
    return {path: told(response) for path, response in crawl.walk(app, start=start)}


def management(application, login):
    """Every page of /manage around the vote, and of the database and the catalogs."""
    app = logged_in(application, login)
    tabs = (
        "contents",
        "workflows",
        "indexing",
        "acl_edit",
        "inherited_acl",
        "local_acl",
        "references",
        "properties",
        "",
    )
    here = [
        f"/manage{path}/{'@@' if tab else ''}{tab}" for path in (VOTE, "/proposals", "/members", "") for tab in tabs
    ]
    below = [f"/manage{VOTE}/{name}" for name in ("box", "roll", "published", "voices", "box/ballots", "box/turnout")]
    start = ("/manage/", "/manage/@@undo", "/manage/@@database", *here, *below)
    skipped = tuple(prefix for prefix in crawl.SKIPPED if prefix != "/manage")
    outside = ("/companies", "/framework", "/access", "/see-as", "/proposals", "/members", "/logout")
    return {
        path: told(response) for path, response in crawl.walk(app, start=start, skipped=(*skipped, *outside), most=200)
    }


def answers(application, token):
    """Everything the API links to, each list in each state, and every view of the vote."""
    client = Client(application, token)
    views = [f"{API}/{view}" for view in VIEWS]
    lists = [
        "/api/v1/proposals",
        *(f"/api/v1/proposals?state={state}" for state in ("voting", "adopted", "discussion")),
    ]
    waiting = ["/api/v1/openapi.json", "/api/v1/members", *lists, *views]
    first = client.get("/api/v1/", Accept="application/json")
    found, seen = {"/api/v1/": told(first)}, set(waiting)
    waiting += [link for link in links_in(first) if link not in seen]
    while waiting:
        path = waiting.pop(0)
        response = client.get(path)
        found[path] = told(response)
        if path != "/api/v1/openapi.json" and response.content_type == "application/json":
            for link in links_in(response):
                for target in (link, f"{link}/workflow", f"{link}/comments"):
                    if target not in seen:
                        seen.add(target)
                        waiting.append(target)
    return found


def links_in(response):
    """The addresses of the API that an answer names."""
    found = re.findall(r'"http://localhost(/api/v1/[^"{}]*)"', response.text)
    return [path for path in dict.fromkeys(found) if not urlsplit(path).path.endswith(("/workflow", "/comments"))]


def everything(application, tokens, login, site):
    """All that somebody can look at: (page or answer, address) → what it said."""
    found = {("page", path): what for path, what in pages(application, login).items()}
    found |= {("API", path): what for path, what in answers(application, tokens.get(login)).items()}
    if login == "admin":
        found |= {("page", path): what for path, what in management(application, login).items()}
    return found


def differences(one, other):
    """What two looks do not have in common: the address, and the first lines that differ."""
    for key in sorted(set(one) | set(other)):
        first, second = one.get(key, (0, "", ())), other.get(key, (0, "", ()))
        if first != second:
            pairs = zip(first[1].splitlines(), second[1].splitlines(), strict=False)
            yield key, next(((a, b) for a, b in pairs if a != b), (first[0], second[0], first[2], second[2]))
