"""Run the service: `python -m services.matching`."""

from shared.runtime import main

from .app import parts
from .settings import MatchingSettings

if __name__ == "__main__":
    settings = MatchingSettings.from_outside()
    main(parts(settings.policy, settings.city_lease_seconds), settings)
