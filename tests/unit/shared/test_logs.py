"""No personal data and no password gets into a log line, wherever it hides."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from time import process_time
from typing import Any

import pytest
import structlog
from pydantic import ValidationError

from shared.contracts.people import Contact, HouseholdDetails
from shared.observability.logs import HIDDEN, redact, set_up
from tests.unit.shared.builders import HOUSEHOLD

MARKER = "Testari"
CONTACT = Contact(name=f"Amal {MARKER}", email="testari@mail.example", phone="+49 176 04069059")


def redacted(**event: Any) -> Any:
    return dict(redact(None, "", event))


@pytest.mark.parametrize(
    "value",
    [
        "mail to amal.testari@mail.example bounced",
        "<testari@sub.mail.example>",
        {"name": f"Amal {MARKER}"},
        {"people": [{"email": f"{MARKER}@mail.example"}]},
        {"testari@mail.example": 1},
        ["testari@mail.example"],
        {"testari@mail.example"},
        ("a", {"contact": MARKER}),
        CONTACT,
        [CONTACT],
        ValueError("no such mailbox: testari@mail.example"),
        MARKER.encode(),
    ],
    ids=[
        "text",
        "brackets",
        "mapping",
        "deep",
        "key",
        "list",
        "set",
        "tuple",
        "model",
        "models",
        "error",
        "bytes",
    ],
)
def test_personal_data_is_hidden_wherever_it_stands(value: object) -> None:
    line = json.dumps(redacted(event="seen", value=value), default=repr)
    assert MARKER.lower() not in line.lower()


@pytest.mark.parametrize("field", ["name", "email", "phone", "contact", "body", "password"])
def test_personal_fields_are_hidden_by_their_name(field: str) -> None:
    assert redacted(**{field: "anything"}) == {field: HIDDEN}


def test_phone_numbers_are_hidden_and_days_are_not() -> None:
    text = "called +49 176 04069059 on 2016-05-02T09:30:00+00:00, 7141 times"
    assert redacted(event=text)["event"] == (
        f"called {HIDDEN} on 2016-05-02T09:30:00+00:00, 7141 times"
    )


@pytest.mark.parametrize(
    "url", ["amqp://matching:s3cret%2F@127.0.0.1:5672/v", "mongodb+srv://m:s3cret@db.example/m"]
)
def test_passwords_in_addresses_of_servers_are_hidden(url: str) -> None:
    assert "s3cret" not in redacted(event=f"cannot reach {url}")["event"]


def test_what_a_contract_refused_is_not_quoted() -> None:
    with pytest.raises(ValidationError) as caught:
        HouseholdDetails.model_validate({**HOUSEHOLD, "contact": MARKER, "adults": [MARKER]})
    text = redacted(event=str(caught.value))["event"]
    assert MARKER not in text
    assert "Input should be a valid integer" in text


def test_ids_counts_and_times_stay_readable() -> None:
    known = {"key": "zeytin/m-1", "count": 3, "share": 0.5, "ok": True, "none": None}
    assert redacted(**known) == known
    at = datetime(2016, 5, 2, 9, tzinfo=UTC)
    assert redacted(at=at, on=date(2016, 5, 2), took=timedelta(seconds=2)) == {
        "at": "2016-05-02 09:00:00+00:00",
        "on": "2016-05-02",
        "took": "0:00:02",
    }


def test_a_long_line_takes_no_time() -> None:
    """Patterns that try every split of a line would need hours of processor time for these."""
    started = process_time()
    redacted(event="a" * 100_000, other="+1" * 50_000, more="://" * 30_000)
    assert process_time() - started < 30


@pytest.fixture
def logging_set_up() -> Iterator[None]:
    """Logs as a service writes them, and everything as it was before."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    set_up("matching", instance="matching-1")
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.usefixtures("logging_set_up")
def test_lines_of_all_libraries_are_redacted_json(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("matching", instance="matching-1")
    structlog.get_logger("ours").warning("parked", reason="testari@mail.example")
    logging.getLogger("theirs").warning("refused %s", "testari@mail.example")
    ours, theirs = map(json.loads, capsys.readouterr().err.splitlines())
    assert (ours["service"], ours["instance"], ours["level"]) == (
        "matching",
        "matching-1",
        "warning",
    )
    assert (ours["event"], ours["reason"]) == ("parked", HIDDEN)
    assert theirs["event"] == f"refused {HIDDEN}"


@pytest.mark.usefixtures("logging_set_up")
def test_a_stack_trace_is_redacted(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("matching", instance="matching-1")
    try:
        int("testari@mail.example")
    except ValueError:
        structlog.get_logger("ours").exception("broke")
    line = json.loads(capsys.readouterr().err)
    assert "ValueError" in line["exception"]
    assert MARKER.lower() not in line["exception"]


@pytest.mark.usefixtures("logging_set_up")
def test_an_error_is_told_by_its_kind_and_place_and_not_in_its_own_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up("matching", instance="matching-1")
    try:
        try:
            raise KeyError(MARKER)  # noqa: TRY301 - the way it happens
        except KeyError as first:
            raise RuntimeError(f"{MARKER} again") from first
    except RuntimeError as error:
        structlog.get_logger("ours").exception("broke", reason=error)
        logging.getLogger("theirs").warning("refused %r", error, exc_info=error)
        logging.getLogger("asyncio").exception("Task broke\nfuture: <Task %r>", "an object")
    written = capsys.readouterr().err
    assert MARKER not in written
    assert "RuntimeError at" in written
    assert "KeyError at" in written
    assert "test_logs.py:" in written


@pytest.mark.usefixtures("logging_set_up")
def test_what_the_system_says_of_itself_stays(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("matching", instance="matching-1")
    structlog.get_logger("ours").error("broke", exc_info=ConnectionRefusedError(111, "refused"))
    assert "ConnectionRefusedError: [Errno 111] refused" in capsys.readouterr().err
