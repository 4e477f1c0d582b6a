"""Runs side by side: what they differ in, and whether that is more than seeds do."""
