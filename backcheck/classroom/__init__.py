"""Many submissions at once: in chunks, by several workers, into grade books and summaries."""
