"""Lines that are told apart by their pattern: the classes of drawings, see compare.css."""

CLASSES = ("line", "line-2", "line-3", "line-4", "line-5", "line-6")
"""Solid, dashed, dotted, dash and dot, long dashes, thin: as Plotly's in trainer.figures.dress."""

MOST = len(CLASSES)
