"""`python -m shared.observability.probe [path]`: ends with 0 when the service here is ready.

With a path such as `/metrics` it also prints what the service answers there.
"""

import os
import ssl
import sys
from http.client import HTTPConnection, HTTPException, HTTPSConnection

SECONDS = 3


def main() -> int:
    """Ask the service on this machine."""
    path = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        status, text = _ask(path or "/ready")
    except (OSError, HTTPException):
        return 1
    if path:
        sys.stdout.write(text)
    return 0 if status == 200 else 1  # noqa: PLR2004 - HTTP's OK


def _ask(path: str) -> tuple[int, str]:
    port = int(os.environ.get("HTTP_PORT", "8000"))
    connection = _connection(port)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def _connection(port: int) -> HTTPConnection:
    if not os.environ.get("HTTP_CERTIFICATE_FILE"):
        return HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    context = ssl.create_default_context()
    context.check_hostname = False  # it is this very machine, whatever its certificate is for
    context.verify_mode = ssl.CERT_NONE
    return HTTPSConnection("127.0.0.1", port, timeout=SECONDS, context=context)


if __name__ == "__main__":
    sys.exit(main())
