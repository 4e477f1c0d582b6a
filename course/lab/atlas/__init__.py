"""The atlas: every arrangement of the five core lines, and what came of running each."""
