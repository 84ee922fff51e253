"""What protects people, whoever wants a pair: rules that nobody in the office can override."""

from datetime import date

from .household import Household
from .sponsor import Sponsor, Stage


def obstacle(household: Household, sponsor: Sponsor, until: date) -> str | None:
    """Why the two must not be brought together for as long as this, or None if they may be."""
    certificate = sponsor.certificate
    minors = bool(household.details.children)
    sentences = {
        "the sponsor pauses, left, or was not taken in": sponsor.stage is not Stage.ACTIVE,
        "the sponsor has not completed the basic training": sponsor.trained_on is None,
        "there are minors and no certificate of conduct is on record": minors and not certificate,
        "there are minors and the certificate of conduct runs out before the answers are due": (
            minors and certificate is not None and certificate.valid_until < until
        ),
        "this pair failed before": sponsor.id in household.excluded,
        "the sponsor has no place left": len(sponsor.holds) > sponsor.capacity,
    }
    return next((sentence for sentence, holds in sentences.items() if holds), None)
