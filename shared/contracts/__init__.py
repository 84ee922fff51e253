"""The system's contracts, plus the parts and codes they share: one file per publisher, or several
that begin with the publisher's name.
"""

from shared.contracts import (
    dead_letters,
    desk,
    desk_duplicates,
    desk_households,
    desk_matches,
    desk_rules,
    desk_sessions,
    desk_sponsors,
    desk_sponsorships,
    matching,
    matching_duplicates,
    matching_households,
    matching_sessions,
    matching_sponsors,
    matching_sponsorships,
    network,
    notifications,
    partners,
)
from shared.contracts.base import Classification, Contract, Exchange, Wire, catalogue

__all__ = [
    "Classification",
    "Contract",
    "Exchange",
    "Wire",
    "catalogue",
    "dead_letters",
    "desk",
    "desk_duplicates",
    "desk_households",
    "desk_matches",
    "desk_rules",
    "desk_sessions",
    "desk_sponsors",
    "desk_sponsorships",
    "matching",
    "matching_duplicates",
    "matching_households",
    "matching_sessions",
    "matching_sponsors",
    "matching_sponsorships",
    "network",
    "notifications",
    "partners",
]
