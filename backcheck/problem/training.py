"""The section `training:` of a problem file → a plan, every fault noted; it knows no weights, and trains nothing."""

from __future__ import annotations

from backcheck.arithmetic import number
from backcheck.catalogue import CLIPS, EARLY, OPTIMISERS, ORDERS, PRECISIONS, SCHEDULES
from backcheck.cells import PARAMETER
from backcheck.errors import did_you_mean
from backcheck.problem.reading import Reading
from backcheck.problem.text import List, Map, Node, Scalar, kind
from backcheck.training.plan import Choice, HeldOut, Penalty, Plan
from backcheck.worksheet import Array, Phase, Worksheet

MOST_EPOCHS = 10_000_000
# settings of optimisers and schedules that must lie between 0 and 1, and those that count epochs
SHARES, COUNTS = {"beta", "beta1", "beta2", "rho"}, {"every", "patience"}


def training(node: Node, sheet: Worksheet, reading: Reading, folder: str) -> tuple[Plan, dict[str, Array]]:
    """The plan of a network's file, and the parameters of a saved run that it begins with; what is not said is as usual."""
    settings = reading.mapping(node, "training")
    if not isinstance(settings, Map):
        return Plan(), {}
    reading.keys(settings, KEYS, "training")
    if (drawn := settings.get("init")) and settings.get("start"):
        reading.fault(drawn, "start says already where all weights come from", "keep init or start")
    read = _Section(reading, sheet, folder)
    found = {key.text: getattr(read, key.text)(value) for key, value in settings.pairs if key.text in PLANNED}
    made = Plan(**{key: value for key, value in found.items() if value is not None})
    if made.order == "output_first" and made.clip and made.clip.name == "norm" and (clip := settings.get("clip")):
        reading.fault(clip, "with output_first there is no length of all slopes together", "clip: {value: 1}")
    for key in ("l1", "l2"):
        _check_ties(reading, settings.get(key), key, getattr(made, key), sheet)
    return made, read.begins_with


def _check_ties(reading: Reading, node: Node | None, key: str, penalty: Penalty | None, sheet: Worksheet) -> None:
    """A penalty of the weights alone cannot be had of a parameter that is a bias as well."""
    kinds = {name: {row[0] for row, _ in places} for name, places in sheet.names.tied.items()}
    both = next((name for name, letters in kinds.items() if {"W", "b"} <= letters), None)
    if node is not None and both and penalty and not penalty.biases:
        says = f"{both} is a weight and a bias, and {key} is of the weights alone"
        reading.fault(node, says, f"{key}: {{strength: …, biases: true}}")


