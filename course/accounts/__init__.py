"""Who is learning: guests, accounts and staff. Knows no lesson, no question and no run."""
