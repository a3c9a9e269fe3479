"""Claims held against truth: of the program itself, of code, of a student."""
