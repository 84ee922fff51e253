"""Figures of a period: what a funder's definition counts, and what was known on a day."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from services.matching.domain.counting import Counting, Records, counted, known_meetings
from services.matching.domain.definitions import DEFINITIONS, Counted, Definition, Measure
from services.matching.domain.log import Entry, Pause, Stamp
from services.matching.domain.period import Period, period_of, whole_months
from services.matching.domain.sponsorship import Sponsorship
from shared.contracts.desk_sponsorships import ContactKind
from shared.questions import BadQuestionError

from .builders import household, running, sponsor

LATER = date(2016, 12, 31)
TODAY = date(2018, 12, 31)
REGULAR = Measure(
    figure="sponsorships.regular",
    title="Met every month",
    counts=Counted.SPONSORSHIPS_REGULAR,
    meetings_a_month=1,
)


def period(first: str, last: str, as_of: date = TODAY) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last), as_of)


def stamp(day: str) -> Stamp:
    return Stamp("staff-01", datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC))


def met(day: str, entered: str | None = None, struck: str | None = None) -> Entry:
    taken_back = stamp(struck) if struck else None
    held_on = date.fromisoformat(day)
    return Entry(ContactKind.MEETING, held_on, stamp(entered or day), taken_back)


def sponsorship(*log: Entry, **other: object) -> Sponsorship:
    """Started on 2 May 2016."""
    return replace(running().sponsorship, log=log, **other)  # type: ignore[arg-type]


def measure(counts: Counted) -> Measure:
    return Measure(figure="any.figure", title="Any figure", counts=counts)


def count(measured: Measure, within: Period, *found: Sponsorship) -> list[Counting]:
    return counted(measured, Records((), (), found), within)


def test_a_sponsorship_counts_once_on_its_first_day_however_many_people_it_helps() -> None:
    found = sponsorship(met("2016-05-10"), met("2016-06-10"))
    started = measure(Counted.SPONSORSHIPS_STARTED)
    on = date(2016, 5, 2)
    assert count(started, period("2016-05-02", "2016-05-02"), found) == [Counting(found.id, on)]
    assert count(started, period("2016-05-03", "2016-12-31"), found) == []
    assert count(started, period("2016-04-01", "2016-05-01"), found) == []


def test_what_ended_later_still_ran_as_of_an_earlier_day() -> None:
    found = sponsorship(ended_on=date(2016, 8, 1))
    year = ("2016-01-01", "2016-12-31")
    running_then, ended = measure(Counted.SPONSORSHIPS_RUNNING), measure(Counted.SPONSORSHIPS_ENDED)
    july = period(*year, as_of=date(2016, 7, 31))
    assert (len(count(running_then, july, found)), count(ended, july, found)) == (1, [])
    august = period(*year, as_of=date(2016, 8, 1))
    assert (count(running_then, august, found), len(count(ended, august, found))) == ([], 1)


def test_what_starts_after_the_day_is_not_known_yet() -> None:
    known = period("2016-01-01", "2016-12-31", as_of=date(2016, 5, 1))
    for counts in (Counted.SPONSORSHIPS_STARTED, Counted.SPONSORSHIPS_RUNNING):
        assert count(measure(counts), known, sponsorship()) == []


def test_a_meeting_counts_from_the_day_it_was_entered_until_the_day_it_was_struck_out() -> None:
    found = sponsorship(met("2016-05-10", entered="2016-06-01", struck="2016-07-01"))
    days = [date(2016, 5, 31), date(2016, 6, 1), date(2016, 6, 30), date(2016, 7, 1)]
    assert [len(known_meetings(found, day)) for day in days] == [0, 1, 1, 0]


def test_people_and_households_count_by_the_day_of_the_first_sponsorship() -> None:
    reached = replace(household(), first_matched_on=date(2016, 5, 2))
    records = Records([sponsor()], [reached, household("r-2")], ())
    within = period("2016-05-01", "2016-05-31")
    numbers = {
        counts: sum(part.number for part in counted(measure(counts), records, within))
        for counts in (
            Counted.NEWCOMERS_REACHED,
            Counted.HOUSEHOLDS_REACHED,
            Counted.SPONSORS_TRAINED,
        )
    }
    assert list(numbers.values()) == [3, 1, 1]


@pytest.mark.parametrize(
    ("log", "regular"),
    [
        ((met("2016-06-30"), met("2016-07-01")), True),
        ((met("2016-06-30"), met("2016-06-01")), False),
        ((met("2016-05-10"), met("2016-08-10")), False),
        ((), False),
    ],
    ids=["once in each month", "one month without", "only in broken months", "never"],
)
def test_regular_is_who_met_in_every_whole_month(log: tuple[Entry, ...], *, regular: bool) -> None:
    within = period("2016-05-01", "2016-08-15")
    assert bool(count(REGULAR, within, sponsorship(*log))) is regular


def test_months_of_a_pause_ask_for_no_meeting() -> None:
    pause = Pause(date(2016, 6, 20), date(2016, 7, 5))
    found = sponsorship(met("2016-08-03"), pauses=(pause,))
    assert count(REGULAR, period("2016-05-01", "2016-08-31"), found)


def test_without_one_whole_month_nothing_is_evidenced() -> None:
    found = sponsorship(met("2016-05-10"))
    assert count(REGULAR, period("2016-05-01", "2016-05-31"), found) == []


def test_months_that_lie_wholly_between_two_days() -> None:
    found = list(whole_months(date(2015, 12, 1), date(2016, 2, 29)))
    assert [last for _, last in found] == [date(2015, 12, 31), date(2016, 1, 31), date(2016, 2, 29)]
    assert list(whole_months(date(2016, 1, 2), date(2016, 2, 28))) == []


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"from": "1918-04-01", "to": "2018-12-31"}, "from: 1918-04-01 is not between"),
        ({"from": "2018-04-01", "to": "2818-12-31"}, "to: 2818-12-31 is not between"),
        ({"from": "2018-12-31", "to": "2018-04-01"}, "begins on 2018-12-31, after its end"),
        ({"from": "01.04.2018", "to": "2018-12-31"}, "from: '01.04.2018' is not a day"),
        ({"from": "2018-02-30", "to": "2018-12-31"}, "from: '2018-02-30' is not a day"),
        ({"to": "2018-12-31"}, "from: '' is not a day"),
        ({"from": "2018-04-01", "to": "2018-12-31", "as-of": "2019-01-01"}, "is not known today"),
        ({"from": "2018-04-01", "to": "2018-12-31", "as-of": "2018-03-31"}, "had not begun"),
    ],
)
def test_a_period_that_cannot_be_meant_is_refused_in_words(
    asked: dict[str, str], reason: str
) -> None:
    with pytest.raises(BadQuestionError, match=reason):
        period_of(asked, TODAY)


def test_a_period_is_known_as_of_today_unless_a_day_is_named() -> None:
    asked = {"from": "2016-04-01", "to": "2016-12-31"}
    assert period_of(asked, TODAY).as_of == TODAY
    assert period_of({**asked, "as-of": "2016-12-31"}, TODAY).as_of == LATER


def test_a_period_that_has_not_begun_is_empty() -> None:
    to_come = period_of({"from": "2019-04-01", "to": "2019-12-31"}, TODAY)
    for counts in (Counted.SPONSORSHIPS_STARTED, Counted.SPONSORSHIPS_RUNNING):
        assert count(measure(counts), to_come, sponsorship()) == []
    assert count(REGULAR, to_come, sponsorship(met("2016-06-30"))) == []


def test_evidence_is_asked_for_where_regularity_is_counted_and_only_there() -> None:
    for counts, meetings in ((Counted.SPONSORSHIPS_REGULAR, None), (Counted.MEETINGS_HELD, 2)):
        with pytest.raises(ValidationError, match="meetings_a_month"):
            Measure(figure="a.b", title="Any", counts=counts, meetings_a_month=meetings)


def test_a_definition_names_each_figure_once() -> None:
    with pytest.raises(ValidationError, match="names a figure twice"):
        Definition(name="twice", title="Twice", measures=(REGULAR, REGULAR))


def test_every_definition_stands_under_its_own_name() -> None:
    assert {name: each.name for name, each in DEFINITIONS.items()} == {
        name: name for name in DEFINITIONS
    }
