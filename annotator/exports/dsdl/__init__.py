"""What DSDL folders are made of: the language itself, and the shapes of their samples."""
