"""How a page is read: its tables, its fields, its words."""

from functools import cache
from html.parser import HTMLParser

from tests.staging import cut_short, short, trained
from tests.trainer.engine.test_odd_programs import CORE, SEEDS
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS, RunSpec
from trainer.engine.trace import Trace

FRAME = "loader,for_epoch,for_batch,scale"
HONEST = {
    "calm": PRESETS["calm"],
    "sgd": RunSpec(optimizer="sgd", lr=0.1, rows=300),
    "momentum": RunSpec(optimizer="momentum", lr=0.05, rows=250, batch_size=60),
    "adamw": RunSpec(optimizer="adamw", rows=300),
    "rmsprop": RunSpec(optimizer="rmsprop", lr=0.01, rows=300),
    "iris": PRESETS["iris"],
    "wine": PRESETS["wine"],
    "digits": RunSpec(dataset="digits", rows=300, hidden=20, epochs=2),
    "crawling": RunSpec(lr=1e-9, rows=100),
    "diverged": RunSpec(optimizer="sgd", lr=1e9, rows=300),
    "not finite": RunSpec(optimizer="adamw", lr=1e9, rows=300),
}
ODD = {
    "two steps": "zero_grad,forward,loss,backward,step,step",
    "step first": "step,zero_grad,forward,loss,backward",
    "cleared": "forward,loss,backward,zero_grad,step",
    "no step": "zero_grad,forward,loss,backward",
    "nothing": "train_mode:2",
    "failed": "zero_grad,forward,loss,backward,backward,step",
    "bad indentation": "zero_grad:3",
    "new head": f"{SEEDS},model,criterion,optimizer,new_head,{FRAME},{CORE}",
    "linear": f"{SEEDS},model_linear,criterion,optimizer,{FRAME},{CORE}",
    "dropout": f"{SEEDS},model_dropout,criterion,optimizer,{FRAME},{CORE}",
    "no scaler": "init_seed,shuffle_seed,model,criterion,optimizer,loader,for_epoch,for_batch,"
    + CORE,
    "scaled by nothing": "init_seed,shuffle_seed,scaler_none,model,criterion,optimizer,"
    f"{FRAME},{CORE}",
    "new model": "shuffle_seed,scaler,criterion,loader,for_epoch,init_seed:1,model:1,optimizer:1,"
    f"for_batch,scale,{CORE}",
    "no parameters": "init_seed,shuffle_seed,scaler,net,model_net,optimizer,for_batch:0",
    "no model": "loss,forward,for_batch:0",
}
NAMES = (*HONEST, *ODD, "stopped")


@cache
def trace_of(name: str) -> Trace:
    """A run by its name."""
    if name in HONEST:
        return trained(HONEST[name], Program.correct())
    return short(ODD[name]) if name in ODD else cut_short("Enough.", 2)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.values: dict[str, str] = {}
        self._label, self._row = "", list[str]()
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if given.get("class") == "scroll":
            self._label = given.get("aria-label", "")
        if tag == "input" and given.get("type") != "hidden":
            self.values[given["name"]] = given.get("value", "")
        if tag == "tr":
            self._row = []
        if tag in ("td", "th"):
            self._in_cell = True
            self._row.append("")

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self._row[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._in_cell = False
        if tag == "tr":
            cells = [" ".join(cell.split()) for cell in self._row]
            self.tables.setdefault(self._label, []).append(cells)


def tables(page: bytes) -> dict[str, list[list[str]]]:
    """Every table by the name of its frame: rows of cells, the head first."""
    return _read(page).tables


def values(page: bytes) -> dict[str, str]:
    """What stands in the fields that one can see."""
    return _read(page).values


def _read(page: bytes) -> _Page:
    reader = _Page()
    reader.feed(page.decode())
    return reader


def number(text: str) -> float:
    """A number as a page writes it."""
    return float(text.replace("\N{MINUS SIGN}", "-").replace(",", ""))
