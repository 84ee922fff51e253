"""The command line as a person uses it, against running services."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from local.servers import Servers
from tests.support.builders import referral
from tests.support.office import Office, office_of
from tests.support.probes import becomes

ACTORS = """reference;name;category;contact.name;joined_on
A-1;Verein Beispielhain;engagement;Mila Beispiel;2016-05-01
A-2;X;gardening;Mila Beispiel;01.05.2016
"""


@pytest.fixture
async def office(servers: Servers, tmp_path: Path) -> AsyncIterator[Office]:
    async with office_of(servers, tmp_path) as ready:
        yield ready


async def test_good_rows_go_in_and_each_bad_one_is_told(office: Office) -> None:
    file = office.folder / "actors.csv"
    file.write_text(ACTORS)
    status, printed = await office.types("import", "actors", str(file), "--staff", "staff-07")
    assert status == 1
    assert "gardening" in printed or "category" in printed
    assert "Sent to the register: 1." in printed
    await becomes("actors", 1, lambda: office.system.number("network", "actors"))


async def test_a_file_is_published_as_the_partner_it_names(office: Office) -> None:
    line = {
        "at": "2016-05-02T10:00:00+02:00",
        "type": "willkommen.referral.submitted.v1",
        "id": "cli-1",
        "routing_key": "referral.zeytin.submitted",
        "data": referral().model_dump(mode="json"),
    }
    file = office.folder / "zeytin.jsonl"
    file.write_text(json.dumps(line))
    assert (await office.types("publish", "zeytin", str(file)))[0] == 0
    await becomes("households", 1, lambda: office.system.number("matching", "households"))


async def test_what_is_wrong_is_said_in_one_sentence(office: Office) -> None:
    file = office.folder / "broken.jsonl"
    file.write_text("not JSON\n")
    for words, reason in (
        (("publish", "nobody", str(file)), "there is no user 'nobody'"),
        (("publish", "zeytin", str(file)), "broken.jsonl"),
    ):
        status, printed = await office.types(*words)
        assert status
        assert reason in printed
        assert "Traceback" not in printed


async def test_without_a_running_system_the_command_says_how_to_start_one(office: Office) -> None:
    office.environment["WILLKOMMEN_CONNECTION"] = str(office.folder / "none.json")
    status, printed = await office.types("report")
    assert status == 1
    assert "./run" in printed


async def test_a_system_that_was_stopped_is_told_from_one_that_never_ran(office: Office) -> None:
    where = {"services": {"network": "http://127.0.0.1:9"}, "amqp": {}}
    (office.folder / "connection.json").write_text(json.dumps(where))
    status, printed = await office.types("report")
    assert status == 1
    assert "does not answer" in printed
