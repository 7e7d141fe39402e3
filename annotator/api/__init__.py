"""The door for people: HTTP under /api/v1/. One file a resource."""
