"""Every permission there is. A view or a transition names one of these and nothing else.

A permission is granted by a state of a workflow (``coopcms.workflows``) or by the ``access`` table of a content class; what
no table grants is refused, to administrators as well.  ``sdi.*`` belongs to Substance D and its management interface.
"""

from enum import StrEnum


class P(StrEnum):
    """What one may want to do with an object."""

    # Reading
    VIEW = "view"  #: know that it exists: title, state, history
    READ = "read"  #: read all of it that carries no visibility of its own
    READ_VERIFIERS = "read-verifiers"  #: also what is marked for verifiers
    READ_MEMBERS = "read-members"  #: also what is marked for members
    READ_PRIVATE = "read-private"  #: also what is marked for nobody
    READ_ORIGINAL = "read-original"  #: a picture as it was sent, with all that a camera wrote beside it

    # Writing
    EDIT = "edit"  #: what is promised: identity, commitments, the eight parts, criteria
    SUGGEST = "suggest"  #: propose a text for a section of a dossier, which its company takes or not
    UPDATE = "update"  #: what lives on: contacts, files, news, sales, impact, replies
    INVITE_COMPANY = "invite-company"  #: invite the first staff of a company, which makes its draft
    INVITE_STAFF = "invite-staff"  #: invite further staff of a company
    DECLARE_INTEREST = "declare-interest"  #: declare one's own interest in a company
    NAME_STAND_IN = (
        "name-stand-in"  #: name who stands in where every coordinator is in conflict, strike an interest that ended
    )

    COMMENT = "comment"  #: say something in a discussion
    MODERATE = "moderate"  #: hide and publish comments
    AMEND = "amend"  #: propose another text for a criterion
    DECIDE_AMENDMENT = "decide-amendment"  #: accept an amendment, which rewrites the criterion, or refuse it
    REVISE = "revise"  #: open the next version of a specification
    MANAGE_BODIES = "manage-bodies"  #: accredited bodies, their accreditation and their auditors
    PLAN_AUDIT = "plan-audit"  #: plan an audit: level, body, team, sites, day
    FILE = "file"  #: file findings and write the verdict of an audit
    SIGN = "sign"  #: sign the report of a visit, with or without reservation
    RECORD_UNSIGNED = "record-unsigned"  #: record, with a reason, that somebody did not sign
    REPLY = "reply"  #: the company's right of reply to a report
    CONFIRM_RENEWAL = "confirm-renewal"  #: confirm that an outside certificate was renewed

    PROPOSE = "propose"  #: write a proposal that members will vote on
    CAST = "cast"  #: cast a ballot
    EXTEND = "extend"  #: move the end of an open vote, later and with a reason
    COUNT = "count"  #: close a vote whose end is past, without waiting for the clock
    RETRY = "retry"  #: try again what a result could not set off
    MANAGE_MEMBERS = "manage-members"  #: admit members, record that one leaves
    RECORD_LINK = "record-link"  #: record the structural link with a company

    # One's own things, and the site's
    USE_ACCOUNT = "use-account"  #: see and change one's own account, see what waits for oneself
    SEE_OUTBOX = "see-outbox"  #: see the mail of the site, have it sent again, give it up
    SEE_BOARD = "see-board"  #: see every dossier with whose turn it is, and the letters of the cooperative
    CARE = "care"  #: assign a dossier and keep notes on it that only coordinators read
    SEE_AS = "see-as"  #: look at the site with the eyes of a role, reading only

    # Transitions of a company
    APPLY = "apply"
    DECLARE_ADMISSIBLE = "declare-admissible"
    RETURN_TO_COMPANY = "return-to-company"
    DECLINE = "decline"
    ACCEPT_AUDITS = "accept-audits"
    ADMIT = "admit"
    REFUSE = "refuse"
    CERTIFY = "certify"
    REFUSE_CERTIFICATION = "refuse-certification"
    PARTNER = "partner"
    RENEW = "renew"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    EXCLUDE = "exclude"
    END = "end"
    REOPEN = "reopen"

    # Transitions of a specification version
    CONSULT = "consult"
    BACK_TO_DRAFT = "back-to-draft"
    FREEZE = "freeze"
    ADOPT = "adopt"
    PUT_IN_FORCE = "put-in-force"
    SUPERSEDE = "supersede"

    # Transitions of an audit
    START = "start"
    REPORT = "report"
    CONTEST = "contest"
    RESUME = "resume"
    VALIDATE = "validate"
    CANCEL = "cancel"

    # Transitions of a non-conformity
    PROPOSE_ACTION = "propose-action"
    RETURN_ACTION = "return-action"
    ACCEPT_ACTION = "accept-action"
    SUBMIT_PROOF = "submit-proof"
    REFUSE_PROOF = "refuse-proof"
    VERIFY_EFFECT = "verify-effect"
    CLOSE = "close"

    # Transitions of a proposal
    SUBMIT = "submit"
    SEND_BACK = "send-back"
    DISCUSS = "discuss"
    OPEN = "open"
    REJECT = "reject"
    LAPSE = "lapse"
    IMPLEMENT = "implement"

    # Transitions of several
    WITHDRAW = "withdraw"
