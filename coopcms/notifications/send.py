"""Mails, put into the queue with the transaction: a retry or an abort sends nothing twice and nothing wrong."""

from typing import Any

from pyramid.i18n import make_localizer
from pyramid.interfaces import ITranslationDirectories
from pyramid_mailer import get_mailer
from pyramid_mailer.message import Message

from ..i18n import _


def invitation(request: Any, email: str, company: str, link: str) -> None:
    """Invite somebody to the dossier of a company."""
    _send(
        request,
        email,
        _("Votre invitation au dossier de ${company}", mapping={"company": company}),
        _(
            "Bonjour,\n\n"
            "${inviter} vous invite à remplir le dossier de « ${company} » auprès de notre coopérative de consommateurs.\n\n"
            "Pour accepter et créer votre compte, ouvrez ce lien, valable 14 jours :\n${link}\n\n"
            "Comptez une demi-heure pour l’essentiel ; tout s’enregistre section par section et rien n’est public avant que "
            "vous déposiez la candidature.\n\n"
            "Si vous n’attendiez pas ce message, ne faites rien : le lien s’éteint de lui-même.",
            mapping={"inviter": request.actor.name, "company": company, "link": link},
        ),
    )


def audit_invitation(request: Any, email: str, body: str, link: str) -> None:
    """Invite somebody to audit for an accredited body."""
    _send(
        request,
        email,
        _("Votre invitation à auditer pour ${body}", mapping={"body": body}),
        _(
            "Bonjour,\n\n"
            "${inviter} vous invite à remplir les audits confiés à « ${body} » par notre coopérative de consommateurs.\n\n"
            "Pour accepter et créer votre compte, ouvrez ce lien, valable 14 jours :\n${link}\n\n"
            "Vous y trouverez ensuite les audits où l’on compte sur vous : textes à vérifier, lieux, constats à remplir.\n\n"
            "Si vous n’attendiez pas ce message, ne faites rien : le lien s’éteint de lui-même.",
            mapping={"inviter": request.actor.name, "body": body, "link": link},
        ),
    )


def new_password(request: Any, account: Any, link: str) -> None:
    """Send the link that lets somebody choose a new password."""
    _send(
        request,
        account.email,
        _("Choisir un nouveau mot de passe"),
        _(
            "Bonjour ${name},\n\n"
            "Pour choisir un nouveau mot de passe, ouvrez ce lien, valable une heure :\n${link}\n\n"
            "Si vous n’avez rien demandé, ne faites rien : votre mot de passe reste le même.",
            mapping={"name": account.title, "link": link},
        ),
        account.language,
    )


def _send(request: Any, to: str, subject: str, text: str, language: str | None = None) -> None:
    title = request.registry.coopcms.title
    # In the language of who gets it, not of who asked.
    directories = request.registry.queryUtility(ITranslationDirectories, default=[])
    translate = (make_localizer(language, directories) if language else request.localizer).translate
    message = Message(
        subject=f"{translate(subject)} – {title}",
        recipients=[to],
        body=f"{translate(text)}\n\n-- \n{title}\n",
        extra_headers={"Auto-Submitted": "auto-generated"},
    )
    get_mailer(request).send_to_queue(message)
