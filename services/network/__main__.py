"""Runs the service as a process: `python -m services.network`."""

from shared.runtime import main

from .app import PARTS
from .settings import NetworkSettings

if __name__ == "__main__":
    main(PARTS, NetworkSettings.from_outside())
