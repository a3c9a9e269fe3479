"""Derivations worked by hand, proven line by line.

A file is read (`reading`), vectors and matrices are taken apart (`entries`), and each line is judged in its place (`judging`).
Whether a relation holds is decided (`decide`) by two roads that share no rule: forms for every size (`algebra`, `inequalities`,
`approaching`), and exact numbers (`numbers`). `inferences` and `unknowns` judge what is concluded; `repairs` finds what was meant;
`own` writes derivations of backcheck's own; `spelling` writes formulas out.
"""