class _Section:
    """Reads each key as what it should be."""

    def __init__(self, reading: Reading, sheet: Worksheet, folder: str) -> None:
        self.reading, self.sheet, self.folder = reading, sheet, folder
        self.begins_with: dict[str, Array] = {}
        self.hidden = sum(row.name[0] == "a" for row in sheet.in_phase(Phase.FORWARD)) - 1

    def epochs(self, node: Node) -> int | None:
        return self.reading.whole(node, "epochs", 1, MOST_EPOCHS)

    def batch_size(self, node: Node) -> int | None:
        return self.reading.whole(node, "batch_size", 1)

    def shuffle(self, node: Node) -> bool | None:
        return self.reading.truth(node, "shuffle")

    def seed(self, node: Node) -> int | None:
        return self.reading.whole(node, "seed")

    def optimiser(self, node: Node) -> Choice | None:
        return choice(self.reading, node, "optimiser", OPTIMISERS)

    def schedule(self, node: Node) -> Choice | None:
        return choice(self.reading, node, "schedule", SCHEDULES)

    def l1(self, node: Node) -> Penalty | None:
        return self._penalty(node, "l1", half=False)

    def l2(self, node: Node) -> Penalty | None:
        return self._penalty(node, "l2", half=True)

    def _penalty(self, node: Node, what: str, half: bool) -> Penalty | None:
        """A number λ, or `{strength: λ, half: true, biases: false}`."""
        reading = self.reading
        if not isinstance(node, Map):
            strength = self._above(node, what, 0)
            return None if strength is None else Penalty(strength, half)
        reading.keys(node, ("strength", *(("half",) if half else ()), "biases"), what)
        strength = self._above(node.get("strength"), f"strength of {what}", 0)
        if strength is None:
            if not node.get("strength"):
                reading.fault(node, f"{what} needs its strength", f"{what}: {{strength: 0.001, biases: false}}")
            return None
        truths = {key: reading.truth(value, key) for key in ("half", "biases") if (value := node.get(key))}
        return Penalty(strength, bool(truths.get("half", half)), bool(truths.get("biases", False)))

    def dropout(self, node: Node) -> tuple[float, ...] | None:
        """One probability for all hidden layers, or a list with one for each."""
        if not self.hidden:
            self.reading.fault(node, "there is no hidden layer whose outputs could be dropped")
            return None
        nodes = node.items if isinstance(node, List) else [node] * self.hidden
        if len(nodes) != self.hidden:
            self.reading.fault(
                node, f"dropout has {len(nodes)} values for {self.hidden} hidden layers", "one for each, or one for all"
            )
            return None
        found = tuple(self._dropped(one) for one in nodes)
        return None if None in found else tuple(p for p in found if p is not None)

    def _dropped(self, node: Node) -> float | None:
        kept = node.get("keep") if isinstance(node, Map) else None
        if isinstance(node, Map):
            self.reading.keys(node, ("keep",), "dropout")
        share = self.reading.number(kept or node, "dropout")
        if share is None:
            return None
        dropped = 1 - share if kept else share
        if not 0 <= dropped < 1:
            says = "the probability to keep an output should be above 0, up to 1" if kept else "dropout should be from 0 to below 1"
            self.reading.fault(kept or node, f"{says}, not {kind(kept or node)}", "0.2 drops one output in five: {keep: 0.8}")
        return dropped

    def clip(self, node: Node) -> Choice | None:
        """`{norm: 1}` of all slopes together, `{value: 0.5}` of each; a number alone is a norm."""
        if isinstance(node, Map) and len(node.pairs) != 1:
            self.reading.fault(node, f"clip has one limit, norm or value, not {len(node.pairs)}", "clip: {norm: 1}")
            return None
        name = "norm"
        if isinstance(node, Map):
            self.reading.keys(node, CLIPS, "clip")
            key, node = node.pairs[0]
            name = key.text
        limit = self._above(node, "clip", None)
        return None if limit is None else Choice(name, {"limit": limit})

    def early_stopping(self, node: Node) -> Choice | None:
        """`true`, or `{patience: 10, least: 0, keep_best: true}`."""
        usual = {name: float(value) for name, value in EARLY.items()}
        if not isinstance(node, Map):
            return Choice("early", usual) if self.reading.truth(node, "early_stopping") else None
        self.reading.keys(node, (*EARLY, "keep_best"), "early_stopping")
        best = self.reading.truth(value, "keep_best") if (value := node.get("keep_best")) else False
        known = Map(node.line, node.column)
        known.pairs = [(key, value) for key, value in node.pairs if key.text in EARLY]
        return Choice("early", {**usual, **_settings(self.reading, known, EARLY), "keep_best": float(bool(best))})

    def held_out(self, node: Node) -> float | HeldOut | None:
        """A part of the examples, or examples of their own."""
        if not isinstance(node, Scalar) or number(node.text) is None:
            return self._examples(node)
        part = self.reading.number(node, "held_out")
        if part is not None and not 0 < part < 1:
            way_out = "0.2 holds back one example in five"
            self.reading.fault(node, f"held_out should be a part of the examples, between 0 and 1, not {kind(node)}", way_out)
        elif part is not None and len(self.sheet.given["x"]) < 2:
            self.reading.fault(node, "of one example no part can be held out")
        return part

    def _examples(self, node: Node) -> HeldOut | None:
        from backcheck.problem.examples import held_out

        outputs, inputs = self.sheet.given["t"].shape[1], self.sheet.given["x"].shape[1]
        loss = next(row.op for row in self.sheet.rows if row.phase is Phase.LOSS)
        found = held_out(self.reading, self.folder, node, (inputs, outputs), loss.partition("+")[2].partition(" ")[0] or loss)
        return HeldOut(*found) if found else None

    def precision(self, node: Node) -> str | None:
        return self.reading.word(node, "precision", PRECISIONS)

    def order(self, node: Node) -> str | None:
        return self.reading.word(node, "order", ORDERS)

    def start(self, node: Node) -> str | None:
        """W1, b1, … of a saved run, or of any .npz file that holds them."""
        from backcheck.problem.array_files import Source

        if not isinstance(node, Scalar) or not node.text.endswith(".npz"):
            self.reading.fault(node, f"start should name the .npz file of a saved run, not {kind(node)}")
            return None
        found, source = {}, Source(self.reading, "start", self.folder)
        for name in filter(PARAMETER.fullmatch, self.sheet.given):
            array = source.array(node, Scalar(node.line, node.column, node.width, name))
            if array is None:
                return None
            if array.shape != self.sheet.given[name].shape:
                sizes = [" × ".join(map(str, one.shape)) for one in (array, self.sheet.given[name])]
                self.reading.fault(node, f"{name} of {kind(node)} has {sizes[0]} numbers, the network {sizes[1]}")
                return None
            found[name] = array
        self.begins_with = found
        return node.text

    def level(self, node: Node) -> float | None:
        return self.reading.number(node, "level")

    def _above(self, node: Node | None, what: str, least: float | None) -> float | None:
        """A number of at least `least`, or above 0."""
        value = self.reading.number(node, what)
        if node is not None and value is not None and (value <= 0 if least is None else value < least):
            self.reading.fault(node, f"{what} should be {'above 0' if least is None else 'at least 0'}, not {kind(node)}")
        return value


