"""Every user against every exchange, queue and database: what is allowed, and all else refused."""
