"""A worksheet, a plan and a seed → the run of a network through its epochs; it derives, draws and prints nothing."""
