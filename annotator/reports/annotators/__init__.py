"""What the answers of a project show of each annotator, worst first; a hint, never a verdict."""
