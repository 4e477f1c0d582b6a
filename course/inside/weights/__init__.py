"""The gradient ledger: one weight of a run, update by update."""
