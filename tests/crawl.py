"""Walk the pages as somebody who follows every link."""

from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Comment

#: Addresses that are no pages of people: the API answers JSON, /manage is Substance D's, a language is chosen once.
SKIPPED = ("/api/v1", "/manage", "/sdistatic", "/deformstatic", "/static", "/language")
#: Pages that no link leads to.
UNLINKED = (
    "/",
    "/login",
    "/forgotten",
    "/reset/x",
    "/invitation/x",
    "/nothing-here",
    "/companies/candidate/diagram.svg",
    "/api/v1/",
)
#: Variants of a page by query that are looked at.
VARIANTS = 2


def walk(app, start=UNLINKED, skipped=SKIPPED, most=400):
    """Each page that can be reached, once, as (path, response); redirects are answers like others."""
    waiting, seen, variants = list(start), set(start), {}
    while waiting:
        path = waiting.pop(0)
        response = app.get(path, status="*")
        yield path, response
        links = [response.headers["Location"]] if "Location" in response.headers else []
        if response.content_type == "text/html":
            links += [a["href"] for a in response.html.find_all("a", href=True)]
        for link in links:
            parts = urlsplit(urljoin("http://localhost" + path, link))
            target = parts.path + ("?" + parts.query if parts.query else "")
            if parts.hostname != "localhost" or target in seen or parts.path.startswith(skipped):
                continue
            seen.add(target)
            variants[parts.path] = variants.get(parts.path, 0) + 1
            if variants[parts.path] <= VARIANTS and len(seen) < most:
                waiting.append(target)


def texts(response):
    """What a reader sees or hears: texts and named attributes, white space reduced to plain single spaces.

    Left out: code, and what is marked as being in another language.
    """
    soup = BeautifulSoup(response.text, "html.parser")
    language = soup.html.get("lang") if soup.html else None
    for element in soup.find_all(["script", "style", "code", "pre", "textarea"]):
        element.decompose()
    for element in soup.find_all(lambda tag: tag.name != "html" and tag.get("lang", language) != language):
        element.decompose()
    # A name inside a sentence is a piece of it.
    for element in soup.find_all("bdi"):
        element.unwrap()
    soup.smooth()
    found = [str(text) for text in soup.find_all(string=True) if not isinstance(text, Comment)]
    for attribute in ("aria-label", "title", "alt", "placeholder", "data-label"):
        found += [element[attribute] for element in soup.find_all(attrs={attribute: True})]
    found += [e["content"] for e in soup.find_all("meta", attrs={"name": "description"})]
    found += [part for title in soup.find_all("title") for part in title.get_text().split(" – ")]
    return {plain for text in found if (plain := " ".join(text.split()))}
