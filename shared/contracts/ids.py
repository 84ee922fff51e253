"""Stable ids: the same kind and parts always give the same opaque id, in every service."""

from uuid import UUID, uuid5

_NAMESPACE = UUID("6f6c2f0e-6d0b-5a58-9c38-2b7d3a5f1e10")


def stable_id(kind: str, *parts: str) -> str:
    """A UUID (version 5) from a kind and its parts; never shows the parts themselves."""
    return str(uuid5(_NAMESPACE, "\x1f".join((kind, *parts))))


def referral_id(partner: str, reference: str) -> str:
    """Id of a partner's referral."""
    return stable_id("referral", partner, reference)


def household_id(partner: str, reference: str) -> str:
    """Id of the household that a referral or a recruit brings."""
    return stable_id("household", partner, reference)


def recruit_id(partner: str, reference: str) -> str:
    """Id of a hospital recruit."""
    return stable_id("recruit", partner, reference)


def sponsor_id(reference: str) -> str:
    """Id of a sponsor by the office's reference."""
    return stable_id("sponsor", reference)


def question_id(reference: str) -> str:
    """Id of a worry or a question by the office's reference."""
    return stable_id("question", reference)


def actor_id(reference: str) -> str:
    """Id of an actor by the office's reference."""
    return stable_id("actor", reference)


def training_id(reference: str) -> str:
    """Id of a training."""
    return stable_id("training", reference)


def meeting_id(reference: str) -> str:
    """Id of a network meeting."""
    return stable_id("network-meeting", reference)


def dead_letter_id(service: str, key: str) -> str:
    """Id of a message that is parked in a service, by its key there."""
    return stable_id("dead-letter", service, key)
