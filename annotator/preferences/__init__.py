"""What people choose for themselves: which keys they work with."""
