"""`python -m local start|stop|status`: servers that outlive the command, for development."""

import argparse
import sys

from local.errors import LocalServerError
from local.servers import Servers


def main() -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("action", choices=["start", "stop", "status"])
    parser.add_argument("--name", default="run", help="which set of servers (default: run)")
    arguments = parser.parse_args()
    servers = Servers(arguments.name, detached=True)
    try:
        return ACTIONS[arguments.action](servers)
    except LocalServerError as error:
        print(error, file=sys.stderr)
        return 1


def start(servers: Servers) -> int:
    """Start the servers and leave them running."""
    servers.start()
    return status(servers)


def stop(servers: Servers) -> int:
    """Stop the servers, whoever started them."""
    for node in servers.nodes:
        node.stop()
    return 0


def status(servers: Servers) -> int:
    """Print the addresses; exit with 1 when a server is missing."""
    missing = [node.title for node in servers.nodes if not node.running()]
    for title in missing:
        print(f"{title} is not running.")
    if missing:
        return 1
    print(f"AMQP_URL={servers.amqp_admin_url}")
    print(f"RABBITMQ_API_URL={servers.management_url}")
    print(f"MONGODB_URL={servers.mongodb_admin_url}")
    print(f"SMTP_URL=smtp://{servers.smtp_host}:{servers.smtp_port}")
    return 0


ACTIONS = {"start": start, "stop": stop, "status": status}

if __name__ == "__main__":
    sys.exit(main())
