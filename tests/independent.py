"""A second computation of everything a problem file asks for, in many digits, with plain loops; it shares nothing with backcheck.

A slope here is the difference of two losses: one quantity is moved up and down by a very small step, and what comes after it
is worked again. No rule of differentiation is used, so none can be wrong in the same way.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import yaml
from mpmath import mp, mpf

Functions = Mapping[str, Callable[..., Any]]

FAR = 1e9  # the distance from a kink where there is none


class Table(dict[str, Any]):
    """Says what to do where something is missing."""

    def __init__(self, name: str, entries: Mapping[str, Any]) -> None:
        super().__init__(entries)
        self.name = name

    def __missing__(self, key: str) -> Any:
        raise AssertionError(f"tests/independent.py: {self.name} has no {key!r}: define it there, independently")


# name → its parameters with the values they have when the file gives none
DEFAULTS = {
    "relu": {"at_zero": "0"},
    "leaky_relu": {"slope": "0.01"},
    "elu": {"alpha": "1"},
    "step": {"at_zero": "1"},
    "softmax": {"scale": "1"},
    "huber": {"delta": "1"},
}
KINKED = {"relu", "leaky_relu", "elu", "step"}


@dataclass
class Solution:
    """Every cell by its name; how near the sheet comes to a kink; and the largest weighted sum."""

    values: dict[str, Any]
    kink: Any = FAR
    largest: Any = 0


def solve(text: str, digits: int = 50) -> Solution:
    """All cells of a network's or an expression's file."""
    root = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 (it makes nothing but strings, lists and dicts)
    with mp.workdps(digits):
        return (_Network(root) if "layers" in root else _Expression(root)).solution()


def _number(text: str) -> Any:
    """The number a file means, as the double that every program would read."""
    top, _, bottom = text.partition("/")
    return mpf(float(Fraction(top) / Fraction(bottom or 1)))


def _step() -> Any:
    return mpf(10) ** -(mp.dps // 3)


def _slope(of: Callable[[Any], Any]) -> Any:
    """The slope of a function of a shift, at 0."""
    h = _step()
    return (of(h) - of(-h)) / (2 * h)


# formulas


class _Formula:
    """A typed formula over letters that have one value for each output; `near` collects the distances from kinks."""

    def __init__(self, text: str, near: Callable[[Any], None]) -> None:
        self.tree = ast.parse(text.replace("^", "**"), mode="eval").body
        self.near = near

    def __call__(self, letters: dict[str, list[Any]], j: int = 0) -> Any:
        return self.value(self.tree, letters, j)

    def value(self, node: ast.AST, letters: dict[str, list[Any]], j: int) -> Any:
        match node:
            case ast.Constant(number):
                return mpf(number)
            case ast.Name(name):
                return letters[name][j]
            case ast.UnaryOp(ast.USub(), body):
                return -self.value(body, letters, j)
            case ast.BinOp(left, sign, right):
                return operate(sign, self.value(left, letters, j), self.value(right, letters, j))
            case ast.Call(ast.Name("sum" | "mean" as over), [body]):
                count = len(next(iter(letters.values())))
                total = mp.fsum(self.value(body, letters, k) for k in range(count))
                return total / count if over == "mean" else total
            case ast.Call(ast.Name(function), arguments):
                return self.call(function, [self.value(a, letters, j) for a in arguments])
        raise ValueError(ast.dump(node))

    def call(self, function: str, u: list[Any]) -> Any:
        if function in ("abs", "relu"):
            self.near(u[0])
        if function in ("max", "min"):
            self.near(u[0] - u[1])
        return FUNCTIONS[function](*u)


def operate(sign: ast.operator, left: Any, right: Any) -> Any:
    """+ − × / and powers."""
    match sign:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div():
            return left / right
        case ast.Pow():
            return left ** (int(right) if right == int(right) else right)
    raise ValueError(sign)


def sigmoid(z: Any) -> Any:
    return 1 / (1 + mp.exp(-z))


def softplus(z: Any) -> Any:
    return mp.log1p(mp.exp(z))


FUNCTIONS = {
    "exp": mp.exp,
    "ln": mp.log,
    "log": mp.log,
    "sqrt": mp.sqrt,
    "sin": mp.sin,
    "cos": mp.cos,
    "tan": mp.tan,
    "atan": mp.atan,
    "sinh": mp.sinh,
    "cosh": mp.cosh,
    "tanh": mp.tanh,
    "erf": mp.erf,
    "abs": abs,
    "max": max,
    "min": min,
    "relu": lambda u: max(u, mpf(0)),
    "sigmoid": sigmoid,
    "softplus": softplus,
}

# every function that may stand in a printed formula
ON_PAPER = Table(
    "ON_PAPER",
    {
        "power": mp.power,
        **{name: getattr(mp, name) for name in ("exp", "sqrt", "sin", "cos", "tan", "atan", "sinh", "cosh", "tanh", "erf", "sign")},
        "abs": abs,
        "max": max,
        "min": min,
        "ln": mp.log,
        "sigmoid": lambda z: 1 / (1 + mp.exp(-z)),
        "softplus": lambda z: mp.log1p(mp.exp(z)),
        "lse": lambda *z: max(z) + mp.log(mp.fsum(mp.exp(v - max(z)) for v in z)),
        "heaviside": lambda z, at_zero=0: mpf(z > 0) if z else mpf(at_zero),
        "relu": lambda z: max(z, 0),
        "relu'": lambda z, at_zero=0: mpf(z > 0) if z else mpf(at_zero),
        "leaky_relu": lambda z, slope: z if z > 0 else slope * z,
        "leaky_relu'": lambda z, slope: mpf(1) if z > 0 else slope,
        "elu": lambda z, alpha: z if z > 0 else alpha * mp.expm1(z),
        "elu'": lambda z, alpha: mpf(1) if z > 0 else alpha * mp.exp(z),
        "huber": lambda r, delta: r * r / 2 if abs(r) <= delta else delta * (abs(r) - delta / 2),
        "huber'": lambda r, delta: max(-delta, min(delta, r)),
        "Phi": lambda z: mp.erfc(-z / mp.sqrt(2)) / 2,
        "phi": lambda z: mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi),
    },
)

# networks

SCALARS = Table(
    "SCALARS",
    {
        "identity": lambda z: z,
        "sigmoid": sigmoid,
        "tanh": mp.tanh,
        "relu": lambda z, **_: max(z, mpf(0)),
        "leaky_relu": lambda z, slope: z if z > 0 else slope * z,
        "softplus": softplus,
        "elu": lambda z, alpha: z if z > 0 else alpha * (mp.exp(z) - 1),
        "gelu": lambda z: z * (1 + mp.erf(z / mp.sqrt(2))) / 2,
        "silu": lambda z: z / (1 + mp.exp(-z)),
        "step": lambda z, at_zero: mpf(z > 0) if z else at_zero,
    },
)


def _log_term(t: Any, y: Any) -> Any:
    """t·ln y, and nothing where t is 0."""
    return t * mp.log(y) if t else mpf(0)


def _huber(r: Any, delta: Any) -> Any:
    return r * r / 2 if abs(r) <= delta else delta * (abs(r) - delta / 2)


LOSSES = Table(
    "LOSSES",
    {
        "squared_error": lambda t, y: sum((a - b) ** 2 for a, b in zip(t, y, strict=True)),
        "half_squared_error": lambda t, y: sum((a - b) ** 2 for a, b in zip(t, y, strict=True)) / 2,
        "mean_squared_error": lambda t, y: sum((a - b) ** 2 for a, b in zip(t, y, strict=True)) / len(t),
        "binary_cross_entropy": lambda t, y: -sum(_log_term(a, b) + _log_term(1 - a, 1 - b) for a, b in zip(t, y, strict=True)),
        "cross_entropy": lambda t, y: -sum(_log_term(a, b) for a, b in zip(t, y, strict=True)),
        "absolute_error": lambda t, y: sum(abs(a - b) for a, b in zip(t, y, strict=True)),
        "huber": lambda t, y, delta: sum(_huber(a - b, delta) for a, b in zip(t, y, strict=True)),
    },
)


def _is_a_name(text: str) -> bool:
    """`gelu` is the name of an activation or a loss, and z is a formula."""
    return len(text) > 1 and text.isidentifier()


def _known(table: Table, name: str, *values: Any, settings: Mapping[str, Any]) -> Any:
    try:
        return table[name](*values, **settings)
    except TypeError as error:
        says = f"tests/independent.py: {table.name} and DEFAULTS know other parameters of {name!r}: add them, independently"
        raise AssertionError(f"{says} ({error})") from None


def _named(node: Any) -> tuple[str, dict[str, Any]]:
    """A name or a formula, and the parameters."""
    name, given = next(iter(node.items())) if isinstance(node, dict) else (node, {})
    return name, {key: _number(value) for key, value in {**DEFAULTS.get(name, {}), **(given or {})}.items()}


@dataclass
class _Layer:
    weights: list[list[Any]]
    biases: list[Any] | None
    activations: list[Any]  # one for each unit, or a single one for the whole layer
    frozen: set[tuple[Any, ...]] = field(default_factory=set)


class _Network:
    """A place is ("W", l, j, k), ("b", l, j), ("z", l, n, j), ("a", l, n, j) or ("x", n, k), all counted from 0."""

    def __init__(self, root: dict[str, Any]) -> None:
        self.root, self.own = root, {}
        self.kink, self.largest = mpf(FAR), mpf(0)
        rows = root["inputs"] if isinstance(root["inputs"][0], list) else [root["inputs"]]
        self.x = [[self.cell(c, ("x", n, k)) for k, c in enumerate(row)] for n, row in enumerate(rows)]
        self.layers = [self.layer(l, node) for l, node in enumerate(root["layers"])]
        self.loss_name, self.loss_settings = _named(root["loss"])
        self.t = self.targets(root["targets"])
        self.share = mpf(1) if root.get("batch") == "sum" else mpf(1) / len(self.x)

    def cell(self, node: Any, place: tuple[Any, ...]) -> Any:
        if isinstance(node, dict):
            ((self.own[place], node),) = node.items()
        return _number(node)

    def layer(self, l: int, node: dict[str, Any]) -> _Layer:
        weights = [[self.cell(c, ("W", l, j, k)) for k, c in enumerate(row)] for j, row in enumerate(node["weights"])]
        biases = node.get("biases")
        if biases is not None:
            each = biases if isinstance(biases, list) else [biases] * len(weights)
            biases = [self.cell(c, ("b", l, j)) for j, c in enumerate(each)]
        acts = node.get("activation", "identity")
        layer = _Layer(weights, biases, acts if isinstance(acts, list) else [acts])
        trainable = node.get("trainable", "true")
        if isinstance(trainable, str):
            trainable = {"weights": trainable, "biases": trainable}
        layer.frozen = {("W", l, *at) for at in _false(trainable.get("weights", "true"), (len(weights), len(weights[0])))}
        layer.frozen |= {("b", l, *at) for at in _false(trainable.get("biases", "true"), (len(weights),))}
        return layer

    def targets(self, node: Any) -> list[list[Any]]:
        outputs, examples = len(self.layers[-1].weights), len(self.x)
        flat = node if isinstance(node, list) else [node]
        if isinstance(flat[0], list):
            return [[self.cell(c, ("t", n, j)) for j, c in enumerate(row)] for n, row in enumerate(flat)]
        if self.loss_name == "cross_entropy" and len(flat) == examples and not (examples == 1 and outputs == 1):
            return [[mpf(int(number) == j) for j in range(outputs)] for number in flat]
        if examples == 1:
            return [[self.cell(c, ("t", 0, j)) for j, c in enumerate(flat)]]
        return [[self.cell(c, ("t", n, 0))] for n, c in enumerate(flat)]

    # forward

    def near(self, distance: Any) -> None:
        self.kink = min(self.kink, abs(distance))

    def activate(self, layer: _Layer, z: list[Any]) -> list[Any]:
        acts = layer.activations if len(layer.activations) == len(z) else layer.activations * len(z)
        return [self.unit(act, z, j) for j, act in enumerate(acts)]

    def unit(self, act: Any, z: list[Any], j: int) -> Any:
        name, settings = _named(act)
        if name == "softmax":
            powers = [mp.exp(settings["scale"] * v) for v in z]
            return powers[j] / mp.fsum(powers)
        if name in KINKED:
            self.near(z[j])
        if _is_a_name(name):
            return _known(SCALARS, name, z[j], settings=settings)
        return _Formula(name, self.near)({"z": z}, j)

    def loss(self, n: int, y: list[Any]) -> Any:
        """The loss of one example."""
        t, name = self.t[n], self.loss_name
        if not _is_a_name(name):
            return _Formula(name, self.near)({"t": t, "y": y})
        for a, b in zip(t, y, strict=True):
            if name == "absolute_error":
                self.near(a - b)
            if name == "huber":
                self.near(abs(a - b) - self.loss_settings["delta"])
        return _known(LOSSES, name, t, y, settings=self.loss_settings)

    def forward(self, n: int, moved: dict[tuple[Any, ...], Any], first: int = 0) -> tuple[Any, dict[tuple[Any, ...], Any]]:
        """The loss of example n and all z and a, with some places moved; layers before `first` are as they were."""
        cells: dict[tuple[Any, ...], Any] = {}
        a = [v + moved.get(("x", n, k), 0) for k, v in enumerate(self.x[n])] if first == 0 else self.outputs[n][first - 1]
        for l in range(first, len(self.layers)):
            layer = self.layers[l]
            z = []
            for j, row in enumerate(layer.weights):
                total = layer.biases[j] + moved.get(("b", l, j), 0) if layer.biases else mpf(0)
                for k, w in enumerate(row):
                    total += (w + moved.get(("W", l, j, k), 0)) * a[k]
                z.append(total + moved.get(("z", l, n, j), 0))
            a = [v + moved.get(("a", l, n, j), 0) for j, v in enumerate(self.activate(layer, z))]
            cells |= {("z", l, n, j): v for j, v in enumerate(z)} | {("a", l, n, j): v for j, v in enumerate(a)}
        return self.loss(n, a), cells

    # everything

    def solution(self) -> Solution:
        cells: dict[tuple[Any, ...], Any] = {("x", n, k): v for n, row in enumerate(self.x) for k, v in enumerate(row)}
        cells |= {("t", n, j): v for n, row in enumerate(self.t) for j, v in enumerate(row)}
        self.outputs: list[list[list[Any]]] = []
        losses = []
        for n in range(len(self.x)):
            loss, found = self.forward(n, {})
            losses.append(loss)
            cells |= found
            self.outputs.append([[found["a", l, n, j] for j in range(len(layer.weights))] for l, layer in enumerate(self.layers)])
        self.largest = max(abs(v) for place, v in cells.items() if place[0] == "z")
        kink = self.kink
        values = {self.name(place): v for place, v in cells.items()}
        values["L"] = mp.fsum(losses) * self.share
        if len(losses) > 1:
            values |= {f"L[{n + 1}]": loss for n, loss in enumerate(losses)}
        values |= {f"dL/d{self.name(place)}": self.slope([place]) for place in cells if place[0] != "t"}
        values |= dict(self.parameters())
        return Solution(values, kink, self.largest)

    def slope(self, places: list[tuple[Any, ...]]) -> Any:
        """∂L/∂ a quantity that stands in some places."""
        first = min({"x": 0, "a": places[0][1] + 1}.get(place[0], place[1]) for place in places)
        if places[0][0] == "a":
            return self.slope_by_output(places[0])
        examples = [places[0][1 if places[0][0] == "x" else 2]] if places[0][0] in "xz" else range(len(self.x))
        return mp.fsum(_slope(lambda h, n=n: self.forward(n, dict.fromkeys(places, h), first)[0]) for n in examples) * self.share

    def slope_by_output(self, place: tuple[Any, ...]) -> Any:
        """∂L/∂a: what comes after the activation is worked again."""
        _, l, n, j = place

        def moved(h: Any) -> Any:
            kept = self.outputs[n][l]
            self.outputs[n][l] = [v + h * (k == j) for k, v in enumerate(kept)]
            loss = self.forward(n, {}, l + 1)[0] if l + 1 < len(self.layers) else self.loss(n, self.outputs[n][l])
            self.outputs[n][l] = kept
            return loss

        return _slope(moved) * self.share

    def parameters(self) -> Iterator[tuple[str, Any]]:
        """Every weight and bias: its value, its slope, the parts of the slope if it is tied, and its value after the step."""
        rate = _number(self.root["learning_rate"]) if "learning_rate" in self.root else None
        if rate is not None:
            yield "eta", rate
        for name, places in self.parameter_places().items():
            slope = self.slope(places)
            value = self.value(places[0])
            yield from [(name, value), (f"dL/d{name}", slope)]
            if len(places) > 1:
                yield from ((f"dL/d{name} via {self.plain(place)}", self.slope([place])) for place in places)
            if rate is not None:
                frozen = places[0] in self.layers[places[0][1]].frozen
                yield f"{name}'", value if frozen else value - rate * slope

    def parameter_places(self) -> dict[str, list[tuple[Any, ...]]]:
        found: dict[str, list[tuple[Any, ...]]] = {}
        for l, layer in enumerate(self.layers):
            places = [("W", l, j, k) for j, row in enumerate(layer.weights) for k in range(len(row))]
            places += [("b", l, j) for j in range(len(layer.biases or ()))]
            for place in places:
                found.setdefault(self.name(place), []).append(place)
        return found

    def value(self, place: tuple[Any, ...]) -> Any:
        layer = self.layers[place[1]]
        return layer.weights[place[2]][place[3]] if place[0] == "W" else layer.biases[place[2]]

    def name(self, place: tuple[Any, ...]) -> str:
        return self.own.get(place) or self.plain(place)

    def plain(self, place: tuple[Any, ...]) -> str:
        kind, *index = place
        row = kind if kind in "xt" else f"{kind}{index.pop(0) + 1}"
        index = [i + 1 for i in index]
        if kind in "Wb":
            return f"{row}[{','.join(map(str, index))}]"
        if len(self.x) > 1:
            return f"{row}[{index[0]};{index[1]}]"
        return f"{row}{index[1]}" if kind in "xt" else f"{row}[{index[1]}]"


def _false(node: Any, shape: tuple[int, ...], at: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    """The places where `trainable` says false."""
    if len(at) == len(shape):
        if node == "false":
            yield at
        return
    for i in range(shape[len(at)]):
        yield from _false(node[i] if isinstance(node, list) else node, shape, (*at, i))


# expressions


@dataclass
class _Node:
    """One operation on names and constants."""

    name: str
    tree: ast.AST
    reads: list[str]


class _Expression:
    def __init__(self, root: dict[str, Any]) -> None:
        self.at = {name: _number(value) for name, value in root["at"].items()}
        self.rate = _number(root["learning_rate"]) if "learning_rate" in root else None
        lines = root.get("let") or {"f": root["expression"]}
        self.kink = mpf(FAR)
        self.formula = _Formula("0", self.near)
        taken = {*self.at, *lines}
        self.fresh = (f"h{i}" for i in range(1, 10_000) if f"h{i}" not in taken)
        self.nodes: list[_Node] = []
        for name, text in lines.items():
            self.split(ast.parse(text.replace("^", "**"), mode="eval").body, name)
        self.result = self.nodes[-1].name

    def near(self, distance: Any) -> None:
        self.kink = min(self.kink, abs(distance))

    def split(self, tree: ast.AST, name: str | None) -> ast.AST:
        """Makes a node of every operation that reads a variable, the deepest first."""
        if isinstance(tree, ast.Name) and name is None:
            return tree
        reads = any(isinstance(part, ast.Name) and part.id not in FUNCTIONS for part in ast.walk(tree))
        if not reads and name is None:
            return tree
        match tree:
            case ast.BinOp(left, sign, right):
                tree = ast.BinOp(self.split(left, None), sign, self.split(right, None))
            case ast.UnaryOp(sign, body):
                tree = ast.UnaryOp(sign, self.split(body, None))
            case ast.Call(function, arguments):
                tree = ast.Call(function, [self.split(a, None) for a in arguments], [])
        found = [part.id for part in ast.walk(tree) if isinstance(part, ast.Name) and part.id not in FUNCTIONS]
        self.nodes.append(_Node(name or next(self.fresh), tree, list(dict.fromkeys(found))))
        return ast.Name(self.nodes[-1].name)

    def value(self, node: _Node, values: dict[str, Any]) -> Any:
        return self.formula.value(node.tree, {name: [values[name]] for name in node.reads}, 0)

    def work(self, moved: str = "", h: Any = 0) -> dict[str, Any]:
        values = {name: v + h * (name == moved) for name, v in self.at.items()}
        for node in self.nodes:
            values[node.name] = self.value(node, values) + h * (node.name == moved)
        return values

    def solution(self) -> Solution:
        f = self.result
        values = self.work()
        cells = dict(values)
        local = {(node.name, v): self.local(node, v, values) for node in self.nodes for v in node.reads}
        cells |= {f"d{node}/d{v}": slope for (node, v), slope in local.items() if node != f}
        whole = {v: _slope(lambda h, v=v: self.work(v, h)[f]) for v in values if v != f}
        cells |= {f"d{f}/d{v}": slope for v, slope in whole.items()}
        for v in whole:
            readers = [node.name for node in self.nodes if v in node.reads]
            if len(readers) > 1:
                cells |= {f"d{f}/d{v} via {node}": whole.get(node, mpf(1)) * local[node, v] for node in readers}
        if self.rate is not None:
            cells["eta"] = self.rate
            cells |= {f"{name}'": value - self.rate * whole[name] for name, value in self.at.items()}
        return Solution(cells, self.kink, max(abs(v) for v in values.values()))

    def local(self, node: _Node, v: str, values: dict[str, Any]) -> Any:
        return _slope(lambda h: self.value(node, {**values, v: values[v] + h}))
