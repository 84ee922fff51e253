"""Plan against actual of a period at the terminal, with the way back to what was counted."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from local.servers import Servers
from tests.integration.matching_bench import Bench, started
from tests.support.office import Office, office_of

YEAR = ("--from", "2016-01-01", "--to", "2016-12-31")


@pytest.fixture
async def office(servers: Servers, tmp_path: Path) -> AsyncIterator[Office]:
    async with office_of(servers, tmp_path) as ready:
        yield ready


async def test_each_figure_leads_back_to_the_ids_and_days_of_what_it_counts(
    office: Office,
) -> None:
    match = await started(Bench(office.system), office.matching)
    status, printed = await office.types("figures", *YEAR, "--definition", "ministry", "--json")
    assert status == 0, printed
    actual = {each["figure"]: each["actual"] for each in json.loads(printed)["figures"]}
    assert actual["sponsorships.started"] == 1
    for figure, number in actual.items():
        asked = ("figures", "trace", figure, *YEAR, "--definition", "ministry", "--json")
        status, printed = await office.types(*asked)
        parts = json.loads(printed)["parts"]
        assert (status, sum(part["number"] for part in parts)) == (0, number)
        if figure == "sponsorships.started":
            assert [(part["id"], part["on"]) for part in parts] == [(match, "2016-05-02")]


async def test_tables_name_the_period_and_no_person(office: Office) -> None:
    match = await started(Bench(office.system), office.matching)
    _, table = await office.types("figures", *YEAR)
    _, traced = await office.types("figures", "trace", "sponsorships.started", *YEAR)
    for printed in (table, traced):
        assert "2016-01-01 to 2016-12-31, as known on 2016-05-02" in printed
        assert "Testari" not in printed
    assert match in traced


async def test_a_question_without_an_answer_is_refused_in_words(office: Office) -> None:
    for words, reason in (
        (("--from", "1916-01-01", "--to", "2016-12-31"), "1916-01-01"),
        (("--from", "2016-12-31", "--to", "2016-01-01"), "after its end"),
        ((*YEAR, "--definition", "parliament"), "council"),
        ((*YEAR, "--as-of", "2017-01-01"), "known today"),
        (("trace", "sponsorships.lucky", *YEAR), "sponsorships.started"),
        (("trace", "sponsorships.started", "--from", "2016-01-01"), "not a day"),
    ):
        status, printed = await office.types("figures", *words)
        assert status == 2
        assert reason in " ".join(printed.split())
        assert "Traceback" not in printed
