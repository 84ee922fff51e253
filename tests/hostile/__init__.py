"""Messages made from the contracts and then broken, in floods, on the running system."""
