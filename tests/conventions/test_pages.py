"""Every view that answers a page is in the list of pages, which the tests in a browser walk through."""

import inspect

from ..functional.pages_of_the_site import NO_PAGES, PAGES
from .test_views import is_exception_view, module_of, shown, views  # noqa: F401 - a fixture

#: Where views stand that are looked at elsewhere: the API answers programs (its one page is in the list), /manage is Substance D's.
ELSEWHERE = ("coopcms.api", "coopcms.views.manage")


def named(view):
    """The class and the name that a view is registered for."""
    return (getattr(view["context"], "__name__", "None"), view["name"])


def pages_among(views):  # noqa: F811
    """The views that answer a GET with a page."""
    return [
        view
        for view in views
        if not is_exception_view(view)
        and not module_of(view).startswith(ELSEWHERE)
        and view["request_methods"] != "POST"
        and named(view) not in NO_PAGES
    ]


def test_every_page_is_in_the_list(views):  # noqa: F811
    missing = [
        shown(view)
        for view in pages_among(views)
        if not any(
            page.view == view["name"]
            and inspect.isclass(view["context"])
            and issubclass(page.context, view["context"])
            and page.status == 200
            for page in PAGES
        )
    ]
    assert missing == [], "a line each in tests/functional/pages_of_the_site.py"


def test_the_list_names_what_there_is(views):  # noqa: F811
    names = {named(view) for view in views}
    assert set(NO_PAGES) - names == set()
    known = {view["name"] for view in views}
    assert [page.name for page in PAGES if page.status == 200 and page.view not in known | {"api/v1/"}] == []
