"""The measures of the project's speed: every figure is a ratio to the plain hand-written loop.

`python -m bench` prints one line per measure. It knows the engine, the runners and the address of
the pipeline page, and nothing of how they work inside; nothing of the site knows it.
"""
