"""What is drawn for invented people: mail addresses, phone numbers, weekly slots, topics."""

import re
from collections.abc import Iterator
from random import Random
from unicodedata import normalize

from shared.contracts.codes import SLOTS
from shared.contracts.people import District, Topic

GENDERS = {"f": "female", "m": "male", "": ""}
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_FREE_TIME = tuple(
    slot for slot in SLOTS if slot.endswith(("afternoon", "evening")) or slot == "sat-morning"
)
_MAIN_TOPIC_FIRST = (6, 5, 5, 3, 2, 1)


def rows(table: str) -> Iterator[list[str]]:
    """The rows of a table written as text: cells parted by `|`."""
    for line in table.strip().splitlines():
        yield [cell.strip() for cell in line.split("|")]


def slug(name: str) -> str:
    """Letters, digits and single hyphens, as in a mail address."""
    plain = normalize("NFKD", name.lower().translate(_GERMAN)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def personal_email(name: str) -> str:
    return f"{slug(name).replace('-', '.')}@mail.example"


def personal_phone(number: int) -> str:
    """One of the hundred mobile numbers that are kept free for films and books."""
    return f"+49 176 040690{number % 100:02d}"


def office_phone(number: int) -> str:
    """One of the thousand Berlin numbers that are kept free for films and books."""
    return f"+49 30 23125{number % 1000:03d}"


def weekly_slots(rng: Random, low: int, high: int) -> list[str]:
    """Some slots in which working people have time, in the order of the week."""
    chosen = set(rng.sample(_FREE_TIME, rng.randint(low, high)))
    return [slot for slot in SLOTS if slot in chosen]


def topics(rng: Random) -> list[str]:
    """Two to four topics; German and structures most often, as the council paper says."""
    wanted = set(rng.choices(list(Topic), _MAIN_TOPIC_FIRST, k=rng.randint(3, 5)))
    wanted.add(rng.choice((Topic.GERMAN_LANGUAGE, Topic.GERMAN_LANGUAGE, Topic.STRUCTURES)))
    return [topic.value for topic in Topic if topic in wanted][:4]


def district(rng: Random) -> str:
    return rng.choice(list(District)).value
