"""What people write for a number, a date, an address, read one way everywhere; what cannot be read is answered with a sentence.

Readers take a text and give a value, or raise ``Unreadable``.  They know nothing of forms: :mod:`.fields` lets schemas use them,
commands and imports call them as they are.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from email_validator import EmailNotValidError, validate_email

from ..i18n import _
from ..text import folded, one_line


class Unreadable(ValueError):
    """A text that is not what was asked for; ``sentence`` says to people what to write."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


#: Any blank that stands between groups of digits, and the apostrophe of the Swiss.
_GROUPS = re.compile(r"(?<=[0-9])[\s'’](?=[0-9]{3}(?![0-9]))")
_WHOLE = re.compile(r"[+\-−]?[0-9]{1,15}")
_DECIMAL = re.compile(r"[+\-−]?[0-9]{1,12}(?:[.,][0-9]{1,6})?")
_FRACTION = re.compile(r"([0-9]{1,6})\s*/\s*([0-9]{1,6})")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_FRENCH_DAY = re.compile(r"([0-9]{1,2})\s*[/. \-–]\s*([0-9]{1,2})\s*[/. \-–]\s*([0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}\s*[/. \-–]\s*[0-9]{1,2}\s*[/. \-–]\s*[0-9]{1,2}")
#: Signs between the digits of a number that identifies something: blanks, points, dashes, slashes, quotes.
_BETWEEN_DIGITS = re.compile(r"[\s.,;:'’/\\_\-\u2010-\u2015\u2212·•]+")
#: A line of a programme: perhaps the mark of a list, a day, what stands between, and the words.
_STEP = re.compile(r"(?:[-•*–]\s*)?([0-9]{1,4}[-/. ][0-9]{1,2}[-/. ][0-9]{1,4})[\s:–—,\-]+(\S.*)")
#: Years of steps that can be meant.
FIRST_YEAR, LAST_YEAR = 1990, 2100
_MONTHS = MappingProxyType(
    {
        folded(name): number
        for number, names in enumerate(
            (
                ("janvier",), ("février", "fevrier"), ("mars",), ("avril",), ("mai",), ("juin",), ("juillet",),
                ("août", "aout"), ("septembre",), ("octobre",), ("novembre",), ("décembre", "decembre"),
            ),
            1,
        )
        for name in names
    }
)  # fmt: skip
_IN_WORDS = re.compile(r"([0-9]{1,2})(?:er)?\s+([^\W\d]+)\.?\s+([0-9]{4})")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:(?![0-9])")
_HOST_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)


def whole(text: str) -> int:
    """A whole number in the digits 0 to 9; groups may stand apart.

    >>> whole("1\\u202f200"), whole("-3")
    (1200, -3)

    :raises Unreadable: else, « 1e2 » and « 1_200 » as well
    """
    bare = _GROUPS.sub("", one_line(text))
    if not _WHOLE.fullmatch(bare):
        raise Unreadable(_("Écrivez un nombre entier, en chiffres seulement : 1200 par exemple."))
    return int(bare.replace("−", "-"))


def decimal(text: str) -> Decimal:
    """A number with a comma or a point, and six decimals at most.

    >>> decimal("1 234,5")
    Decimal('1234.5')

    :raises Unreadable: else
    """
    bare = _GROUPS.sub("", one_line(text))
    if not _DECIMAL.fullmatch(bare):
        raise Unreadable(_("Écrivez un nombre, en chiffres : 2,5 par exemple."))
    return Decimal(bare.replace("−", "-").replace(",", "."))


def percentage(text: str) -> Decimal:
    """A number of percent; the sign may stand behind it.

    >>> percentage("2,5 %")
    Decimal('2.5')

    :raises Unreadable: else
    """
    return decimal(one_line(text).removesuffix("%").rstrip())


def share(text: str) -> Fraction:
    """A share, exact: in percent, or as a fraction.

    >>> share("12,5 %"), share("2/3")
    (Fraction(1, 8), Fraction(2, 3))

    :raises Unreadable: else
    """
    found = _FRACTION.fullmatch(one_line(text))
    try:
        return Fraction(int(found[1]), int(found[2])) if found else Fraction(percentage(text)) / 100
    except (Unreadable, ZeroDivisionError):
        raise Unreadable(_("Écrivez un pour cent ou une fraction : 10, 66,67 ou 2/3 par exemple.")) from None


def day(text: str) -> date:
    """A day, as browsers send it or as people write it in France.

    >>> day("2026-03-12") == day("12/3/2026") == day("12 mars 2026")
    True

    :raises Unreadable: there is no such day, or the year has not four digits
    """
    bare = one_line(text)
    iso, french = _ISO_DAY.fullmatch(bare), _FRENCH_DAY.fullmatch(bare)
    if iso is None and french is None and _SHORT_YEAR.fullmatch(bare):
        raise Unreadable(_("Écrivez l’année en quatre chiffres : 12/03/2026 par exemple."))
    words = _IN_WORDS.fullmatch(bare)
    parts: tuple[Any, ...] = iso.groups() if iso else french.groups()[::-1] if french else ()
    if words is not None and folded(words[2]) in _MONTHS:
        parts = (words[3], _MONTHS[folded(words[2])], words[1])
    try:
        return date(*map(int, parts))
    except (TypeError, ValueError):
        raise Unreadable(_("Écrivez une date qui existe, par exemple 12/03/2026 : jour, mois, année.")) from None


