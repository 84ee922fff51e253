"""Pure rules: the life of a delivery, who it goes to, what it says."""
