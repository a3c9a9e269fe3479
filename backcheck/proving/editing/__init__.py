"""Edits of one line of algebra: where, with what, and which; they know no values, and not what is right."""
