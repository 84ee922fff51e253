"""Reads a folder of sample data as one list of actions in the order of time.

A folder such as `data/ludwigsburg/` holds what partners publish, what staff enter and what people
decide; its README says which file holds what.
"""

from willkommen.timeline.actions import Action, Enter, Partner, Publish, Timeline
from willkommen.timeline.decisions import Answer, Decision, Decisions, Offer, Offers, Verdict
from willkommen.timeline.problems import BadDataError, Problem
from willkommen.timeline.reading import read_entries, read_timeline
from willkommen.timeline.tables import ENTRIES

__all__ = [
    "ENTRIES",
    "Action",
    "Answer",
    "BadDataError",
    "Decision",
    "Decisions",
    "Enter",
    "Offer",
    "Offers",
    "Partner",
    "Problem",
    "Publish",
    "Timeline",
    "Verdict",
    "read_entries",
    "read_timeline",
]
