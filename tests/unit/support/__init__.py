"""What many tests rely on is tested itself."""
