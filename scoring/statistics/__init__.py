"""How sure a number is, and how alike two rows of numbers are. Plain NumPy and SciPy."""
