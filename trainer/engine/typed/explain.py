"""Why a statement is no line of the vocabulary: the most useful thing that can be said of it."""

import ast
from collections.abc import Sequence
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache

from trainer.engine.spec import RunSpec
from trainer.engine.typed.matching import Match
from trainer.engine.typed.naming import ALIASES, Naming, calls_it, used_names
from trainer.engine.typed.patterns import GIVEN, known_attributes, known_names, patterns
from trainer.engine.typed.settings import values_of
from trainer.engine.typed.spelling import dotted_name
from trainer.engine.vocabulary import VOCABULARY

LONGEST = 60
NEAR = 0.6
NO_LINE = "This is not one of the course's lines."

WORDS: dict[type[ast.AST], str] = {
    ast.While: "while", ast.Try: "try", ast.FunctionDef: "def", ast.Return: "return",
    ast.Import: "import", ast.ImportFrom: "import", ast.Delete: "del", ast.Raise: "raise",
    ast.Assert: "assert", ast.Global: "global", ast.Break: "break", ast.Continue: "continue",
    ast.Pass: "pass",
}  # fmt: skip


def explain(node: ast.stmt, fitting: Sequence[Match], naming: Naming, spec: RunSpec) -> str:
    """A sentence or two about the statement, given all patterns that it fits if names agree."""
    return (
        _word(node)
        or _settings(fitting, naming, spec)
        or _name(node, naming)
        or _attribute(node)
        or _called_otherwise(fitting, naming)
        or _nearest(node, spec)
    )


def _word(node: ast.stmt) -> str:
    if type(node) in WORDS:
        return f"`{WORDS[type(node)]}` is not used in the course's loops."
    match node:
        case ast.If(orelse=[_, *_]) | ast.For(orelse=[_, *_]):
            return "`else` is not used in the course's loops."
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"))):
            return "`print` is not needed: the run shows every loss by itself. Leave it out."
    return ""


def _settings(fitting: Sequence[Match], naming: Naming, spec: RunSpec) -> str:
    """The right line with another number, or another optimizer, than this run has."""
    for match in (each for each in fitting if naming.allows(each)):
        if match.pattern.optimizer not in ("", spec.optimizer):
            (name,) = match.pattern.ids
            wanted = VOCABULARY[name].source(spec)
            return f"The settings say {spec.optimizer}: write `{wanted}`, or change the settings."
        for setting, value in match.wrong:
            if setting:
                known = values_of(spec)[setting]
                return f"`{setting}` is {known} in this run, not {value:.10g}."
            line = VOCABULARY[match.pattern.ids[0]].source(spec) if match.pattern.ids else ""
            return f"The course's line has another number: `{line}`."
    return ""


def _attribute(node: ast.stmt) -> str:
    known = sorted(known_attributes())
    called = {id(each.func) for each in ast.walk(node) if isinstance(each, ast.Call)}
    for each in ast.walk(node):
        if not isinstance(each, ast.Attribute) or each.attr in known:
            continue
        owner = dotted_name(each.value)
        written = _short(f"{owner}.{each.attr}" if owner else f".{each.attr}")
        kind = "method" if id(each) in called else "name"
        if close := get_close_matches(each.attr, known, 1, NEAR):
            meant = f"{owner}.{close[0]}" + "()" * (id(each) in called)
            return (
                f"`{written}` is no {kind} that the course knows; did you mean `{_short(meant)}`?"
            )
        return f"`{written}` is no {kind} that the course's lines use."
    return ""


def _name(node: ast.stmt, naming: Naming) -> str:
    for each in sorted(used_names([node])):
        if each in naming.own or each in naming.meaning or each in GIVEN:
            continue
        if each in ALIASES:
            other = calls_it(naming.meaning, ALIASES[each]) or ALIASES[each]
            return f"`{_short(each)}` is not bound anywhere; elsewhere it is called `{other}`."
        known = sorted({*known_names(), *GIVEN, *naming.own})
        close = get_close_matches(each, known, 1, NEAR) if len(each) > 1 else []
        hint = f" Did you mean `{close[0]}`?" if close else ""
        return f"The name `{_short(each)}` is not known here.{hint}"
    return ""


def _called_otherwise(fitting: Sequence[Match], naming: Naming) -> str:
    """A line with a name that stands for something else, or is called something else elsewhere."""
    for match in fitting:
        for own, name in match.names.items():
            if (other := calls_it(naming.meaning, name)) and other != own:
                return f"`{_short(own)}` is called `{_short(other)}` elsewhere in the text."
            if name in naming.meaning.values() and own != name:
                return f"`{_short(own)}` stands where the text says `{name}` elsewhere."
            if naming.meaning.get(own, name) != name:
                return f"`{_short(own)}` stands where `{name}` belongs."
    return ""


def _nearest(node: ast.stmt, spec: RunSpec) -> str:
    text = _text(node)[:200]
    best, near = "", NEAR
    for line, known in _spelled().items():
        if (ratio := SequenceMatcher(None, text, known).ratio()) > near:
            best, near = VOCABULARY[line].source(spec), ratio
    if not best:
        return NO_LINE
    return f"{NO_LINE} The nearest is `{' '.join(best.split())}`."


@lru_cache(maxsize=1)
def _spelled() -> dict[str, str]:
    return {each.ids[0]: _text(each.tree) for each in reversed(patterns()) if each.ids}


def _text(node: ast.stmt) -> str:
    """The statement in one spelling; nothing for what Python itself cannot spell."""
    try:
        return ast.unparse(node).strip()
    except ValueError:
        return ""


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
