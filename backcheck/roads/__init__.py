"""The ways from a blank worksheet to its numbers; each knows only its own."""
