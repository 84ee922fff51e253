"""The composition root: what makes this service, used by `main` and by the tests."""

from shared.contracts import (
    matching,
    matching_duplicates,
    matching_households,
    matching_sponsors,
    matching_sponsorships,
)
from shared.contracts.notifications import RequestMessage, RequestMessageV1
from shared.runtime import Parts, contracts_in
from shared.storage import UnitOfWork

from .domain.policy import Policy
from .figures import figures
from .period_figures import period_figures, trace
from .store import MatchingStore
from .subscribers import subscriptions


def parts(policy: Policy) -> Parts[MatchingStore]:
    """The service under a policy of the office."""

    def store(unit: UnitOfWork) -> MatchingStore:
        return MatchingStore(unit, policy)

    return Parts(
        name="matching",
        subscriptions=subscriptions,
        store=store,
        collections=MatchingStore.COLLECTIONS,
        publishes=(
            *contracts_in(matching),
            *contracts_in(matching_duplicates),
            *contracts_in(matching_households),
            *contracts_in(matching_sponsors),
            *contracts_in(matching_sponsorships),
            RequestMessage,
            RequestMessageV1,
        ),
        figures=figures,
        questions={"/figures/period": period_figures, "/figures/trace": trace},
    )


PARTS = parts(Policy())
