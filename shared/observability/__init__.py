"""Logs, metrics and health: how the system is seen from outside."""
