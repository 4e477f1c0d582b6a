"""One spelling for what may be said in several ways: applied to lines and to typed text alike."""

import ast

POSITIONAL = {
    "DataLoader": ("", "batch_size", "shuffle"),
    "SGD": ("", "lr", "momentum"),
    "Adam": ("", "lr"),
    "AdamW": ("", "lr"),
    "RMSprop": ("", "lr"),
    "ExponentialLR": ("", "gamma"),
    "clip_grad_norm_": ("", "max_norm"),
    "one_hot": ("", "num_classes"),
    "Dropout": ("p",),
    "train": ("mode",),
    "zero_grad": ("set_to_none",),
    **dict.fromkeys(("softmax", "argmax", "squeeze", "unsqueeze", "min", "max"), ("dim",)),
}
"""What an argument without a name is called, by the last name of what is called."""

DEFAULTS: dict[str, dict[str, object]] = {
    "DataLoader": {"shuffle": False, "drop_last": False, "num_workers": 0},
    "Linear": {"bias": True},
    "ReLU": {"inplace": False},
    "Dropout": {"p": 0.5, "inplace": False},
    "CrossEntropyLoss": {"reduction": "mean"},
    "MSELoss": {"reduction": "mean"},
    "cross_entropy": {"reduction": "mean"},
    "mse_loss": {"reduction": "mean"},
    "train": {"mode": True},
    "zero_grad": {"set_to_none": True},
    "backward": {"retain_graph": False},
}
"""Arguments that may as well be left out."""

FUNCTIONS = ("softmax", "argmax", "relu", "squeeze", "unsqueeze", "detach")
"""`torch.relu(x)` and `nn.functional.relu(x)` are `x.relu()`."""

LAYERS = {"Softmax": "softmax", "ReLU": "relu"}
"""So is `nn.ReLU()(x)`."""

LAST_OF_TWO = ("softmax", "argmax", "squeeze", "unsqueeze")
"""Their dim of -1 is 1: what they are given is a table, or is about to be one."""

MODULES = {
    "F": "nn.functional",
    "optim": "torch.optim",
    "clip_grad_norm_": "nn.utils.clip_grad_norm_",
}
"""Short names that people import, written out."""

PREFIXES = (("torch.nn.", "nn."), ("torch.utils.data.DataLoader", "DataLoader"),
            ("nn.Linear", "Linear"))  # fmt: skip


def plainly(node: ast.stmt) -> ast.stmt:
    """The same statement in the one spelling that lines are compared in."""
    plain = _Plainly().visit(node)
    assert isinstance(plain, ast.stmt)  # noqa: S101 - a statement stays one
    return plain


class _Plainly(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.expr:
        return _dotted(MODULES[node.id]) if node.id in MODULES else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        written = dotted_name(node)
        for long, short in PREFIXES:
            if written.startswith(long) and (long.endswith(".") or written == long):
                return _dotted(short + written.removeprefix(long))
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.target, ast.Name):
            return node
        value = ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value)
        return ast.copy_location(ast.Assign([node.target], value), node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Subscript(
                value=ast.Attribute(value=ast.Name() as name, attr="shape"),
                slice=ast.Constant(value=0),
            ):
                return _call(ast.Name("len", ast.Load()), [name])
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        return _named(_as_range(_as_method(node)))


def dotted_name(node: ast.AST) -> str:
    """`torch.nn.utils` for such an expression, empty for any other."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def last_name(node: ast.AST) -> str:
    """The name by which something is called: `backward` of `loss.backward`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _dotted(name: str) -> ast.expr:
    first, *rest = name.split(".")
    node: ast.expr = ast.Name(first, ast.Load())
    for part in rest:
        node = ast.Attribute(node, part, ast.Load())
    return node


def _call(
    func: ast.expr, args: list[ast.expr], keywords: list[ast.keyword] | None = None
) -> ast.Call:
    return ast.Call(func, args, keywords or [])


def _as_method(node: ast.Call) -> ast.Call:
    """Functions of a tensor, layers made for one use and `forward` as what they come to."""
    match node:
        case ast.Call(func=ast.Attribute(attr="forward", value=model)):
            return _call(model, node.args, node.keywords)
        case ast.Call(func=ast.Attribute(attr="size", value=ast.Name() as name),
                      args=[ast.Constant(value=0)], keywords=[]):  # fmt: skip
            return _call(ast.Name("len", ast.Load()), [name])
        case ast.Call(func=ast.Call(func=layer) as made, args=[only], keywords=[]) if last_name(
            layer
        ) in LAYERS and dotted_name(layer).startswith("nn."):
            method = ast.Attribute(only, LAYERS[last_name(layer)], ast.Load())
            return _call(method, made.args, made.keywords)
        case ast.Call(func=ast.Attribute(attr=attr) as func, args=[first, *rest]) if (
            attr in FUNCTIONS and dotted_name(func) in (f"torch.{attr}", f"nn.functional.{attr}")
        ):
            return _call(ast.Attribute(first, attr, ast.Load()), rest, node.keywords)
        case ast.Call(
            func=ast.Attribute(attr="train", value=model), args=[ast.Constant(value=False)]
        ):
            return _call(ast.Attribute(model, "eval", ast.Load()), [])
    return node


def _as_range(node: ast.Call) -> ast.Call:
    """`range(0, n)` and `range(1, n + 1)` go round as often as `range(n)`."""
    match node:
        case ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=0), end], keywords=[]):
            return _call(node.func, [end])
        case ast.Call(
            func=ast.Name(id="range"),
            args=[ast.Constant(value=1), ast.BinOp(end, ast.Add(), ast.Constant(value=1))],
            keywords=[],
        ):
            return _call(node.func, [end])
        case ast.Call(
            func=ast.Name(id="range"),
            args=[ast.Constant(value=1), ast.Constant(value=int(end))],
            keywords=[],
        ):
            return _call(node.func, [ast.Constant(end - 1)])
    return node


def _named(node: ast.Call) -> ast.Call:
    """Arguments by their names, without those that say what is so anyway."""
    called = last_name(node.func)
    names = POSITIONAL.get(called, ())
    args, keywords = list[ast.expr](), list(node.keywords)
    for index, value in enumerate(node.args):
        name = names[index] if index < len(names) else ""
        if name and not isinstance(value, ast.Starred):
            keywords.append(ast.keyword(name, value))
        else:
            args.append(value)
    kept = [each for each in keywords if not _is_default(called, each)]
    for each in kept:
        if called in LAST_OF_TWO and each.arg == "dim" and _is_minus_one(each.value):
            each.value = ast.Constant(1)
    return ast.copy_location(_call(node.func, args, kept), node)


def _is_minus_one(node: ast.expr) -> bool:
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)):
            return True
    return False


def _is_default(called: str, keyword: ast.keyword) -> bool:
    defaults = DEFAULTS.get(called, {})
    if keyword.arg not in defaults or not isinstance(keyword.value, ast.Constant):
        return False
    default, value = defaults[keyword.arg], keyword.value.value
    return type(default) is type(value) and default == value
