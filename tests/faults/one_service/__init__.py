"""One service that keeps books is broken, and the servers under it."""
