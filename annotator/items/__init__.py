"""Pictures and items."""
