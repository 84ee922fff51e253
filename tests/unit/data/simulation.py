"""A small matching of its own: any admissible pair, with the recorded decisions applied.

It shares no rule with the services; it shows that the sample data comes out the same whichever
admissible pair is chosen.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from data.make_ludwigsburg import FOLDER
from shared.contracts.people import Level
from tests.unit.data.participants import END, Household, Sponsor, joined, referred, sponsors_of
from willkommen.timeline import Decision, Timeline, Verdict, read_timeline

SPONSOR_LEVELS = frozenset({Level.B1, Level.B2, Level.C1, Level.C2, Level.NATIVE})
HOUSEHOLD_LEVELS = SPONSOR_LEVELS | {Level.A2}
Choice = Callable[[Household, list[Sponsor], list[Household]], Sponsor]


def admissible(sponsor: Sponsor, household: Household, today: date) -> bool:
    """Whether the hard rules, room apart, let this pair be proposed today."""
    told, details = sponsor.told, household.details
    spoken = {skill.code for skill in told.languages if skill.level in SPONSOR_LEVELS}
    understood = {skill.code for skill in details.languages if skill.level in HOUSEHOLD_LEVELS}
    return (
        sponsor.trained <= today
        and (not details.children or sponsor.certified <= today)
        and bool(spoken & understood)
        and bool(set(told.availability) & set(details.availability))
        and details.sponsor_gender in (None, told.contact.gender)
        and told.household_gender in (None, details.contact.gender)
        and sponsor.id not in household.tried
    )


@dataclass
class Simulation:
    """Three years, with a matching every few days."""

    timeline: Timeline
    choose: Choice
    sponsors: list[Sponsor]
    households: dict[str, Household]
    proposals: Counter[str] = field(default_factory=Counter)
    every_days: int = 7

    @classmethod
    def of(cls, choose: Choice) -> "Simulation":
        timeline = read_timeline(FOLDER)
        households = referred(timeline) | joined(timeline)
        return cls(timeline, choose, sponsors_of(timeline), households)

    def run(self) -> list[Household]:
        """The households that a sponsorship was started for up to the end."""
        today = date(2015, 5, 25)
        while today <= END:
            self._match(today)
            today += timedelta(self.every_days)
        return [h for h in self.households.values() if h.started and h.started <= END]

    def _match(self, today: date) -> None:
        waiting = [h for h in self.households.values() if h.waits(today)]
        for household in sorted(waiting, key=lambda h: (h.waits_from, h.id)):
            possible = [
                s for s in self.sponsors if s.has_room(today) and admissible(s, household, today)
            ]
            if possible:
                self._propose(household, self.choose(household, possible, waiting), today)

    def _propose(self, household: Household, sponsor: Sponsor, today: date) -> None:
        household.proposals += 1
        decision = self.timeline.decisions.about(household.id, household.proposals)
        answered = today + timedelta(_days(decision))
        sponsor.busy_until.append(answered)
        household.tried.add(sponsor.id)
        if not decision.starts:
            self.proposals["failed"] += 1
            household.waits_from = answered
            return
        self.proposals["started"] += 1
        household.started = answered
        lasts = decision.ends_after_days
        sponsor.busy_until[-1] = date.max if lasts is None else answered + timedelta(lasts)
        sponsor.ends.append(sponsor.busy_until[-1])


def _days(decision: Decision) -> int:
    """From the proposal to the last answer."""
    if decision.staff is Verdict.REJECT:
        return decision.staff_after_days
    answers = (decision.sponsor_after_days or 0, decision.household_after_days or 0)
    return decision.staff_after_days + max(answers)
