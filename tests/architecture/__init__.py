"""The rules that keep the parts of the system apart, each proven able to fail."""
