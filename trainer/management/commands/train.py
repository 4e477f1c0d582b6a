"""One run without the web, on the engine of the site.

Its options are the settings of `RunSpec`; values reach the spec as they were typed, so that
they are refused here in the same words as on the page.
"""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from threading import Event, Thread
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from trainer.engine.csv_file import MAX_BYTES, NoTable, read
from trainer.engine.program import Program, ProgramError
from trainer.engine.spec import PRESETS, RunSpec, SpecError
from trainer.engine.table import OWN
from trainer.engine.vocabulary import VOCABULARY
from trainer.executors import Busy, Overdue, RunnerLost, executor
from trainer.management.report import report

REFUSED = 2
SETTINGS = tuple(field for field in fields(RunSpec) if field.name != "table")


class Command(BaseCommand):
    """`manage.py train`: a table and a curve, or the trace document."""

    help = "Train once and print what happened."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """One option per setting of a run, and what to start from, arrange and print."""
        for field in SETTINGS:
            parser.add_argument(_option(field.name), help=f"calm has {field.default or 'none'}")
        parser.add_argument("--preset", help=f"settings to start from: {', '.join(PRESETS)}")
        parser.add_argument(
            "--lines",
            help="the batch body, or with for_batch in it the whole program: id,id:level,...",
        )
        parser.add_argument("--csv", type=Path, help="the file of the data set csv")
        parser.add_argument("--csv-class", default="", help="its class column, if not the last")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--json", action="store_true", help="print the trace document")
        what.add_argument(
            "--list-lines", action="store_true", help="print the lines to choose from"
        )

    def handle(self, *_args: object, **options: Any) -> None:
        """Print what was asked for. Exits with 2 when spec or lines are refused."""
        spec, program = self._wanted(options)
        if options["list_lines"]:
            self._list_lines(spec)
            return
        key = secrets.token_urlsafe()
        try:
            with self._progress(key):
                trace = executor().run(spec, program, key=key)
        except (Busy, Overdue, RunnerLost) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(trace.text() if options["json"] else report(trace.document))

    def _wanted(self, options: dict[str, Any]) -> tuple[RunSpec, Program]:
        given = {name: options[name] for name in ("preset", *(field.name for field in SETTINGS))}
        try:
            spec = RunSpec.parse(given, self._table(options))
        except SpecError as refused:
            self._refuse({_option(name): reason for name, reason in refused.errors.items()})
        if options["lines"] is None:
            return spec, Program.correct()
        try:
            return spec, Program.parse(options["lines"])
        except ProgramError as refused:
            self._refuse({"--lines": str(refused)})

    def _table(self, options: dict[str, Any]) -> str:
        """The rows of `--csv`, spelled as a spec has them."""
        if options["csv"] is None:
            if options["dataset"] == OWN:
                self._refuse({"--dataset": "csv needs its file: --csv FILE."})
            return ""
        if options["dataset"] != OWN:
            self._refuse({"--csv": "Only --dataset csv reads a file."})
        try:
            with options["csv"].open("rb") as file:
                return read(file.read(MAX_BYTES + 1), options["csv_class"]).text()
        except OSError as error:
            self._refuse({"--csv": f"{error.strerror}."})
        except NoTable as refused:
            more = [f"And {refused.more:,} more like these."] if refused.more else []
            self._refuse_all([("--csv", reason) for reason in (*refused.reasons, *more)])

    def _refuse(self, reasons: dict[str, str]) -> NoReturn:
        self._refuse_all(reasons.items())

    def _refuse_all(self, reasons: Iterable[tuple[str, str]]) -> NoReturn:
        for option, reason in reasons:
            self.stderr.write(f"{option}: {reason}")
        raise SystemExit(REFUSED)

    def _list_lines(self, spec: RunSpec) -> None:
        width = max(map(len, VOCABULARY))
        for line in VOCABULARY.values():
            source = " ".join(part.strip() for part in line.source(spec).split("\n"))
            self.stdout.write(f"{line.id:{width}}  {line.section:5}  {line.level}  {source}")

    @contextmanager
    def _progress(self, key: str) -> Iterator[None]:
        """Show the step reached for as long as the block runs, if someone looks on."""
        if not self.stderr.isatty():
            yield
            return
        done = Event()
        watcher = Thread(target=self._watch, args=(key, done))
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()

    def _watch(self, key: str, done: Event) -> None:
        while not done.wait(0.1):
            seen = executor().progress(key)
            text = f"step {seen.step} of {seen.steps}" if seen else "getting ready"
            self._say(f"\r{text:40}")
        self._say(f"\r{'':40}\r")

    def _say(self, text: str) -> None:
        """Write to the terminal at once, and not in the colour of errors."""
        self.stderr.write(text, style_func=str, ending="")
        self.stderr.flush()


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
