"""The admin site's view of people."""
