"""What must be true of the tables and the files at any moment, and the command that checks it."""
