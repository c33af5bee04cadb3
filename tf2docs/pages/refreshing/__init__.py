"""Write what a session found out: outputs, numbers, figures and records, or the ledger."""
