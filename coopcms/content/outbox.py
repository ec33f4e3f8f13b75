"""The outbox: every mail of the site, from the moment it is decided until some time after it was sent.

A mail is kept as what it says and to whom; its words are made when it leaves, in the language of who gets it.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from BTrees import family64
from BTrees.Length import Length
from persistent import Persistent

from ..i18n import _

STATES = {
    "waiting": _("En attente"),
    "sending": _("En cours d’envoi"),
    "sent": _("Envoyé"),
    "failed": _("Refusé"),
    "unclear": _("Incertain"),
    "given_up": _("Abandonné"),
}
#: States in which nothing happens any more by itself.
FINAL = ("sent", "failed", "unclear", "given_up")

#: Why something was not sent, where it was not the mail server that said so.
REASONS = {
    "moot": _("Ce que ce message annonçait n’est plus vrai."),
    "too_late": _("Ce message n’a pas pu partir à temps."),
    "gone": _("Le compte n’existe plus."),
    "no_address": _("Le compte n’a pas d’adresse."),
    "switched_off": _("La personne ne veut plus recevoir ces messages."),
    "broken": _("Ce message n’a pas pu être composé ; le journal du serveur dit pourquoi."),
    "exhausted": _("Après de nombreux essais, le serveur ne l’a toujours pas pris."),
    "unclear": _("L’envoi s’est interrompu : personne ne sait si le message est parti."),
    "by_hand": _("Abandonné par l’équipe de la coopérative."),
}

#: What one may switch off in one's account; everything else concerns one's own dossiers, audits and account.
GROUPS = {
    "votes": _("L’ouverture et la fin prochaine des votes où je suis inscrit"),
    "results": _("Le résultat de ces votes"),
    "bodies": _("Les audits confiés à mon organisme quand je ne fais pas partie de l’équipe"),
}


@dataclass(frozen=True)
class Kind:
    """A kind of mail: what it is, who gets it, when; ``group`` is one of ``GROUPS`` where it may be switched off."""

    title: Any
    audience: Any
    occasion: Any
    group: str = ""
    secret: bool = False  #: its link opens a door: it is shown to nobody else, and forgotten once it was sent


_STAFF = _("Équipe de l’entreprise")
_ROLL = _("Inscrits sur la liste électorale")
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "invitation": Kind(
            _("Invitation à remplir un dossier"), _("Personne invitée"), _("Dès l’invitation"), secret=True
        ),
        "audit_invitation": Kind(
            _("Invitation à auditer pour un organisme"), _("Personne invitée"), _("Dès l’invitation"), secret=True
        ),
        "new_password": Kind(
            _("Lien pour choisir un mot de passe"), _("Titulaire du compte"), _("Dès la demande"), secret=True
        ),
        "dossier_returned": Kind(_("Dossier renvoyé"), _STAFF, _("Quand la coopérative renvoie le dossier")),
        "company_letter": Kind(_("Lettre de la coopérative"), _STAFF, _("Quand quelqu’un de la coopérative l’envoie")),
        "admissible": Kind(_("Candidature recevable"), _STAFF, _("Quand elle est déclarée recevable")),
        "audit_planned_team": Kind(
            _("Audit prévu : pour l’équipe"), _("Équipe de l’audit"), _("Quand il est prévu, ou que son jour change")
        ),
        "audit_planned_body": Kind(
            _("Audit prévu : pour l’organisme"),
            _("Auditeurs de l’organisme"),
            _("Quand il est prévu, ou que son jour change"),
            group="bodies",
        ),
        "audit_planned_company": Kind(
            _("Audit prévu : pour l’entreprise"), _STAFF, _("Quand il est prévu, ou que son jour change")
        ),
        "findings": Kind(_("Rapport d’audit, constats à traiter"), _STAFF, _("Quand un rapport est rendu")),
        "vote_open": Kind(_("Vote ouvert"), _ROLL, _("À l’ouverture"), group="votes"),
        "vote_closing": Kind(
            _("Vote bientôt clos"), _ROLL, _("Deux jours avant la fin, à tous sans distinction"), group="votes"
        ),
        "vote_result": Kind(_("Résultat d’un vote"), _ROLL, _("À la clôture"), group="results"),
        "vote_result_company": Kind(
            _("Résultat d’un vote sur l’entreprise"), _STAFF, _("À la clôture d’un vote qui la concerne")
        ),
        "certificate_issued": Kind(_("Attestation délivrée"), _STAFF, _("Quand elle est délivrée ou renouvelée")),
        "certificate_ending": Kind(_("Attestation bientôt échue"), _STAFF, _("60 et 30 jours avant la fin")),
    }
)

#: Two who write at once seldom write the same part.
SHARDS = 16
#: Stands first in each tree.  A tree that something is taken from while another one puts something in merges both, unless its
#: first entry was taken or nothing is left: this one stays.
_FIRST = ""
_LATEST = 10**17


def digest_of(*parts: object) -> str:
    """The name of a fact and who learns it, from its parts: the same fact has the same name wherever it is told."""
    return hashlib.sha256(":".join(str(part) for part in parts).encode()).hexdigest()[:32]


def place_of(when: datetime, digest: str) -> str:
    """Where something stands in the order of the outbox: later ones first."""
    return f"{_LATEST - int(when.timestamp() * 1_000_000):018d}-{digest}"


def _tree() -> Any:
    tree = family64.OO.BTree()
    tree[_FIRST] = None
    return tree


class Letter(Persistent):
    """One mail to one person.

    ``account`` is the object id of who gets it, None for somebody without one, whose address ``to`` then is.  ``facts`` are the
    plain values its words are made of, ``path`` where its link leads below the address of the site.
    """

    state: str = "waiting"
    mailing: Any = None  #: the one it belongs to, whose facts and path it shares
    to: str = ""  #: the address; of an account that of the moment it left
    language: str | None = None  #: that of the moment it left
    base: str = ""  #: address of the site as whoever caused it saw it
    good_until: datetime | None = None
    attempts: int = 0
    not_before: datetime | None = None
    claim: str = ""  #: names the attempt that runs
    claimed_at: datetime | None = None
    sent_at: datetime | None = None
    reason: str = ""  #: of REASONS
    said: str = ""  #: what the mail server answered
    decided_by: int | None = None  #: who sent it again or gave it up
    decided_at: datetime | None = None

    def __init__(self, digest: str, kind: str, account: int | None, created: datetime) -> None:
        self.digest = digest
        self.kind = kind
        self.account = account
        self.created = created
        self.place = place_of(created, digest)
        self.own_facts: Mapping[str, Any] = {}
        self.own_path = ""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What it says."""
        return self.own_facts if self.mailing is None else self.mailing.facts

    @property
    def path(self) -> str:
        """Where its link leads; "" once a secret one was forgotten."""
        return self.own_path if self.mailing is None else str(self.mailing.path)


