"""Runs that the figures tell are given all the time that they need."""

from tests.trainer.engine.conftest import patient

__all__ = ["patient"]
