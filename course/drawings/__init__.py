"""Drawings of a run, made on the server: from a trace, or a replayed row, to SVG text.

Pure functions without torch. A drawing carries classes and no colours of its own, so that it
turns with the theme; text stands at its real size. Where a run did not get as far as what a
drawing shows, the function returns "" and the page says so.
"""

from course.drawings.batches import batch_strip
from course.drawings.dots import mean_is_loss, row_losses_tall, row_losses_wide
from course.drawings.history import prediction_history, prediction_history_rows
from course.drawings.layers import forward_layers_tall, forward_layers_wide
from course.drawings.pipeline import pipeline_tall, pipeline_wide
from course.drawings.prediction import prediction_tall, prediction_wide
from course.drawings.replayed import prediction_rows
from course.drawings.ruler import Scaling, scaling_ruler, scaling_steps

__all__ = [
    "Scaling",
    "batch_strip",
    "forward_layers_tall",
    "forward_layers_wide",
    "mean_is_loss",
    "pipeline_tall",
    "pipeline_wide",
    "prediction_history",
    "prediction_history_rows",
    "prediction_rows",
    "prediction_tall",
    "prediction_wide",
    "row_losses_tall",
    "row_losses_wide",
    "scaling_ruler",
    "scaling_steps",
]
