"""Lines that are told apart by their pattern: the classes of drawings, and Plotly's dashes."""

CLASSES = ("line", "line-2", "line-3", "line-4", "line-5", "line-6")
"""Solid, dashed, dotted, dash and dot, long dashes, thin: see figures.css and compare.css."""

DASHES = ("solid", "5px,4px", "1.5px,4px", "9px,3px,1.5px,3px", "12px,4px", "solid")
WIDTHS = (2.25, 1.75, 1.75, 1.75, 1.75, 1.0)
SYMBOLS = ("circle", "square-open", "cross-thin-open", "triangle-up", "diamond-open", "circle-open")

MOST = len(CLASSES)
