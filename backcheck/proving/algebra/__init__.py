"""Road 1: forms of both sides, for every size of the ranges and in every case of the indices; it tries no numbers."""
