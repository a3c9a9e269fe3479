"""The answer to a question of matrix calculus, and how its lines are called; it derives nothing."""

from __future__ import annotations

from typing import NamedTuple

from backcheck.matrices.confirm import Trial
from backcheck.matrices.indices import Entries, Index, sizes
from backcheck.matrices.spelled import PENS, Pen, lettered, spell
from backcheck.matrices.tree import Shape, Tree, walk
from backcheck.matrices.written import Style, written

LAYOUT = "entry [output indices, input indices] is d output / d input; the gradient of a scalar has the shape of the input"
SLOPES = {"ascii": "d{}/d{}", "screen": "∂{}/∂{}", "latex": r"\frac{{\partial {}}}{{\partial {}}}"}


class Answer(NamedTuple):
    """∂f/∂by for arrays of symbolic sizes, confirmed on numbers."""

    text: str
    by: str
    tree: Tree  # how the text was read
    shapes: dict[str, Shape]
    output_shape: tuple[str, ...]
    input_shape: tuple[str, ...]
    jacobian: Entries
    at: tuple[Index, ...]  # the output's letters, then the input's
    result: str  # what the expression is called: f
    upstream: str  # what ∂L/∂f is called: G
    matrix_tree: Tree | None
    backward_tree: Tree | None  # ∂L/∂by for a loss L of the output
    notes: tuple[str, ...]
    confirmed: tuple[Trial, ...] = ()

    @property
    def jacobian_shape(self) -> tuple[str, ...]:
        """The shape of the output × the shape of the input."""
        return self.output_shape + self.input_shape

    @property
    def entries(self) -> str:
        """One line in plain ASCII: df[i,j]/dW[k,l] = X[i,l]*delta(j,k)"""
        return f"{self.entry('ascii')} = {self.slope('ascii')}"

    @property
    def matrix(self) -> str | None:
        """The matrix that has these entries, in plain ASCII."""
        return self.written(self.matrix_tree, "ascii")

    @property
    def backward(self) -> str | None:
        """∂L/∂by by G = ∂L/∂f, in plain ASCII."""
        return self.written(self.backward_tree, "ascii")

    def entry(self, style: str) -> str:
        """What an entry is called: df[i]/dw[j]"""
        pen = self.pen(style)
        letters = lettered(self.at, {}, pen)
        outputs, inputs = self.at[: len(self.output_shape)], self.at[len(self.output_shape) :]
        return SLOPES[style].format(self._cell(self.result, outputs, letters, pen), self._cell(self.by, inputs, letters, pen))

    def _cell(self, name: str, at: tuple[Index, ...], letters: dict[Index, str], pen: Pen) -> str:
        return pen.entry(name, "".join(letters[index] for index in at)) if at else pen.style.name(name)

    def slope(self, style: str) -> str:
        """What an entry is: X[i,l]*delta(j,k)"""
        pen = self.pen(style)
        return spell(self.jacobian, lettered(self.at, {}, pen), pen)

    def whole(self, of: str, style: str) -> str:
        """What a whole array of slopes is called: df/dW"""
        name = self.style(style).name
        return SLOPES[style].format(name(of), name(self.by))

    def written(self, tree: Tree | None, style: str) -> str | None:
        """A matrix expression as one style writes it."""
        return None if tree is None else written(tree, style=self.style(style))

    def pen(self, style: str) -> Pen:
        """A way to write entries in which no letter looks like a name, the i of x_i, or a size that is counted with."""
        below = [name.rpartition("_")[2] for name in self.shapes]
        reserved = frozenset([*self.shapes, *below, self.result, *sizes(self.jacobian)])
        return PENS[style]._replace(reserved=reserved, style=self.style(style))

    def style(self, style: str) -> Style:
        """A way to write matrices, in which I is the identity, if there is one size of it and nothing else is called I."""
        own = PENS[style].style
        trees = [tree for tree in (self.tree, self.matrix_tree, self.backward_tree) if tree is not None]
        identities = {node.text for tree in trees for node in walk(tree) if node.op == "eye"}
        return own._replace(eye=own.call.format("eye", "{}")) if "I" in self.shapes or len(identities) > 1 else own
