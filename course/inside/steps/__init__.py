"""Any step of any run, line by line: what holds after each line, and what that line changed."""
