"""The network's files: trainings of actors, network meetings, evaluation forms."""

from datetime import date, timedelta
from random import Random

from data.making.actors import actor_rows
from data.making.calendar import day_between, office_moment
from data.making.sponsors import basic_training_rows, sponsor_rows
from data.making.writing import Row, joined

TRAININGS = """
2015-11-17|intercultural_competence|14|6
2016-04-12|islam_in_everyday_life|17|5
2016-07-05|recognition_of_qualifications|12|0
2016-11-22|intercultural_competence|18|7
2017-05-09|islam_in_everyday_life|15|4
2017-06-27|recognition_of_qualifications|16|0
2017-11-28|intercultural_competence|19|8
"""
"""Columns: held on, kind, actors, sponsors."""

MEETINGS = (
    ("2015-10-15", "Erstes Netzwerktreffen: Wer macht was in Ludwigsburg?", 41, 33, 57),
    ("2016-10-13", "Zweites Netzwerktreffen: Ankommen und Arbeiten", 55, 44, 71),
    ("2017-10-12", "Drittes Netzwerktreffen: Integration als Querschnitt", 63, 51, 77),
)
"""Held on, title, attended, forms, sum of the answers to `need_for_network_in_future`.

The sums give a mean of 205 / 128 = 1.60 over all forms.
"""

OTHER_STATEMENTS = {
    "met_new_partners": (8, 9, 4, 2, 1, 0),
    "better_overview_of_offers": (6, 10, 6, 2, 1, 0),
    "topics_fit_my_work": (7, 9, 5, 3, 1, 1),
    "will_work_with_others": (9, 8, 4, 2, 1, 0),
    "well_organised": (12, 8, 2, 1, 0, 0),
}
"""How often the answers 1 to 6 are given, as weights."""


_AGREES = 2
_LEFT_OUT = 0.04


def training_rows() -> list[Row]:
    made = basic_training_rows()
    for line in TRAININGS.split():
        day, kind, actors, sponsors = line.split("|")
        made.append(_training(date.fromisoformat(day), kind, int(actors), int(sponsors)))
    return sorted(made, key=lambda row: row["at"])


def _training(held_on: date, kind: str, actors: int, sponsors: int) -> Row:
    rng = Random(f"ludwigsburg training {held_on}")
    return {
        "at": office_moment(rng, held_on + timedelta(1)).isoformat(),
        "staff_id": "staff-03",
        "reference": f"t-{kind.split('_', maxsplit=1)[0]}-{held_on:%Y-%m}",
        "kind": kind,
        "held_on": str(held_on),
        "sponsors": joined(sorted(rng.sample(_known(sponsor_rows(), held_on), sponsors))),
        "actors": joined(sorted(rng.sample(_known(actor_rows(), held_on), actors))),
    }


def _known(entered: list[Row], on: date) -> list[str]:
    return [row["reference"] for row in entered if row["at"] < str(on)]


def meeting_rows() -> list[Row]:
    return [_meeting(date.fromisoformat(day), title, seats) for day, title, seats, *_ in MEETINGS]


def _meeting(held_on: date, title: str, seats: int) -> Row:
    rng = Random(f"ludwigsburg meeting {held_on}")
    invited = _known(actor_rows(), held_on)
    return {
        "at": office_moment(rng, held_on + timedelta(1)).isoformat(),
        "staff_id": "staff-04",
        "reference": f"nt-{held_on.year}",
        "title": title,
        "held_on": str(held_on),
        "invited": joined(invited),
        "attended": joined(sorted(rng.sample(invited, seats))),
    }


def evaluation_rows() -> list[Row]:
    made: list[Row] = []
    for day, _, _, forms, need in MEETINGS:
        made += _forms(date.fromisoformat(day), forms, need)
    return sorted(made, key=lambda row: row["at"])


def _forms(held_on: date, forms: int, need: int) -> list[Row]:
    rng = Random(f"ludwigsburg evaluation {held_on}")
    return [
        {
            "at": office_moment(
                rng, day_between(rng, held_on + timedelta(4), held_on + timedelta(15))
            ).isoformat(),
            "staff_id": "staff-04",
            "meeting": f"nt-{held_on.year}",
            "form": f"{held_on.year}-{number:02d}",
            "answers.need_for_network_in_future": str(answer),
            **_other_answers(rng),
        }
        for number, answer in enumerate(_answers(rng, forms, need), 1)
    ]


def _answers(rng: Random, forms: int, total: int) -> list[int]:
    """That many answers with exactly that sum; most agree, two hardly do."""
    answers = [5, 4, *[1] * (forms - 2)]
    while sum(answers) < total:
        answers[rng.choice([at for at, answer in enumerate(answers) if answer <= _AGREES])] += 1
    rng.shuffle(answers)
    return answers


def _other_answers(rng: Random) -> Row:
    """Now and then a statement is left out."""
    return {
        f"answers.{key}": ""
        if rng.random() < _LEFT_OUT
        else str(rng.choices(range(1, 7), weights)[0])
        for key, weights in OTHER_STATEMENTS.items()
    }
