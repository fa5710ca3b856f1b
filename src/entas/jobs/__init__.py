"""Long work: its progress, its end, its cancelling."""
