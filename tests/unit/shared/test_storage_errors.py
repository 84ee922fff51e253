"""What the driver raises is one of three kinds; what passes by itself must never look like a
refusal, because a refused message is parked.
"""

import pytest
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DuplicateKeyError,
    NetworkTimeout,
    NotPrimaryError,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WriteConcernError,
    WriteError,
)

from shared.storage.errors import ConcurrentChange, StorageUnavailable, WriteRefused, translate

STEPPED_DOWN = 189
OUT_OF_DISK = 14031
DUPLICATE = 11000
NOT_VALID = 121


def transient(error: PyMongoError) -> PyMongoError:
    error._add_error_label("TransientTransactionError")  # noqa: SLF001 - as the server would
    return error


@pytest.mark.parametrize(
    "error",
    [
        AutoReconnect("connection closed"),
        NetworkTimeout("timed out"),
        ServerSelectionTimeoutError("nobody there"),
        NotPrimaryError("not primary"),
        transient(OperationFailure("WriteConflict", 112)),
        OperationFailure("interrupted at shutdown", 11600),
        OperationFailure("out of disk space", OUT_OF_DISK),
        WriteError("not primary while writing", STEPPED_DOWN),
        WriteConcernError("stepped down while waiting", STEPPED_DOWN),
        BulkWriteError({"writeErrors": [{"index": 0, "code": STEPPED_DOWN, "errmsg": ""}]}),
        BulkWriteError({"writeErrors": [], "writeConcernErrors": [{"code": 91, "errmsg": ""}]}),
    ],
    ids=repr,
)
def test_what_passes_by_itself_is_waited_for(error: PyMongoError) -> None:
    assert isinstance(translate(error), StorageUnavailable)


@pytest.mark.parametrize(
    "error",
    [
        DuplicateKeyError("twice", DUPLICATE),
        BulkWriteError({"writeErrors": [{"index": 0, "code": DUPLICATE, "errmsg": ""}]}),
    ],
    ids=repr,
)
def test_a_key_that_is_there_already_was_written_by_somebody_else(error: PyMongoError) -> None:
    assert isinstance(translate(error), ConcurrentChange)


@pytest.mark.parametrize(
    "error",
    [
        WriteError("document failed validation", NOT_VALID),
        BulkWriteError({"writeErrors": [{"index": 0, "code": NOT_VALID, "errmsg": ""}]}),
    ],
    ids=repr,
)
def test_what_is_wrong_with_the_write_itself_is_a_refusal(error: PyMongoError) -> None:
    assert isinstance(translate(error), WriteRefused)
