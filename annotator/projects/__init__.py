"""Projects, their questions and batches."""
