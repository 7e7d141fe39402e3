"""PostgreSQL as Django knows it, with a server that falls silent counted as one that is away."""
