"""What a learner has done, seen from the learner: scores, predictions, runs. Keeps no row itself.

Knows people, questions and runs, and no page of a lesson.
"""
