"""The specialists whom the hospital reports, with their later corrections and withdrawals."""

from datetime import date
from random import Random

from data.making.calendar import office_moment
from data.making.households import birthdays, household
from data.making.people import rows
from data.making.referrals import Line, message

RECRUITS = """
2015-07-21 | 2015-08-31 | PH | Maricel Dumagpil     | f | 1 |     | tl:native en:C1 de:B1 | yes | 3
2015-11-03 | 2015-11-30 | RS | Bojana Krstovec      | f | 2 | 3   | sr:native de:B2       | yes | 6
2015-12-15 | 2016-01-31 | ES | Nerea Olazarbal      | f | 1 |     | es:native de:B1       | yes | 4
2016-02-11 | 2016-02-29 | BA | Adnan Sehovac        | m | 1 |     | bs:native hr:C1 de:B1 | yes | 11
2016-10-05 | 2016-06-15 | IN | Jomol Kurianthara    | f | 2 | 9 4 | ml:native en:C1 de:A2 | yes | 5
2016-09-20 | 2016-10-01 | IT | Loredana Bevilunga   | f | 1 |     | it:native de:B1       | yes | 2
2016-11-22 | 2016-12-15 | AL | Erjona Shkurtaj      | f | 1 |     | sq:native it:B2 de:B2 | yes | 8
2016-12-20 | 2017-01-15 | VN | Linh Truongcam       | f | 1 |     | vi:native en:B1 de:A2 |     |
2017-03-07 | 2017-03-31 | PT | Duarte Falcoeira     | m | 1 |     | pt:native de:B1       | no  | 9
2017-05-03 | 2017-05-31 | MX | Ximena Tepoztla      | f | 1 |     | es:native de:B1       |     |
2017-08-01 | 2017-08-31 | PH | Rodel Macaraig-Ison  | m | 2 |     | tl:native en:C1 de:A2 | yes | 7
2017-09-05 | 2017-10-01 | TN | Wafa Ben Othmanine   | f | 2 |     | ar:native fr:C1 de:B1 | yes | 8
2018-01-09 | 2018-01-31 | KE | Wanjiru Mbugathi     | f | 1 |     | sw:native en:C2 de:A2 |     |
2018-01-30 | 2018-02-12 | PH | Analyn Sarmientoza   | f | 1 |     | tl:native en:C1 de:A2 |     |
"""
"""Columns: reported on, arrival, country, name, gender, adults, ages of the children, languages,
answer to the offer, days until the answer."""

CORRECTIONS = """
2016-10-11 | Loredana Bevilunga | 2016-11-15 | arrives later: eligible on 2017-02-15, not 2017-01-01
2016-12-05 | Erjona Shkurtaj    | 2016-11-30 | came earlier: eligible on 2017-02-28, not 2017-03-15
"""

WITHDRAWALS = """
2017-03-02 | Linh Truongcam  | left_employment    | left before the three months: no offer
2017-09-06 | Ximena Tepoztla | no_longer_wanted   | left after the offer, before an answer
"""

_NOTES = {"Jomol Kurianthara": "reported after the three months: offered at once"}


def reference(number: int) -> str:
    return f"KL-F-{number:02d}"


def recruit_lines() -> list[Line]:
    """Everything that the hospital publishes, unordered."""
    references = {cells[3]: reference(number) for number, cells in enumerate(rows(RECRUITS), 1)}
    return [
        *(_reported(number, cells) for number, cells in enumerate(rows(RECRUITS), 1)),
        *(_followed(cells, references, "corrected", "arrival_on") for cells in rows(CORRECTIONS)),
        *(_followed(cells, references, "withdrawn", "reason") for cells in rows(WITHDRAWALS)),
    ]


def _reported(number: int, cells: list[str]) -> Line:
    reported, arrival, country, name, gender, adults, ages, languages, *_ = cells
    rng = Random(f"ludwigsburg recruit {name}")
    on = date.fromisoformat(reported)
    details = household(rng, 45 + number, name, gender, languages) | {
        "adults": int(adults),
        "children": birthdays(rng, ages, on),
        "countries": [country],
        "history": "none",
        "housing": "private",
        "has_social_worker": False,
        "arrived_on": arrival,
        "consent_on": reported,
    }
    data = {"reference": reference(number), "arrival_on": arrival, "household": details}
    line = message(office_moment(rng, on), "recruit.reported", "klinikum", name, data)
    return line | ({"note": _NOTES[name]} if name in _NOTES else {})


def _followed(cells: list[str], references: dict[str, str], fact: str, field: str) -> Line:
    day, name, value, note = cells
    at = office_moment(Random(f"ludwigsburg recruit {name} {fact}"), date.fromisoformat(day))
    data = {"reference": references[name], field: value}
    return message(at, f"recruit.{fact}", "klinikum", name, data) | {"note": note}


def offer_rows() -> list[dict[str, str]]:
    """The content of `offers.csv`: only recruits who answer."""
    return [
        {
            "partner": "klinikum",
            "reference": reference(number),
            "after_days": cells[9],
            "accepted": cells[8],
            "staff_id": "staff-02",
        }
        for number, cells in enumerate(rows(RECRUITS), 1)
        if cells[8]
    ]
