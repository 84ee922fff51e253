"""Made-up cities for measurements: who arrives and who helps, with the languages of real countries.

`languages.json` is derived from Unicode CLDR (shares of a country's people by language, dialects
folded into their macro language, as interpreters do); `python -m benchmarks.market` writes it anew.
"""

import json
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from services.matching.engine import Household, Sponsor

TODAY = date(2026, 11, 2)
TABLE = Path(__file__).with_name("languages.json")
# Who comes: countries of origin with their share among newcomers (asylum and recruitment mixed).
ORIGINS = {
    "SY": 21, "UA": 17, "TR": 11, "AF": 11, "IQ": 6, "RO": 5, "IT": 3, "HR": 3, "PL": 2, "IR": 3,
    "ER": 2, "SO": 2, "NG": 2, "GM": 1, "XK": 2, "RS": 2, "GR": 2, "IN": 3, "PK": 1, "LK": 1,
    "CM": 1, "VN": 1, "BG": 2, "MK": 1, "AL": 1, "GE": 1, "TN": 1, "MA": 1, "PH": 2, "BR": 1,
}  # fmt: skip
MACRO = {
    "apc": "ar", "aeb": "ar", "ary": "ar", "arz": "ar", "acm": "ar", "ckb": "ku", "sdh": "ku",
    "kmr": "ku", "prs": "fa", "haz": "fa", "lrc": "fa", "aln": "sq", "lah": "pa", "pcm": "en",
}  # fmt: skip
SCHOOL = {"en": 0.6, "fr": 0.15, "ru": 0.1, "es": 0.08}
TOPICS = ("german", "structures", "contact", "people", "culture", "engagement")
DISTRICTS = ("centre", "west", "east", "south", "north", "hill", "river", "park")
LEAST_PERCENT = 3


def derive_table() -> dict[str, dict[str, int]]:
    """Percent of each country's people by macro language; needs Babel, which carries the CLDR."""
    from babel.core import get_global  # noqa: PLC0415

    table: dict[str, dict[str, int]] = {}
    for country in ORIGINS:
        shares = table[country] = {}
        for code, facts in get_global("territory_languages")[country].items():
            name = MACRO.get(code.split("_")[0], code.split("_")[0])
            share = round(facts["population_percent"])
            if share >= LEAST_PERCENT:
                shares[name] = max(shares.get(name, 0), share)
    return table


class People:
    """An endless supply of households and sponsors, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        """Draw from `seed`; ids count up."""
        self.random = Random(seed)
        self.table: dict[str, dict[str, int]] = json.loads(TABLE.read_text(encoding="utf-8"))
        self.count = 0

    def _id(self, kind: str) -> str:
        self.count += 1
        return f"{kind}-{self.count}"

    def _native(self) -> dict[str, int]:
        """Languages of somebody from one of the countries: the mother tongue and some others."""
        draw = self.random
        shares = self.table[draw.choices(list(ORIGINS), list(ORIGINS.values()))[0]]
        mother = draw.choices(list(shares), [share**2 for share in shares.values()])[0]
        spoken = {code: draw.randint(2, 5) for code, s in shares.items() if draw.random() * 150 < s}
        return spoken | {mother: 6}

    def _shared(self, wish: float) -> dict[str, Any]:
        draw = self.random
        return {
            "slots": draw.getrandbits(21) & draw.getrandbits(21),
            "district": draw.choice(DISTRICTS),
            "gender": draw.choice("fm"),
            "accepts": frozenset(draw.choice("ffm") if draw.random() < wish else ""),
        }

    def household(self, today: date = TODAY, waited: int | None = None) -> Household:
        """A household that came `waited` days ago, by default up to a year, mostly recently."""
        draw = self.random
        days = min(int(draw.expovariate(1 / 80)), 365) if waited is None else waited
        languages = self._native()
        if draw.random() < 0.45:  # noqa: PLR2004
            languages["de"] = draw.randint(1, 3)
        return Household(
            self._id("household"),
            today - timedelta(days),
            languages,
            topics=frozenset(draw.sample(TOPICS, draw.randint(1, 3))),
            minors=draw.choice((0, 0, 0, 0, 0, 1, 1, 2, 3)),
            **self._shared(0.18),
        )

    def sponsor(self, today: date = TODAY) -> Sponsor:
        """A sponsor with room for one to three households; three in ten have migrated."""
        draw = self.random
        languages = {code: draw.randint(2, 5) for code, p in SCHOOL.items() if draw.random() < p}
        if draw.random() < 0.3:  # noqa: PLR2004
            languages |= self._native()
        valid = draw.random() < 0.78  # noqa: PLR2004
        return Sponsor(
            self._id("sponsor"),
            languages | {"de": 6},
            topics=frozenset(draw.sample(TOPICS, draw.randint(2, 5))),
            capacity=draw.choices((1, 2, 3), (45, 38, 17))[0],
            trained=draw.random() < 0.88,  # noqa: PLR2004
            certificate_until=today + timedelta(draw.randint(30, 1800)) if valid else None,
            children=draw.random() < 0.6,  # noqa: PLR2004
            interpreter=draw.random() < 0.25,  # noqa: PLR2004
            **self._shared(0.14),
        )


def city(sponsors: int, households: int, seed: int = 1) -> tuple[list[Sponsor], list[Household]]:
    """A city with so many sponsors and waiting households."""
    people = People(seed)
    return [people.sponsor() for _ in range(sponsors)], [
        people.household() for _ in range(households)
    ]


if __name__ == "__main__":
    TABLE.write_text(json.dumps(derive_table(), indent=1) + "\n", encoding="utf-8")
