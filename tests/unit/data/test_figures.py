"""The sample data has the figures of the council paper, and says nothing about real people."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from statistics import mean
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest

from data.make_ludwigsburg import FOLDER, files
from data.making.calendar import is_working_day
from shared.contracts.desk import (
    Command,
    CompleteTraining,
    PlannedMeasure,
    Programme,
    RecordCertificate,
    RecordCost,
    RecordMeeting,
    RecordPlan,
    RegisterActor,
    RegisterSponsor,
    SubmitEvaluation,
)
from shared.contracts.ids import sponsor_id
from willkommen.timeline import Timeline, read_timeline

C = TypeVar("C", bound=Command)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(scope="module")
def timeline() -> Timeline:
    return read_timeline(FOLDER)


def commands(timeline: Timeline, kind: type[C]) -> list[C]:
    return [e.command for e in timeline.entered() if isinstance(e.command, kind)]


def test_the_committed_files_are_what_the_generator_writes() -> None:
    written = {str(p.relative_to(FOLDER)): p for p in FOLDER.rglob("*") if p.is_file()}
    made = files()
    assert sorted(written) == sorted(made)
    different = [name for name, path in written.items() if path.read_text() != made[name]]
    assert different == [], "run python -m data.make_ludwigsburg"


def test_105_actors_in_six_categories(timeline: Timeline) -> None:
    actors = commands(timeline, RegisterActor)
    assert Counter(actor.category.value for actor in actors) == {
        "work": 16,
        "counselling": 31,
        "emergency": 4,
        "engagement": 26,
        "language_education": 21,
        "arts_culture": 7,
    }
    assert len({actor.name for actor in actors}) == 105
    assert {a.name for a in actors if a.category == "emergency"} == {
        "Klinikum",
        "Feuerwehr",
        "Polizei",
        "DRK Notfallseelsorge",
    }


def test_actors_lie_in_the_city(timeline: Timeline) -> None:
    for actor in commands(timeline, RegisterActor):
        assert actor.latitude is not None
        assert actor.longitude is not None
        assert 48.86 <= actor.latitude <= 48.94
        assert 9.14 <= actor.longitude <= 9.25


def test_35_sponsors_about_half_with_migration_experience(timeline: Timeline) -> None:
    sponsors = commands(timeline, RegisterSponsor)
    assert len(sponsors) == 35
    assert sum(sponsor.migration_experience for sponsor in sponsors) == 18
    assert sum(sponsor.capacity for sponsor in sponsors) == 54


def test_each_sponsor_is_trained_once_within_weeks(timeline: Timeline) -> None:
    applied = {sponsor_id(s.reference): s.applied_on for s in commands(timeline, RegisterSponsor)}
    trained = [
        (ident, training.held_on)
        for training in commands(timeline, CompleteTraining)
        if training.kind == "sponsor_basics"
        for ident in training.sponsor_ids
    ]
    assert sorted(ident for ident, _ in trained) == sorted(applied)
    assert all(0 < (held_on - applied[ident]).days <= 60 for ident, held_on in trained)


def test_nearly_all_certificates_were_fresh_when_inspected(timeline: Timeline) -> None:
    certificates = commands(timeline, RecordCertificate)
    ages = [(c.inspected_on - c.issued_on).days for c in certificates]
    assert len(certificates) == 34
    assert [age for age in ages if age > 89] == [120]


def test_three_meetings_with_everybody_invited(timeline: Timeline) -> None:
    meetings = commands(timeline, RecordMeeting)
    joined = [actor.joined_on for actor in commands(timeline, RegisterActor)]
    assert [(len(m.invited), len(m.attended)) for m in meetings] == [(58, 41), (86, 55), (101, 63)]
    for meeting in meetings:
        assert set(meeting.attended) <= set(meeting.invited)
        assert len(meeting.invited) == sum(day < meeting.held_on for day in joined)


def test_the_need_for_the_network_is_rated_1_6(timeline: Timeline) -> None:
    forms = commands(timeline, SubmitEvaluation)
    assert Counter(form.meeting_reference for form in forms) == {
        "nt-2015": 33,
        "nt-2016": 44,
        "nt-2017": 51,
    }
    need = [form.answers["need_for_network_in_future"] for form in forms]
    assert (len(need), sum(need)) == (128, 205)
    assert round(mean(need), 1) == 1.6
    assert len({key for form in forms for key in form.answers}) == 6


def test_plan_and_money(timeline: Timeline) -> None:
    assert [(p.measure, p.low, p.high) for p in commands(timeline, RecordPlan)] == [
        (PlannedMeasure.SPONSORS, 15, 15),
        (PlannedMeasure.NEWCOMERS, 30, 40),
    ]
    costs = commands(timeline, RecordCost)
    assert [(c.programme, c.amount_eur, c.funded_share) for c in costs] == [
        (None, 200_400, 0.6),
        (Programme.WILLKOMMEN, 4_000, 0.0),
        (Programme.NETWORK, 4_000, 0.0),
    ]


def test_messages_good_and_bad(timeline: Timeline) -> None:
    published = timeline.published()
    assert len(timeline.partners) == 12
    assert len(published) == 70
    assert sum(message.times for message in published) == 72
    assert [m.note for m in published if m.message_id is None] == ["no message id"]
    assert sum(bool(message.note) for message in published) == 18
    ids = [message.message_id for message in published]
    assert len(set(ids)) == len(ids)


def test_everything_happens_in_office_hours(timeline: Timeline) -> None:
    moments = [action.at.astimezone(BERLIN) for action in timeline.actions]
    assert moments == sorted(moments)
    assert date(2015, 4, 1) <= moments[0].date()
    assert moments[-1].date() <= date(2018, 3, 31)
    assert [m for m in moments if not in_office_hours(m)] == []
    assert [a.at for a in timeline.actions if a.at.utcoffset() != local(a.at).utcoffset()] == []


def local(moment: datetime) -> datetime:
    return moment.astimezone(BERLIN)


def in_office_hours(moment: datetime) -> bool:
    return is_working_day(moment.date()) and 8 <= moment.hour < 17


def test_children_are_children_for_all_three_years(timeline: Timeline) -> None:
    births = [
        date.fromisoformat(day)
        for message in timeline.published()
        for day in re.findall(rb'"(\d{4}-\d\d-\d\d)"', children_in(message.body))
        for day in [day.decode()]
    ]
    assert len(births) > 50
    assert min(births) > date(2000, 3, 31)


def children_in(body: bytes) -> bytes:
    found = re.search(rb'"children": \[([^\]]*)\]', body)
    return found.group(1) if found else b""


def texts() -> Iterator[tuple[Path, str]]:
    for path in FOLDER.rglob("*"):
        if path.is_file():
            yield path, path.read_text(encoding="utf-8")


def test_nobody_can_be_reached_by_accident() -> None:
    for path, text in texts():
        for host in re.findall(r"(?:@|https?://)([\w.-]+)", text):
            assert host.endswith(".example"), path
        for number in re.findall(r"\+49 [\d ]+", text):
            assert re.fullmatch(r"\+49 (30 23125\d{3}|176 040690\d\d)", number.strip()), path


def test_people_have_numbers_of_their_own(timeline: Timeline) -> None:
    owners: dict[str, set[str]] = {}
    for message in timeline.published():
        if message.body.startswith(b"{"):
            contact = json.loads(message.body).get("household", {}).get("contact", {})
            owners.setdefault(contact.get("phone"), set()).add(contact.get("name"))
    for sponsor in commands(timeline, RegisterSponsor):
        owners.setdefault(sponsor.contact.phone or "", set()).add(sponsor.contact.name)
    assert [names for names in owners.values() if len(names) > 1] == []


def test_some_people_have_no_mail_address(timeline: Timeline) -> None:
    sponsors = commands(timeline, RegisterSponsor)
    assert sum(sponsor.contact.email is None for sponsor in sponsors) == 2
    without = [m for m in timeline.published() if b"phone" in m.body and b"email" not in m.body]
    assert len(without) == 4
