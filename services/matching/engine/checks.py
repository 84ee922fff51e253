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
LEVELS = frozenset(range(1, 7))
ANY_GENDER = frozenset(GENDERS)


def _check_person(who: Sponsor | Household) -> None:
    if not 0 < len(who.id) <= LARGEST_ID:
        raise BadInputError(who.id, "id", "must have 1 to 200 characters")
    if not 0 <= who.slots < 1 << SLOTS:
        raise BadInputError(who.id, "slots", "must be a mask of 21 slots")
    if "" in who.languages or not LEVELS.issuperset(who.languages.values()):
        raise BadInputError(who.id, "languages", "must have levels from 1 (A1) to 6 (C2)")
    if who.gender not in GENDERS:
        raise BadInputError(who.id, "gender", "must be f, m, d or empty")
    if not who.accepts <= ANY_GENDER:
        raise BadInputError(who.id, "accepts", "must hold f, m, d or nothing")


def check_sponsor(sponsor: Sponsor, today: date) -> None:
    """Raise BadInputError if the sponsor's record cannot be used on `today`."""
    _check_person(sponsor)
    if not 0 <= sponsor.capacity <= LARGEST_CAPACITY:
        raise BadInputError(sponsor.id, "capacity", "must be 0 to 50")
    if not 0 <= sponsor.active <= LARGEST_CAPACITY:
        raise BadInputError(sponsor.id, "active", "must be 0 to 50")
    until = sponsor.certificate_until
    if until is not None and not EARLIEST <= until <= today + CERTIFICATE_YEARS:
        raise BadInputError(
            sponsor.id, "certificate_until", "must lie between 2015 and six years from today"
        )


def check_household(household: Household, today: date) -> None:
    """Raise BadInputError if the household's record cannot be used on `today`."""
    _check_person(household)
    if not EARLIEST <= household.arrived <= today:
        raise BadInputError(household.id, "arrived", "must lie between 2015 and today")
    if not 0 <= household.minors <= LARGEST_CAPACITY:
        raise BadInputError(household.id, "minors", "must be 0 to 50")
