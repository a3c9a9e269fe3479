"""Runs and reasons → text, JSON, CSV, pictures and pages; nothing here trains or opens a file."""
