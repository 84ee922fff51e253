"""The composition root: what makes this service, used by `main` and by the tests."""

from shared.contracts import (
    matching,
    matching_duplicates,
    matching_households,
    matching_sessions,
    matching_sponsors,
    matching_sponsorships,
)
from shared.contracts.notifications import RequestMessage, RequestMessageV1
from shared.parts import Parts, contracts_in
from shared.runtime import App
from shared.storage import UnitOfWork

from .domain.policy import Policy
from .figures import figures
from .pages import PAGES
from .replays import solve_again
from .store import MatchingStore
from .subscribers import subscriptions
from .worker import LEASE_SECONDS, keep_city


def parts(policy: Policy, lease_seconds: float = LEASE_SECONDS) -> Parts[MatchingStore]:
    """The service under a policy of the office; after so many seconds another instance takes over
    what a dead one held.
    """

    def store(unit: UnitOfWork) -> MatchingStore:
        return MatchingStore(unit, policy)

    async def alive(app: App[MatchingStore]) -> None:
        """Keep the city's optimum."""
        await keep_city(app, lease_seconds)

    async def replays(app: App[MatchingStore]) -> None:
        """Solve sessions once more."""
        await solve_again(app, lease_seconds)

    return Parts(
        name="matching",
        subscriptions=subscriptions,
        store=store,
        collections=MatchingStore.COLLECTIONS,
        publishes=(
            *contracts_in(matching),
            *contracts_in(matching_duplicates),
            *contracts_in(matching_households),
            *contracts_in(matching_sessions),
            *contracts_in(matching_sponsors),
            *contracts_in(matching_sponsorships),
            RequestMessage,
            RequestMessageV1,
        ),
        figures=figures,
        pending=MatchingStore.to_do,
        background=(alive, replays),
        pages=PAGES,
    )


PARTS = parts(Policy())
