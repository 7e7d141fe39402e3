"""What the accepted annotations of an item say together."""
