"""The autopsy of a run that left the finite numbers."""
