"""Guidelines in versions, their images, and who has read which."""
