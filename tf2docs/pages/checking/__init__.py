"""Hold what a page claims against its record, and the record against a run."""
