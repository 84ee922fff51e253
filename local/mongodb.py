"""A private mongod as a replica set of one member, with authentication."""

import secrets

from pymongo.errors import OperationFailure

from local.install import ensure_mongod
from local.node import Node
from local.probes import Client, initiate_replica_set, mongod_answers, wait_primary
from local.processes import wait_until
from local.state import write_private

ADMIN = "admin"
REPLICA_SET = "rs0"
CACHE_GB = "0.25"
OPLOG_MB = "512"
TRANSACTION_SECONDS = 20
"""So long a transaction whose client is gone keeps its locks; the server's own choice is 60."""
NOT_YET_INITIALIZED = 94
CONFIGURED_SECONDS = 60


class MongoDB(Node):
    """The database server; the administrator may do everything, nobody else exists."""

    name = "mongodb"
    title = "MongoDB"
    port_names = ("mongodb",)

    @property
    def url(self) -> str:
        """The address of the administrator."""
        return (
            f"mongodb://{ADMIN}:{self.values['secrets']['password']}@{self._member}/"
            "?directConnection=true&authSource=admin"
        )

    @property
    def _member(self) -> str:
        return f"127.0.0.1:{self.port('mongodb')}"

    def _secrets(self) -> dict[str, str]:
        return {"password": secrets.token_urlsafe(24), "key": secrets.token_hex(256)}

    def _prepare(self) -> None:
        (self.folder / "data").mkdir(parents=True, exist_ok=True)
        write_private(self.folder / "key", self.values["secrets"]["key"], 0o400)

    def _command(self) -> list[str]:
        options = [
            ("--dbpath", f"{self.folder}/data"),
            ("--port", str(self.port("mongodb"))),
            ("--bind_ip", "127.0.0.1"),
            ("--replSet", REPLICA_SET),
            ("--keyFile", f"{self.folder}/key"),
            ("--wiredTigerCacheSizeGB", CACHE_GB),
            ("--oplogSize", OPLOG_MB),
            ("--slowOpSampleRate", "0"),  # the log shows slow commands with their documents
            ("--setParameter", "diagnosticDataCollectionEnabled=false"),
            ("--setParameter", f"transactionLifetimeLimitSeconds={TRANSACTION_SECONDS}"),
        ]
        words = [word for option in options for word in option]
        return [str(ensure_mongod()), *words, "--nounixsocket", "--quiet"]

    def _answers(self) -> bool:
        return mongod_answers(self._anonymous_url)

    def _after_ready(self) -> None:
        if not self.values.get("initialised"):
            self._initialise()
            self._remember(initialised=True)
        with Client(self.url) as client:
            self._wait_configured(client)
            self._move(client)
            wait_primary(client)

    @staticmethod
    def _wait_configured(client: Client) -> None:
        """Wait for the stored set-up; a stranger at the former port may hold it up for a while."""

        def configured() -> bool:
            try:
                return bool(client.admin.command("replSetGetConfig")["ok"])
            except OperationFailure as error:
                if error.code != NOT_YET_INITIALIZED:
                    raise
                return False

        what = "MongoDB to read its set-up (does another program hold its former port?)"
        wait_until(configured, what, CONFIGURED_SECONDS)

    def _initialise(self) -> None:
        """Use mongod's exception for the first user: allowed from this machine, once."""
        with Client(self._anonymous_url, directConnection=True) as client:
            initiate_replica_set(client, REPLICA_SET, self._member)
            password = self.values["secrets"]["password"]
            client.admin.command("createUser", ADMIN, pwd=password, roles=["root"])

    @property
    def _anonymous_url(self) -> str:
        return f"mongodb://{self._member}/"

    def _move(self, client: Client) -> None:
        """Tell the replica set its port, when it had to change since the last start."""
        config = client.admin.command("replSetGetConfig")["config"]
        if config["members"][0]["host"] == self._member:
            return
        config["members"][0]["host"] = self._member
        config["version"] += 1
        client.admin.command("replSetReconfig", config, force=True)
