"""Sponsors: entered once, trained, certified within the law."""

from datetime import date

import pytest

from services.matching.domain import sponsor as sponsors
from services.matching.domain.certificate import Certificate

from .builders import TODAY, application, names, sponsor

INSPECTED = date(2016, 4, 30)


def entered() -> sponsors.Sponsor:
    return sponsors.register("sponsor-1", application(), TODAY)[0]


def test_a_new_sponsor_is_registered_and_welcomed() -> None:
    _, facts = sponsors.register("sponsor-1", application(), TODAY)
    assert names(facts) == ["SponsorRegistered", "RequestMessage"]


def test_the_same_application_again_is_no_news_whoever_enters_it() -> None:
    assert sponsors.repeat(entered(), application(staff_id="staff-02")) == ()


def test_another_person_under_a_known_reference_is_refused() -> None:
    assert names(sponsors.repeat(entered(), application(capacity=3))) == ["SponsorRefused"]


def test_the_first_training_counts() -> None:
    trained, facts = sponsors.train(entered(), date(2016, 4, 2))
    again, no_facts = sponsors.train(trained, date(2016, 4, 30))
    assert names(facts) == ["SponsorTrained"]
    assert (again.trained_on, no_facts) == (date(2016, 4, 2), ())


@pytest.mark.parametrize(
    ("issued_on", "inspected_on", "accepted"),
    [
        (date(2016, 1, 31), date(2016, 4, 30), True),
        (date(2016, 1, 29), date(2016, 4, 30), False),
        (date(2016, 4, 30), date(2016, 4, 30), True),
        (date(2016, 5, 1), date(2016, 4, 30), False),
        (date(2016, 4, 30), date(2016, 5, 3), False),
        (date(9999, 12, 31), date(9999, 12, 31), False),
        (date(1916, 4, 30), date(1916, 4, 30), False),
        (date(2011, 5, 1), date(2011, 5, 1), False),
        (date(2011, 5, 2), date(2011, 5, 2), True),
    ],
)
def test_a_certificate_is_at_most_three_months_old_at_an_inspection_that_took_place(
    issued_on: date, inspected_on: date, *, accepted: bool
) -> None:
    certified, facts = sponsors.certify(entered(), issued_on, inspected_on, TODAY)
    assert names(facts) == (["CertificateRecorded"] if accepted else ["CertificateRefused"])
    assert (certified.certificate is not None) is accepted


def test_an_inspection_counts_for_five_years() -> None:
    assert Certificate(date(2016, 2, 29)).valid_until == date(2021, 2, 28)


def test_of_a_certificate_the_inspection_alone_is_kept() -> None:
    certified, _ = sponsors.certify(entered(), date(2016, 4, 1), INSPECTED, TODAY)
    assert certified.certificate == Certificate(inspected_on=INSPECTED)
    assert "2016-04-01" not in str(certified)


def test_an_older_certificate_that_comes_late_does_not_replace_a_newer_one() -> None:
    certified, _ = sponsors.certify(entered(), date(2016, 4, 1), INSPECTED, TODAY)
    late = sponsors.certify(certified, date(2016, 3, 1), date(2016, 3, 2), TODAY)
    assert late == (certified, ())


def test_a_place_that_is_released_twice_is_one_place() -> None:
    held = sponsor(capacity=2).hold("a").hold("b")
    assert held.release("a").release("a").holds == ("b",)
