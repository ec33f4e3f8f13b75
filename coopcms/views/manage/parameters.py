"""What Substance D's pages take as it comes – numbers of rows, names of things chosen – is looked at before it comes to them."""

from pyramid.request import Request

from ...i18n import _
from ...web import readable
from ...web.problems import refused

_ROWS = ("from", "to")
#: Names of chosen things, separated by slashes.
_CHOSEN = "item-modify"
_TEXTS = (_CHOSEN, "sortCol", "sortDir", "cqe_expression")
MOST_ROWS = 100_000
LONGEST = 1_000


def check(request: Request) -> None:
    """Nothing, when they can be read.

    :raises HTTPException: 400, or 404 for a thing that is not there any more
    """
    given = request.params
    for name in readable.names(given):
        if (name in _TEXTS or name.startswith("filter")) and not _is_short_text(given[name]):
            raise refused(
                400,
                _("Un texte est trop long ou n’en est pas un : ${most} caractères au plus.", mapping={"most": LONGEST}),
            )
    asked = [readable.whole(given, name, -1, most=MOST_ROWS) for name in _ROWS]
    if any(name in given for name in _ROWS) and not 0 <= asked[0] <= asked[1]:
        raise refused(400, _("Les numéros des lignes demandées ne sont pas lisibles."))
    # As it came: that is what Substance D looks for.
    if not all(name in request.context for name in given.get(_CHOSEN, "").split("/") if name):
        raise refused(404, _("Ce que vous avez choisi n’est plus là : rechargez la page."), heading="")


def _is_short_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST
