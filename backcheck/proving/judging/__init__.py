"""A derivation judged line by line, in its scope, its chain and its case; what is true is asked of `decide`."""
