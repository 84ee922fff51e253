"""A partner learns what is wrong with a message before it is sent, in the words of intake."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from willkommen.commands.contracts import contracts, upkeep
from willkommen.contracts.checker import check

KIND = "willkommen.referral.withdrawn.v1"
HEADERS = {
    "content-type": "application/json",
    "ce-specversion": "1.0",
    "ce-id": "m-1",
    "ce-source": "/partners/zeytin",
    "ce-type": KIND,
}
DATA = {"reference": "ZT-1", "reason": "moved_away"}
EVENT = {
    "specversion": "1.0",
    "id": "m-1",
    "source": "/partners/zeytin",
    "type": KIND,
    "data": DATA,
}
INTAKE = [
    kind
    for kind, contract in upkeep().contracts.items()
    if contract.wire.exchange.value == "intake"
]


def binary(data: Any = None, **headers: str | None) -> str:
    """A message as text; a header that is None is left out."""
    told = HEADERS | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in told.items() if value is not None]
    return "\n".join([*lines, "", json.dumps(DATA if data is None else data)])


@pytest.mark.parametrize("text", [binary(), json.dumps(EVENT), binary().replace("\n", "\r\n")])
def test_a_good_message_is_told_where_it_goes(text: str) -> None:
    verdict = check(text)
    assert verdict.problems == ()
    assert (verdict.type, verdict.about) == (KIND, "ZT-1")
    assert (verdict.key, verdict.partner) == ("referral.zeytin.withdrawn", "zeytin")


@pytest.mark.parametrize("kind", INTAKE)
def test_every_committed_example_is_good(kind: str) -> None:
    for example in upkeep().examples(kind):
        assert check(binary(example, ce_type=kind)).problems == ()
        assert check(json.dumps(EVENT | {"type": kind, "data": example})).problems == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (binary({"reference": "ZT-1", "reason": "moved"}), "data.reason: Input should be"),
        (binary({"reference": "ZT-1"}), "data.reason: Field required"),
        (binary({**DATA, "referense": 1}), "did you mean 'reference'?"),
        (binary(ce_type="willkommen.referral.withdrawn.v9"), "not one that is taken in here"),
        (binary(ce_type="willkommen.household.closed.v1"), "not one that is taken in here"),
        (binary(ce_type=None), "the attribute is missing"),
        (binary(ce_id=None), "the message has no id"),
        (binary(ce_id=None, message_id="m-1"), "ce-id is missing"),
        (binary(message_id="m-2"), "message_id and ce-id differ"),
        (binary(ce_source=None), "ce-source is missing"),
        (binary(ce_specversion=None), "ce-specversion is missing"),
        (binary(ce_specversion="0.3"), "ce-specversion is '0.3', not '1.0'"),
        (binary(routing_key="referral.kifa.withdrawn", user_id="zeytin"), "user_id must be 'kifa'"),
        (binary(routing_key="referral.zeytin.submitted"), "does not fit the type"),
        (binary(routing_key="zeytin"), "is not of the form 'referral.<partner>.<verb>'"),
        (binary().replace("{", "", 1), "the body is not JSON"),
        ("ce-type\n\n{}", "the line 'ce-type' is no header of the form 'name: value'"),
        ("good day", "neither a JSON object nor headers, an empty line and a body"),
        ("", "neither a JSON object nor headers, an empty line and a body"),
        ("{", "the body is not JSON"),
        (json.dumps({**EVENT, "data": None}), "data: Input should be"),
    ],
)
def test_what_is_wrong_is_said(text: str, problem: str) -> None:
    assert any(problem in said for said in check(text).problems), check(text).problems


def test_the_command_reads_files_and_standard_input(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.json"
    good.write_text(binary())
    bad.write_text(json.dumps(EVENT | {"source": ""}))
    both = CliRunner().invoke(contracts, ["check", str(good), str(bad)])
    assert both.exit_code == 1
    assert f"{good}: good, {KIND} about ZT-1" in both.stdout
    assert "routing key referral.zeytin.withdrawn and user_id zeytin" in both.stdout
    assert f"{bad}: would be refused\n  ce-source is missing" in both.stdout
    piped = CliRunner().invoke(contracts, ["check", "-"], input=binary())
    assert piped.exit_code == 0
    assert piped.stdout.startswith("standard input: good")


def test_a_file_that_is_not_there_is_said_in_one_sentence(tmp_path: Path) -> None:
    missing = CliRunner().invoke(contracts, ["check", str(tmp_path / "none")])
    assert missing.exit_code == 1
    assert "cannot be read" in missing.output
    assert "Traceback" not in missing.output
