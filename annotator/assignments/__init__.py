"""Who looks at what."""
