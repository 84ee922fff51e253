"""Runs the service as a process: `python -m services.notifications`."""

from shared.runtime import main

from .app import PARTS
from .settings import NotificationsSettings

if __name__ == "__main__":
    main(PARTS, NotificationsSettings.from_outside())
