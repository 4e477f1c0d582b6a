"""skorch: `fit` of a classifier."""

import torch
from skorch import NeuralNetClassifier

from bench.measure import of_ratios, tell
from bench.pairs import paired
from bench.peers.settings import GOAL_SKORCH, NAME, layers, scaled
from bench.plain_loop import UNIT
from bench.recording import with_charts

x, y = scaled()


def fit(_pair: int) -> None:
    """Train under the unit's settings, without a validation split."""
    NeuralNetClassifier(
        layers(),
        criterion=torch.nn.CrossEntropyLoss,
        optimizer=torch.optim.SGD,
        lr=UNIT.lr,
        max_epochs=UNIT.epochs,
        batch_size=UNIT.batch_size,
        iterator_train__shuffle=True,
        train_split=None,
        verbose=0,
    ).fit(x, y)


if __name__ == "__main__":
    tell([of_ratios(NAME.format("skorch"), paired(with_charts, fit, 30), GOAL_SKORCH)])
