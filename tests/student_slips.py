"""Slips as students make them, each with the line as it was meant and with the names it may be called by."""

from __future__ import annotations

from typing import NamedTuple


class StudentSlip(NamedTuple):
    """The chain up to the slip, the wrong line, what stands after it, what was meant."""

    about: str
    before: str
    wrong: str
    after: str  # how it went on from the wrong line, or nothing
    meant: str
    names: str


ABOUT = {
    "softmax": "index i, j, k : K\nvector z[k], t[k]\nlet S = sum(k, exp(z[k]))\nlet s[i] = exp(z[i])/S\n"
    "let L = -sum(k, t[k] ln(s[k]))\ngiven sum(k, t[k]) = 1\n",
    "binary": "number y, z\nlet g = 1/(1 + exp(-z))\nlet C(a) = -(y ln(a) + (1-y) ln(1-a))\nnumber a\ngiven 0 < a < 1 ; 0 < y < 1\n",
    "line": "index n : N\nvector x[n], y[n]\nnumber w, b, r\nlet e[n] = w x[n] + b - y[n]\nlet E = 1/N sum(n, e[n]^2)\n",
    "matrix": "index i : I\nindex j, m : J\nmatrix W[i,j], A[j,m], B[j,m]\nvector x[j], u[i], v[j]\nlet h[i] = sum(j, W[i,j] x[j])\n"
    "let Q = 1/2 sum(i, (h[i] - u[i])^2)\n",
    "plain": "number a, b, c, x, y\ngiven a > 0 ; b > 0 ; x > 0\n",
    "net": "number x, w, v, t\nlet h = tanh(w x)\nlet o = v h\nlet F = 1/2 (o - t)^2\n",
    "bounds": "index k : K\nvector z[k], p[k], q[k]\nnumber a, b\ngiven p[k] > 0 ; q[k] > 0 ; sum(k, p[k]) = 1 ; sum(k, q[k]) = 1\n",
}