def choice(reading: Reading, node: Node, what: str, catalogue: dict[str, dict[str, str]]) -> Choice | None:
    """`adam`, or `{adam: {beta1: 0.9}}`."""
    key, settings = node, None
    if isinstance(node, Map) and len(node.pairs) == 1:
        key, settings = node.pairs[0]
    if not isinstance(key, Scalar) or key.text not in catalogue:
        hint = did_you_mean(key.text, list(catalogue)) if isinstance(key, Scalar) else ""
        reading.fault(key, f"unknown {what} {kind(key)}", hint or f"known: {', '.join(catalogue)}")
        return None
    usual = catalogue[key.text]
    if settings is not None and not (isinstance(settings, Scalar) and not settings.text):
        mapping = reading.mapping(settings, f"the settings of {key.text}")
        if isinstance(mapping, Map):
            reading.keys(mapping, usual, key.text)
            return Choice(key.text, {**_usual(usual), **_settings(reading, mapping, usual)})
    return Choice(key.text, _usual(usual))


def _usual(texts: dict[str, str]) -> dict[str, float]:
    return {name: float(number(text) or 0) for name, text in texts.items()}


def _settings(reading: Reading, node: Map, known: dict[str, str]) -> dict[str, float]:
    """Settings as numbers in their ranges."""
    found: dict[str, float] = {}
    for key, value in node.pairs:
        amount = reading.whole(value, key.text, 1) if key.text in COUNTS else reading.number(value, key.text)
        if amount is None or key.text not in known:
            continue
        if key.text in SHARES and not 0 <= amount < 1:
            reading.fault(value, f"{key.text} should be from 0 to below 1, not {kind(value)}")
        elif key.text == "epsilon" and amount <= 0:
            reading.fault(value, f"epsilon should be above 0, not {kind(value)}", "it keeps slopes of 0 from being divided by 0")
        elif amount < 0:
            reading.fault(value, f"{key.text} should be at least 0, not {kind(value)}")
        found[key.text] = float(amount)
    return found


PLANNED = Plan._fields
KEYS = (*PLANNED, "init")  # init changes the weights before anything is read
