"""The demo project: images with planted flaws, and people of known reliability."""
