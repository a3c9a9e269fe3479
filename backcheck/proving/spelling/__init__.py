"""Trees written out, in the format of derivations and in LaTeX, and the tables of what people type."""
