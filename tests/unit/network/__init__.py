"""The pure parts of the network service."""
