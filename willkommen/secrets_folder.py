"""A folder of credentials, one file each: made at first start, read by whoever needs one."""

import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

ADMIN = "admin"
OWNER_ONLY = 0o600
BROKER_ADMIN = "rabbitmq/80-admin.conf"
BROKER_LIMITS = "rabbitmq/90-limits.conf"
DATABASE_PASSWORD = "mongodb/password"  # noqa: S105 - the name of a file
DATABASE_KEY = "mongodb/key"
PASSWORDS = "passwords.json"


@dataclass(frozen=True)
class SecretsFolder:
    """Credentials below one folder; services read only their own part of it."""

    folder: Path

    def write_once(self, name: str, text: str) -> None:
        """Write a file unless it is there."""
        if not (self.folder / name).exists():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        """Write a file that only its owner can read; a reader finds the old text or the new."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.draft")
        draft.unlink(missing_ok=True)
        draft.touch(mode=OWNER_ONLY)
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)

    def rabbitmq_admin(self, host: str, ca_file: Path | None = None) -> tuple[str, str]:
        """The broker's and its management's address for the administrator; TLS with `ca_file`."""
        lines = self._read(BROKER_ADMIN).splitlines()
        password = dict(line.split(" = ", 1) for line in lines)["default_pass"]
        login = f"{ADMIN}:{password}@{host}"
        if ca_file:
            return f"amqps://{login}:5671/", f"https://{login}:15671"
        return f"amqp://{login}:5672/", f"http://{login}:15672"

    def mongodb_admin(self, host: str, ca_file: Path | None = None) -> str:
        """The database's address for the administrator; TLS with `ca_file`."""
        password = self._read(DATABASE_PASSWORD).strip()
        tls = f"&tls=true&tlsCAFile={quote(str(ca_file), '')}" if ca_file else ""
        place = f"mongodb://{ADMIN}:{password}@{host}:27017/"
        return f"{place}?authSource=admin&directConnection=true{tls}"

    def passwords(self) -> dict[str, str]:
        """The users' passwords; empty before the first set-up."""
        kept = self.folder / PASSWORDS
        return json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}

    def keep(self, passwords: dict[str, str]) -> None:
        """Remember the users' passwords for the next set-up."""
        self.write(PASSWORDS, json.dumps(passwords, indent=2))

    def _read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")
