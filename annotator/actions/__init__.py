"""Who did what when: an append-only list that the audit page shows."""
