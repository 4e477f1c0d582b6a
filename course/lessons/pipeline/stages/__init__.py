"""The five stages of the page, one module each; every `tell` gives a `Section` or None."""
