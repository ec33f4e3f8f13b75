"""What the decision to certify sets off: the certificate, and the versions that come into force with it."""

from pyramid.events import subscriber

from ..domain import certificates, enforcement
from ..events import Transitioned


@subscriber(Transitioned)
def certify(event: Transitioned) -> None:
    """A new certificate, and the adopted versions in force."""
    if event.workflow != "company":
        return
    if event.transition in ("certify", "renew"):
        enforcement.bring_into_force(event.object, event.now)
        certificates.issue(event.object, event.actor, event.now)
    elif event.transition == "reinstate":
        certificate = event.object.current_certificate()
        if certificate is None or certificate.days_left(event.now) < 0:
            certificates.issue(event.object, event.actor, event.now)
