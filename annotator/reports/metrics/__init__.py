"""How far metrics agree with people: the report, the points of its plots, where they differ."""
