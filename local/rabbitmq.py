"""A private RabbitMQ node with management: own ports, own epmd, own cookie, own folder."""

import secrets
import subprocess

from local.errors import LocalServerError
from local.guard import FAREWELL
from local.install import ensure_rabbitmq
from local.node import Node
from local.probes import amqp_answers, management_answers
from local.processes import wait_until
from local.state import write_private

ADMIN = "admin"
NODE_NAME = "willkommen@localhost"
KEPT_SECONDS = 10
MAX_MESSAGE_BYTES = 1024 * 1024

CONFIG = """\
listeners.tcp.1 = 127.0.0.1:{amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = {management}
default_user = {user}
default_pass = {password}
default_user_tags.administrator = true
max_message_size = {max_message_bytes}
vm_memory_high_watermark.absolute = 1GiB
disk_free_limit.absolute = 200MB
collect_statistics_interval = 1000
log.file.level = info
"""
# At shutdown the statistics wait five seconds for a process that waits for them; not so without.
UNHOOK_STATISTICS = (
    f"erl_call -sname {NODE_NAME} "
    "-a 'gen_event delete_handler [rabbit_event,rabbit_mgmt_db_handler,[]]'"
)
# How long idle scheduler threads spin: starting takes 2.4 s with these values on two cores, 6 s
# with Erlang's own. The second line lets only this machine connect to the node.
ERLANG_OPTIONS = (
    "+sbwt very_short +sbwtdcpu none +sbwtdio short -kernel inet_dist_use_interface {127,0,0,1}"
)


class RabbitMQ(Node):
    """The broker; there is one user, the administrator, and no guest."""

    name = "rabbitmq"
    title = "RabbitMQ"
    port_names = ("amqp", "management", "distribution", "epmd")

    @property
    def url(self) -> str:
        """The AMQP address of the administrator, default virtual host."""
        return f"amqp://{ADMIN}:{self._password}@127.0.0.1:{self.port('amqp')}/"

    @property
    def management_url(self) -> str:
        """The address of the management pages and their HTTP API, with the administrator's name."""
        return f"http://{ADMIN}:{self._password}@127.0.0.1:{self.port('management')}"

    def wait_kept(self, *queues: str) -> None:
        """Return when the names of these quorum queues are on the disk.

        RabbitMQ 3.10 writes them a second after the declaration; SIGKILL before that loses a queue
        with its confirmed messages. A test that declares, publishes and kills waits here first.
        """

        def kept() -> bool:
            written = b"".join(file.read_bytes() for file in self.folder.rglob("names.dets"))
            return all(queue.encode() in written for queue in queues)

        wait_until(kept, f"the queues {', '.join(queues)} to be written", KEPT_SECONDS)

    def control(self, *words: str) -> None:
        """Run `rabbitmqctl`; raises with what it says when it fails."""
        program = ensure_rabbitmq().with_name("rabbitmqctl")
        ended = subprocess.run(
            [program, "-q", *words],
            env=self._clean_environment() | self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode:
            raise LocalServerError(f"rabbitmqctl {' '.join(words)}: {ended.stderr}{ended.stdout}")

    @property
    def _password(self) -> str:
        return str(self.values["secrets"]["password"])

    def _secrets(self) -> dict[str, str]:
        return {"password": secrets.token_urlsafe(24), "cookie": secrets.token_hex(20)}

    def _prepare(self) -> None:
        for part in ("data", "log"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        values = self.values["ports"] | {
            "user": ADMIN,
            "password": self._password,
            "max_message_bytes": MAX_MESSAGE_BYTES,
        }
        write_private(self.folder / "rabbitmq.conf", CONFIG.format_map(values))
        write_private(self.folder / "enabled_plugins", "[rabbitmq_management].\n")
        write_private(self.folder / "rabbitmq-env.conf", "")
        write_private(self.folder / ".erlang.cookie", self.values["secrets"]["cookie"], 0o400)

    def _command(self) -> list[str]:
        return [str(ensure_rabbitmq())]

    def _environment(self) -> dict[str, str]:
        folder = str(self.folder)
        return {
            "HOME": folder,
            FAREWELL: UNHOOK_STATISTICS,
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self.port("epmd")),
            "ERL_CRASH_DUMP": f"{folder}/log/erl_crash.dump",
            "RABBITMQ_ALLOW_INPUT": "true",  # the script becomes the server: no shell in between
            "RABBITMQ_SERVER_START_ARGS": "-noinput",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": ERLANG_OPTIONS,
            "RABBITMQ_CONF_ENV_FILE": f"{folder}/rabbitmq-env.conf",
            "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf",
            "RABBITMQ_DIST_PORT": str(self.port("distribution")),
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/enabled_plugins",
            "RABBITMQ_LOG_BASE": f"{folder}/log",
            "RABBITMQ_MNESIA_BASE": f"{folder}/data",
            "RABBITMQ_NODENAME": NODE_NAME,
        }

    def _answers(self) -> bool:
        return amqp_answers("127.0.0.1", self.port("amqp")) and management_answers(
            "127.0.0.1", self.port("management"), ADMIN, self._password
        )
