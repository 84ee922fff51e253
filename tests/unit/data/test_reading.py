"""Bad files are refused with every problem at its place; good rows of a bad file are kept."""

import shutil
from pathlib import Path

import pytest

from data.make_ludwigsburg import FOLDER
from shared.contracts.desk import RegisterActor
from shared.contracts.ids import household_id
from willkommen.timeline import (
    ENTRIES,
    BadDataError,
    Problem,
    Verdict,
    read_entries,
    read_timeline,
)

ACTORS = ENTRIES["actors"]
HEADER = "at;staff_id;reference;name;category;contact.name;contact.email;languages;joined_on"
AT = "2016-05-03T09:00:00+02:00"


def write(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / "actors.csv"
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def actor(reference: str = "a-1", **cells: str) -> str:
    values = {
        "at": AT,
        "staff": "staff-01",
        "reference": reference,
        "name": "Chor Vielklang e. V.",
        "category": "arts_culture",
        "contact": "Alma Rosenkranzl",
        "email": "kontakt@vielklang.example",
        "languages": "de|it",
        "joined": "2016-05-03",
    }
    return ";".join((values | cells).values())


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "copy"
    shutil.copytree(FOLDER, folder)
    return folder


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_rows_become_commands(tmp_path: Path) -> None:
    entries, problems = read_entries(write(tmp_path, HEADER, actor()), ACTORS)
    assert problems == []
    command = entries[0].command
    assert isinstance(command, RegisterActor)
    assert entries[0].at.isoformat() == AT
    assert command.contact.email == "kontakt@vielklang.example"
    assert command.languages == ["de", "it"]


def test_each_bad_row_is_told_and_the_good_ones_are_kept(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        HEADER,
        actor("a-1"),
        actor("a-2", category="music", joined="3.5.2016"),
        actor("a-3", languages="de|gr"),
        actor("a-1"),
        actor("a-5", email="nobody"),
        actor("a-6", at="2016-05-03 09:00"),
        actor("a-7", name=""),
        "a-8;too short",
        "",
        actor("a-9"),
    )
    entries, problems = read_entries(path, ACTORS)
    kept = [e.command.reference for e in entries if isinstance(e.command, RegisterActor)]
    assert kept == ["a-1", "a-9"]
    assert [(p.row, p.column) for p in problems] == [
        (3, "category"),
        (3, "joined_on"),
        (4, "languages"),
        (5, "reference"),
        (6, "contact.email"),
        (7, "at"),
        (8, "name"),
        (9, ""),
    ]
    assert str(problems[2]) == (
        "actors.csv, row 4, column 'languages': unknown language code; "
        "use ISO 639-1, for example 'ar', 'de' or 'tr'"
    )
    assert problems[3].reason == "the same as in row 2"
    assert problems[7].reason == "2 cells, but the header has 9"


def test_a_misspelt_and_a_missing_column_are_told_once(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER.replace("category", "categorie"), actor(), actor("a-2"))
    entries, problems = read_entries(path, ACTORS)
    assert entries == []
    assert problems == [
        Problem("actors.csv", 1, "categorie", "unknown column; do you mean 'category'?"),
        Problem("actors.csv", 1, "category", "the column is missing"),
    ]


def test_defaults_stand_in_for_columns(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "reference;name;category;contact.name;joined_on",
        "a-1;Tanzhaus Kreisel;arts_culture;Geschäftsstelle;2016-05-03",
    )
    defaults = {"at": AT, "staff_id": "staff-02"}
    entries, problems = read_entries(path, ACTORS, defaults=defaults)
    assert problems == []
    assert entries[0].command.staff_id == "staff-02"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_mark_at_the_beginning_of_the_file_is_no_harm(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, HEADER, actor(), encoding=encoding)
    assert read_entries(path, ACTORS)[1] == []


def test_files_that_cannot_be_read_at_all(tmp_path: Path) -> None:
    latin = write(tmp_path, HEADER, actor(name="Bürgertheater"), encoding="latin-1")
    assert read_entries(latin, ACTORS)[1] == [
        Problem("actors.csv", 2, "", "not in UTF-8; save the file as 'CSV UTF-8'")
    ]
    empty = write(tmp_path, "")
    assert "empty" in read_entries(empty, ACTORS)[1][0].reason
    assert "no such file" in read_entries(tmp_path / "none.csv", ACTORS)[1][0].reason


def test_wrong_marks_between_cells(tmp_path: Path) -> None:
    commas = write(tmp_path, HEADER.replace(";", ","), actor().replace(";", ","))
    assert read_entries(commas, ACTORS)[1] == [
        Problem("actors.csv", 1, "", "cells must be parted by ';', not by ','")
    ]
    quote = write(tmp_path, HEADER, actor(name='"never closed'))
    assert "cannot be parted into cells" in read_entries(quote, ACTORS)[1][0].reason


def test_all_problems_of_all_files_come_at_once(copy: Path) -> None:
    spoil(copy / "certificates.csv", ";s-08;", ";s-88;")
    spoil(copy / "sponsors.csv", "de:native|en:B2", "de|en:B2")
    spoil(copy / "evaluations.csv", ";nt-2015;2015-12;2;", ";nt-2015;2015-12;7;")
    spoil(copy / "plan.csv", ";15;15;", ";fifteen;15;")
    spoil(copy / "decisions.csv", "approve;3;;accept;2", "approve;3;;accept;")
    spoil(copy / "messages" / "zeytin.jsonl", '"routing_key"', '"routing-key"')
    with pytest.raises(BadDataError) as caught:
        read_timeline(copy)
    told = {(p.file, p.row, p.column) for p in caught.value.problems}
    assert told >= {
        ("sponsors.csv", 2, "languages"),
        ("certificates.csv", 2, "sponsor"),
        ("evaluations.csv", 2, "answers.need_for_network_in_future"),
        ("plan.csv", 2, "low"),
        ("decisions.csv", 3, ""),
        ("zeytin.jsonl", 1, "routing_key"),
        ("zeytin.jsonl", 1, "routing-key"),
    }
    assert str(caught.value).count("\n") == len(caught.value.problems) - 1


def test_a_line_needs_one_body_and_an_id(copy: Path) -> None:
    path = copy / "messages" / "welcome-circle.jsonl"
    spoil(path, '"data"', '"raw": "both", "data"')
    spoil(path, '"id"', '"without_id": true, "id"')
    path.write_text(path.read_text(encoding="utf-8") + "not JSON\n", encoding="utf-8")
    with pytest.raises(BadDataError) as caught:
        read_timeline(copy)
    assert [problem.row for problem in caught.value.problems] == [1, 3]


def test_a_partner_that_is_not_listed(copy: Path) -> None:
    shutil.move(copy / "messages" / "zeytin.jsonl", copy / "messages" / "stranger.jsonl")
    with pytest.raises(BadDataError, match="partner 'stranger' is unknown"):
        read_timeline(copy)


def test_messages_that_are_not_there_or_not_in_utf_8(copy: Path) -> None:
    with (copy / "messages" / "zeytin.jsonl").open("ab") as file:
        file.write(b'{"note": "\xfc"}\n')
    with pytest.raises(BadDataError, match=r"zeytin.jsonl, row 5: .*"):
        read_timeline(copy)
    shutil.rmtree(copy / "messages")
    with pytest.raises(BadDataError, match="there is no such folder"):
        read_timeline(copy)


def test_bodies_travel_as_they_were_written() -> None:
    published = {m.note: m for m in read_timeline(FOLDER).published() if m.note}
    assert published["the body is not JSON"].body.startswith(b"Guten Tag")
    assert published["delivered three times: counts once"].times == 3
    assert published["no message id"].message_id is None


def test_decisions_go_by_household_and_proposal() -> None:
    decisions = read_timeline(FOLDER).decisions
    refused = household_id("wohnungslosenhilfe", "WH-2016-002")
    assert decisions.about(refused, 1).staff is Verdict.REJECT
    assert decisions.about(refused, 2).starts
    assert decisions.about(refused, 9) == decisions.about(refused, 2)
    assert decisions.about("some-other-household", 1).starts


def test_decisions_need_a_default_row(copy: Path) -> None:
    spoil(copy / "decisions.csv", "*;*;1;", "x;y;1;")
    with pytest.raises(BadDataError, match="there is no default row"):
        read_timeline(copy)
