"""The front page: what this is, one prediction and one button; for who returns, what is next.

Knows lessons, scores and runs. Keeps nothing itself.
"""
