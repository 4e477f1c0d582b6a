"""The pipeline page: one run, told stage by stage. Text and tables from its trace.

Every claim is a rule over the trace and is left out where it does not hold.
"""
