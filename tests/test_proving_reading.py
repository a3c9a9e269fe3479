"""Derivations as people type them: every spelling gives the same tree, text and LaTeX of a tree read back, and nothing raises."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backcheck.errors import BadProblem, Fault
from backcheck.proving.reading import read
from backcheck.proving.reading.declared import Declared
from backcheck.proving.reading.grammar import expression
from backcheck.proving.spelling.spelled import spell
from backcheck.proving.spelling.spelled_latex import latex
from backcheck.proving.statements import (
    At,
    Case,
    Claim,
    Declare,
    Follows,
    Given,
    Impossible,
    Let,
    Limit,
    Misread,
    Premise,
    Property,
    Relation,
    Step,
    Therefore,
)
from backcheck.proving.tree import Tree, bare, name, number

INVALID = sorted(path for path in (Path(__file__).parent / "invalid_derivations").iterdir() if path.suffix != ".says")
LONGEST_WAIT = 2.0  # seconds: what hangs takes minutes, and a busy machine some time for what is done in a tenth
DECLARED = Declared(
    {"i": "K", "j": "K", "k": "K", "n": "N"},
    {"z": 1, "s": 1, "t": 1, "W": 2, "x": 1, "y": 0, "a": 0, "b": 0, "w1": 0, "sigma": 1},
    frozenset({"f", "g"}),
)


def tree(text: str) -> Tree:
    return bare(expression(text, declared=DECLARED))


def from_latex(text: str) -> Tree:
    return bare(expression(text, latex=True, declared=DECLARED))


# one tree for each spelling

ALIKE = [
    ("2*a*b", "2a b", "2 a*b", "2·a×b", "2⋅a@b"),
    ("y*(1 - a)", "y(1-a)", "y (1 − a)", "y[1 - a]".replace("y[", "y ["), "y {1-a}"),
    ("-y^2", "-y**2", "−y²"),
    ("a^(-1)", "a^-1", "a⁻¹", "a^{-1}"),
    ("(1/2)*a", "1/2 a", "½ a", "½a"),
    ("exp(z[i])", "e^z[i]", "e^{z_i}", "exp z_i", "exp[z[i]]", "e^(zᵢ)"),
    ("exp(2)", "e²", "e^2"),
    ("exp(1)", "e"),
    ("ln(a)", "log(a)", "ln a"),
    (
        "sum(k, exp(z[k]))",
        "sum_k exp(z[k])",
        "Σ_k exp(z_k)",
        "∑_{k} e^{z_k}",
        "sum_{k=1}^K exp(z[k])",
        "Σ_{k=1}^{K} exp(z_k)",
        "Σₖ exp(zₖ)",
    ),
    ("sum(k = 1..K, t[k])", "sum(k in 1..K, t[k])", "sum(k, t[k])", "Σk t[k]"),
    ("sum(k != i, t[k])", "sum(k ≠ i, t[k])", "sum_{k != i} t_k", "Σ_{k≠i} t_k"),
    ("sum(k != i, k != j, t[k])", "sum_{k != i, k != j} t[k]"),
    ("sum(i, j, W[i,j])", "sum(i, sum(j, W[i,j]))", "Σ_i Σ_j W_ij", "sum_{i,j} W_{i,j}"),
    ("sum(k, t[k]*(a - z[k])/2) + y", "Σ_k t_k (a - z_k)/2 + y"),
    ("sum(k, t[k]) - sum(k, -z[k])", "Σ_k t_k - Σ_k -z_k"),
    ("a*sum(k, t[k]*z[k])", "a Σ_k t_k z_k"),
    ("max(k, z[k])", "max_k z_k", "max_{k} z[k]"),
    ("-max(k, -z[k])", "min(k, z[k])", "min_k z_k"),
    ("d(s[i], z[j])", "∂s_i/∂z_j", "ds[i]/dz[j]", "∂/∂z_j s_i", "∂/∂z[j] (s[i])", "d/dz_j s_i", "∂ s_i / ∂ z_j"),
    ("d((a + y)^(-1), a)", "d/da (a + y)^(-1)", "∂/∂a (a + y)⁻¹", "d/da [a + y]^-1"),
    ("d(a^2, a)", "d/da a^2", "d/da (a)²"),
    ("f(a)^2", "f^2(a)", "f²(a)"),
    ("tanh(a)^2", "tanh²(a)", "tanh^2 a"),
    ("a + y", "𝑎 + 𝑦", "𝐚 + 𝐲"),
    ("d(a, y, y)", "d2(a, y)", "d²a/dy²", "d^2 a/dy^2", "d2a/dy2", "∂²a/∂y²", "∂^2/∂y^2 a"),
    ("d(a, y, b)", "∂²a/∂y∂b", "∂²a/∂y ∂b"),
    ("d(a, b)*d(b, y)", "da/db db/dy", "∂a/∂b · ∂b/∂y", "∂a/∂b ∂b/∂y"),
    ("d(ln(a), a)*b", "d(ln a)/da b", "∂(ln a)/∂a b"),
    ("delta(i,j)", "δ_ij", "delta_ij", "δ_{ij}", "δ(i,j)", "delta_{i,j}", "δᵢⱼ"),
    ("sigmoid(a)*(1 - sigmoid(a))", "σ(a)(1 - sigma(a))", "σ(a)(1−logistic(a))"),
    ("sigma[i]*(1 - a)", "σ_i(1-a)", "σ[i] (1-a)", "sigma_i(1 - a)"),
    ("sigmoid'(a)", "σ'(a)", "σ′(a)"),
    ("W^T*x", "W'x", "Wᵀ x", "W.T x", "W^⊤ x", "W^{T} x"),
    ("(W*x)[i]", "(W x)_i", "(W @ x)[i]"),
    ("softmax(z)[i]", "softmax(z)_i"),
    ("x .* z", "x ⊙ z", "x∘z"),
    ("z[1]", "z_1", "z₁"),
    ("w1*a", "w_1 a", "w₁a"),
    ("tanh(a)^2", "tanh²(a)", "tanh^2(a)"),
    ("abs(a)*norm(z)", "|a| ||z||", "|a| ‖z‖"),
    ("f'(a)*f(b)", "f′(a) f(b)"),
    ("1/N*sum(n, a)", "1/N sum(n, a)", "1/N Σ_n a"),
    ("b/2*norm(z)^2", "b/2 norm(z)^2"),
    ("b/(1 - b)*a", "b/(1-b) a"),
    ("yhat", "ŷ"),
    ("a - b", "a − b", "a – b"),
    ("-oo", "-inf", "−∞"),
]
IN_LATEX = [
    (r"\frac{\partial \sigma_i}{\partial z_j}", "d(sigma[i], z[j])"),
    (r"\frac{\partial}{\partial z_j}\ln S", "d(ln(S), z[j])"),
    (r"\frac{\mathrm{d}a}{\mathrm{d}b}\frac{db}{dy}", "d(a,b) d(b,y)"),
    (r"\frac{d^2 a}{d y^2} + \frac{\partial^2 a}{\partial y \, \partial b}", "d2(a,y) + d(a,y,b)"),
    (r"s_i(\delta_{ij} - s_j)", "s[i]*(delta(i,j) - s[j])"),
    (r"\sum_{k=1}^{K} t_k \ln s_k + a", "sum(k, t[k]*ln(s[k])) + a"),
    (r"\sum\limits_{k \neq i} e^{z_k}", "sum(k != i, exp(z[k]))"),
    (r"\left( \frac{1}{2} a \right)^{2}", "((1/2)*a)^2"),
    (r"-\left[ y \ln a + (1-y)\ln(1-a) \right]", "-(y*ln(a) + (1 - y)*ln(1 - a))"),
    (r"\frac12 a \cdot 3 \times b", "(1/2)*a*3*b"),
    (r"W^{\top} x + W^T x + W_{j,k} x_k", "W^T*x + W^T*x + W[j,k]*x[k]"),
    (r"\mathrm{softmax}(z)_i \operatorname{ReLU}(a)", "softmax(z)[i]*relu(a)"),
    (r"\sigma'(a) f^{\prime}(a)", "sigmoid'(a)*f'(a)"),
    (r"z^2_i", "z[i]^2"),
    (r"\sqrt{a} \left\| z \right\|^2 \lvert a \rvert", "sqrt(a)*norm(z)^2*abs(a)"),
    (r"ab", "a*b"),
    (r"\max_k z_k - \max\left(a, b\right)", "max(k, z[k]) - max(a, b)"),
    (r"\hat{y} - \bar y", "yhat - ybar"),
    (r"\frac{d}{da}\left(1+e^{-a}\right)^{-1}", "d((1 + exp(-a))^(-1), a)"),
    (r"\tanh^2 a", "tanh(a)^2"),
    (r"x \odot z", "x .* z"),
    (r"\tfrac{a}{b} y", "(a/b)*y"),
    (r"\bigl\{ a + b \bigr\} y", "(a + b)*y"),
    (r"\boldsymbol{W}\mathbf{x}", "W*x"),
    (r"\infty", "oo"),
]


@pytest.mark.parametrize("spellings", ALIKE, ids=lambda each: each[0])
def test_all_spellings_give_one_tree(spellings: tuple[str, ...]) -> None:
    assert {text: tree(text) for text in spellings} == dict.fromkeys(spellings, tree(spellings[0]))


@pytest.mark.parametrize(("text", "plain"), IN_LATEX, ids=lambda each: each)
def test_latex_gives_the_tree_of_plain_text(text: str, plain: str) -> None:
    assert from_latex(text) == tree(plain)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a - b + y", Tree("plus", (name("a"), Tree("minus", (name("b"),)), name("y")))),
        ("-a b", Tree("minus", (Tree("times", (name("a"), name("b"))),))),
        ("a^b^y", Tree("power", (name("a"), Tree("power", (name("b"), name("y")))))),
        ("a/b/y", Tree("over", (Tree("over", (name("a"), name("b"))), name("y")))),
        ("a b/y*2", Tree("times", (Tree("over", (Tree("times", (name("a"), name("b"))), name("y"))), number(2)))),
        ("a*(b*y)", Tree("times", (name("a"), Tree("times", (name("b"), name("y")))))),
        ("z'", Tree("transpose", (name("z"),))),
        ("f(a)", Tree("call", (name("a"),), "f")),
        ("y(a)", Tree("times", (name("y"), name("a")))),
        ("z[k]", Tree("entry", (name("z"), name("k")))),
        ("sum(k != i, a)", Tree("total", (name("a"), name("i")), "k")),
        ("d(f, a)", Tree("slope", (name("f"), name("a")))),
    ],
)
def test_a_tree_keeps_the_form_that_was_typed(text: str, expected: Tree) -> None:
    assert tree(text) == expected


def test_a_part_remembers_its_column() -> None:
    found = expression("a + ln(b)/c")
    assert (found.column, found.parts[1].column, found.parts[1].parts[0].column) == (3, 10, 5)


# text and LaTeX of any tree read back

LETTERS = st.sampled_from("ijk").map(name)
INDICES = LETTERS | st.integers(1, 3).map(number)
NUMBERS = st.sampled_from(["0", "2", "0.5", "12", "1e-3"]).map(number)
LEAVES = st.one_of(
    NUMBERS,
    st.sampled_from(["y", "a", "w1", "eta", "K", "yhat", "z_new"]).map(name),
    st.builds(lambda index: Tree("entry", (name("z"), index)), INDICES),
    st.builds(lambda row, column: Tree("entry", (name("W"), row, column)), INDICES, INDICES),
    st.builds(lambda i, j: Tree("call", (i, j), "delta"), LETTERS, LETTERS),
    st.just(Tree("infinity")),
)
BY = st.sampled_from([name("a"), name("w1"), Tree("entry", (name("z"), name("j")))])


def _node(op: str, parts: tuple[Tree, ...]) -> Tree:
    return Tree(op, parts)


def _larger(parts: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    few = st.lists(parts, min_size=2, max_size=3).map(tuple)
    runs = st.builds(
        lambda op, body, letter, left_out: Tree(op, (body, *map(name, left_out)), letter),
        st.sampled_from(["total", "largest"]),
        parts,
        st.sampled_from("jk"),
        st.lists(st.sampled_from("in"), max_size=2),
    )
    return st.one_of(
        st.builds(_node, st.sampled_from(["plus", "times"]), few),
        st.builds(lambda op, a, b: Tree(op, (a, b)), st.sampled_from(["over", "power", "elementwise"]), parts, parts).filter(
            _small
        ),
        st.builds(lambda op, a: Tree(op, (a,)), st.sampled_from(["minus", "transpose"]), parts),
        st.builds(
            lambda word, a: Tree("call", (a,), word),
            st.sampled_from(["exp", "ln", "sqrt", "abs", "f", "f'", "relu", "sigmoid'", "norm"]),
            parts,
        ),
        st.builds(lambda a, b: Tree("call", (a, b), "max"), parts.filter(lambda part: part.text not in "ijk"), parts),
        st.builds(
            lambda a, index: Tree("entry", (a, index)),
            parts.filter(lambda part: part.op not in ("number", "name", "infinity")),
            INDICES,
        ),
        st.builds(lambda a, by: Tree("slope", (a, *by)), parts, st.lists(BY, min_size=1, max_size=2)),
        runs,
    )


def _small(built: Tree) -> bool:
    return built.op != "power" or built.parts[1].op != "number" or float(built.parts[1].text) <= 64


TREES = st.recursive(LEAVES, _larger, max_leaves=12)


@settings(max_examples=400, deadline=None)
@given(TREES)
def test_the_text_of_a_tree_reads_back(found: Tree) -> None:
    assert tree(spell(found)) == found, spell(found)


@settings(max_examples=400, deadline=None)
@given(TREES)
def test_the_latex_of_a_tree_reads_back(found: Tree) -> None:
    assert from_latex(latex(found)) == found, latex(found)


# files that are not understood, each with its exact message


def said(path: Path) -> str:
    """What is said of the file: of each line that is not understood, or of the whole."""
    kind = {".md": "markdown", ".yaml": "yaml"}.get(path.suffix, "text")
    try:
        source = read(path.read_text(encoding="utf-8"), kind, path.name)
    except BadProblem as error:
        return str(error)
    rows = source.text.split("\n")
    misread = [(line.number, line.statement) for line in source.lines if isinstance(line.statement, Misread)]
    return "\n".join(Fault(number, m.column, m.says, m.way_out, m.width).report(path.name, rows) for number, m in misread)


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.name)
def test_what_is_not_understood_has_its_exact_message(path: Path) -> None:
    assert said(path) + "\n" == path.with_name(f"{path.name}.says").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.name)
def test_a_line_that_is_not_understood_costs_little(path: Path) -> None:
    started = time.perf_counter()
    said(path)
    assert time.perf_counter() - started < LONGEST_WAIT


# names that nobody declared


@pytest.mark.parametrize(
    "text",
    [
        "loss = 2",  # by itself it is a number
        "lr*a + eta a + w1 a + yhat a + z_new a",  # with a sign between, and single letters with what belongs to them
        "given 0 < rate < 1\na - rate y",  # given as a number
        "index n : Batch\n1/Batch sum(n, a)",  # a size
        "there are no slope, shift with slope x + shift = x for x in {0,1}",
        "number sin, rate\nsin(a) + rate a",  # declared
        "for any trace\ntrace(a)",
        "number sigma\nsigma a",
        "sigma a = sigma",  # never applied to anything
    ],
)
def test_names_that_may_be_numbers(text: str) -> None:
    assert not [line.statement.says for line in read(HEAD + text).lines if isinstance(line.statement, Misread)]


def test_a_column_of_reasons_is_no_formula() -> None:
    text = r"&= \frac{a}{y} && \text{(take out } e^c\text{)} \\"
    (line,) = read(HEAD + "a\n" + text).lines[5:]
    assert plain(line.statement) == Step("=", (tree("a/y"),), ())
    assert line.reason == "(take out e^c )"


# what a line says

HEAD = "index i, j, k : K\nvector z[k], t[k]\nmatrix W[j,k]\nnumber y, a, b\n"


def one(text: str, head: str = HEAD) -> object:
    """What the one line after the head says."""
    return read(head + text).lines[head.count("\n")].statement


def relation(sign: str, left: str, right: str) -> Relation:
    return Relation(sign, tree(left), tree(right))


def plain(statement: object) -> object:
    """The same without columns."""
    if isinstance(statement, Tree):
        return bare(statement)
    if isinstance(statement, Property):
        return Property(statement.word, plain(statement.of))
    if isinstance(statement, tuple):
        parts = [plain(part) for part in statement]
        return type(statement)(*parts) if hasattr(statement, "_fields") else tuple(parts)
    return statement


SAYS = [
    ("index n, m : N ; q : 3", Declare("index", (("n", ("N",)), ("m", ("N",)), ("q", ("3",))))),
    ("index n : 1..N", Declare("index", (("n", ("N",)),))),
    ("vector δ[k], x_k", Declare("vector", (("delta", ("k",)), ("x", ("k",))))),
    ("matrix V_{j,k}", Declare("matrix", (("V", ("j", "k")),))),
    ("number w_1, e", Declare("number", (("w1", ()), ("e", ())))),
    ("function f, g", Declare("function", (("f", ()), ("g", ())), "any")),
    ("for any f", Declare("function", (("f", ()),), "any")),
    ("for monotone f", Declare("function", (("f", ()),), "monotone")),
    ("for any nondecreasing function f", Declare("function", (("f", ()),), "monotone")),
    ("let S = a + y", Let("S", (), (), tree("a + y"))),
    ("let σ_i = z_i/2", Let("sigma", ("i",), (), tree("z[i]/2"))),
    ("let V[j,k] := W[j,k]", Let("V", ("j", "k"), (), tree("W[j,k]"))),
    ("let C(a) = a(1-a)", Let("C", (), ("a",), tree("a*(1-a)"))),
    ("let p = softmax(z)", Let("p", (), (), tree("softmax(z)"))),
    ("given a = 1 ; 0 < y < 1", Given((relation("=", "a", "1"), relation("<", "0", "y"), relation("<", "y", "1")))),
    ("given a > 0 and y >= 0, b != 0", Given((relation(">", "a", "0"), relation(">=", "y", "0"), relation("!=", "b", "0")))),
    ("given z[i] > z[k] for k != i", Given((relation(">", "z[i]", "z[k]")._replace(each=(("k", ("i",)),)),))),
    ("given W[j,k] > 0 for each j, k", Given((relation(">", "W[j,k]", "0")._replace(each=(("j", ()), ("k", ()))),))),
    ("claim a = y", Claim((relation("=", "a", "y"),))),
    ("case i != j", Case((relation("!=", "i", "j"),))),
    ("at a = y, b = 0:", At((relation("=", "a", "y"), relation("=", "b", "0")))),
    ("a", Step("", (tree("a"),), ())),
    ("a = y < b", Step("", (tree("a"), tree("y"), tree("b")), ("=", "<"))),
    ("= a = y", Step("=", (tree("a"), tree("y")), ("=",))),
    ("≤ a", Step("<=", (tree("a"),), ())),
    ("=> a = y", Follows("=>", (relation("=", "a", "y"),))),
    ("⇔ a = y ; b = 0", Follows("<=>", (relation("=", "a", "y"), relation("=", "b", "0")))),
    ("lim y -> 0+ : a = oo", Limit("y", tree("0"), "+", tree("a"), relation("=", "a", "oo"))),
    ("lim_{y → 0^-} a = -∞", Limit("y", tree("0"), "-", tree("a"), relation("=", "a", "-oo"))),
    ("lim y -> oo : a = b", Limit("y", tree("oo"), "", tree("a"), relation("=", "a", "b"))),
    (
        "therefore convex(a, y) because d2(a, y) > 0 at y = b and b = 1",
        Therefore(
            Property("convex", (tree("a"), tree("y"))),
            (Premise(relation(">", "d2(a, y)", "0"), (relation("=", "y", "b"),)), Premise(relation("=", "b", "1"))),
        ),
    ),
    (
        "therefore a >= 0 because convex(a, y) and 0 < y < 1",
        Therefore(
            relation(">=", "a", "0"),
            (
                Premise(Property("convex", (tree("a"), tree("y")))),
                Premise(relation("<", "0", "y")),
                Premise(relation("<", "y", "1")),
            ),
        ),
    ),
    (
        "there are no w1, w2 with w1 x1 + w2 x2 = 1 for x1, x2 in {0,1}",
        Impossible(
            ("w1", "w2"),
            (relation("=", "w1*x1 + w2*x2", "1"),),
            (("x1", (number(0), number(1))), ("x2", (number(0), number(1)))),
        ),
    ),
    ("there is no w with w^2 = -1", Impossible(("w",), (relation("=", "w^2", "-1"),), ())),
]


@pytest.mark.parametrize(("text", "expected"), SAYS, ids=lambda each: each if isinstance(each, str) else "")
def test_a_line_says(text: str, expected: object) -> None:
    assert plain(one(text)) == expected


def test_a_line_may_say_two_things() -> None:
    lines = read(HEAD + "at a = y: b = 0   # there").lines[4:]
    assert [(line.number, type(line.statement), line.reason) for line in lines] == [(5, At, "there"), (5, Step, "there")]


def test_names_count_from_their_line_on_and_an_indented_let_up_to_the_next_claim() -> None:
    source = read(
        "number a\nC (a) = 0\nclaim a = a\n  let C(x) = x\n  C(a) = a\nclaim a = a\n  let C(x) = 2x\n  C(a) = 2a\nC(a) + 1"
    )
    sides = [line.statement.sides[0] for line in source.lines if isinstance(line.statement, Step)]
    assert [bare(side).op for side in sides] == ["times", "call", "call", "plus"]
    assert not any(isinstance(line.statement, Misread) for line in source.lines)


def test_reading_goes_on_after_a_line_that_is_not_understood() -> None:
    source = read(HEAD + "claim a = = b\na = sotfmax(z)\n= b")
    assert [type(line.statement) for line in source.lines[4:]] == [Misread, Misread, Step]


def test_a_line_goes_on_inside_of_brackets() -> None:
    first, second = read(HEAD + "claim sum(k,   # all\n   z[k]\n) = a         # of them\n  a = 2").lines[4:]
    assert (first.number, first.text, first.reason) == (5, "claim sum(k, z[k] ) = a", "all of them")
    assert (second.number, second.indent, second.text) == (8, 2, "a = 2")


def test_a_bracket_that_is_never_closed_takes_one_line_only() -> None:
    lines = read(HEAD + "a = (y +\nclaim a = y\n(a + (y\n= b").lines[4:]
    assert [(line.number, type(line.statement)) for line in lines] == [(5, Misread), (6, Claim), (7, Misread), (8, Step)]


def test_aligned_latex_is_read_line_by_line() -> None:
    text = r"""claim \frac{\partial s_i}{\partial z_j} = s_i(\delta_{ij} - s_j)
