"""Where people would mark flaws: a map an image, decoded from a frozen network's grid."""
