"""Load, let the domain decide, save, return the facts: one module per aggregate."""