$$
\begin{aligned}
\frac{\partial s_i}{\partial z_j}
&= \frac{\delta_{ij} e^{z_i} S - e^{z_i} e^{z_j}}{S^2} \\   % quotient rule
&= s_i \delta_{ij}
   &\quad - s_i s_j, && \text{(divided)} \tag{1}\\[2pt]
&= s_i \left( \delta_{ij} - s_j \right).
\end{aligned}
$$
\Rightarrow s_i \geq 0"""
    lines = read(HEAD + "let S = sum_k e^z_k\nlet s_i = e^z_i/S\n" + text).lines[6:]
    assert [(line.number, line.reason, line.indent, line.latex) for line in lines] == [
        (7, "", 0, True),
        (10, "", 0, True),
        (11, "quotient rule", 0, True),
        (12, "(divided)", 0, True),
        (14, "", 0, True),
        (17, "", 0, True),
    ]
    assert [plain(line.statement) for line in lines[1:5]] == [
        Step("", (tree("d(s[i], z[j])"),), ()),
        Step("=", (tree("((delta(i,j) exp(z[i]) S - exp(z[i]) exp(z[j]))/S^2)"),), ()),
        Step("=", (tree("s[i] delta(i,j) - s[i] s[j]"),), ()),
        Step("=", (tree("s[i](delta(i,j) - s[j])"),), ()),
    ]


def test_markdown_and_yaml_keep_the_lines_and_columns_of_the_file() -> None:
    text = "number a\n\nclaim a = a\n  = b)"
    inside = (
        "# On a\n\n```python\nx = 1\n```\n\n- see\n\n  ```derivation\n"
        + "\n".join(f"  {line}" for line in text.split("\n"))
        + "\n  ```\n"
    )
    in_yaml = "title: On a\nsteps: |\n" + "\n".join(f"    {line}" for line in text.split("\n"))
    for source, first in ((read(inside, "markdown"), 10), (read(in_yaml, "yaml"), 3)):
        assert source.title == "On a"
        assert [(line.number - first, line.indent, line.text) for line in source.lines] == [
            (0, 0, "number a"),
            (2, 0, "claim a = a"),
            (3, 2, "= b)"),
        ]
        misread = source.lines[-1].statement
        assert isinstance(misread, Misread)
        assert source.text.split("\n")[source.lines[-1].number - 1][misread.column - 1] == ")"


def test_two_blocks_of_markdown_are_one_derivation() -> None:
    source = read("```derivation\nnumber a\n```\nThen:\n~~~ derivation\nclaim a = a\n~~~\n", "markdown")
    assert [line.number for line in source.lines] == [2, 6]


# nothing raises, nothing takes long

PIECES = st.sampled_from(
    """claim given let index vector matrix for any there are no with because therefore at case lim sum_k Σ_k sum( max( d( ∂ / ∂x
    z[k] W_jk δ_ij z_ exp ln e ^ ^{ _{ ( ) [ ] { } , ; : = != < <= => -> + - * ' ² ᵀ | || 1 2.5 1e3 oo a b y f \\frac \\frac{
    \\sum_{ \\partial \\left( \\right) \\begin{aligned} \\\\ & \\text{a \\hat \\mathrm{ \\sqrt \\top # % $ ½ in {0,1} i
    j K ln(""".split()  # noqa: SIM905
)
JUNK = st.lists(st.lists(PIECES | st.text(max_size=3), max_size=14).map(" ".join), max_size=6).map("\n".join)


@settings(max_examples=300, deadline=None)
@given(JUNK)
def test_junk_is_not_understood_and_never_raises(text: str) -> None:
    source = read(HEAD + text)
    rows = source.text.split("\n")
    for line in source.lines:
        if isinstance(line.statement, Misread):
            assert line.statement.says
            assert 1 <= line.statement.column <= len(rows[line.number - 1]) + 1


@settings(max_examples=200, deadline=None)
@given(JUNK, st.sampled_from(["markdown", "yaml"]))
def test_junk_in_other_files_is_understood_or_refused(text: str, kind: str) -> None:
    for whole in (text, f"```derivation\n{text}\n```", "steps: |\n" + "\n".join(f"  {line}" for line in text.split("\n"))):
        with suppress(BadProblem):
            read(whole, kind)


HARD = {
    "brackets": "(" * 1900,
    "brackets closed": "(" * 900 + "a" + ")" * 900,
    "calls": "exp(" * 300,
    "words": "ln " * 500,
    "sums": "Σ_k " * 400,
    "powers": "a^" * 600 + "a",
    "signs": "-" * 1900 + "a",
    "fractions": "a/" * 900 + "a",
    "below a fraction": "(" + "a/" * 500 + "a)_k",
    "frac": "\\frac{" * 300,
    "braces": "\\frac" + "{" * 1000,
    "below": "z_{" * 400,
    "above": "z^{" * 300 + "\\a",
    "a numeral": "1" * 1990,
    "an exponent": "1e" + "9" * 1900,
    "superscripts": "x" + "²" * 1900,
    "primes": "f" + "'" * 1900,
    "bars": "|" * 1900,
    "differentials": "∂/∂x " * 390,
    "text": "\\text{" * 30000,
    "a long line": "a+" * 50000,
    "blanks": "# " + " " * 100000 + "x",
    "backslashes": "\\" * 100000,
    "places": "at a = y: " * 190 + "a = y",
    "relations": "a = " * 490 + "a",
    "nothing closed": "(\n" * 1990,
    "all wrong": "clam x\n" * 1990,
}


@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
def test_what_is_hard_to_read_takes_no_time(text: str) -> None:
    started = time.perf_counter()
    for kind in ("text", "markdown"):
        lines = read(HEAD + text if kind == "text" else f"```derivation\n{text[:200_000]}\n```", kind).lines
        assert lines == () or isinstance(lines[-1].statement, Misread) or "#" in text
    assert time.perf_counter() - started < LONGEST_WAIT


def test_as_many_brackets_as_are_allowed_are_read() -> None:
    assert isinstance(one("(" * 59 + "a" + ")" * 59), Step)
    assert isinstance(one("exp(" * 59 + "a" + ")" * 59), Step)
    assert isinstance(one("\\frac{1}{" * 29 + "a" + "}" * 29), Step)


def test_a_file_has_bounds() -> None:
    for text in ("a\n" * 2000 + "a", "a" * 262_145):
        with pytest.raises(BadProblem, match="at most"):
            read(text)
