"""Recall: what was answered comes back, on the days that FSRS works out.

Knows people, questions, answers and runs, and no page of a lesson. Questions and cards are those
of the quiz; what is kept here is when each comes back to whom, and how every review went.
"""
