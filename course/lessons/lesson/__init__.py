"""The pages of the seven lessons: a text, its figures and its questions, told by one run."""
