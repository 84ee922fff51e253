"""What the service can be told from outside; nothing beyond what all services know."""

from shared.settings import ServiceSettings


class NetworkSettings(ServiceSettings):
    """Settings of the network service."""
