"""Lightning: `fit` of a quiet trainer."""

import logging
import warnings

import lightning
import torch
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset

from bench.measure import of_ratios, tell
from bench.pairs import paired
from bench.peers.settings import GOAL_LIGHTNING, NAME, layers, scaled
from bench.plain_loop import UNIT
from bench.recording import with_charts

x, y = scaled()


class Module(lightning.LightningModule):  # type: ignore[misc]  # unknown where not installed
    """The model of the unit."""

    def __init__(self) -> None:
        super().__init__()
        self.model = layers()
        self.criterion = torch.nn.CrossEntropyLoss()

    def training_step(self, batch: tuple[Tensor, Tensor], _number: int) -> Tensor:
        """Loss of a batch."""
        loss: Tensor = self.criterion(self.model(batch[0]), batch[1])
        return loss

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """The optimizer of the unit."""
        return torch.optim.SGD(self.parameters(), lr=UNIT.lr)


def fit(_pair: int) -> None:
    """Train under the unit's settings, without progress, log or checkpoints."""
    loader = DataLoader(TensorDataset(x, y), batch_size=UNIT.batch_size, shuffle=True)
    lightning.Trainer(
        max_epochs=UNIT.epochs,
        accelerator="cpu",
        devices=1,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    ).fit(Module(), loader)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    tell([of_ratios(NAME.format("Lightning"), paired(with_charts, fit, 30), GOAL_LIGHTNING)])
