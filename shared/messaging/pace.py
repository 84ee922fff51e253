"""How long to rest between two commits. Messages that come faster than one by one are cheaper
together; but whoever sends the next only after an answer must not wait for company in vain.
"""

MOST_REST_SECONDS = 0.05
BUSY = 0.2
"""Above this share of the time spent committing, see whether a rest brings company."""
TRY_SECONDS = 1.0


class Pace:
    """Learns from the commits of one process, which rests at most so many seconds; times are those
    of any one clock.
    """

    def __init__(self, most_rest: float = MOST_REST_SECONDS) -> None:
        self._most_rest = most_rest
        self._ended = 0.0
        self._share = 0.0
        self._tried = 0.0

    def rest(self, committed: int, waiting: int, began: float, ended: float) -> float:
        """After a commit of so many messages, while so many wait: how long to rest."""
        self._learn(began, ended)
        if committed > 1 or waiting:
            return self._most_rest
        if self._share > BUSY and ended - self._tried > TRY_SECONDS:
            self._tried = ended
            return self._most_rest
        return 0.0

    def _learn(self, began: float, ended: float) -> None:
        """The share of the time spent committing, over about the last second."""
        passed = max(ended - self._ended, 1e-9)
        weight = min(1.0, passed)
        self._share += weight * (min(1.0, (ended - began) / passed) - self._share)
        self._ended = ended
