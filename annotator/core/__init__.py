"""What every room leans on: states, errors, the bell, files."""
