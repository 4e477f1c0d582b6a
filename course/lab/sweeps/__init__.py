"""Sweeps: one setting under several values, or one value under several seeds."""
