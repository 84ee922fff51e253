"""TLS towards broker and database: whom to trust, and as whom to show oneself."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Tls:
    """Files in PEM format; without `ca_file` the authorities of the machine are trusted.

    `client_file` holds the service's own certificate with its key, for servers that ask for one.
    """

    ca_file: Path | None = None
    client_file: Path | None = None

    def context(self) -> ssl.SSLContext:
        """What connections to the broker use; certificates and host names are checked.

        Raises `OSError` when a file holds no certificate.
        """
        context = ssl.create_default_context(cafile=self.ca_file)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.client_file:
            context.load_cert_chain(self.client_file)
        return context

    def options(self) -> dict[str, Any]:
        """The same as the database driver wants it told."""
        files = {"tlsCAFile": self.ca_file, "tlsCertificateKeyFile": self.client_file}
        given = {name: str(file) for name, file in files.items() if file}
        return {"tls": True, **given} if given else {}


USUAL = Tls()
"""What the addresses say, and the authorities that the machine trusts."""
