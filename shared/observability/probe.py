"""`python -m shared.observability.probe`: ends with 0 when the service of this machine is ready."""

import os
import sys
from http.client import HTTPConnection, HTTPException

SECONDS = 3


def main() -> int:
    """Ask the service on this machine whether it is ready."""
    connection = HTTPConnection(
        "127.0.0.1", int(os.environ.get("HTTP_PORT", "8000")), timeout=SECONDS
    )
    try:
        connection.request("GET", "/ready")
        return 0 if connection.getresponse().status == 200 else 1  # noqa: PLR2004 - HTTP's OK
    except (OSError, HTTPException):
        return 1


if __name__ == "__main__":
    sys.exit(main())
