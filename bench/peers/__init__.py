"""G3, beside others: the same training as other tools do it, where they are installed.

Each with its own defaults but quiet: nothing printed, written or validated. What the course
gives for that time, a recorded run and its charts, none of them gives.
"""
