"""Nodes of schemas that forms are made of, with our own sentences for what is wrong."""

from datetime import date
from typing import Any

import colander
import deform.widget as w

from ..i18n import _
from .checks import at_most, digits_only, one_of, postcode, web_address


def line(title: str, *, longest: int = 120, **kw: Any) -> colander.SchemaNode:
    """A text of one line."""
    validator = kw.pop("validator", None)
    kw.setdefault("missing", "")
    checks = [at_most(longest)] + ([validator] if validator else [])
    return colander.SchemaNode(colander.String(), title=title, validator=colander.All(*checks), **kw)


def text(title: str, *, rows: int = 8, longest: int = 12000, **kw: Any) -> colander.SchemaNode:
    """A text of several lines; with ``markdown=True`` one with bold, lists and links, which its form can preview."""
    kw.setdefault("missing", "")
    return colander.SchemaNode(
        colander.String(), title=title, validator=at_most(longest), widget=w.TextAreaWidget(rows=rows), **kw
    )


def choice(title: str, choices: dict[str, str], **kw: Any) -> colander.SchemaNode:
    """One of some values, from a list that opens."""
    kw.setdefault("missing", "")
    values = [("", _("— Choisissez —")), *choices.items()]
    return colander.SchemaNode(
        colander.String(), title=title, validator=one_of(choices), widget=w.SelectWidget(values=values), **kw
    )


def day(title: str, *, first: int = 1990, last: int = 2100, **kw: Any) -> colander.SchemaNode:
    """A date; its year lies between two that leave room for the future and none for a slip of the finger."""
    return colander.SchemaNode(
        colander.Date(),
        title=title,
        validator=colander.Range(
            date(first, 1, 1),
            date(last, 12, 31),
            min_err=_("Vérifiez l’année : elle est trop ancienne."),
            max_err=_("Vérifiez l’année : elle est trop lointaine."),
        ),
        widget=w.DateInputWidget(),
        **kw,
    )


def street(**kw: Any) -> colander.SchemaNode:
    """Street and number."""
    return line(_("Rue et numéro"), widget=w.TextInputWidget(attributes={"autocomplete": "street-address"}), **kw)


def postal_code(**kw: Any) -> colander.SchemaNode:
    """Five digits."""
    return line(
        _("Code postal"),
        preparer=digits_only,
        validator=postcode,
        widget=w.TextInputWidget(attributes={"inputmode": "numeric", "autocomplete": "postal-code"}),
        **kw,
    )


def city(**kw: Any) -> colander.SchemaNode:
    """The commune."""
    return line(_("Commune"), widget=w.TextInputWidget(attributes={"autocomplete": "address-level2"}), **kw)


def website(**kw: Any) -> colander.SchemaNode:
    """An address of a web page."""
    return line(
        _("Site web"),
        longest=200,
        validator=web_address,
        widget=w.TextInputWidget(attributes={"type": "url", "autocomplete": "url", "placeholder": "https://"}),
        **kw,
    )
