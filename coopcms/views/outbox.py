"""The outbox for coordinators: what left, what waits, and what a person must decide."""

from typing import Any
from urllib.parse import urlencode

from pyramid.view import view_config, view_defaults
from substanced.objectmap import find_objectmap

from ..content.account import Account
from ..content.outbox import KINDS, REASONS, STATES, Letter, Mailing
from ..content.site import Site
from ..domain import outbox
from ..i18n import _
from ..notifications.letters import compose
from ..security.permissions import P
from ..web import readable
from .base import Views

#: How a state looks: the class of a state of something else that says the same.
LOOKS = {
    "waiting": "applied",
    "sending": "audited",
    "sent": "adopted",
    "failed": "declined",
    "unclear": "suspended",
    "given_up": "superseded",
}


@view_defaults(context=Site, name="outbox", permission=P.SEE_OUTBOX)
class OutboxViews(Views):
    """The mail of the site."""

    @view_config(request_method="GET", renderer="templates/outbox/list.pt")
    def show(self) -> dict[str, Any]:
        """The newest first, all or in one state, a page at a time; the letters of one mailing."""
        request, site = self.request, self.request.site
        state = readable.word(request.GET, "state")
        state = state if state in STATES else ""
        mailing = outbox.find_mailing(site, readable.word(request.GET, "mailing"))
        start = readable.word(request.GET, "from")
        found, following = outbox.page(site, state=state, mailing=mailing, start=start)
        counts = outbox.counts(site)
        chosen = {"state": state, "mailing": mailing.digest if mailing is not None else ""}
        return {
            "title": _("Boîte d’envoi"),
            "rows": [self._mailing(each) if isinstance(each, Mailing) else self._letter(each) for each in found],
            "within": None if mailing is None else self._mailing(mailing),
            "states": [
                {"id": each, "title": title, "count": counts[each], "chosen": each == state}
                for each, title in STATES.items()
            ],
            "decide": counts["failed"] + counts["unclear"] if not state else 0,
            "unclear_url": self._url(state="unclear"),
            "failed_url": self._url(state="failed"),
            "counts": counts,
            "filtered": bool(state or mailing is not None or start),
            "chosen": chosen,
            "here": self._url(**chosen, **{"from": start}),
            "all_url": self._url(),
            "next": self._url(**chosen, **{"from": following}) if following else None,
            "delivers": bool(request.registry.coopcms.mail_host),
            "LOOKS": LOOKS,
            "STATES": STATES,
            "REASONS": REASONS,
        }

    @view_config(request_method="POST")
    def decide(self) -> Any:
        """Have a letter sent again, or give it up."""
        request, site = self.request, self.request.site
        letter = outbox.find(site, readable.word(request.POST, "letter"), readable.word(request.POST, "of"))
        if letter is None:
            self.say(_("Ce message n’est plus dans la boîte d’envoi."), "warning")
        elif "again" in request.POST:
            done = outbox.send_again(site, letter, request.actor, request.now)
            self._answer(done, _("Le message part de nouveau, dans la minute."))
        else:
            done = outbox.give_up(site, letter, request.actor, request.now)
            self._answer(done, _("Le message est abandonné."))
        chosen = {name: readable.word(request.GET, name) for name in ("state", "mailing", "from")}
        return self.go(site, self._query(**chosen))

    def _answer(self, done: bool, sentence: Any) -> None:
        if done:
            self.say(sentence)
        else:
            self.say(_("Ce message a changé d’état entre-temps : voyez où il en est."), "warning")

    def _query(self, **parts: str) -> str:
        given = {name: value for name, value in parts.items() if value}
        return f"outbox?{urlencode(given)}" if given else "outbox"

    def _url(self, **parts: str) -> str:
        return f"{self.request.script_name}/{self._query(**parts)}"

    def _letter(self, letter: Letter) -> dict[str, Any]:
        """What is shown of a letter; the key in its link is nobody's business but the recipient's."""
        account = None if letter.account is None else find_objectmap(self.context).object_for(letter.account)
        account = account if isinstance(account, Account) else None
        language = letter.language or (account.language if account is not None else None)
        composed = compose(
            self.request.registry, letter, "" if account is None else account.title, language, masked=True
        )
        return {
            "mailing": None,
            "letter": letter,
            "kind": KINDS[letter.kind].title,
            "name": "" if account is None else account.title,
            "address": letter.to or ("" if account is None else account.email),
            "subject": composed.heading,
            "language": composed.language,
            "text": composed.text,
            "again": outbox.may_send_again(letter),
            "give_up": outbox.may_give_up(letter),
            "of": "" if letter.mailing is None else letter.mailing.digest,
        }

    def _mailing(self, mailing: Mailing) -> dict[str, Any]:
        """What is shown of a mailing: to how many, and how far it is."""
        proposal = find_objectmap(self.context).object_for(mailing.proposal)
        counts = {state: mailing.box.counts[state]() for state in STATES}
        return {
            "mailing": mailing,
            "kind": KINDS[mailing.kind].title,
            "about": "" if proposal is None else proposal.title,
            "roll": 0 if proposal is None else len(proposal.roll),
            "counts": [(STATES[state], counts[state]) for state in STATES if counts[state]],
            "href": self._url(mailing=mailing.digest),
        }
