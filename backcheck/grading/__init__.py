"""Answers worked by hand, held against the worksheet: every number is judged from the numbers before it."""
