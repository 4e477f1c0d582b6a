"""Runs whose steps are opened: every way in which one may end."""

from collections.abc import Callable
from dataclasses import replace

from tests.staging import SHORT, cut_short, short, trained
from trainer.engine.program import Program
from trainer.engine.spec import PRESETS
from trainer.engine.trace import Trace

FRAME = "init_seed,shuffle_seed,scaler,model,criterion,optimizer,loader"
CORE = "zero_grad,forward,loss,backward,step"
FOURTH = (
    f"{FRAME},scheduler,for_epoch,total_start,count_start,for_batch,scale,count_batch,forward,loss,"
    "backward,if_fourth,step:3,add_loss_tensor,mean_loss,scheduler_step"
)
NET = "init_seed,shuffle_seed,scaler,net,model_net,criterion,optimizer,loader,for_epoch,for_batch"
DROPOUT = f"{FRAME.replace('model', 'model_dropout')},for_epoch,train_mode,for_batch,scale,{CORE}"


def whole(lines: str, batch_size: int = SHORT.batch_size) -> Trace:
    """A short run of a program of its own."""
    return trained(replace(SHORT, batch_size=batch_size), Program.parse(lines))


RUNS: dict[str, Callable[[], Trace]] = {
    "short": short,
    "sgd": lambda: short(optimizer="sgd"),
    "momentum": lambda: short(optimizer="momentum"),
    "iris": lambda: trained(replace(PRESETS["iris"], epochs=1), Program.correct()),
    "digits": lambda: trained(replace(PRESETS["digits"], epochs=1, rows=300), Program.correct()),
    "one by one": lambda: short(rows=10, batch_size=1, epochs=1),
    "one step": lambda: short(rows=10, batch_size=10, epochs=1),
    "one unit": lambda: short(hidden=1),
    "diverged": lambda: short(optimizer="sgd", lr=1e9, epochs=4),
    "not finite": lambda: short(optimizer="adamw", lr=1e9, epochs=4),
    "fails at a name": lambda: short("zero_grad,loss,forward,backward,step"),
    "fails at backward": lambda: short("zero_grad,forward,loss,backward,backward,step"),
    "fails in place": lambda: short("forward,loss,step,backward"),
    "fails before the loop": lambda: whole(f"{NET},scale,{CORE}"),
    "no loss": lambda: short("zero_grad,forward"),
    "no graph": lambda: short("zero_grad,forward,loss,loss_wrapped,backward,step"),
    "item": lambda: short("zero_grad,forward,loss,loss_item"),
    "argmax": lambda: short("zero_grad,forward,argmax"),
    "never moves": lambda: short("zero_grad,forward,loss,backward"),
    "nothing": lambda: short("scale"),
    "accumulating": lambda: short("forward,loss,backward,step"),
    "parted": lambda: short("zero_grad,forward_hidden,detach_hidden,forward_head,loss,backward"),
    "columns": lambda: short("zero_grad,forward,labels_column"),
    "one hot": lambda: short("labels_one_hot,zero_grad,forward,loss,backward,step"),
    "fourth": lambda: whole(FOURTH, batch_size=5),
    "dropout": lambda: whole(DROPOUT),
    "no model": lambda: whole("shuffle_seed,scaler,loader,for_epoch,for_batch,scale"),
    "no epochs": lambda: whole(f"{FRAME},for_batch:0,scale:1,forward:1,loss:1"),
    "stopped": lambda: cut_short(at=3),
}
