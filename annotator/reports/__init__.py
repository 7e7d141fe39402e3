"""Numbers across rooms; reads only."""
