"""Derivations of backcheck's own, in the format that `prove` reads: of a network, an expression, a function; nothing is proven."""
