"""The site: lessons, quiz, accounts. May use `trainer`; `trainer` knows nothing of it."""
