"""When a certificate is asked for again and when nothing of it may be kept any more."""

from dataclasses import replace
from datetime import date

from services.matching.domain import certificate_clock as clock
from services.matching.domain.sponsor import Sponsor
from shared.contracts.matching_sponsors import CertificateDeleted, CertificateDue, DeletionCause
from shared.contracts.notifications import RequestMessage

from .builders import TODAY, names, sponsor


def active() -> Sponsor:
    return sponsor().hold("match-1")


def deleted(known: Sponsor, today: date) -> DeletionCause | None:
    """Why the record was deleted on a day, or None if it was kept."""
    after, facts = clock.tick(known, today)
    causes = [fact.cause for fact in facts if isinstance(fact, CertificateDeleted)]
    assert (after.certificate is None) is bool(causes)
    return causes[0] if causes else None


def test_while_a_sponsorship_runs_the_next_thing_is_to_ask_again() -> None:
    assert clock.next_due(active()) == date(2021, 2, 2)
    assert deleted(active(), date(2021, 2, 1)) is None


def test_the_next_certificate_is_asked_for_once_three_months_before_the_end() -> None:
    asked, facts = clock.tick(active(), date(2021, 2, 2))
    assert facts[0] == CertificateDue(sponsor_id=asked.id, valid_until=date(2021, 5, 2))
    assert isinstance(facts[1], RequestMessage)
    assert facts[1].values == {"until": "2021-05-02"}
    assert clock.tick(asked, date(2021, 2, 3)) == (asked, ())
    assert clock.next_due(asked) == date(2021, 5, 3)


def test_after_five_years_it_is_deleted_even_while_a_sponsorship_runs() -> None:
    assert deleted(replace(active()), date(2021, 5, 3)) is DeletionCause.EXPIRED


def test_three_months_after_the_activity_ended_it_is_deleted() -> None:
    free = active().retire("match-1", date(2016, 11, 30))
    assert clock.next_due(free) == date(2017, 2, 28)
    assert deleted(free, date(2017, 2, 27)) is None
    assert deleted(free, date(2017, 2, 28)) is DeletionCause.ACTIVITY_ENDED


def test_an_open_match_keeps_it() -> None:
    free = active().retire("match-1", date(2016, 11, 30)).hold("match-2")
    assert deleted(free, date(2017, 3, 1)) is None


def test_where_no_activity_follows_it_is_deleted_after_half_a_year() -> None:
    assert clock.next_due(sponsor()) == date(2016, 11, 2)
    assert deleted(sponsor(), date(2016, 11, 1)) is None
    assert deleted(sponsor(), date(2016, 11, 2)) is DeletionCause.NO_ACTIVITY_FOLLOWED


def test_a_certificate_that_was_renewed_after_the_activity_begins_anew() -> None:
    before = replace(sponsor(), active_until=date(2016, 3, 1))
    assert clock.next_due(before) == date(2016, 11, 2)


def test_who_has_no_certificate_has_no_clock() -> None:
    none = replace(sponsor(), certificate=None)
    assert clock.next_due(none) is None
    assert clock.tick(none, TODAY) == (none, ())


def test_nothing_of_it_is_kept() -> None:
    after, facts = clock.delete(sponsor(), DeletionCause.ACTIVITY_ENDED)
    assert names(facts) == ["CertificateDeleted"]
    assert "Certificate" not in str(after)
