"""Known answers and repeats: how well people judge, tried without their noticing."""
