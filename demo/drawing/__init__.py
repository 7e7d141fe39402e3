"""The image maker: scenes, made-up generators of known skill, and the flaws that they plant."""