class Box(Persistent):
    """Letters by their names and by their states.  A name stays when its letter is removed: what was told is not told again."""

    def __init__(self) -> None:
        self.names = _tree()
        self.by_state = {state: _tree() for state in STATES}
        self.counts = {state: Length() for state in STATES}

    def put(self, letter: Letter) -> None:
        """Take in a new letter."""
        self.names[letter.digest] = letter
        self._into(letter)

    def move(self, letter: Letter, state: str) -> None:
        """Bring a letter to another state."""
        if state != letter.state:
            self._out_of(letter)
            letter.state = state
            self._into(letter)

    def remove(self, letter: Letter) -> None:
        """Forget a letter, not its name."""
        self._out_of(letter)
        self.names[letter.digest] = None
        letter.state = "removed"

    def _into(self, letter: Letter) -> None:
        self.by_state[letter.state][letter.place] = letter
        self.counts[letter.state].change(1)

    def _out_of(self, letter: Letter) -> None:
        del self.by_state[letter.state][letter.place]
        self.counts[letter.state].change(-1)

    def newest(self, state: str, after: str = _FIRST) -> Iterator[tuple[str, Letter]]:
        """Letters of a state with their places, newest first, from a place on."""
        return ((place, letter) for place, letter in self.by_state[state].items(after) if letter is not None)

    def oldest(self, state: str) -> list[Letter]:
        """Letters of a state, oldest first."""
        return [letter for _place, letter in self.newest(state)][::-1]


class Mailing(Persistent):
    """One mail to everybody on the roll of a vote: a single entry when it is decided, letters when it is delivered.

    ``cursor`` is the last account of the roll for which there is a letter; the letters lie in ``box``.
    """

    base: str = ""
    path: str = ""
    facts: Mapping[str, Any] = MappingProxyType({})  #: from the first letters on
    cursor: int | None = None
    done: bool = False  #: everybody has a letter

    def __init__(self, digest: str, kind: str, proposal: int, parts: tuple[object, ...], created: datetime) -> None:
        self.digest = digest
        self.kind = kind
        self.proposal = proposal
        self.parts = parts
        self.created = created
        self.place = place_of(created, digest)
        self.box = Box()


class Outbox(Persistent):
    """Letters in shards chosen by their names, so that one fact told twice at once meets itself; and mailings."""

    def __init__(self) -> None:
        self.boxes = tuple(Box() for _ in range(SHARDS))
        self.names = _tree()  # of mailings
        self.mailings_by_place = _tree()

    def box(self, digest: str) -> Box:
        """Where a letter that belongs to no mailing is."""
        return self.boxes[int(digest[0], 16) % SHARDS]

    def box_of(self, letter: Letter) -> Box:
        """Where a letter is."""
        return self.box(letter.digest) if letter.mailing is None else letter.mailing.box

    def mailings(self, after: str = _FIRST) -> Iterator[tuple[str, Mailing]]:
        """Mailings with their places, newest first, from a place on."""
        return ((place, found) for place, found in self.mailings_by_place.items(after) if found is not None)

    def all_boxes(self) -> Iterator[Box]:
        """The shards, and the box of each mailing."""
        yield from self.boxes
        yield from (mailing.box for _place, mailing in self.mailings())

    def put_mailing(self, mailing: Mailing) -> None:
        """Take in a new mailing."""
        self.names[mailing.digest] = mailing
        self.mailings_by_place[mailing.place] = mailing

    def remove_mailing(self, mailing: Mailing) -> None:
        """Forget a mailing with all its letters, not its name."""
        del self.mailings_by_place[mailing.place]
        self.names[mailing.digest] = None