def digits(text: str) -> str:
    """A number that identifies something, without what stands between its digits.

    >>> digits("732 829\\u2009320\\t00074")
    '73282932000074'
    """
    return one_line(_BETWEEN_DIGITS.sub("", one_line(text)))


#: Ten digits as they are dialled in France and from there to its territories beyond the sea (plan of ARCEP).
_FRENCH_NUMBER = re.compile(r"(?:(?:\+|00)33)?0?([1-9][0-9]{8})")
_FOREIGN_NUMBER = re.compile(r"(?:\+|00)([1-9][0-9]{5,14})")
_ASIDE = re.compile(r"^tel:|[()]", re.IGNORECASE)


def phone(text: str) -> str:
    """A telephone number that can be dialled, grouped as it is printed; foreign ones with + and the code of the country.

    >>> phone("0123456789"), phone("+32 2 555 12 12")
    ('01 23 45 67 89', '+32 2 555 12 12')

    :raises Unreadable: a digit is missing or too much, or no such number is given out
    """
    bare = digits(_ASIDE.sub("", one_line(text)))
    french, foreign = _FRENCH_NUMBER.fullmatch(bare), _FOREIGN_NUMBER.fullmatch(bare)
    if french and bare[0] in "0+":
        number = f"0{french[1]}"
        return " ".join(number[place : place + 2] for place in range(0, 10, 2))
    if foreign:
        # Half a second and ten megabytes, for the few requests that bring a foreign number.
        import phonenumbers

        try:
            found = phonenumbers.parse(f"+{foreign[1]}")
            if phonenumbers.is_valid_number(found) and not found.extension:
                return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
        except phonenumbers.NumberParseException:
            pass
    raise Unreadable(
        _(
            "Écrivez un seul numéro : dix chiffres en France (01 23 45 67 89), ou + et l’indicatif du pays (+32 2 555 12 12)."
        )
    )


def email(text: str) -> str:
    """An address that mail could be sent to, in its normal form; whether it exists is not asked.

    >>> email("Lea@EXAMPLE.fr")
    'Lea@example.fr'

    :raises Unreadable: else
    """
    try:
        return validate_email(one_line(text), check_deliverability=False, test_environment=True, strict=True).normalized
    except EmailNotValidError:
        raise Unreadable(_("Cette adresse n’est pas complète : elle s’écrit comme nom@exemple.fr.")) from None


def web_address(text: str) -> str:
    """An address of a web page, https where no scheme was written.

    >>> web_address("www.Ferme.fr")
    'https://www.ferme.fr'

    :raises Unreadable: another scheme, a name that cannot be one, a password in it
    """
    bare = one_line(text)
    if not _SCHEME.match(bare):
        bare = f"https://{bare.removeprefix('//')}"
    try:
        parts = urlsplit(bare)
        _port = parts.port
        host = (parts.hostname or "").removesuffix(".")
        labels = [label.encode("idna").decode() for label in host.split(".")]
    except (ValueError, UnicodeError):
        labels, parts, host = [], urlsplit(""), ""
    written = parts.scheme in ("http", "https") and not parts.username and " " not in bare and "\\" not in bare
    if (
        not written
        or len(labels) < 2
        or not all(map(_HOST_LABEL.fullmatch, labels))
        or re.fullmatch("[0-9]+", labels[-1])
    ):
        raise Unreadable(
            _("Écrivez l’adresse d’une page web, par exemple https://www.exemple.fr : elle ne contient pas d’espace.")
        )
    place = host if _port is None else f"{host}:{_port}"
    return urlunsplit((parts.scheme, place, parts.path, parts.query, parts.fragment))


def dated_steps(text: str) -> tuple[tuple[date, str], ...]:
    """Steps of a programme, one a line, each with its day in front; by day.

    >>> dated_steps("30/06/2027 Bac de récupération du sel")
    ((datetime.date(2027, 6, 30), 'Bac de récupération du sel'),)

    :raises Unreadable: a line does not begin with a day, or says nothing behind it
    """
    return tuple(sorted(_steps(text)))


def _steps(text: str) -> Iterator[tuple[date, str]]:
    for line in filter(None, map(one_line, text.splitlines())):
        found = _STEP.fullmatch(line)
        try:
            when = day(found[1]) if found and any(map(str.isalnum, found[2])) else None
        except Unreadable:
            when = None
        if found is None or when is None:
            raise Unreadable(
                _(
                    "Cette ligne ne commence pas par une date qui existe, suivie d’une étape : « ${line} ».",
                    mapping={"line": line},
                )
            )
        if not FIRST_YEAR <= when.year <= LAST_YEAR:
            raise Unreadable(_("Vérifiez l’année de cette étape : « ${line} ».", mapping={"line": line}))
        yield when, found[2]


def routed(address: str) -> str:
    """An address of mail as servers take it: its domain in ASCII (RFC 5891), the part before it as it is.

    >>> routed("léa@pêche.example")
    'léa@xn--pche-gpa.example'
    """
    try:
        found = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return address  # stored before addresses were read; the server says what it thinks of it
    return f"{found.local_part}@{found.ascii_domain}"
