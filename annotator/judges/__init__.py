"""Imported judges: votes that came with a dataset, beside what this project's people say."""
