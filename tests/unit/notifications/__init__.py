"""The pure parts of the notifications service."""
