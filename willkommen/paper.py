"""What the council paper says of the years 2015 to 2018: figures that a replay must print again."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

ACTORS: Final = {
    "total": 105,
    "work": 16,
    "counselling": 31,
    "emergency": 4,
    "engagement": 26,
    "language_education": 21,
    "arts_culture": 7,
}
MORE_CHILDREN_THAN: Final = 50
ABOUT_HALF: Final = (0.4, 0.6)


def deviations(figures: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each figure that differs from the paper, or for anything lost or doubled."""
    sponsors, newcomers, money = figures["sponsors"], figures["newcomers"], figures["money"]
    expected = {
        "sponsors planned": (sponsors["planned"], 15),
        "sponsors": (sponsors["actual"], 35),
        "newcomers planned": (newcomers["planned"], [30, 40]),
        "people reached": (newcomers["people"], 130),
        "countries": (newcomers["countries"], 24),
        "recruits offered a place too early": (figures["recruits"]["offered_early"], 0),
        "mean of 'need for the network'": (figures["evaluation"]["need_for_network_mean"], 1.6),
        "messages lost": (figures["messages"]["lost"], 0),
        "mails sent twice": (figures["mails"]["duplicates"], 0),
        "mails that failed": (figures["mails"]["failed"], 0),
        "mails that arrived": (figures["mails"]["arrived"], figures["mails"]["sent"]),
        "costs in all": (money["total_eur"], 200_400),
        "funded share": (money["funded_share"], 0.6),
        "costs per programme": (set(money["per_programme_eur"].values()), {4_000}),
        **{f"actors: {name}": (figures["actors"][name], n) for name, n in ACTORS.items()},
    }
    for name, (found, wanted) in expected.items():
        if found != wanted:
            yield f"{name}: {found} instead of {wanted}"
    if newcomers["children"] <= MORE_CHILDREN_THAN:
        yield f"children: {newcomers['children']}, but there were over {MORE_CHILDREN_THAN}"
    share = sponsors["migration_experience"] / max(1, sponsors["actual"])
    if not ABOUT_HALF[0] <= share <= ABOUT_HALF[1]:
        yield f"sponsors with migration experience: {share:.0%} instead of about half"
