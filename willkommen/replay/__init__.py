"""Plays a folder of sample data through the running system, as partners and staff would."""
