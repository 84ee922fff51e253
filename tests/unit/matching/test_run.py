"""The record of a session: it holds nobody's name, and replays to the same pairs."""

from dataclasses import replace
from datetime import date

import pytest

from services.matching.domain import run
from services.matching.domain.inputs import Inputs, pack, unpack
from services.matching.domain.matching_rules import MatchingRules
from services.matching.domain.pairing import inputs_of
from services.matching.domain.run import Run, RunInputs
from services.matching.engine import Weights
from shared.contracts.matching_sessions import SessionRefused, SessionReplayed

from .builders import NOW, TODAY, household, sponsor
from .sessions import Session, hold

WAITING = [household("r-1"), household("r-2", children=[]), household("r-3")]
AVAILABLE = [sponsor("s-1", capacity=2), sponsor("s-2", district="eglosheim")]
TOLD = inputs_of(WAITING, AVAILABLE, MatchingRules(), TODAY)


def held() -> Session:
    return hold(WAITING, AVAILABLE, MatchingRules(), NOW)


def kept(told: Session) -> tuple[Run, RunInputs]:
    matches = [match for match, _ in told.outcomes]
    entry = run.record("run-1", NOW, told.inputs, told.best, matches)
    return entry, run.kept_inputs(entry, told.inputs, {})


def replayed(entry: Run, inputs: RunInputs) -> SessionReplayed:
    answer = run.replay(entry.id, entry, inputs)
    assert isinstance(answer, SessionReplayed)
    return answer


def test_a_session_replays_to_the_same_pairs() -> None:
    entry, inputs = kept(held())
    assert len(entry.pairs) == 3
    answer = replayed(entry, inputs)
    assert (answer.same, answer.inputs_intact, answer.different) == (True, True, 0)


def test_the_record_says_what_the_pairs_are_worth_and_that_none_are_worth_more() -> None:
    entry, _ = kept(held())
    weights = Weights()
    scores = sum(pair.score for pair in entry.pairs)
    second_place = weights.load[1]
    assert entry.proof.points == 3 * weights.match_worth + scores - second_place
    assert (entry.proof.bound, entry.proof.gap) == (entry.proof.points, 0)


def test_days_of_waiting_and_places_that_are_taken_count() -> None:
    later = NOW.replace(day=12)
    busy = sponsor(capacity=2).hold("another")
    told = hold([household()], [busy], MatchingRules(), later)
    [pair] = told.best.pairs
    weights = Weights()
    waited = 10 * weights.per_day
    assert told.best.points == weights.match_worth + waited + pair.reasons.score - weights.load[1]


def test_the_hash_does_not_depend_on_who_comes_first() -> None:
    other = inputs_of(WAITING[::-1], AVAILABLE[::-1], MatchingRules(), TODAY)
    assert other.digest == TOLD.digest


@pytest.mark.parametrize(
    "other",
    [
        replace(TOLD, day=date(2016, 5, 3)),
        replace(TOLD, weights=Weights(per_day=49)),
        replace(TOLD, excluded=(("household-r-1", "sponsor-s-1"),)),
        replace(TOLD, sponsors=TOLD.sponsors[1:]),
        replace(TOLD, households=(replace(TOLD.households[0], minors=2), *TOLD.households[1:])),
    ],
)
def test_the_hash_changes_with_anything_that_the_engine_is_told(other: Inputs) -> None:
    assert other.digest != TOLD.digest


def test_inputs_are_read_as_they_were_written() -> None:
    assert Inputs.read(unpack(pack(TOLD.text))) == TOLD


def test_what_is_kept_names_nobody_and_no_day_of_a_certificate() -> None:
    [one, _] = AVAILABLE
    assert one.certificate
    for word in ("Amal", "Petra", "mail.example", one.certificate.valid_until.isoformat()):
        assert word not in TOLD.text


def test_pairs_that_fail_with_somebody_who_is_not_there_are_left_out() -> None:
    tried = replace(household(), excluded=("sponsor-s-1", "sponsor-s-9"))
    inputs = inputs_of([tried], [sponsor("s-1")], MatchingRules(), TODAY)
    assert inputs.excluded == (("household-r-1", "sponsor-s-1"),)


def test_a_replay_tells_when_a_pair_is_another_one() -> None:
    entry, inputs = kept(held())
    first, *others = entry.pairs
    wrong = replace(entry, pairs=(replace(first, sponsor_id="sponsor-s-9"), *others))
    answer = replayed(wrong, inputs)
    assert (answer.same, answer.inputs_intact, answer.different) == (False, True, 1)
    assert replayed(replace(entry, pairs=tuple(others)), inputs).different == 1


def test_a_replay_tells_when_its_inputs_were_changed() -> None:
    entry, inputs = kept(held())
    fewer = replace(TOLD, households=TOLD.households[1:])
    answer = replayed(entry, replace(inputs, packed=pack(fewer.text)))
    assert (answer.same, answer.inputs_intact) == (False, False)


@pytest.mark.parametrize("packed", ["", "AAAA", pack("{}"), pack("no JSON"), "ü"])
def test_damaged_inputs_are_told_in_words(packed: str) -> None:
    entry, inputs = kept(held())
    answer = run.replay(entry.id, entry, replace(inputs, packed=packed))
    assert isinstance(answer, SessionRefused)
    assert "damaged" in answer.reason


def test_without_a_record_or_without_its_inputs_there_is_no_replay() -> None:
    entry, _ = kept(held())
    for answer, word in ((run.replay("x", None, None), "no such"),
                         (run.replay("x", entry, None), "deleted")):  # fmt: skip
        assert isinstance(answer, SessionRefused)
        assert word in answer.reason
