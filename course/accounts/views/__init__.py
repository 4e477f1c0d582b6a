"""Pages of people: coming and going, passwords, and the account itself."""
