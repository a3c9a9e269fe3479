"""What people hand in, as text and numbers: files, folders and tables; nothing here knows what would be right."""
