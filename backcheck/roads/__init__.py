"""The ways from a blank worksheet to its numbers: by whole arrays, or with a pencil."""
