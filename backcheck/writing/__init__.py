"""From a worked sheet to text in one format or another; nothing here prints."""