# fmt: off
STUDENT_SLIPS: tuple[StudentSlip, ...] = tuple(StudentSlip(*row) for row in (
    # softmax and cross-entropy
    ("softmax", "d(s[i], z[i])", "= (exp(z[i]) S - exp(z[i]))/S^2", "", "= (exp(z[i]) S - exp(z[i]) exp(z[i]))/S^2", "factor square_missing exponent inner_derivative_missing"),
    ("softmax", "d(s[i], z[i])", "= (exp(z[i])^2 - exp(z[i]) S)/S^2", "= s[i]^2 - s[i]", "= (exp(z[i]) S - exp(z[i])^2)/S^2", "quotient_rule_order"),
    ("softmax", "d(s[i], z[i])", "= (exp(z[i]) S - exp(z[i])^2)/S", "", "= (exp(z[i]) S - exp(z[i])^2)/S^2", "square_missing exponent"),
    ("softmax", "d(s[i], z[j])", "= s[i] (1 - s[j])", "= s[i] - s[i] s[j]", "= s[i] (delta(i,j) - s[j])", "only_the_true_class delta_missing"),
    ("softmax", "d(s[i], z[j])", "= s[i] (delta(i,j) - s[i])", "", "= s[i] (delta(i,j) - s[j])", "index"),
    ("softmax", "d(s[i], z[j])", "= s[j] (delta(i,j) - s[j])", "", "= s[i] (delta(i,j) - s[j])", "index"),
    ("softmax", "d(s[i], z[j])", "= delta(i,j) - s[i] s[j]", "", "= s[i] delta(i,j) - s[i] s[j]", "factor bracket"),
    ("softmax", "d(ln(S), z[j])", "= 1/S", "", "= exp(z[j])/S", "inner_derivative_missing"),
    ("softmax", "d(ln(S), z[j])", "= sum(k, exp(z[k]))/S", "= 1", "= exp(z[j])/S", "delta_missing wrong_index sum"),
    ("softmax", "d(L, z[j])", "= sum(k, t[k] d(s[k], z[j])/s[k])", "", "= -sum(k, t[k] d(s[k], z[j])/s[k])", "sign"),
    ("softmax", "d(L, z[j])", "= -sum(k, t[k]/s[k])", "", "= -sum(k, t[k] d(s[k], z[j])/s[k])", "inner_derivative_missing"),
    ("softmax", "-sum(k, t[k] (delta(k,j) - s[j]))", "= -t[j] - s[j] sum(k, t[k])", "= -t[j] - s[j]", "= -t[j] + s[j] sum(k, t[k])", "sign"),
    ("softmax", "-sum(k, t[k] (delta(k,j) - s[j]))", "= t[j] - s[j]", "", "= s[j] - t[j]", "sign"),
    ("softmax", "-sum(k, t[k] (delta(k,j) - s[j]))", "= s[j] - sum(k, t[k])", "= s[j] - 1", "= s[j] - t[j]", "delta_missing sum index"),
    ("softmax", "ln(s[i])", "= z[i] - sum(k, z[k])", "", "= z[i] - ln(S)", "log_of_sum name function"),
    ("softmax", "ln(s[i])", "= z[i]/ln(S)", "", "= z[i] - ln(S)", "operation bracket"),
    ("softmax", "exp(z[i] + 1)/sum(k, exp(z[k] + 1))", "= (exp(z[i]) + exp(1))/sum(k, exp(z[k] + 1))", "", "= exp(z[i]) exp(1)/sum(k, exp(z[k] + 1))", "exp_of_sum"),
    ("softmax", "sum(j, s[i] (delta(i,j) - s[j]))", "= s[i] (K - 1)", "", "= s[i] (1 - 1)", "name number counted_n_times delta_missing"),
    # one output
    ("binary", "d(C(a), a)", "= -(y/a + (1-y)/(1-a))", "", "= -(y/a - (1-y)/(1-a))", "sign inner_derivative_missing"),
    ("binary", "d(C(a), a)", "= -y/a - (1-y)/(1-a)", "= (-y (1-a) - (1-y) a)/(a (1-a))", "= -y/a + (1-y)/(1-a)", "sign inner_derivative_missing"),
    ("binary", "-(y/a - (1-y)/(1-a))", "= -(y (1-a) - (1-y) a)/(1-a)", "", "= -(y (1-a) - (1-y) a)/(a (1-a))", "factor"),
    ("binary", "-(y (1-a) - (1-y) a)/(a (1-a))", "= -(y - y a - a - y a)/(a (1-a))", "", "= -(y - y a - a + y a)/(a (1-a))", "sign bracket"),
    ("binary", "((a - y)/(a (1-a))) (a (1-a))", "= (a - y)/(a (1-a))^2", "", "= a - y", "reciprocal factor"),
    ("binary", "d(g, z)", "= exp(-z)/(1 + exp(-z))", "", "= exp(-z)/(1 + exp(-z))^2", "square_missing exponent"),
    ("binary", "d(g, z)", "= -exp(-z)/(1 + exp(-z))^2", "= -g (1-g)", "= exp(-z)/(1 + exp(-z))^2", "sign inner_derivative_missing"),
    ("binary", "d(g, z)", "= -1/(1 + exp(-z))^2", "", "= exp(-z)/(1 + exp(-z))^2", "inner_derivative_missing"),
    ("binary", "exp(-z)/(1 + exp(-z))^2", "= g^2", "", "= g (1-g)", "complement"),
    ("binary", "exp(-z)/(1 + exp(-z))^2", "= exp(-z) g", "", "= exp(-z) g^2", "square_missing exponent factor"),
    ("binary", "d(g (1-g), z)", "= d(g, z) (1-g) + g d(g, z)", "= d(g, z)", "= d(g, z) (1-g) - g d(g, z)", "sign"),
    ("binary", "d(g (1-g), z)", "= -d(g, z) d(g, z)", "", "= d(g, z) (1-g) - g d(g, z)", "slope_of_product product_rule_half"),
    ("binary", "1 - g", "= exp(z)/(1 + exp(-z))", "", "= exp(-z)/(1 + exp(-z))", "sign"),
    ("binary", "d(ln(1 - g), z)", "= g (1-g)/(1-g)", "= g", "= -g (1-g)/(1-g)", "sign inner_derivative_missing"),
    # least squares
    ("line", "d(E, w)", "= 1/N sum(n, 2 e[n])", "", "= 1/N sum(n, 2 e[n] x[n])", "inner_derivative_missing"),
    ("line", "d(E, w)", "= 1/N sum(n, e[n] x[n])", "", "= 1/N sum(n, 2 e[n] x[n])", "factor"),
    ("line", "d(E, w)", "= sum(n, 2 e[n] x[n])", "", "= 1/N sum(n, 2 e[n] x[n])", "sum_for_mean"),
    ("line", "d(E, b)", "= 2/N sum(n, e[n] x[n])", "", "= 2/N sum(n, e[n])", "factor"),
    ("line", "d(E, b)", "= -2/N sum(n, e[n])", "", "= 2/N sum(n, e[n])", "sign"),
    ("line", "1/N sum(n, w x[n] + b)", "= w/N sum(n, x[n]) + N b", "", "= w/N sum(n, x[n]) + b", "bias_counted_n_times counted_n_times factor"),
    ("line", "1/N sum(n, w x[n] + b)", "= w/N sum(n, x[n]) + b/N", "", "= w/N sum(n, x[n]) + b", "mean_for_sum counted_once factor"),
    ("line", "sum(n, (w x[n] + b) x[n])", "= w sum(n, x[n])^2 + b sum(n, x[n])", "", "= w sum(n, x[n]^2) + b sum(n, x[n])", "bracket product_of_sums square_of_sum"),
    ("line", "(w x[n] - y[n])^2", "= w^2 x[n]^2 - y[n]^2", "", "= w^2 x[n]^2 - 2 w x[n] y[n] + y[n]^2", "square_of_sum term_missing"),
    ("line", "(w x[n] - y[n])^2", "= w x[n]^2 - 2 w x[n] y[n] + y[n]^2", "", "= w^2 x[n]^2 - 2 w x[n] y[n] + y[n]^2", "square_missing"),
    ("line", "(w x[n] - y[n])^2", "= w^2 x[n]^2 - w x[n] y[n] + y[n]^2", "", "= w^2 x[n]^2 - 2 w x[n] y[n] + y[n]^2", "factor"),
    ("line", "d(E + r w^2, w)", "= d(E, w) + r w", "", "= d(E, w) + 2 r w", "factor"),
    ("line", "d(E + r/2 w^2, w)", "= d(E, w) + 2 r w", "", "= d(E, w) + r w", "half_missing factor"),
    # matrices
    ("matrix", "d(h[i], x[j])", "= W[i,m]", "", "= W[i,j]", "wrong_index index"),
    ("matrix", "d(Q, x[j])", "= sum(i, (h[i] - u[i]) x[j])", "", "= sum(i, (h[i] - u[i]) W[i,j])", "name inner_derivative_missing factor"),
    ("matrix", "d(Q, x[j])", "= (h[i] - u[i]) W[i,j]", "", "= sum(i, (h[i] - u[i]) W[i,j])", "sum_missing"),
    ("matrix", "d(Q, x[j])", "= 2 sum(i, (h[i] - u[i]) W[i,j])", "", "= sum(i, (h[i] - u[i]) W[i,j])", "half_missing factor"),
    ("matrix", "d(Q, W[i,j])", "= sum(i, (h[i] - u[i]) x[j])", "", "= (h[i] - u[i]) x[j]", "sum"),
    ("matrix", "d(Q, W[i,j])", "= (u[i] - h[i]) x[j]", "", "= (h[i] - u[i]) x[j]", "sign"),
    ("matrix", "(A B)^T v", "= A^T B^T v", "", "= B^T A^T v", "transposed"),
    ("matrix", "W^T (W x - u)", "= W^T W x - u", "", "= W^T W x - W^T u", "bracket factor"),
    ("matrix", "W^T (W x - u)", "= W W^T x - W^T u", "", "= W^T W x - W^T u", "transposed"),
    ("matrix", "x^T (A + A^T) v", "= 2 x^T A v", "", "= x^T A v + x^T A^T v", "term transposed term_missing"),
    ("matrix", "d(x[j]^2, x[m])", "= 2 x[j]", "", "= 2 x[j] delta(j,m)", "only_the_true_class delta_missing"),
    # plain algebra
    ("plain", "ln(a + b)", "= ln(a) + ln(b)", "", "= ln(a + b)", "log_of_sum"),
    ("plain", "ln(a/b)", "= ln(a)/ln(b)", "", "= ln(a) - ln(b)", "operation bracket"),
    ("plain", "1/a + 1/b", "= 1/(a + b)", "", "= (a + b)/(a b)", "reciprocal_of_sum bracket"),
    ("plain", "a/(b/c)", "= a/(b c)", "", "= a c/b", "reciprocal"),
    ("plain", "d(x^3, x)", "= 3 x^3", "", "= 3 x^2", "exponent"),
    ("plain", "d(1/x^2, x)", "= -2/x", "", "= -2/x^3", "exponent"),
    ("plain", "d(x exp(2 x), x)", "= exp(2 x) + x exp(2 x)", "", "= exp(2 x) + 2 x exp(2 x)", "inner_derivative_missing"),
    ("plain", "d(x ln(x), x)", "= ln(x)", "", "= ln(x) + 1", "product_rule_half"),
    ("plain", "d(x^2 exp(x), x)", "= 2 x exp(x)", "", "= 2 x exp(x) + x^2 exp(x)", "product_rule_half slope_of_product"),
    ("plain", "d((a x + b)^3, x)", "= 3 (a x + b)^2", "", "= 3 a (a x + b)^2", "inner_derivative_missing"),
    ("plain", "d(sqrt(x), x)", "= 1/sqrt(x)", "", "= 1/(2 sqrt(x))", "factor half_missing"),
    ("plain", "d(x/(1 + x), x)", "= (x - (1 + x))/(1 + x)^2", "= -1/(1 + x)^2", "= ((1 + x) - x)/(1 + x)^2", "quotient_rule_order"),
    ("plain", "(a - b)(a + b)", "= a^2 + b^2", "", "= a^2 - b^2", "sign"),
    ("plain", "a - (b - c)", "= a - b - c", "", "= a - b + c", "sign bracket"),
    ("plain", "exp(a) exp(b)", "= exp(a b)", "", "= exp(a + b)", "operation bracket exp_of_sum"),
    # a small net
    ("net", "d(F, w)", "= (o - t) v (1 - h^2)", "", "= (o - t) v (1 - h^2) x", "inner_derivative_missing"),
    ("net", "d(F, w)", "= (o - t) v (1 - h) x", "", "= (o - t) v (1 - h^2) x", "square_missing"),
    ("net", "d(F, w)", "= (o - t) (1 - h^2) x", "", "= (o - t) v (1 - h^2) x", "inner_derivative_missing factor"),
    ("net", "d(F, w)", "= (o - t) v h^2 x", "", "= (o - t) v (1 - h^2) x", "complement"),
    ("net", "d(F, v)", "= (t - o) h", "", "= (o - t) h", "sign"),
    ("net", "d(F, v)", "= (o - t) w", "", "= (o - t) h", "name"),
    ("net", "d(h, x)", "= (1 - h^2) x", "", "= (1 - h^2) w", "name"),
    # bounds
    ("bounds", "(a - b)^2", "> 0", "", ">= 0", "strict"),
    ("bounds", "2 a b", ">= a^2 + b^2", "", "<= a^2 + b^2", "direction"),
    ("bounds", "sum(k, p[k] ln(p[k]))", ">= 0", "", "<= 0", "direction"),
    ("bounds", "sum(k, z[k]^2)", "> 0", "", ">= 0", "strict"),
    ("bounds", "exp(a)", "<= 1 + a", "", ">= 1 + a", "direction"),
    ("bounds", "abs(a + b)", ">= abs(a) + abs(b)", "", "<= abs(a) + abs(b)", "direction"),
    ("bounds", "a b", "<= a^2 + b^2 - 1", "", "<= a^2 + b^2", "term"),
))
# fmt: on
