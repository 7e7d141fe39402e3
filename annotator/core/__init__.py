"""What every room leans on: states, errors, reasons and their words, files."""
