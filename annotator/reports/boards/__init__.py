"""Generators against one another, question by question: one file a way to count."""
