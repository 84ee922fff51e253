"""Things are broken while load runs; afterwards every message has had exactly one effect."""
