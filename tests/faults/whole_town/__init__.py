"""All services are broken while the whole town is at work."""
