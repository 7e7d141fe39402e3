"""For looking and testing: images with known flaws, and simulated people. In no deployment."""
