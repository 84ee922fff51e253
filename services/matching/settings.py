"""What the office may choose, on top of what every service can be told."""

from pydantic import Field

from shared.settings import ServiceSettings

from .domain.policy import Policy, Rhythm
from .worker import LEASE_SECONDS


class MatchingSettings(ServiceSettings):
    """Settings of the matching service."""

    session_rhythm: Rhythm = Field(default=Rhythm.AT_ONCE, description="When pairs are proposed")
    eligibility_months: int = Field(default=3, ge=0, description="Recruits: months after arrival")
    answer_days: int = Field(default=14, ge=1, description="How long both sides may think")
    decision_days: int = Field(default=28, ge=1, description="How long staff may think")

    city_lease_seconds: float = Field(
        default=LEASE_SECONDS, gt=0, description="How soon another takes over from a dead instance"
    )

    @property
    def policy(self) -> Policy:
        """The same as the domain reads it."""
        return Policy(
            rhythm=self.session_rhythm,
            eligibility_months=self.eligibility_months,
            answer_days=self.answer_days,
            decision_days=self.decision_days,
        )
