"""What set-up does, step by step; standard library only."""
