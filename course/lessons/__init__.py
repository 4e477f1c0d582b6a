"""Lessons, their mode pages and the pipeline page. Knows the trainer, grades nothing."""
