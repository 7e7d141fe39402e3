"""What several people say together: pairs, ranks, maps, numbers, words, beliefs."""
