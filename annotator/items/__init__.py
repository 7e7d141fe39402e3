"""Images and items."""
