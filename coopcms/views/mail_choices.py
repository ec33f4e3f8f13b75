"""Which mails somebody takes: part of the page of one's own account."""

from typing import Any

import colander
import deform
from pyramid.request import Request

from ..content import fields
from ..content.outbox import GROUPS
from ..domain import accounts
from ..i18n import _
from . import forms

FORM = "mail"


def form(request: Request, account: Any) -> deform.Form:
    """A box a group; a box that is ticked means: yes, write to me."""
    nodes = [fields.flag(title, name=group, label=title) for group, title in GROUPS.items()]
    chosen = {group: group not in account.mail_off for group in GROUPS}
    return forms.make(request, colander.Schema(*nodes), submit=_("Enregistrer mes choix"), values=chosen, formid=FORM)


def take(request: Request, sent: deform.Form, account: Any) -> bool:
    """Keep what was chosen; False when the form cannot be read."""
    values = forms.sent(request, sent)
    if values is None:
        return False
    accounts.choose_mail(account, [group for group in GROUPS if not values[group]])
    return True
