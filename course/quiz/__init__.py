"""Questions, graders, answers and scores. Reads runs, never makes one."""
