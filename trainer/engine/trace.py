"""What a run leaves behind: a strict JSON document and its tensors as safetensors.

Standard library, safetensors and orjson only, so that the web process reads traces without
torch or numpy. Not-finite numbers are the strings "nan", "inf" and "-inf".
"""

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import orjson
from safetensors import deserialize

SCHEMA = 1
UNFINGERPRINTED = ("id", "digest")

Document = dict[str, Any]

OUT_OF_TIME = "The time budget"
"""So begins the error of a run that the clock ended."""

_FORMATS: dict[str, Literal["f", "q", "?"]] = {"F32": "f", "I64": "q", "BOOL": "?"}


def number(value: float) -> float | str:
    """A float as strict JSON spells it here."""
    if math.isfinite(value):
        return value
    return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"


def as_float(value: float | str | None) -> float | None:
    """The float behind `number`; None stays None (not measured)."""
    return None if value is None else float(value)


@dataclass(frozen=True, slots=True)
class Values:
    """A recorded tensor: its shape and its numbers, flat, in row-major order."""

    shape: tuple[int, ...]
    flat: Sequence[float]

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, index: int) -> "Values":
        """The index-th entry along the first axis; shape loses that axis."""
        if not -len(self) <= index < len(self):
            raise IndexError(f"{index} of {len(self)}")
        size = math.prod(self.shape[1:])
        start = (index % len(self)) * size
        return Values(self.shape[1:], self.flat[start : start + size])

    def __iter__(self) -> Iterator["Values"]:
        return (self[index] for index in range(len(self)))

    def item(self) -> float:
        """The one number of a tensor of one element."""
        (only,) = self.flat
        return only


@dataclass(frozen=True)
class Trace:
    """One run: `document` as docs/contract describes it, `tensors` as safetensors bytes."""

    document: Document
    tensors: bytes

    @classmethod
    def read(cls, text: str | bytes, tensors: bytes = b"") -> "Trace":
        """The trace that was kept as `text` and tensors, or its document alone."""
        return cls(orjson.loads(text), tensors)

    @property
    def out_of_time(self) -> bool:
        """Whether the clock ended it: then nobody knows what it would have come to."""
        error = self.document["error"]
        return error is not None and str(error["message"]).startswith(OUT_OF_TIME)

    @cached_property
    def _entries(self) -> dict[str, dict[str, Any]]:
        return dict(deserialize(self.tensors))  # type: ignore[no-untyped-call]

    def has(self, name: str) -> bool:
        """Whether the run got as far as this tensor."""
        return name in self._entries

    def names(self) -> list[str]:
        """Of all tensors that were recorded."""
        return list(self._entries)

    def tensor(self, name: str) -> Values:
        """A recorded tensor by name. Raises `KeyError` where the run did not reach it."""
        entry = self._entries[name]
        flat = memoryview(entry["data"]).toreadonly().cast(_FORMATS[entry["dtype"]])
        return Values(tuple(entry["shape"]), flat)

    def text(self, run_id: str | None = None) -> str:
        """The document as strict JSON, with the id of the run that asked for it."""
        return orjson.dumps(self.document | {"id": run_id}).decode()

    def with_digest(self) -> "Trace":
        """The same trace with its fingerprint in the document."""
        return replace(self, document=self.document | {"digest": self.fingerprint()})

    def fingerprint(self) -> str:
        """SHA-256 over every number and tensor; ids and durations are no part of it."""
        kept = {key: value for key, value in self.document.items() if key not in UNFINGERPRINTED}
        text = orjson.dumps(kept, option=orjson.OPT_SORT_KEYS)
        return hashlib.sha256(text + b"\0" + self.tensors).hexdigest()
