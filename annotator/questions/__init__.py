"""What a question type is: one file each, pure, no database. The next type is one more file."""
