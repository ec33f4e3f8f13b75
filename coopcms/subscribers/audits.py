"""What the steps of an audit set off."""

from pyramid.events import subscriber

from .. import settings
from ..content.calendar import moment_months_later
from ..domain import audits, nonconformities, verification
from ..events import Transitioned


@subscriber(Transitioned)
def follow(event: Transitioned) -> None:
    """The checklist with the start, non-conformities with the report, validity and matrix with the validation."""
    if event.workflow != "audit":
        return
    audit = event.object
    if event.transition == "start":
        audits.lay_out_checklist(audit)
    elif event.transition == "report":
        audits.rest_on_findings(audit)
        audits.sign_as_reporter(audit, event.actor, event.now)
        nonconformities.record(audit, event.actor, event.now)
    elif event.transition == "resume":
        audit.signatures.clear()
    elif event.transition == "validate":
        audit.valid_until = moment_months_later(event.now, settings.current().report_months)
        verification.take_in(audit, event.now)
