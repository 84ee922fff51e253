"""What the service keeps, and what is looked up in it."""

import re
from datetime import date
from typing import NamedTuple

from shared.storage import Document, Index, Repository, UnitOfWork

from .domain.duplicates import Duplicate, Mark
from .domain.fairness import Audit
from .domain.household import Household, HouseholdStatus
from .domain.match import Match
from .domain.matching_rules import MatchingRules
from .domain.participation import Rulebook
from .domain.policy import Policy
from .domain.question import Question
from .domain.recruit import Recruit
from .domain.run import Run, RunInputs, WantedReplay
from .domain.session import DueSession, SessionPart
from .domain.sponsor import Sponsor, Stage
from .domain.sponsorship import Sponsorship
from .domain.stored_city import StoredCity
from .domain.tentative import Standing, Tentative

SESSIONS = "sessions"
_WAITS = {"status": HouseholdStatus.WAITING.value}
_AVAILABLE = {
    "stage": Stage.ACTIVE.value,
    "trained_on": {"$ne": None},
    "$expr": {"$lt": [{"$size": "$holds"}, "$capacity"]},
}


class CityDocuments(NamedTuple):
    """All that the engine is told, as it is stored, and the sessions that are due."""

    households: list[Document]
    sponsors: list[Document]
    rules: list[Document]
    due: list[DueSession]


class MatchingStore:
    """The service's own data, and the policy that its handlers follow."""

    COLLECTIONS = {  # noqa: RUF012 - read once, when the database is prepared
        "households": (Index(("status",)),),
        "recruits": (),
        "sponsors": (),
        "sponsorships": (Index(("status",)),),
        "rulebooks": (),
        "marks": (),
        "duplicates": (Index(("status",)),),
        "questions": (Index(("status",)),),
        "matching_rules": (),
        "runs": (Index(("held_at",)),),
        "run_inputs": (Index(("day",)),),
        "audits": (),
        "stored_cities": (),
        "standings": (),
        "tentative": (Index(("number",)),),
        "replays": (),
        "session_parts": (Index(("session_id",)),),
        SESSIONS: (),
    }
    CITY = ("households", "sponsors", "matching_rules", SESSIONS)
    """What the engine must hear of when it is written."""

    def __init__(self, unit: UnitOfWork, policy: Policy) -> None:
        self.policy = policy
        self.households = Repository(unit, "households", Household)
        self.recruits = Repository(unit, "recruits", Recruit)
        self.sponsors = Repository(unit, "sponsors", Sponsor)
        self.sponsorships = Repository(unit, "sponsorships", Sponsorship)
        self.marks = Repository(unit, "marks", Mark)
        self.duplicates = Repository(unit, "duplicates", Duplicate)
        self.questions = Repository(unit, "questions", Question)
        self.rulebooks = Repository(unit, "rulebooks", Rulebook)
        self.matching_rules = Repository(unit, "matching_rules", MatchingRules)
        self.runs = Repository(unit, "runs", Run)
        self.run_inputs = Repository(unit, "run_inputs", RunInputs)
        self.audits = Repository(unit, "audits", Audit)
        self.stored_cities = Repository(unit, "stored_cities", StoredCity)
        self.standings = Repository(unit, "standings", Standing)
        self.tentative = Repository(unit, "tentative", Tentative)
        self.replays = Repository(unit, "replays", WantedReplay)
        self.session_parts = Repository(unit, "session_parts", SessionPart)
        self.sessions = Repository(unit, SESSIONS, DueSession)
        """Written last: who hears that a session is over has heard of all its pairs."""
        self.timers = unit.timers

    async def kept(self, household: Household) -> Household:
        """The household itself, or the one that it turned out to be."""
        key = household.merged_into
        return (await self.households.get(key) if key else None) or household

    async def rulebook(self) -> Rulebook:
        """Who may take part, from which day on; the programme's own rules until staff set one."""
        return await self.rulebooks.get(Rulebook().id) or Rulebook()

    async def rules_of_matching(self) -> MatchingRules:
        """Weights and ladders; the programme's own until staff set some."""
        return await self.matching_rules.get(MatchingRules().id) or MatchingRules()

    async def latest_runs(self, most: int) -> list[Run]:
        """Sessions that proposed something, the latest first."""
        return await self.runs.find({}, sort=["held_at"], limit=most, latest_first=True)

    async def runs_beginning(self, prefix: str) -> list[Run]:
        """The session whose id begins so; two if there are several."""
        return await self.runs.find({"_id": {"$regex": f"^{re.escape(prefix)}"}}, limit=2)

    async def waiting_or_proposed(self) -> list[Household]:
        """Everybody who has no sponsor yet and is not on hold."""
        statuses = [HouseholdStatus.WAITING.value, HouseholdStatus.PROPOSED.value]
        return await self.households.find({"status": {"$in": statuses}})

    async def city(self) -> CityDocuments:
        """Those who wait, those with room, and the rules, as they are stored."""
        return CityDocuments(
            await self.households.documents(_WAITS),
            await self.sponsors.documents(_AVAILABLE),
            await self.matching_rules.documents({"_id": MatchingRules().id}),
            await self.sessions.find({}),
        )

    async def parts_of(self, session_id: str) -> list[SessionPart]:
        """The parts of a session, in their order."""
        return await self.session_parts.find({"session_id": session_id}, sort=["_id"])

    async def to_do(self) -> int:
        """How many sessions and replays the workers still have before them."""
        return await self.sessions.count({}) + await self.replays.count({})

    async def differences(self, since: int, most: int) -> list[Tentative]:
        """Up to `most` differences with a higher number, in the order of numbers."""
        query = {"number": {"$gt": since}}
        return await self.tentative.find(query, sort=["number", "_id"], limit=most)

    async def gone_before(self, day: date) -> list[Tentative]:
        """Households that would be with nobody since before a day."""
        return await self.tentative.find({"after": None, "at": {"$lt": day.isoformat()}})

    async def tentative_pairs(self, most: int) -> list[Tentative]:
        """Up to `most` households that would get somebody now."""
        return await self.tentative.find(
            {"after": {"$ne": None}}, sort=["number", "_id"], limit=most
        )

    async def match(self, sponsorship_id: str | None) -> Match | None:
        """A sponsorship with both sides, or None."""
        sponsorship = await self.sponsorships.get(sponsorship_id) if sponsorship_id else None
        if sponsorship is None:
            return None
        household = await self.households.get(sponsorship.household_id)
        sponsor = await self.sponsors.get(sponsorship.sponsor_id)
        return Match(sponsorship, household, sponsor) if household and sponsor else None

    def save_match(self, match: Match) -> None:
        """Keep a sponsorship with both sides."""
        self.sponsorships.save(match.sponsorship)
        self.households.save(match.household)
        self.sponsors.save(match.sponsor)
