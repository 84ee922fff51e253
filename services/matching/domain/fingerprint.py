"""Tells whether a sender's reference comes again with the same content."""

from hashlib import blake2b

from shared.contracts.base import Contract


def fingerprint(data: Contract) -> str:
    """A digest of what the message says, whoever entered it and whatever default it spells out."""
    content = data.model_dump_json(exclude={"staff_id"}, exclude_defaults=True)
    return blake2b(content.encode(), digest_size=16).hexdigest()
