"""The request of this site: what it brings is read once, strictly, and anew when it is played again."""

from typing import Any

import pyramid.request
from pyramid.decorator import reify

from . import formdata

_Parent: Any = pyramid.request.Request


def _path_info(request: Any) -> str:
    raw: str = request.environ.get("PATH_INFO", "")
    return raw.encode("latin-1", "replace").decode("utf-8", "replace")


class Request(_Parent):
    """Each attempt at a request is an object of its own, so nothing that was read stays from the one before.

    WebOb keeps the form in ``environ``, which attempts share: files in it would be at their end the second time.
    """

    #: Text, whatever the bytes are: what is no UTF-8 is refused by ``incoming`` with a page, which asks for the path too.
    path_info = property(_path_info, _Parent.path_info.fset, _Parent.path_info.fdel)

    @reify
    def POST(self) -> Any:  # noqa: N802 - WebOb's name
        """The fields of the form that was sent, in their order; none where none was.

        :raises HTTPException: it cannot be read
        """
        return formdata.read(self)
