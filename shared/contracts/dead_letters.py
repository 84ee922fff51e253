"""What is decided about dead letters (messages that a service parked), and what every service
tells of it. A decision names the service; all services hear it, and that one acts.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.contracts.base import Classification, Contract, Exchange, message
from shared.contracts.desk import Command
from shared.contracts.people import Id

ServiceName = Annotated[str, Field(pattern=r"^[a-z][a-z-]{0,39}$", examples=["matching"])]
Note = Annotated[str, Field(min_length=3, max_length=500)]
"""Why, in the words of whoever decides."""


class Decision(Command):
    """Base of what is decided about one dead letter."""

    service: ServiceName
    dead_letter_id: Id
    note: Note


@message(
    "dead-letter.replay",
    1,
    Exchange.COMMANDS,
    subject="dead_letter_id",
    classification=Classification.PERSONAL,
)
class ReplayDeadLetter(Decision):
    """Handle the message once more, as if it came now from where it came first."""


@message(
    "dead-letter.discard",
    1,
    Exchange.COMMANDS,
    subject="dead_letter_id",
    classification=Classification.PERSONAL,
)
class DiscardDeadLetter(Decision):
    """Give the message up: its content is deleted, the record of it stays."""


@message(
    "dead-letter.disclose",
    1,
    Exchange.COMMANDS,
    subject="dead_letter_id",
    classification=Classification.PERSONAL,
)
class DiscloseDeadLetter(Decision):
    """Let the asker read the content once, which may be personal data.

    The asker makes up a secret, sends its SHA-256 here, and within five minutes shows the secret to
    the service over HTTP.
    """

    ticket_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class WhyRefused(StrEnum):
    """Why a decision about a dead letter changed nothing."""

    UNKNOWN = "unknown"
    REPLAYED_ALREADY = "replayed_already"
    DISCARDED_ALREADY = "discarded_already"
    TIMER_SET_ANEW = "timer_set_anew"
    IS_A_DECISION = "is_a_decision"
    FAILED_AGAIN = "failed_again"


class Told(Contract):
    """Base of what a service tells about one of its dead letters."""

    service: ServiceName
    dead_letter_id: Id


@message("dead-letter.replayed", 1, Exchange.EVENTS, subject="dead_letter_id")
class DeadLetterReplayed(Told):
    """The message was handled after all, or is on its way again if it could not be published."""


@message("dead-letter.discarded", 1, Exchange.EVENTS, subject="dead_letter_id")
class DeadLetterDiscarded(Told):
    """The message was given up and its content deleted."""


@message("dead-letter.disclosed", 1, Exchange.EVENTS, subject="dead_letter_id")
class DeadLetterDisclosed(Told):
    """Somebody was allowed to read the content; the service's record says who and why."""


@message("dead-letter.refused", 1, Exchange.EVENTS, subject="dead_letter_id")
class DeadLetterRefused(Told):
    """A decision changed nothing. One that failed again waits on, with its new reason."""

    reason: WhyRefused
