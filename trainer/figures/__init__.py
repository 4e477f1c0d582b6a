"""Charts of runs as plain dictionaries that Plotly's browser bundle draws.

Knows traces; imports neither torch nor plotly. Colours are the names of the site's custom
properties, `var(--ink)`, and the browser puts in what they stand for. Where a run measured
nothing that a chart shows, there is no chart: None.
"""

from trainer.figures.charts import accuracy_figure, batch_figure, comparison_figure, loss_figure
from trainer.figures.series import band_of

__all__ = ["accuracy_figure", "band_of", "batch_figure", "comparison_figure", "loss_figure"]
