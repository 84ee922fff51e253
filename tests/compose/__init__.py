"""The compose file, the image and the credentials, looked at without Docker."""
