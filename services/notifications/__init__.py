"""The service that brings messages to people, each once and in their language."""
