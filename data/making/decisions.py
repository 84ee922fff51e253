"""What people decide about each proposal for a household, and how the sponsorship goes on."""

from random import Random

from data.making.households import all_referrals
from data.making.people import rows
from data.making.recruits import RECRUITS, reference
from data.making.writing import Row

_OUTCOMES = ("goals_reached",) * 9 + ("moved_away", "moved_away", "contact_lost", "sponsor_left")
_REJECTED = "sponsor and household know each other from a dispute between neighbours"
_COLUMNS = (
    "partner",
    "reference",
    "proposal",
    "staff_id",
    "staff",
    "staff_after_days",
    "staff_reason",
    "sponsor",
    "sponsor_after_days",
    "household",
    "household_after_days",
    "meeting_every_days",
    "ends_after_days",
    "outcome",
)


def decision_rows() -> list[Row]:
    """The default row (`*`), then each household's proposals in their order."""
    households = [
        (r.partner, r.reference, str(r.on), r.setbacks) for r in all_referrals()["reached"]
    ] + [
        ("klinikum", reference(number), cells[1], "")
        for number, cells in enumerate(rows(RECRUITS), 1)
        if cells[8] == "yes"
    ]
    households.sort(key=lambda item: item[2])
    made = [_row(Random(1), "*", "*", 1) | {"ends_after_days": "180", "outcome": "goals_reached"}]
    for partner, ref, day, setbacks in households:
        rng = Random(f"ludwigsburg decisions {ref}")
        made += [_setback(rng, partner, ref, n, kind) for n, kind in enumerate(setbacks, 1)]
        made.append(_row(rng, partner, ref, len(setbacks) + 1) | _end(rng, day))
    return made


def _row(rng: Random, partner: str, ref: str, proposal: int) -> Row:
    """A proposal that becomes a sponsorship."""
    values = dict.fromkeys(_COLUMNS, "")
    return values | {
        "partner": partner,
        "reference": ref,
        "proposal": str(proposal),
        "staff_id": rng.choice(("staff-01", "staff-02", "staff-03")),
        "staff": "approve",
        "staff_after_days": str(rng.randint(1, 4)),
        "sponsor": "accept",
        "sponsor_after_days": str(rng.randint(1, 4)),
        "household": "accept",
        "household_after_days": str(rng.randint(1, 5)),
        "meeting_every_days": rng.choice(("7", "10", "14", "14", "21")),
    }


def _setback(rng: Random, partner: str, ref: str, proposal: int, kind: str) -> Row:
    """A proposal that fails: `R` at the staff, `S` at the sponsor, `H` at the household."""
    row = _row(rng, partner, ref, proposal) | {"meeting_every_days": ""}
    if kind == "R":
        row |= {"staff": "reject", "staff_reason": _REJECTED}
    if kind == "S":
        row["sponsor"] = "decline"
    if kind == "H":
        row["household"] = "decline"
    for side in {"R": ("sponsor", "household"), "S": ("household",), "H": ()}[kind]:
        row |= {side: "", f"{side}_after_days": ""}
    return row


def _end(rng: Random, day: str) -> Row:
    """Sponsorships from the summer of 2017 on are still running in March 2018."""
    if day > "2017-06-01":
        return {"ends_after_days": "", "outcome": ""}
    longest = 340 if day < "2017-01-01" else 260
    return {"ends_after_days": str(rng.randint(120, longest)), "outcome": rng.choice(_OUTCOMES)}
