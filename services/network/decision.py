"""What a domain decides: the facts, and what is to be kept from now on, if anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from shared.contracts.base import Contract
from shared.contracts.network import RequestRefused
from shared.storage.repository import Entity

E = TypeVar("E", bound=Entity)

REUSED = "this reference was used before with other content; nothing was changed, choose a new one"


@dataclass(frozen=True, slots=True)
class Decision(Generic[E]):
    """The facts to publish and the aggregate to save; neither when nothing changes."""

    facts: Sequence[Contract] = ()
    keep: E | None = None


def refused(subject_id: str, reason: str) -> Decision[E]:
    """Staff hear why nothing was changed; the reason holds no personal data."""
    return Decision((RequestRefused(subject_id=subject_id, reason=reason),))


def once(known: E | None, new: E, facts: Sequence[Contract]) -> Decision[E]:
    """A reference counts once: the same content again changes nothing, other content is refused."""
    if known is None:
        return Decision(facts, new)
    return Decision() if known == new else refused(new.id, REUSED)
