"""What is said of real runs: every number and every word checked by an independent reader."""

import pytest

from tests.sizes import size
from tests.trainer.engine import claims
from tests.trainer.engine.conftest import Arrangements
from trainer.engine.execute import run
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec
from trainer.engine.trace import Trace

SEEDS = range(size(20, 300))


@pytest.mark.parametrize("preset", ["calm", "bench"])
def test_every_sentence_is_so_over_many_seeds(preset: str) -> None:
    for seed in SEEDS:
        base = PRESETS[preset].as_dict()
        trace = run(RunSpec(**base | {"seed": seed}), Program.correct())  # type: ignore[arg-type]
        claims.check(trace.document)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam", "adamw", "rmsprop"])
@pytest.mark.parametrize("lr", [1e-6, 1e-3, 0.1, 0.5, 2.0, 10.0, 1e4, 1e9])
def test_every_sentence_is_so_from_crawling_to_diverging(optimizer: str, lr: float) -> None:
    spec = RunSpec(optimizer=optimizer, lr=lr, rows=150, batch_size=40, epochs=6)
    claims.check(run(spec, Program.correct()).document)


def test_every_sentence_is_so_for_every_kind_of_run(variety: dict[str, Trace]) -> None:
    for trace in variety.values():
        claims.check(trace.document)


def test_every_sentence_is_so_for_every_arrangement(arrangements: Arrangements) -> None:
    for trace in arrangements.values():
        claims.check(trace.document)


def test_the_runs_give_every_sentence_a_chance(
    variety: dict[str, Trace], arrangements: Arrangements
) -> None:
    specs = [
        RunSpec(optimizer="sgd", lr=2.0, rows=150, batch_size=40, epochs=6),
        RunSpec(optimizer="sgd", lr=10.0, epochs=6),
        RunSpec(optimizer="sgd", lr=0.1, rows=200, batch_size=100, epochs=6),
    ]
    traces = [*variety.values(), *arrangements.values()]
    traces += [run(spec, Program.correct()) for spec in specs]
    made = {
        claim
        for trace in traces
        for index in range(len(trace.document["epochs"]))
        for claim in claims.check_sentences(trace.document, index)
    }
    assert made == {check for _, check in claims.CLAIMS}


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("fell by 0.186", "fell by 0.187"),
        ("the largest fall of the run", "less than the 0.190 before"),
        ("rose 2 of 9", "rose 3 of 9"),
        ("rose 2 of 9", "rose 2 of 10"),
        (", below the 1.099", ", above the 1.099"),
        (", the largest fall of the run", ""),
        (" From batch to batch it rose 2 of 9 times.", ""),
    ],
)
def test_the_reader_would_notice_a_wrong_word(calm: Trace, said: str, instead: str) -> None:
    texts = [each["observation"] for each in calm.document["epochs"]]
    at = next(index for index, text in enumerate(texts) if said in text)
    epochs = [dict(each) for each in calm.document["epochs"]]
    epochs[at]["observation"] = texts[at].replace(said, instead)
    with pytest.raises(AssertionError):
        claims.check(calm.document | {"epochs": epochs})
