"""Formats: one file each says which rows, columns and files, for whom, and how to load them."""
