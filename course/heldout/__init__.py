"""What pages tell of a run's held-out rows: which class is taken for which, how sure, how right.

Knows no page and draws nothing.
"""
