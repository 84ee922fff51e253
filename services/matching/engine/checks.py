"""Bad input is named and refused here, before it can reach the arrays."""

from datetime import date, timedelta

from .model import (
    EARLIEST,
    GENDERS,
    LARGEST_CAPACITY,
    LARGEST_ID,
    SLOTS,
    BadInputError,
    Household,
    Sponsor,
)

CERTIFICATE_YEARS = timedelta(days=6 * 366)


def _refuse(who: Sponsor | Household, rules: dict[str, tuple[bool, str]]) -> None:
    for name, (kept, reason) in rules.items():
        if not kept:
            raise BadInputError(who.id, name, reason)


def _check_person(who: Sponsor | Household) -> None:
    _refuse(
        who,
        {
            "id": (0 < len(who.id) <= LARGEST_ID, "must have 1 to 200 characters"),
            "slots": (0 <= who.slots < 1 << SLOTS, "must be a mask of 21 slots"),
            "languages": (
                all(code and level in range(1, 7) for code, level in who.languages.items()),
                "must have levels from 1 (A1) to 6 (C2)",
            ),
            "gender": (who.gender in GENDERS, "must be f, m, d or empty"),
            "accepts": (who.accepts <= set(GENDERS), "must hold f, m, d or nothing"),
        },
    )


def check_sponsor(sponsor: Sponsor, today: date) -> None:
    """Raise BadInputError if the sponsor's record cannot be used on `today`."""
    _check_person(sponsor)
    until = sponsor.certificate_until
    _refuse(
        sponsor,
        {
            "capacity": (0 <= sponsor.capacity <= LARGEST_CAPACITY, "must be 0 to 50"),
            "active": (0 <= sponsor.active <= LARGEST_CAPACITY, "must be 0 to 50"),
            "certificate_until": (
                until is None or EARLIEST <= until <= today + CERTIFICATE_YEARS,
                "must lie between 2015 and six years from today",
            ),
        },
    )


def check_household(household: Household, today: date) -> None:
    """Raise BadInputError if the household's record cannot be used on `today`."""
    _check_person(household)
    _refuse(
        household,
        {
            "arrived": (EARLIEST <= household.arrived <= today, "must lie between 2015 and today"),
            "minors": (0 <= household.minors <= LARGEST_CAPACITY, "must be 0 to 50"),
        },
    )
