"""The recorder that looks after every line of one step: what holds, and what the line changed."""

from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from trainer.engine.graph import Flow, Graph, graph_of
from trainer.engine.instrument import Hook, Site
from trainer.engine.passes import fits
from trainer.engine.recorder import Recorder
from trainer.engine.state import State, of_tensor, parameters_of, state_of

BACKWARD = "loss.backward"
ROWS = "loss of each row"
"""Not a name of the program, and none could be: it has spaces."""
MOST = 250
"""Lines of one step: a program whose loops deal no batch has them all in its first."""


@dataclass(slots=True)
class Moment:
    """A line that ran, and what is another afterwards. passes: how many had begun by then.

    inside: of the body of the innermost loop, or its header. changed: by path; gone: what is no
    more. recording: whether operations after it are recorded for gradients.
    """

    site: Site
    passes: int
    inside: bool
    changed: State
    gone: list[str]
    recording: bool


@dataclass(slots=True)
class Graphed:
    """A graph as it was after the moment of that place."""

    moment: int
    graph: Graph | None


@dataclass(slots=True)
class Flown:
    """A backward pass in the moment of that place, through the graph of that place."""

    moment: int
    graph: int
    flow: Flow


@dataclass(slots=True)
class Witness(Recorder):
    """Watches step `wanted` of a run of `last` steps; what comes behind the last is of it, too."""

    wanted: int = 1
    last: int = 1
    moments: list[Moment] = field(default_factory=list)
    graphs: list[Graphed] = field(default_factory=list)
    flows: list[Flown] = field(default_factory=list)
    start: State = field(default_factory=dict)
    left_out: int = 0
    over: bool = False
    """Whether the program went on to the step behind."""
    pending: Site | None = None
    """The line that is being executed."""
    _given: frozenset[str] = frozenset()
    _between: bool = False
    _state: State = field(default_factory=dict)
    _rows: Tensor | None = None
    _loss: object = None

    def __post_init__(self) -> None:
        Recorder.__post_init__(self)
        self._given = frozenset(self.names)

    # -- what to call where --------------------------------------------------------

    def before(self, site: Site) -> Hook:
        """Tell of the line before, if nothing did; then this one is under way."""
        base = Recorder.before(self, site)

        def begin() -> None:
            self._tell()
            base()
            self.pending = site
            if site.call == BACKWARD and self._is_wanted():
                self._watch_backward()

        return begin

    def after(self, site: Site) -> Hook:
        """Tell of the line."""
        base = Recorder.after(self, site)

        def tell() -> None:
            base()
            self._tell()

        return tell

    def enter(self, site: Site) -> Hook:
        """Tell of the header, whose names are bound by now."""
        base = Recorder.enter(self, site)

        def begin() -> None:
            self.over = site.innermost and len(self.passes) >= self.step_budget
            base()
            self._between, self._rows, self.pending = not site.innermost, None, site
            self._tell()

        return begin

    def leave(self, site: Site) -> Hook:
        """Tell of a block's header, if that was the last line of the round."""
        base = Recorder.leave(self, site)

        def end() -> None:
            self._tell()
            base()

        return end

    # -- lines ---------------------------------------------------------------------

    def tell_last(self, line: int) -> None:
        """Tell of the line at which the program broke off."""
        if self.pending is None:
            self.pending = Site(line, frozenset(), "", 0, innermost=False)
        self._tell()

    def _at(self) -> int:
        """The step that a line of now belongs to: ahead of an epoch's batches, its first."""
        return max(1, len(self.passes) + self._between)

    def _is_wanted(self) -> bool:
        return self._at() == self.wanted or self.wanted == self.last < self._at()

    def _tell(self) -> None:
        site, self.pending = self.pending, None
        if site is None or self._at() < self.wanted - 1:
            return
        if not self._is_wanted():
            self._state = self._look(site)
        elif len(self.moments) < MOST:
            self._note(site)
        else:
            self.left_out += 1

    def _note(self, site: Site) -> None:
        if not self.moments:
            self.start, self._loss = self._state, self.names.get("loss")
        known, self._state = self._state, self._look(site)
        changed = {path: seen for path, seen in self._state.items() if known.get(path) != seen}
        gone = [path for path in known if path not in self._state]
        self.moments.append(
            Moment(
                site, len(self.passes), self._inside or site.innermost, changed, gone,
                torch.is_grad_enabled(),
            )
        )  # fmt: skip
        self._close_flow()
        if self.names.get("loss") is not self._loss:
            self._note_graph(len(self.moments) - 1)

    def _look(self, site: Site) -> State:
        state = state_of(self.names, self._given)
        if "logits" in site.binds and self._inside:
            self._rows = self._row_losses()
        if self._rows is not None:
            state[ROWS] = of_tensor("rows", self._rows)
        return state

    def _row_losses(self) -> Tensor | None:
        """Cross-entropy of each row (n,), where logits and labels allow it."""
        logits, y, classes = (self.names.get(name) for name in ("logits", "y", "classes"))
        if not isinstance(logits, Tensor) or not isinstance(y, Tensor) or not classes:
            return None
        if not fits(logits, y, classes) or not logits.is_floating_point() or not len(y):
            return None
        if y.min() < 0 or y.max() >= classes:
            return None
        return cross_entropy(logits.detach(), y, reduction="none")

    # -- the graph -----------------------------------------------------------------

    def _note_graph(self, moment: int) -> None:
        self._loss = self.names.get("loss")
        root = self._loss.grad_fn if isinstance(self._loss, Tensor) else None
        self.graphs.append(Graphed(moment, graph_of(root) if root else None))

    def _watch_backward(self) -> None:
        if not self.graphs:
            self._note_graph(len(self.moments))
        flow = Flow()
        if graph := self.graphs[-1].graph:
            flow.watch(graph)
        self.flows.append(Flown(len(self.moments), len(self.graphs) - 1, flow))

    def _close_flow(self) -> None:
        for flown in self.flows:
            flown.flow.close()

    def named(self) -> dict[int, str]:
        """Names of the model's parameters by their identity."""
        return {id(each): name for name, each in parameters_of(self.names.get("model"))}
