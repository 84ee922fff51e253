"""A folder of credentials, one file each: made at first start, read by whoever needs one."""

from dataclasses import dataclass
from pathlib import Path

ADMIN = "admin"


@dataclass(frozen=True)
class SecretsFolder:
    """Credentials below one folder; services read only their own part of it."""

    folder: Path

    def write_once(self, name: str, text: str, *, mode: int) -> None:
        """Write a file unless it is there."""
        if not (self.folder / name).exists():
            self.write(name, text, mode=mode)

    def write(self, name: str, text: str, *, mode: int) -> None:
        """Write a file with these rights."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=mode)
        path.chmod(mode)
        path.write_text(text, encoding="utf-8")

    def rabbitmq_admin(self, host: str) -> tuple[str, str]:
        """The broker's and its management's address for the administrator."""
        lines = (self.folder / "rabbitmq/admin.conf").read_text(encoding="utf-8").splitlines()
        password = dict(line.split(" = ", 1) for line in lines)["default_pass"]
        login = f"{ADMIN}:{password}@{host}"
        return f"amqp://{login}:5672/", f"http://{login}:15672"

    def mongodb_admin(self, host: str) -> str:
        """The database's address for the administrator."""
        password = (self.folder / "mongodb/password").read_text(encoding="utf-8").strip()
        return f"mongodb://{ADMIN}:{password}@{host}:27017/?authSource=admin&directConnection=true"
