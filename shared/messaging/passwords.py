"""RabbitMQ's salted password hash, so that a definitions file holds no password."""

import base64
import hashlib
import secrets


def rabbitmq_hash(password: str, salt: bytes | None = None) -> str:
    """Base64 of a 4-byte salt and SHA-256 of salt and password (RabbitMQ access control guide)."""
    salt = salt or secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
