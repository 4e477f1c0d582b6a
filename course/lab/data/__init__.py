"""Data sets of one's own: a file comes in, is understood, is trained on, and goes for good."""
