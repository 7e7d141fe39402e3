"""The demo project: pictures with planted flaws, and people of known reliability."""
