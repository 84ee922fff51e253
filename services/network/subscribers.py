"""The subscriptions of all sub-domains together."""

from shared.messaging import Subscriptions

from .meetings import subscribers as meetings
from .programmes import subscribers as programmes
from .register import subscribers as register
from .store import NetworkStore
from .trainings import subscribers as trainings

subscriptions = Subscriptions[NetworkStore]()

for part in (register, trainings, meetings, programmes):
    subscriptions.include(part.subscriptions)
