"""How the site runs: its processes, their signs of life, and whether it can do its work."""
