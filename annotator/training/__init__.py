"""Training sets: settled items by which new annotators learn, and how they did on them."""
