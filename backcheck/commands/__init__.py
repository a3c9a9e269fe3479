"""The commands and their options, as data; who reads the command line is no matter here.

Nothing is imported before a command needs it: `run` is the place of a function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, NamedTuple

from backcheck.writing.grades import FORMATS as GRADE_FORMATS
from backcheck.writing.proofs import FORMATS as PROOF_FORMATS

SHOWN_DIGITS = 6


class Parameter(NamedTuple):
    """An argument or an option of a command."""

    name: str
    type: type
    help: str
    default: Any = None
    metavar: str | None = None
    least: int | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()
    argument: bool = False  # told by its place, not by its name; with a default it may be left out
    many: bool = False  # may be given several times
    bare: str | None = None  # what it means when nothing follows it
    short: str = ""  # -j

    @property
    def option(self) -> str:
        """How it is typed; `with_` is `--with`, which is no name in Python."""
        return "--" + self.name.rstrip("_").replace("_", "-")


class Answer(NamedTuple):
    """What goes to stdout, and whether all that was checked is right, and readable."""

    text: str | Iterable[str]  # whole, or in pieces that can be read again
    right: bool = True
    unreadable: bool = False  # an answers file is: the others are graded
    fault: str = ""  # of backcheck itself, in some of what it had to do
    note: str = ""  # what else there is to know, for stderr
    interrupted: bool = False  # by Ctrl-C: what there was so far is shown


class Command(NamedTuple):
    """What `backcheck NAME` takes and does."""

    name: str
    help: str
    parameters: tuple[Parameter, ...]
    run: Callable[..., str | Answer]


def lazily(module: str, function: str) -> Callable[..., str | Answer]:
    """A function of a module here, imported when it is first called."""

    def run(*arguments: Any, **values: Any) -> Any:
        return getattr(import_module(f"backcheck.commands.{module}"), function)(*arguments, **values)

    return run


FILE = Parameter("file", str, "A problem file (YAML), or - for standard input.", metavar="FILE", argument=True)


# options of `train` that stand for a key of `training:`, or for another change of the file: name → what follows, help
TRAINING: dict[str, tuple[str, str]] = {
    "epochs": ("COUNT", "So many epochs (100 unless the file says so)."),
    "rate": ("NUMBER", "The learning rate."),
    "batch_size": ("COUNT", "Mini-batches of so many examples; all at once unless told."),
    "shuffle": ("true|false", "New mini-batches in every epoch, or always the same."),
    "seed": ("NUMBER", "Of the shuffling, of dropout and of the part that is held out."),
    "optimiser": ("NAME", "sgd, momentum, nesterov, adam, adamw or rmsprop; '{adam: {beta1: 0.8}}'."),
    "schedule": ("NAME", "constant, step, exponential, cosine or plateau; '{step: {every: 5, factor: 0.5}}'."),
    "l1": ("NUMBER", "λ·Σ|w| over the weights; '{strength: 0.01, biases: true}'."),
    "l2": ("NUMBER", "½·λ·Σw² over the weights; '{strength: 0.01, half: false, biases: true}'."),
    "dropout": ("NUMBER", "The probability that an output of a hidden layer is dropped; '{keep: 0.8}'."),
    "clip": ("NUMBER", "The greatest length of all slopes together; '{value: 0.5}' for each alone."),
    "early_stopping": ("true|…", "Stop where the loss falls no more; '{patience: 10, least: 0.001, keep_best: true}'."),
    "held_out": ("PART", "Hold back a part of the examples, 0.2, and measure on it."),
    "precision": ("float64|float32", "The kind of floating point numbers."),
    "order": ("NAME", "together, or output_first: each layer is updated before the slopes of the one below are worked."),
    "start": ("FILE", "Begin with W1, b1, … of an .npz file, such as a saved run."),
    "init": ("NAME", "Draw the weights anew: xavier, he, uniform, zeros; '{init: he, seed: 3}'."),
    "level": ("NUMBER", "Tell in which epoch the loss first was as low as this."),
    "activation": ("NAME", "Another activation of the hidden layers."),
    "hidden": ("COUNT", "So many hidden layers like the first one."),
}
QUESTIONS = ("perceptron", "initialisation", "importance")

COMMANDS = {
    command.name: command
    for command in (
        Command(
            "step",
            "Show one step, line by line. Forward pass, loss, backward pass and SGD update, as formula = numbers = result.",
            (
                FILE,
                Parameter("digits", int, f"Show so many significant digits ({SHOWN_DIGITS} unless told).", least=1, most=17),
                Parameter("decimals", int, "Show so many decimals.", least=0, most=30),
                Parameter(
                    "on_paper", int, "Round every result to so many decimals and carry the rounded number on.", least=0, most=15
                ),
                Parameter(
                    "steps", int, "Take so many steps: the loss of each, and the sheet of the last.", 1, least=1, most=1_000_000
                ),
                Parameter("only", str, "One quantity, like dL/dw5, and all that it comes from.", metavar="NAME"),
                Parameter("rate", str, "Another learning rate than the file's.", metavar="NUMBER"),
                Parameter("optimiser", str, "The update of another optimiser than the file's: momentum, adam, ….", metavar="NAME"),
                Parameter("format", str, "How to write the worksheet.", "text", choices=("text", "json", "markdown", "latex")),
            ),
            lazily("step", "step"),
        ),
        Command(
            "derive",
            "Derive the formulas. Of a problem file every derivative, beside its number; of an expression the graph and all paths; "
            "of an activation or a loss by its name its page; with --shape, derivatives between matrices.",
            (
                Parameter(
                    "source",
                    str,
                    "A problem file, - for standard input, an expression like 'ln(x) + exp(y)*z', or the name of a function.",
                    metavar="SOURCE",
                    argument=True,
                ),
                Parameter("at", str, "The values of an expression's variables: x=1,y=3.", metavar="VALUES"),
                Parameter("only", str, "One derivative, like dL/dw5, with its chain written out.", metavar="NAME"),
                Parameter("full", bool, "Composed in inputs and weights alone.", False),
                Parameter("second", bool, "Second derivatives: the Hessian, or with --only one row of it.", False),
                Parameter(
                    "graph",
                    str,
                    "Draw an expression's graph into a file (.svg, .mmd or .dot), or as mermaid or dot on the screen.",
                    metavar="FILE",
                    bare="terminal",
                ),
                Parameter(
                    "plot", str, "Draw a function and its slope into a file (.png or .svg).", metavar="FILE", bare="terminal"
                ),
                Parameter("shape", str, "The shape of a matrix: X=n,d. Once for each.", metavar="NAME=SIZES", many=True),
                Parameter("wrt", str, "What a matrix expression is differentiated by.", metavar="NAME"),
                Parameter("steps", bool, "A derivation line by line, as `backcheck prove` reads it.", False),
                Parameter("format", str, "How to write the formulas.", "text", choices=("text", "json", "latex", "markdown")),
            ),
            lazily("derive", "derive"),
        ),
        Command(
            "check",
            "Check every derivative by independent roads: by hand, by symbols and by nudging. Who dissents is named, and which "
            "step broke first.",
            (
                FILE,
                Parameter("all", bool, "Show every number, not only those that something is to be said of.", False),
                Parameter("certify", int, "Prove so many digits with ball arithmetic.", metavar="DIGITS", least=1, most=1000),
                Parameter("with_", str, "One road more, by a library that is installed.", choices=("torch", "jax")),
                Parameter("gradients", str, "Check arrays of your own instead: W1, b1, … in a .npz file.", metavar="FILE"),
                Parameter("lint", bool, "Tell what the exercise cannot reveal to the decimals that are written.", False),
                Parameter("decimals", int, "How many decimals --lint takes to be written.", 4, least=0, most=12),
                Parameter("exit_zero", bool, "Exit with 0 where something is wrong, too.", False),
                Parameter("format", str, "How to write the verdict.", "text", choices=("text", "json")),
            ),
            lazily("check", "check"),
        ),
        Command(
            "grade",
            "Mark answers worked by hand. Every number is judged from the numbers before it, with the digits that were written; "
            "the first wrong step is named, and the mistake behind it.",
            (
                FILE,
                Parameter(
                    "answers",
                    str,
                    "Answers: files (YAML, JSON, CSV, JSON lines, .npz), folders of them, or - for standard input.",
                    metavar="ANSWERS...",
                    argument=True,
                    many=True,
                ),
                Parameter("key", bool, "Show the true values beside what was written.", False),
                Parameter("hints", int, "0: where it is wrong; 1: which rule; 2: the formula with numbers.", 2, least=0, most=2),
                Parameter(
                    "write", str, "Write a format into a file as well, as often as wanted.", metavar="FORMAT=FILE", many=True
                ),
                Parameter("summary", bool, "How the class did, after all others.", False),
                Parameter("plot", str, "Draw how the class did into a file (.png or .svg).", metavar="FILE"),
                Parameter("gradebook", str, "The CSV that Canvas or Moodle exported, to be filled in.", metavar="EXPORT"),
                Parameter("id", str, "Its column that says who a student is.", metavar="COLUMN"),
                Parameter(
                    "column",
                    str,
                    "Its column for the score; --write gradebook=FILE takes the filled one.",
                    metavar="COLUMN",
                ),
                Parameter("jobs", int, "So many workers.", 1, metavar="N", least=1, most=256, short="-j"),
                Parameter("resume", str, "A journal: what it holds is not marked again after an interruption.", metavar="FILE"),
                Parameter("scheduler", str, "A Dask scheduler that the work is handed to.", metavar="ADDRESS"),
                Parameter("exit_zero", bool, "Exit with 0 where something is wrong, too.", False),
                Parameter("format", str, "How to write the marks.", "text", choices=GRADE_FORMATS),
            ),
            lazily("grade", "grade"),
        ),
        Command(
            "train",
            "Train a network and show its curves. What stands under `training:` in the file may be said here instead; with --vary, "
            "several runs side by side that differ in one thing.",
            (
                FILE,
                *(Parameter(name, str, help, metavar=metavar) for name, (metavar, help) in TRAINING.items()),
                Parameter(
                    "vary",
                    str,
                    "Runs side by side: rate=0.01,0.1,1 or activation=relu,tanh. Once for each.",
                    metavar="KEY=VALUES",
                    many=True,
                ),
                Parameter("plot", str, "Draw the curves into this folder.", metavar="DIR"),
                Parameter("picture", str, "What kind of pictures --plot draws.", "png", choices=("png", "svg")),
                Parameter("html", str, "Write a report, one page with all curves, into a file.", metavar="FILE"),
                Parameter("csv", str, "Write the numbers of all epochs into a file.", metavar="FILE"),
                Parameter("save", str, "Keep the run in a file (.npz), also when it is interrupted.", metavar="FILE"),
                Parameter("resume", str, "Go on with a run that was saved.", metavar="FILE"),
                Parameter("format", str, "How to write the run.", "text", choices=("text", "json", "csv")),
            ),
            lazily("train", "train"),
        ),
        Command(
            "explain",
            "Say why a network does not learn: what can be proven, what is measured, and what was tried, one change at a time.",
            (
                FILE,
                Parameter("rate", str, "Another learning rate than the file's.", metavar="NUMBER"),
                Parameter("epochs", str, "So many epochs for what is measured and tried.", metavar="COUNT"),
                Parameter(
                    "expect",
                    str,
                    "What should be so: frozen=W1,b1,W2. Exit with 1 if it is not.",
                    metavar="frozen=NAMES",
                    many=True,
                ),
                Parameter("proofs", bool, "Only what can be proven: nothing is trained.", False),
                Parameter("question", str, "Answer a question of concept instead.", choices=QUESTIONS),
                Parameter("plot", str, "Draw the curves of what was tried into this folder.", metavar="DIR"),
                Parameter("html", str, "Write a report, one page with all curves, into a file.", metavar="FILE"),
                Parameter("exit_zero", bool, "Exit with 0 where a claim is refuted, too.", False),
                Parameter("format", str, "How to write what was found.", "text", choices=("text", "json")),
            ),
            lazily("explain", "explain"),
        ),
        Command(
            "prove",
            "Judge a derivation by hand, line by line. Each is proven, false (with numbers that show it), does not follow, is not "
            "proven, or not understood; the first wrong one is named. A line is index k : K, vector z[k], let S = ..., given ..., "
            "claim A = B, case ..., at ...: ..., lim ..., therefore ... because ..., a formula, = ..., or => ...; functions are "
            "exp, ln, sqrt, abs, sign, max, min, sigmoid, tanh, relu, softplus, step, softmax, norm, sum, d.",
            (
                Parameter(
                    "file",
                    str,
                    "A derivation: text, Markdown with ```derivation blocks, YAML with `steps:`, or - for standard input.",
                    "",
                    metavar="FILE",
                    argument=True,
                ),
                Parameter(
                    "numbers", str, "Work every line with numbers: z=1,2,3. Once for each name.", metavar="NAME=VALUES", many=True
                ),
                Parameter(
                    "rules",
                    bool,
                    "Print the rules by which inferences are judged, all words and functions; no FILE is needed.",
                    False,
                ),
                Parameter("seconds", int, "So long may one step take; then it is undecided: not proven.", 1, least=1, most=60),
                Parameter("exit_zero", bool, "Exit with 0 where a line is wrong, too.", False),
                Parameter("format", str, "How to write the verdicts.", "text", choices=PROOF_FORMATS),
            ),
            lazily("prove", "prove"),
        ),
        Command(
            "schema",
            "Print the JSON Schema of problems. It is of draft 7, for editors that complete and check files.",
            (
                Parameter(
                    "of",
                    str,
                    "Of problem files, of answers, or of the JSON of `grade`.",
                    "problem",
                    choices=("problem", "answers", "marks"),
                ),
                Parameter("format", str, "A schema is JSON in either.", "json", choices=("text", "json")),
            ),
            lazily("step", "schema"),
        ),
        Command(
            "new",
            "Write a ready problem file. Its numbers are pleasant to work by hand.",
            (
                Parameter("shape", str, "Inputs, hidden units and outputs: 2-3-2.", metavar="SHAPE", argument=True),
                Parameter("activation", str, "Of the hidden layers, and of the outputs where the loss allows it.", "sigmoid"),
                Parameter("loss", str, "The loss.", "squared_error"),
                Parameter("examples", int, "How many examples.", 1, least=1, most=100),
                Parameter("seed", int, "Another seed, other numbers.", 0, least=0, most=2**31),
                Parameter("format", str, "The file itself, or JSON that holds it.", "text", choices=("text", "json")),
            ),
            lazily("step", "new"),
        ),
    )
}
