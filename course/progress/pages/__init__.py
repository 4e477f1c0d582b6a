"""What the pages of one's progress show, as plain data for their templates."""
