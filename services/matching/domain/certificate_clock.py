"""When something is due about a sponsor's certificate: asked for again, expired, deleted by law.

§ 72a (5) SGB VIII: deleted when no activity follows the inspection, and at the latest three months
after the activity ended. Activity is a running sponsorship; an open match keeps the record.
"""

from dataclasses import replace
from datetime import date
from typing import Final

from shared.contracts.matching_sponsors import (
    CertificateDeleted,
    CertificateDue,
    DeletionCause,
)
from shared.messaging import Facts

from .calendar import months_after
from .certificate import Certificate
from .mails import Occasion, mail
from .sponsor import Sponsor, Stage

MONTHS_AFTER_ACTIVITY: Final = 3
MONTHS_WITHOUT_ACTIVITY: Final = 6
"""How long the office waits for a first sponsorship; the law says "without delay"."""


def next_due(sponsor: Sponsor) -> date | None:
    """The next day on which the clock has something to do, or None."""
    certificate = sponsor.certificate
    if certificate is None:
        return None
    asked = certificate.expires_on if certificate.asked_again else certificate.ask_on
    unused = _unused(sponsor, certificate)
    return min(asked, unused[0]) if unused else asked


def tick(sponsor: Sponsor, today: date) -> tuple[Sponsor, Facts]:
    """Do what is due today, if anything is."""
    certificate = sponsor.certificate
    if certificate is None:
        return sponsor, ()
    if today >= certificate.expires_on:
        return delete(sponsor, DeletionCause.EXPIRED)
    unused = _unused(sponsor, certificate)
    if unused and today >= unused[0]:
        return delete(sponsor, unused[1])
    if today >= certificate.ask_on and not certificate.asked_again:
        return _ask_again(sponsor, certificate)
    return sponsor, ()


def delete(sponsor: Sponsor, cause: DeletionCause) -> tuple[Sponsor, Facts]:
    """Nothing of the certificate is kept, not even that there was one."""
    fact = CertificateDeleted(sponsor_id=sponsor.id, cause=cause)
    return replace(sponsor, certificate=None), (fact,)


def _unused(sponsor: Sponsor, certificate: Certificate) -> tuple[date, DeletionCause] | None:
    """The day on which the record must be gone unless an activity begins, and why."""
    if sponsor.holds:
        return None
    active = sponsor.active_until
    if active and active >= certificate.inspected_on:
        return months_after(active, MONTHS_AFTER_ACTIVITY), DeletionCause.ACTIVITY_ENDED
    if sponsor.stage in {Stage.LEFT, Stage.REJECTED}:
        return certificate.inspected_on, DeletionCause.NO_ACTIVITY_FOLLOWED
    last = months_after(certificate.inspected_on, MONTHS_WITHOUT_ACTIVITY)
    return last, DeletionCause.NO_ACTIVITY_FOLLOWED


def _ask_again(sponsor: Sponsor, certificate: Certificate) -> tuple[Sponsor, Facts]:
    asked = replace(sponsor, certificate=replace(certificate, asked_again=True))
    until = certificate.valid_until
    fact = CertificateDue(sponsor_id=sponsor.id, valid_until=until)
    told = mail(Occasion.CERTIFICATE_DUE, sponsor.id, sponsor.contact, until=until.isoformat())
    return asked, (fact, *told)
