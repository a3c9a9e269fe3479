"""A plan → sentences with the conventions in force, for the head of a report; it trains nothing."""

from __future__ import annotations

from collections.abc import Iterator

from backcheck.catalogue import OPTIMISERS, SCHEDULES
from backcheck.spelling import Figures
from backcheck.training.examples import held_out
from backcheck.training.plan import Penalty, Plan
from backcheck.training.run import Run
from backcheck.worksheet import Worksheet
from backcheck.writing.conventions import frozen_says, kinks, of_network, shape

number = Figures(digits=6)
UPDATES = {  # name → what it does in update n, its settings and what is left of 1 put in
    "sgd": "gradient descent (SGD): w − η·g",
    "momentum": "momentum: m = {beta}·m + g, then w − η·m; m begins with 0",
    "nesterov": "Nesterov: m = {beta}·m + g, then w − η·(g + {beta}·m); m begins with 0",
    "adam": "Adam: m = {beta1}·m + {rest1}·g, v = {beta2}·v + {rest2}·g², in update n "
    "w − η·m/(1 − {beta1}ⁿ)/(√(v/(1 − {beta2}ⁿ)) + {epsilon}); m and v begin with 0",
    "adamw": "AdamW: m = {beta1}·m + {rest1}·g, v = {beta2}·v + {rest2}·g², in update n w·(1 − η·{decay}) "
    "− η·m/(1 − {beta1}ⁿ)/(√(v/(1 − {beta2}ⁿ)) + {epsilon}); m and v begin with 0, and the decay is no part of g",
    "rmsprop": "RMSProp: v = {rho}·v + {rest}·g², then w − η·g/(√v + {epsilon}); v begins with 0",
}
RATES = {  # e epochs lie behind, E are planned
    "constant": "η = {eta} in every epoch",
    "step": "η = {eta}·{factor}^⌊e/{every}⌋ after e epochs: times {factor} after every {every}",
    "exponential": "η = {eta}·{factor}^e after e epochs",
    "cosine": "η = {to} + ({eta} − {to})·(1 + cos(π·e/{E}))/2 after e epochs",
    "plateau": "η = {eta}, times {factor} whenever {patience} epochs went by without {watched} {lower}",
}
CLIPS = {
    "norm": "clipping: where all slopes together, as one vector, are longer than {limit}, they are scaled down to that length",
    "value": "clipping: each slope is cut off at ±{limit}",
}
PRECISIONS = {
    "float64": "numbers with 64 bits (float64), about 16 digits",
    "float32": "numbers with 32 bits (float32), about 7 digits",
}


def facts(sheet: Worksheet, plan: Plan) -> list[str]:
    """What is trained, how, and what the numbers that are shown mean."""
    found = [shape(sheet), *of_network(sheet), *kinks(sheet), _batches(sheet, plan), _optimiser(sheet, plan), _rate(sheet, plan)]
    frozen = frozen_says(sheet)
    found += [f"frozen: {', '.join(frozen)}"] if frozen else []
    found += [*_penalties(plan), *_dropout(plan), *_clip(plan), *_early(plan), *_held_out(sheet, plan), *_start(plan)]
    every = "all examples that are trained on" if plan.held_out is not None else "all examples"
    return [*found, f"the loss shown is that of {every}, without penalties and without dropout; epoch 0 is before the first update"]


def in_common(runs: list[Run]) -> list[str]:
    """The facts that hold of all of several runs; of one, all its facts."""
    every = [facts(run.sheet, run.plan) for run in runs]
    found = [sentence for sentence in every[0] if all(sentence in other for other in every)]
    return found if len(found) == len(every[0]) else [*found, "what else is different from run to run stands in their names"]


def of_its_own(run: Run, runs: list[Run]) -> list[str]:
    """The facts that do not hold of all."""
    shared = in_common(runs)
    return [sentence for sentence in facts(run.sheet, run.plan) if sentence not in shared]


def _trained_on(sheet: Worksheet, plan: Plan) -> int:
    examples = len(sheet.given["x"])
    return examples - (int(held_out(examples, plan.held_out, plan.seed).sum()) if isinstance(plan.held_out, float) else 0)


