"""What the office chooses: the rhythm of matching sessions and the spans of time."""

from dataclasses import dataclass
from enum import StrEnum


class Rhythm(StrEnum):
    """When pairs are proposed after something changed."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Policy:
    """The office's choices; months are calendar months."""

    rhythm: Rhythm = Rhythm.AT_ONCE
    eligibility_months: int = 3
    answer_days: int = 14
    reminder_days: tuple[int, ...] = (5, 10)
    decision_days: int = 28
    decision_reminder_days: tuple[int, ...] = (7, 21)
    first_check_in_days: int = 28
    check_in_days: int = 90
    sign_of_life_days: int = 90
    sign_of_life_answer_days: int = 28
