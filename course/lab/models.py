"""What the lab keeps of its own. It belongs to nobody."""

from django.db import models


class Atlas(models.Model):
    """What came of every arrangement of the core lines, once for each engine and PyTorch."""

    engine = models.CharField(max_length=20)
    torch = models.CharField(max_length=40)
    outcomes = models.JSONField(help_text="One for each arrangement, in their order.")
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One per engine and PyTorch."""

        constraints = (
            models.UniqueConstraint(fields=("engine", "torch"), name="atlas_of_an_engine_once"),
        )

    def __str__(self) -> str:
        """Return what made it."""
        return f"engine {self.engine}, PyTorch {self.torch}"
