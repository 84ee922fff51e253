"""The servers that the system needs on one machine without Docker: broker, database, mailbox."""
