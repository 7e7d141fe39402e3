"""Numbers that machines give to images."""
