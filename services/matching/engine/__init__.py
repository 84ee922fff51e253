"""The matching engine: the best set of pairs, kept alive, proven and explained.

Pure functions over integer arrays; it knows no broker, no database and no clock.
"""

from .advice import Advice, advise_recruiting
from .alternatives import Alternative, alternatives
from .certificate import Certificate, certify
from .checks import check_household, check_sponsor
from .compare import Change
from .events import (
    DayBegan,
    Diff,
    Event,
    HouseholdLeft,
    HouseholdWaits,
    PairAllowed,
    PairCommitted,
    PairExcluded,
    PlaceFreed,
    RulesChanged,
    SponsorLeft,
    SponsorReady,
    apply,
)
from .explain import Contribution, Explanation, explain, explain_pair
from .market import Market, compile_market
from .model import BadInputError, Household, Ladder, Rung, Sponsor, Weights, in_force
from .obstacles import Blocking, Outbid, Relaxation
from .propose import NotProvenError, Proposal, proposals, propose
from .scoring import score_column, score_row
from .sentences import sentences, slot_name
from .snapshot import StaleSnapshotError, restore, snapshot
from .state import State, solve

__all__ = [
    "Advice",
    "Alternative",
    "BadInputError",
    "Blocking",
    "Certificate",
    "Change",
    "Contribution",
    "DayBegan",
    "Diff",
    "Event",
    "Explanation",
    "Household",
    "HouseholdLeft",
    "HouseholdWaits",
    "Ladder",
    "Market",
    "NotProvenError",
    "Outbid",
    "PairAllowed",
    "PairCommitted",
    "PairExcluded",
    "PlaceFreed",
    "Proposal",
    "Relaxation",
    "RulesChanged",
    "Rung",
    "Sponsor",
    "SponsorLeft",
    "SponsorReady",
    "StaleSnapshotError",
    "State",
    "Weights",
    "advise_recruiting",
    "alternatives",
    "apply",
    "certify",
    "check_household",
    "check_sponsor",
    "compile_market",
    "explain",
    "explain_pair",
    "in_force",
    "proposals",
    "propose",
    "restore",
    "score_column",
    "score_row",
    "sentences",
    "slot_name",
    "snapshot",
    "solve",
]
