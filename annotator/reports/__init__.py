"""Numbers across rooms, and the reports that workers have computed of them."""
