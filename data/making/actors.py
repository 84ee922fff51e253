"""The office's register of actors, in the order in which they joined."""

from datetime import date
from random import Random

from data.making.actors_table import ACTORS, JOINED, PEOPLE, POSTAL_CODES, STREETS
from data.making.calendar import day_between, office_moment
from data.making.people import GENDERS, office_phone, rows, slug
from data.making.writing import Row, joined

_FIRST_EXTRA = ("Beratungsstelle", "Familienberatung", "Sozialberatung", "Circolo", "Kulturkreis")


def actor_rows() -> list[Row]:
    rng = Random("ludwigsburg actors")
    actors = list(rows(ACTORS))
    rng.shuffle(actors)
    actors.sort(key=_joins_first)
    moments = sorted(
        office_moment(rng, day_between(rng, date.fromisoformat(first), date.fromisoformat(last)))
        for count, first, last in JOINED
        for _ in range(count)
    )
    return [
        _actor(number, cells, at.isoformat())
        for number, (cells, at) in enumerate(zip(actors, moments, strict=True), 1)
    ]


def _joins_first(cells: list[str]) -> bool:
    """Those that the paper names and those that refer households come before the others."""
    return not (cells[1].endswith("!") or cells[1].startswith(_FIRST_EXTRA))


def reference(number: int) -> str:
    return f"a-{number:03d}"


def _actor(number: int, cells: list[str], at: str) -> Row:
    category, name, languages = cells
    name, named_by_paper = name.removesuffix(" !"), name.endswith("!")
    rng = Random(f"ludwigsburg actor {name}")
    host = f"{slug(name)}.example"
    return {
        "at": at,
        "staff_id": rng.choice(("staff-03", "staff-04")),
        "reference": reference(number),
        "name": name,
        "category": category,
        **_contact(rng, named_by_paper=named_by_paper),
        "contact.email": f"kontakt@{host}",
        "contact.phone": office_phone(100 + number * 7),
        "street": f"{rng.choice(STREETS)} {rng.randrange(1, 90)}",
        "postal_code": rng.choice(POSTAL_CODES),
        "city": "Ludwigsburg",
        "latitude": f"{rng.uniform(48.862, 48.938):.5f}",
        "longitude": f"{rng.uniform(9.142, 9.248):.5f}",
        "website": f"https://www.{host}/",
        "languages": joined(["de", *languages.split()]),
        "joined_on": at[:10],
    }


def _contact(rng: Random, *, named_by_paper: bool) -> Row:
    """No person is invented for an institution that exists."""
    *name, gender = ["Geschäftsstelle", "-"] if named_by_paper else rng.choice(PEOPLE).split()
    return {
        "contact.name": " ".join(name),
        "contact.gender": GENDERS.get(gender, ""),
        "contact.language": "de",
    }
