"""The command line `willkommen` and what it reads from files."""
