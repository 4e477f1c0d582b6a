"""The prediction trace: any row through the layers of a run's model, and all held-out rows."""
