"""Nodes of schemas that forms are made of: each reads what was typed in the one way there is, and says what is wrong.

No schema names a type of colander itself: what passes here is prepared (:mod:`coopcms.text`), read (:mod:`.readers`) and bounded.
Bounds that move with the calendar take the day (Paris) from ``schema.bind(today=…)``.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import colander
import deform.widget as w
from colander import SchemaNode as Node

from .. import text as texts
from ..i18n import _
from . import readers
from .calendar import months_later
from .checks import at_most, one_of, postcode, siret

#: The longest password that is hashed at all.
LONGEST_PASSWORD = 1024


class Text(colander.SchemaType):
    """A text as it is stored; one in which nothing is to be seen counts as none."""

    value: type = str  #: what it gives

    def __init__(self, prepare: Callable[[str], str] = texts.prose) -> None:
        self.prepare = prepare

    def serialize(self, node: Node, appstruct: Any) -> Any:
        """The text as it is stored."""
        return colander.null if appstruct in (colander.null, None) else str(appstruct)

    def deserialize(self, node: Node, cstruct: Any) -> Any:
        """What was typed, prepared; null where it says nothing.

        :raises colander.Invalid: what came is no text
        """
        if cstruct is colander.null:
            return colander.null
        if not isinstance(cstruct, str):
            raise colander.Invalid(node, "not a text")
        found = self.prepare(cstruct)
        return found if texts.says_something(found) else colander.null


class Password(colander.SchemaType):
    """A password: nothing is cut off, and only an empty one is none."""

    def serialize(self, node: Node, appstruct: Any) -> Any:
        """Never shown."""
        return colander.null

    def deserialize(self, node: Node, cstruct: Any) -> Any:
        """The password as it is hashed.

        :raises colander.Invalid: what came is no text
        """
        if cstruct in (colander.null, ""):
            return colander.null
        if not isinstance(cstruct, str):
            raise colander.Invalid(node, "not a text")
        return texts.password(cstruct)


class Read(Text):
    """What one of the readers makes of a text: a number, a day, an address."""

    def __init__(self, reader: Callable[[str], Any], written: Callable[[Any], str] = str, *, value: type = str) -> None:
        super().__init__(texts.one_line)
        self.reader = reader
        self.written = written
        self.value = value

    def serialize(self, node: Node, appstruct: Any) -> Any:
        """The value as its field shows it; a text is shown as it is."""
        if appstruct in (colander.null, None):
            return colander.null
        return appstruct if isinstance(appstruct, str) else self.written(appstruct)

    def deserialize(self, node: Node, cstruct: Any) -> Any:
        """The value.

        :raises colander.Invalid: the reader cannot make anything of it, and says so
        """
        found = super().deserialize(node, cstruct)
        if found is colander.null:
            return colander.null
        try:
            return self.reader(found)
        except readers.Unreadable as unreadable:
            raise colander.Invalid(node, unreadable.sentence) from None


class Chosen(colander.Set):
    """Some of the values that were offered."""

    value = set

    def deserialize(self, node: Node, cstruct: Any) -> Any:
        """The values as a set.

        :raises colander.Invalid: what came is no list of texts
        """
        if cstruct is not colander.null and not (
            isinstance(cstruct, (list, tuple, set, frozenset)) and all(isinstance(value, str) for value in cstruct)
        ):
            raise colander.Invalid(node, "not a list of texts")
        return super().deserialize(node, cstruct)


def line(title: str, *, longest: int = 120, **kw: Any) -> Node:
    """A text of one line."""
    return _node(Text(texts.one_line), title, at_most(longest), longest=longest, **kw)


def text(title: str, *, rows: int = 8, longest: int = 12000, **kw: Any) -> Node:
    """A text of several lines; with ``markdown=True`` one with bold, lists and links, which its form can preview."""
    kw.setdefault("widget", w.TextAreaWidget(rows=rows))
    return _node(Text(), title, at_most(longest), longest=longest, **kw)


def password(title: str, *, autocomplete: str = "new-password", **kw: Any) -> Node:
    """A password."""
    widget = w.PasswordWidget(strip=False, attributes={"autocomplete": autocomplete})
    kw.setdefault("missing_msg", _("Tapez un mot de passe."))
    return _needed(Password(), title, at_most(LONGEST_PASSWORD), **{"widget": widget, **kw})


def choice(title: str, choices: Mapping[str, str], **kw: Any) -> Node:
    """One of some values, from a list that opens."""
    kw.setdefault("widget", w.SelectWidget(values=[("", _("— Choisissez —")), *choices.items()]))
    return _node(Text(texts.one_line), title, one_of(choices), **kw)


def radios(title: str, choices: Mapping[str, str], **kw: Any) -> Node:
    """One of some values, all of them to be seen."""
    return _node(
        Text(texts.one_line), title, one_of(choices), widget=w.RadioChoiceWidget(values=list(choices.items())), **kw
    )


def boxes(title: str, choices: Iterable[tuple[str, str]], *, least_msg: str = "", **kw: Any) -> Node:
    """Some of some values, each to be ticked; with ``least_msg`` one at least, or that sentence."""
    offered = list(choices)
    checks = [colander.ContainsOnly([value for value, _title in offered])]
    if least_msg:
        checks.insert(0, colander.Length(min=1, min_err=least_msg))
        kw.setdefault("missing_msg", least_msg)
    make = _needed if least_msg else _node
    kw.setdefault("missing", colander.required if least_msg else ())
    kw.setdefault("widget", w.CheckboxChoiceWidget(values=offered))
    return make(Chosen(), title, *checks, **kw)


def flag(title: str, **kw: Any) -> Node:
    """Yes or no."""
    widget = w.CheckboxWidget(true_val="true", false_val="false")
    return Node(colander.Boolean(), title=title, missing=False, widget=widget, **kw)


def hidden(name: str, *, longest: int = 60, **kw: Any) -> Node:
    """A word that a page brings along."""
    return _node(Text(texts.one_line), "", at_most(longest), name=name, longest=longest, widget=w.HiddenWidget(), **kw)


def revision() -> Node:
    """The hidden number of the saving from which somebody started."""
    return Node(Read(readers.whole, value=int), name="revision", title="", missing=None, widget=w.HiddenWidget())


def whole(title: str, *, least: int, most: Any, too_few: str = "", too_many: str = "", **kw: Any) -> Node:
    """A whole number between two bounds; ``most`` may be a function of today."""
    between = _("Écrivez un nombre de ${least} à ${most}.", mapping={"least": least, "most": most})
    errors = {"min_err": too_few or between, "max_err": too_many or between}
    kw.setdefault("missing", None)
    kw.setdefault("widget", w.TextInputWidget(attributes={"inputmode": "numeric"}))
    check = (
        _by_today(lambda today: colander.Range(least, most(today), **errors))
        if callable(most)
        else colander.Range(least, most, **errors)
    )
    return Node(Read(readers.whole, value=int), title=title, validator=check, **kw)


def percentage(title: str, **kw: Any) -> Node:
    """A number of percent above 0 and up to 100, as a Decimal."""
    kw.setdefault("missing", None)
    return _decimal_node(Read(readers.percentage, _with_comma, value=Decimal), title, _percent_of_a_whole, **kw)


def share(title: str, **kw: Any) -> Node:
    """A share from 0 to 1 in percent or as a fraction, exact."""
    return _decimal_node(Read(readers.share, written_share, value=Fraction), title, **kw)


def written_share(value: Fraction) -> str:
    """A share as it is typed: in percent where two decimals say it exactly, else as a fraction.

    >>> written_share(Fraction(1, 8)), written_share(Fraction(2, 3))
    ('12,5', '2/3')
    """
    hundredths = value * 10000
    return _with_comma(Decimal(hundredths.numerator) / 100) if hundredths.denominator == 1 else str(value)


def day(
    title: str,
    *,
    past: bool = True,
    years: int = 50,
    stored: date | None = None,
    too_early: str = "",
    too_late: str = "",
    **kw: Any,
) -> Node:
    """A date that leaves room for what is meant and none for a slip of the finger.

    From 1990, or today where it may not be past, until so many ``years`` from today; what is ``stored`` already stays allowed.
    """

    def bounds(today: date) -> Any:
        earliest = date(1990, 1, 1) if past else today
        latest = months_later(today, 12 * years)
        if stored is not None:
            earliest, latest = min(earliest, stored), max(latest, stored)
        return colander.Range(
            earliest,
            latest,
            min_err=too_early or (_("Vérifiez l’année : elle est trop ancienne.") if past else PAST),
            max_err=too_late or (_("Vérifiez l’année : elle est trop lointaine.") if years else FUTURE),
        )

    # As a date field of a browser needs it.
    read = Read(readers.day, date.isoformat, value=date)
    return Node(read, title=title, validator=_by_today(bounds), widget=w.DateInputWidget(), **kw)


#: What is said of a day that has gone by.
PAST = _("Cette date est passée : choisissez un jour à venir.")
#: What is said of a day that has not come.
FUTURE = _("Cette date n’est pas encore venue.")


def email(title: str, **kw: Any) -> Node:
    """An address that mail could be sent to, in its normal form."""
    return _read_line(readers.email, title, 254, {"type": "email", "autocomplete": "email"}, **kw)


def phone(title: str, **kw: Any) -> Node:
    """A telephone number."""
    return _read_line(readers.phone, title, 40, {"type": "tel", "autocomplete": "tel"}, **kw)


def website(**kw: Any) -> Node:
    """An address of a web page."""
    # Not type="url": a browser refuses « www.exemple.fr », which we complete.
    attributes = {"inputmode": "url", "autocomplete": "url", "placeholder": "https://"}
    return _read_line(readers.web_address, _("Site web"), 200, attributes, **kw)


def street(**kw: Any) -> Node:
    """Street and number."""
    return line(_("Rue et numéro"), widget=w.TextInputWidget(attributes={"autocomplete": "street-address"}), **kw)


def postal_code(**kw: Any) -> Node:
    """Five digits."""
    return _digits(_("Code postal"), postcode, "postal-code", **kw)


def siret_number(**kw: Any) -> Node:
    """A SIRET, without what stood between its digits."""
    return _digits(_("SIRET"), siret, "off", **kw)


def city(**kw: Any) -> Node:
    """The commune."""
    return line(_("Commune"), widget=w.TextInputWidget(attributes={"autocomplete": "address-level2"}), **kw)


def prepared(schema: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by the names of a schema, their texts as they are stored: what any other door than a form lets in, too."""
    kinds = {node.name: node.typ for node in schema}
    return {
        name: kinds[name].prepare(value) if isinstance(value, str) and isinstance(kinds.get(name), Text) else value
        for name, value in values.items()
    }


