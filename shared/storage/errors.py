"""What can go wrong with the database, in three disjoint kinds that callers tell apart."""

from collections.abc import Iterator
from contextlib import contextmanager

from bson.errors import BSONError
from pymongo.errors import (
    AutoReconnect,
    ConnectionFailure,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    WTimeoutError,
)

_DUPLICATE_KEY = 11000
_PASSING = {
    *(6, 7, 89, 9001),  # the network between the servers
    *(91, 11600, 11601),  # a server that shuts down, an operation that was interrupted
    *(189, 10107, 11602, 13435, 13436),  # a primary that stepped down, a server that is none
    *(24, 46, 134, 239, 246, 262),  # a lock, a snapshot or a time limit
    14031,  # a full disk
}
"""Codes that say nothing about the write itself. The driver knows most of them where a whole
command fails, but not where the server reports them for a single write.
"""
_TRANSIENT = ("TransientTransactionError", "UnknownTransactionCommitResult", "RetryableWriteError")


DriverError = PyMongoError
"""What the driver raises inside a transaction; it must reach the transaction's own retry."""


UNWRITABLE = (BSONError, OverflowError, UnicodeEncodeError)
"""What the driver raises before it sends: too large, a number beyond 64 bits, broken text."""


class StorageError(Exception):
    """Base of what the storage raises."""


class StorageUnavailable(StorageError):
    """The database cannot be reached or is changing its primary: try the same again later."""


class ConcurrentChange(StorageError):
    """Somebody else changed what was loaded: load again and decide again."""


class WriteRefused(StorageError):
    """The database refuses this very write; trying it again changes nothing."""


def translate(error: PyMongoError) -> StorageError:
    """The storage's own error for one of the driver's."""
    if isinstance(error, AutoReconnect | ConnectionFailure | ExecutionTimeout | WTimeoutError):
        return StorageUnavailable(_told(error))
    if any(error.has_error_label(label) for label in _TRANSIENT):
        return StorageUnavailable(_told(error))
    codes = _codes(error) if isinstance(error, OperationFailure) else set()
    if codes & _PASSING:
        return StorageUnavailable(_told(error))
    if _DUPLICATE_KEY in codes:
        return ConcurrentChange(_told(error))
    return WriteRefused(_told(error))


@contextmanager
def translating() -> Iterator[None]:
    """Raise the storage's own errors for what the driver raises inside."""
    try:
        yield
    except PyMongoError as error:
        raise translate(error) from error
    except UNWRITABLE as error:
        raise WriteRefused(f"it cannot be written: {type(error).__name__}") from error


def _told(error: PyMongoError) -> str:
    """Kind and codes; the driver's own words quote the documents that it was to write."""
    codes = _codes(error) if isinstance(error, OperationFailure) else set()
    known = sorted(code for code in codes if code is not None)
    return " ".join([type(error).__name__, *(f"(code {code})" for code in known)])


def _codes(error: OperationFailure) -> set[int | None]:
    """The error's own code and those of the single writes of a bulk."""
    details = error.details or {}
    parts = [*details.get("writeErrors", []), *details.get("writeConcernErrors", [])]
    return {error.code, *(part.get("code") for part in parts)}
