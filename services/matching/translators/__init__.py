"""Subscriptions by the part of the programme that they are about, joined in `subscribers`."""
