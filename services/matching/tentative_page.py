"""What is shown of the tentative optimum: which households would get whom if a session were held
now, what changed since one last looked, and by what; ids and points alone.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from shared.questions import BadQuestionError

from .domain.tentative import Standing, Tentative
from .store import MatchingStore

MOST = 10_000
USUAL = 1_000
TENTATIVE = TypeAdapter(Tentative)
STANDING = TypeAdapter(Standing)


async def tentative(store: MatchingStore, asked: Mapping[str, str], _: datetime) -> dict[str, Any]:
    """All pairs, or with `since` only the differences after that number, oldest first.

    Whoever asks again with the number of this answer misses nothing, and hears of a household
    again if it changed again; with `more` there are further ones after the last number shown.
    """
    limit = min(max(1, _number(asked, "limit", USUAL)), MOST)
    standing = await store.standings.get(Standing().id) or Standing()
    if "since" in asked:
        found = await store.differences(_number(asked, "since", 0), limit + 1)
    else:
        found = await store.tentative_pairs(limit + 1)
    shown = found[:limit]
    return {
        **STANDING.dump_python(standing, mode="json", exclude={"id", "holder"}),
        "more": len(found) > limit,
        "households": [TENTATIVE.dump_python(each, mode="json") for each in shown],
    }


def _number(asked: Mapping[str, str], name: str, usual: int) -> int:
    text = asked.get(name, str(usual))
    if not re.fullmatch(r"\d{1,15}", text, re.ASCII):
        raise BadQuestionError(f"{name} is a whole number")
    return int(text)
