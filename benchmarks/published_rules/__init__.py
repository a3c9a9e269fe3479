"""Rules that others have published for why a network does not learn, written anew from their papers and documentation."""
