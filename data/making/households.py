"""Draws what surrounds a household of the written tables: contact data, slots, topics, dates."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from data.making.households_table import DECLINED, REACHED, REUSED, WITHDRAWN
from data.making.partners import PREFIXES
from data.making.people import (
    GENDERS,
    district,
    personal_email,
    personal_phone,
    rows,
    topics,
    weekly_slots,
)

_WITHOUT_MAIL = ("Halina Wrzesik", "Ilinca Brătosin", "Emese Tarnóczky", "Sanita Kalvanēja")
REUSED_REFERENCE_OF = "Selam Habtegeorg"
_SPOKEN_TO = ("de", "en", "tr", "ar", "uk", "ro", "it", "hr", "pl", "es")


@dataclass(frozen=True, slots=True)
class Referral:
    """One row of the written tables with its reference and its details as a partner sends them."""

    on: date
    partner: str
    reference: str
    name: str
    details: dict[str, object]
    setbacks: str = ""


def all_referrals() -> dict[str, list[Referral]]:
    """The referrals by what becomes of them."""
    tables = {"reached": REACHED, "declined": DECLINED, "withdrawn": WITHDRAWN, "reused": REUSED}
    ordered = sorted(
        ((cells, fate) for fate, table in tables.items() for cells in rows(table)),
        key=lambda item: item[0][0],
    )
    counter: Counter[str] = Counter()
    result: dict[str, list[Referral]] = {fate: [] for fate in tables}
    references: dict[str, str] = {}
    for number, (cells, fate) in enumerate(ordered):
        reference = references.get(REUSED_REFERENCE_OF, "") if fate == "reused" else ""
        reference = reference or _next_reference(counter, cells)
        references[cells[3]] = reference
        result[fate].append(_referral(number, cells, reference))
    return result


def _next_reference(counter: Counter[str], cells: list[str]) -> str:
    start = f"{PREFIXES[cells[1]]}-{cells[0][:4]}"
    counter[start] += 1
    return f"{start}-{counter[start]:03d}"


def _referral(number: int, cells: list[str], reference: str) -> Referral:
    day, partner, countries, name, gender, adults, ages, languages, situation, wish, bad = cells
    rng = Random(f"ludwigsburg household {name}")
    on = date.fromisoformat(day)
    details = household(rng, number, name, gender, languages) | {
        "adults": int(adults),
        "children": birthdays(rng, ages, on),
        "countries": countries.split(),
        "history": "refugee" if "r" in situation else "none",
        "housing": "shared_accommodation" if "s" in situation else "private",
        "has_social_worker": "w" in situation,
        "arrived_on": str(on - timedelta(rng.randrange(25, 420))),
        "consent_on": str(on - timedelta(rng.randrange(4))),
    }
    if wish == "F":
        details["sponsor_gender"] = "female"
    return Referral(on, partner, reference, name, details, bad)


def household(
    rng: Random, number: int, name: str, gender: str, languages: str
) -> dict[str, object]:
    """The drawn parts of a household's details; `number` makes the phone number."""
    skills = [dict(zip(("code", "level"), s.split(":"), strict=True)) for s in languages.split()]
    native = skills[0]["code"]
    contact = {
        "name": name,
        "email": personal_email(name),
        "phone": personal_phone(36 + number),
        "gender": GENDERS[gender],
        "language": native if native in _SPOKEN_TO else "de" if "de:" in languages else "en",
    }
    if name in _WITHOUT_MAIL:
        del contact["email"]
    return {
        "contact": contact,
        "adults": 1,
        "children": [],
        "countries": [],
        "languages": skills,
        "topics": topics(rng),
        "availability": weekly_slots(rng, 5, 8),
        "district": district(rng),
    }


def birthdays(rng: Random, ages: str, on: date) -> list[str]:
    """A date of birth for each age (in full years) on that day, oldest first."""
    days = [on - timedelta(int(int(age) * 365.25) + rng.randrange(10, 350)) for age in ages.split()]
    return [str(day) for day in sorted(days)]
