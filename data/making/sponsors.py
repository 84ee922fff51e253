"""The office's files about sponsors: applications, certificates of conduct, basic trainings."""

from datetime import date, timedelta
from random import Random

from data.making.calendar import day_between, office_moment, working_day
from data.making.people import (
    GENDERS,
    district,
    personal_email,
    personal_phone,
    rows,
    topics,
    weekly_slots,
)
from data.making.sponsors_table import BASIC_TRAININGS, SPONSORS
from data.making.writing import Row, joined


def reference(number: int) -> str:
    return f"s-{number:02d}"


def sponsor_rows() -> list[Row]:
    return [_sponsor(number, cells) for number, cells in enumerate(rows(SPONSORS), 1)]


def _sponsor(number: int, cells: list[str]) -> Row:
    applied, name, gender, migration, languages, capacity, wish, remark = cells
    rng = Random(f"ludwigsburg sponsor {name}")
    interview = date.fromisoformat(applied) + timedelta(rng.randrange(1, 8))
    return {
        "at": office_moment(rng, interview).isoformat(),
        "staff_id": rng.choice(("staff-01", "staff-02")),
        "reference": reference(number),
        "contact.name": name,
        "contact.email": "" if remark == "no-mail" else personal_email(name),
        "contact.phone": personal_phone(number),
        "contact.gender": GENDERS[gender],
        "contact.language": "de",
        "migration_experience": migration or "no",
        "languages": joined(languages.split()),
        "topics": joined(topics(rng)),
        "availability": joined(weekly_slots(rng, 6, 9)),
        "district": district(rng),
        "capacity": capacity,
        "household_gender": "female" if wish == "F" else "",
        "applied_on": applied,
    }


def trained_on(applied: str) -> date:
    """The day of the first basic training after the application."""
    return min(date.fromisoformat(day) for day in BASIC_TRAININGS if day > applied)


def basic_training_rows() -> list[Row]:
    return [_basic_training(date.fromisoformat(day)) for day in BASIC_TRAININGS]


def _basic_training(held_on: date) -> Row:
    present = [n for n, cells in enumerate(rows(SPONSORS), 1) if trained_on(cells[0]) == held_on]
    rng = Random(f"ludwigsburg basics {held_on}")
    return {
        "at": office_moment(rng, held_on + timedelta(1)).isoformat(),
        "staff_id": "staff-01",
        "reference": f"t-basics-{held_on:%Y-%m}",
        "kind": "sponsor_basics",
        "held_on": str(held_on),
        "sponsors": joined(reference(n) for n in present),
        "actors": "",
    }


def certificate_rows() -> list[Row]:
    made: list[Row] = []
    for number, cells in enumerate(rows(SPONSORS), 1):
        rng = Random(f"ludwigsburg certificate {cells[1]}")
        trained = trained_on(cells[0])
        if cells[7] == "old-certificate":
            made.append(_certificate(rng, number, day_between(rng, *_after(trained, 1, 4)), 120))
            trained += timedelta(21)
        if cells[7] != "no-certificate":
            inspected = day_between(rng, *_after(trained, 3, 12))
            made.append(_certificate(rng, number, inspected, rng.randrange(8, 75)))
    return sorted(made, key=lambda row: row["at"])


def _after(day: date, first: int, last: int) -> tuple[date, date]:
    return day + timedelta(first), day + timedelta(last)


def _certificate(rng: Random, number: int, inspected: date, age: int) -> Row:
    """`age`: days between its issue and its inspection."""
    inspected = working_day(inspected)
    return {
        "at": office_moment(rng, inspected).isoformat(),
        "staff_id": "staff-02",
        "sponsor": reference(number),
        "issued_on": str(inspected - timedelta(age)),
        "inspected_on": str(inspected),
    }
