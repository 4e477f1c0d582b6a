"""A loop of one's own: settings, lines arranged or typed, the run, and the correct loop beside."""