def _batches(sheet: Worksheet, plan: Plan) -> str:
    examples = _trained_on(sheet, plan)
    epochs = f"{plan.epochs:,} epoch{'s' * (plan.epochs != 1)}"
    if plan.batch_size is None or plan.batch_size >= examples:
        which = "its one example" if examples == 1 else f"all {examples:,} examples at once (full batch)"
        return f"trained for {epochs} on {which}: one update in each epoch"
    updates = -(-examples // plan.batch_size)
    order = f"shuffled anew in every epoch with seed {plan.seed}" if plan.shuffle else "in the order of the file, never shuffled"
    size = f"mini-batches of {plan.batch_size:,}" if plan.batch_size > 1 else "mini-batches of one example"
    return f"trained for {epochs} on {examples:,} examples in {size}, {order}: {updates:,} updates in each epoch"


def _settings(defaults: dict[str, str], settings: dict[str, float]) -> dict[str, str]:
    """Every setting as it is written."""
    return {**defaults, **{name: number(value) for name, value in settings.items()}}


def _optimiser(sheet: Worksheet, plan: Plan) -> str:
    name = plan.optimiser.name
    values = _settings(OPTIMISERS[name], plan.optimiser.settings)
    rest = {f"rest{letter[4:]}": number(1 - float(values[letter])) for letter in values if letter.startswith("beta")}
    rest |= {"rest": number(1 - float(values["rho"]))} if "rho" in values else {}
    part = plan.batch_size is not None and plan.batch_size < _trained_on(sheet, plan)
    slope = "the slope ∂L/∂w of the mini-batch" if part else "the slope ∂L/∂w"
    more = [*(["with the penalties"] if plan.l1 or plan.l2 else []), *(["clipped"] if plan.clip else [])]
    return f"{UPDATES[name].format(**values, **rest)}; g is {', '.join([slope, *more])}"


def _rate(sheet: Worksheet, plan: Plan) -> str:
    values = _settings(SCHEDULES[plan.schedule.name], plan.schedule.settings)
    written = sheet.names.written.get(("eta", ())) or number(float(sheet.given["eta"]))
    values |= {"eta": written, "E": str(plan.epochs), "watched": _watched(plan), "lower": _lower(values.get("least", "0"))}
    return f"learning rate: {RATES[plan.schedule.name].format(**values)}"


def _watched(plan: Plan) -> str:
    return "a held-out loss" if plan.held_out is not None else "a loss"


def _lower(least: str) -> str:
    """
    >>> _lower("0"), _lower("0.01")
    ('that is lower than any before', 'that is lower than any before by more than 0.01')
    """
    return "that is lower than any before" + (f" by more than {least}" if float(least) else "")


def _penalties(plan: Plan) -> Iterator[str]:
    for name, penalty in (("L1", plan.l1), ("L2", plan.l2)):
        if penalty:
            yield _penalty(name, penalty)


def _penalty(name: str, penalty: Penalty) -> str:
    """
    >>> _penalty("L2", Penalty(0.01))
    'L2: 0.01·Σw² is added to the loss, without ½, of the weights only, not of the biases; it adds 2·0.01·w to the slope of w'
    """
    strength = number(penalty.strength)
    size, slope = ("|w|", "·sign(w)") if name == "L1" else ("w²", "·w")
    factor = {(False, "L1"): "", (True, "L1"): "½·", (False, "L2"): "2·", (True, "L2"): ""}[penalty.half, name]
    half = "with ½" if penalty.half else "without ½"
    whose = "of weights and biases" if penalty.biases else "of the weights only, not of the biases"
    added = f"{'½·' * penalty.half}{strength}·Σ{size} is added to the loss, {half}, {whose}"
    return f"{name}: {added}; it adds {factor}{strength}{slope} to the slope of w"


def _dropout(plan: Plan) -> Iterator[str]:
    dropped = {layer: p for layer, p in enumerate(plan.dropout, 1) if p}
    for p in dict.fromkeys(dropped.values()):
        layers = [str(layer) for layer, other in dropped.items() if other == p]
        where = f"hidden layer{'s' * (len(layers) > 1)} {' and '.join([', '.join(layers[:-1]), layers[-1]][len(layers) < 2 :])}"
        keep = number(1 - p)
        yield (
            f"dropout: each output of {where} is kept with probability {keep} and dropped with {number(p)}, drawn with seed "
            f"{plan.seed}; it is inverted: what is kept is divided by {keep} in training, "
            "and nothing is dropped or divided at evaluation"
        )


def _clip(plan: Plan) -> Iterator[str]:
    if plan.clip:
        yield CLIPS[plan.clip.name].format(limit=number(plan.clip.settings["limit"]))


def _early(plan: Plan) -> Iterator[str]:
    if plan.early_stopping:
        values = {"patience": 10.0, "least": 0.0, **plan.early_stopping.settings}
        lower = f"{_watched(plan)} {_lower(number(values['least']))}"
        kept = "the values of the best epoch are kept" if values.get("keep_best") else "the values of the last epoch are kept"
        yield f"early stopping after {values['patience']:.0f} epochs without {lower}; {kept}"


def _held_out(sheet: Worksheet, plan: Plan) -> Iterator[str]:
    if isinstance(plan.held_out, float):
        examples = len(sheet.given["x"])
        count = examples - _trained_on(sheet, plan)
        yield f"held out: {count:,} of {examples:,} examples, drawn with seed {plan.seed}; nothing is learnt from them"
    elif plan.held_out is not None:
        yield f"held out: {len(plan.held_out.inputs):,} examples of their own; nothing is learnt from them"


def _start(plan: Plan) -> Iterator[str]:
    if plan.start:
        yield f"it begins with the parameters in {plan.start} (a warm start)"
    if plan.order == "output_first":
        yield "the output layer is updated first: each layer before the slopes of the layer below are worked"
    yield PRECISIONS[plan.precision]
