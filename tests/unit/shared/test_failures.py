"""What is said about an error names its kind and place, and quotes nothing of a message."""

import pytest
from pymongo.errors import AutoReconnect, BulkWriteError, WriteError

from shared.messaging.failures import where
from shared.storage.errors import StorageError, WriteRefused, translate, translating

MARKER = "Testari"


def test_an_error_is_told_by_its_kind_and_its_place_in_our_code() -> None:
    try:
        raise ValueError(MARKER)  # noqa: TRY301 - the way it happens
    except ValueError as error:
        told = where(error)
    assert told.startswith("ValueError in test_an_error_is_told_by_its_kind")
    assert "unit/shared/test_failures.py, line" in told
    assert MARKER not in told


def test_an_error_that_was_never_raised_is_told_by_its_kind() -> None:
    assert where(ValueError(MARKER)) == "ValueError"


@pytest.mark.parametrize(
    "error",
    [
        BulkWriteError({"writeErrors": [{"code": 121, "op": {"name": MARKER}}]}),
        WriteError(f"dup key: {MARKER}", 121, {"op": MARKER}),
        AutoReconnect(MARKER),
    ],
    ids=["bulk", "single", "connection"],
)
def test_what_the_driver_quotes_of_a_document_is_not_told(error: WriteError) -> None:
    told: StorageError = translate(error)
    assert MARKER not in str(told)
    assert type(error).__name__ in str(told)


def test_what_cannot_be_written_is_not_quoted() -> None:
    with pytest.raises(WriteRefused) as caught, translating():
        f"{MARKER}\ud800".encode()
    assert str(caught.value) == "it cannot be written: UnicodeEncodeError"
