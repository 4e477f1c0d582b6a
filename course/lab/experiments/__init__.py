"""Experiments: beliefs about the loop that a pair of runs confirms or refutes."""
