"""Which of the patterns that fit a statement is meant, so that all names of a text agree.

A name of the vocabulary means itself. Any other that the text binds may stand for one of them,
the same one throughout.
"""

import ast
from collections.abc import Iterable, Mapping, Sequence

from trainer.engine.typed.matching import Match
from trainer.engine.typed.patterns import known_names

ALIASES = {
    **dict.fromkeys(("pred", "preds", "out", "output", "outputs", "y_hat", "y_pred"), "logits"),
    **dict.fromkeys(("prediction", "predictions", "scores"), "logits"),
    **dict.fromkeys(("inputs", "xb", "X", "batch_x"), "x"),
    **dict.fromkeys(("targets", "target", "labels", "yb", "batch_y"), "y"),
    **dict.fromkeys(("loss_fn", "loss_function", "crit"), "criterion"),
    **dict.fromkeys(("train_loader", "dataloader", "trainloader"), "loader"),
    **dict.fromkeys(("running_loss", "total_loss"), "total"),
    "opt": "optimizer", "net": "model", "scaler": "scale", "sched": "scheduler", "seen": "count",
}  # fmt: skip
"""What others call them, so well known that it is understood even where it is not bound."""


def bound_names(nodes: Iterable[ast.stmt]) -> frozenset[str]:
    """Names that a statement binds without having read them: `b` of `b = a`, not of `b = b + 1`."""
    found = set[str]()
    for node in nodes:
        if isinstance(node, ast.ClassDef):
            found.add(node.name)
            continue
        names = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
        read = {each.id for each in names if isinstance(each.ctx, ast.Load)}
        found |= {each.id for each in names if isinstance(each.ctx, ast.Store)} - read
    return frozenset(found)


def used_names(nodes: Iterable[ast.stmt]) -> frozenset[str]:
    """All names of the text, but for those that a class has to itself."""
    return frozenset().union(*map(_used_in, nodes))


def _used_in(node: ast.stmt) -> frozenset[str]:
    inside = list(ast.walk(node))
    names = {each.id for each in inside if isinstance(each, ast.Name)}
    if not isinstance(node, ast.ClassDef):
        return frozenset(names)
    kept = {each.id for each in inside if isinstance(each, ast.Name) and _is_bound(each)}
    kept |= {each.arg for each in inside if isinstance(each, ast.arg)}
    return frozenset(names - kept | {node.name})


def _is_bound(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


class Naming:
    """What the names of one text stand for."""

    def __init__(self, nodes: Sequence[ast.stmt]) -> None:
        self.own, used = bound_names(nodes), used_names(nodes)
        self.meaning = {name: name for name in used & known_names()}
        for name in sorted(used - self.own):
            if name in ALIASES and ALIASES[name] not in self.meaning.values():
                self.meaning[name] = ALIASES[name]

    def allows(self, match: Match) -> bool:
        """Whether the names of a match agree with all that is settled."""
        return all(self._may_mean(own, name) for own, name in match.names.items())

    def settle(self, candidates: Sequence[Sequence[Match]]) -> list[Match | None]:
        """One match for each statement, the unmistakable ones first; None where none is left."""
        found: list[Match | None] = [None] * len(candidates)
        waiting: Mapping[int, Sequence[Match]] = dict(enumerate(candidates))
        while waiting:
            doubtful = {}
            for index, some in waiting.items():
                left = [match for match in some if self.allows(match)]
                if len(left) > 1:
                    doubtful[index] = left
                elif left:
                    found[index] = self._take(left)
            if len(doubtful) == len(waiting):
                index = next(iter(doubtful))
                found[index] = self._take(doubtful.pop(index))
            waiting = doubtful
        return found

    def _take(self, some: Sequence[Match]) -> Match:
        best = min(some, key=self._strangeness)
        self.meaning |= best.names
        return best

    def _may_mean(self, own: str, name: str) -> bool:
        if own in self.meaning or name in self.meaning.values():
            return self.meaning.get(own) == name
        return own == name or own in self.own

    def _strangeness(self, match: Match) -> tuple[int, int]:
        hinted = sum(ALIASES.get(own, own) == name for own, name in match.names.items())
        return match.loose, -hinted


def calls_it(meaning: Mapping[str, str], name: str) -> str | None:
    """The text's own name for one of the vocabulary's, if that is another."""
    return next((own for own, each in meaning.items() if each == name and own != name), None)