def _node(type: Any, title: str, *checks: Any, validator: Any = None, missing: Any = "", **kw: Any) -> Node:
    """A node that may be left empty, unless it says ``missing=colander.required``."""
    if isinstance(validator, colander.deferred):
        check: Any = colander.deferred(lambda node, kw: colander.All(*checks, validator(node, kw)))
    else:
        check = colander.All(*checks, *([] if validator is None else [validator]))
    return Node(type, title=title, validator=check, missing=missing, **kw)


def _needed(type: Any, title: str, *checks: Any, **kw: Any) -> Node:
    return _node(type, title, *checks, **{"missing": colander.required, **kw})


def _read_line(reader: Callable[[str], str], title: str, longest: int, attributes: dict[str, str], **kw: Any) -> Node:
    kw.setdefault("widget", w.TextInputWidget(attributes=attributes))
    return _node(Read(reader), title, at_most(longest), **kw)


def _digits(title: str, check: Any, autocomplete: str, **kw: Any) -> Node:
    widget = w.TextInputWidget(attributes={"inputmode": "numeric", "autocomplete": autocomplete})
    return _node(Read(readers.digits), title, check, widget=widget, **kw)


def _decimal_node(type: Any, title: str, check: Any = None, **kw: Any) -> Node:
    kw.setdefault("widget", w.TextInputWidget(attributes={"inputmode": "decimal"}))
    return Node(type, title=title, validator=check, **kw)


def _percent_of_a_whole(node: Node, value: Decimal) -> None:
    if not 0 < value <= 100:
        raise colander.Invalid(node, _("Écrivez un pour cent de 0 à 100, par exemple 2,5."))


def _with_comma(value: Any) -> str:
    """A number as it is typed in French: 2,5."""
    return f"{Decimal(value).normalize():f}".replace(".", ",")


def _by_today(make: Callable[[date], Any]) -> Any:
    """A validator that is made when the schema is bound to a day."""
    return colander.deferred(lambda _node, kw: make(kw["today"]))
