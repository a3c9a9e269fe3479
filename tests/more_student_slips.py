"""More slips as students make them, written before anything was tried on them."""

from __future__ import annotations

from student_slips import StudentSlip

ABOUT = {
    "mix": "index i, j, k : K\nvector z[k], w[k], p[k]\nnumber c\nlet m = sum(k, exp(z[k]))\nlet q[i] = exp(z[i])/m\nlet H = -sum(k, q[k] ln(q[k]))\n"
    "let A = sum(k, w[k] q[k])\n",
    "scalar": "number x, y, z, a, b, u\ngiven x > 0 ; y > 0 ; a > 0 ; b > 0\n",
    "unit": "number x, w, b, y\nlet z = w x + b\nlet a = sigmoid(z)\nlet C = 1/2 (a - y)^2\n",
    "batch": "index n : N\nindex j, k : D\nmatrix X[n,k]\nvector w[k], y[n]\nnumber c\nlet r[n] = sum(k, X[n,k] w[k]) - y[n]\n"
    "let L = 1/(2 N) sum(n, r[n]^2) + c/2 sum(k, w[k]^2)\n",
    "layers": "index i : I\nindex j, l : J\nindex k : K\nmatrix V[i,j], W[j,k]\nvector x[k], t[i]\nlet h[j] = tanh(sum(k, W[j,k] x[k]))\n"
    "let o[i] = sum(j, V[i,j] h[j])\nlet E = 1/2 sum(i, (o[i] - t[i])^2)\n",
    "square": "index i, j : K\nmatrix A[i,j], B[i,j]\nvector x[i], y[i]\n",
    "order": "index k : K\nvector z[k], v[k]\nnumber a, b\n",
}

# fmt: off
MORE_STUDENT_SLIPS: tuple[StudentSlip, ...] = tuple(StudentSlip(*row) for row in (
    # softmax, once more
    ("mix", "d(q[i], z[i])", "= q[i] (1 + q[i])", "", "= q[i] (1 - q[i])", "sign"),
    ("mix", "d(q[i], z[j])", "= q[i] delta(i,j) - q[i]^2", "", "= q[i] delta(i,j) - q[i] q[j]", "index name exponent"),
    ("mix", "d(q[i], z[j])", "= q[i] (q[j] - delta(i,j))", "", "= q[i] (delta(i,j) - q[j])", "sign"),
    ("mix", "d(ln(q[i]), z[j])", "= 1 - q[j]", "", "= delta(i,j) - q[j]", "only_the_true_class delta_missing"),
    ("mix", "d(ln(q[i]), z[j])", "= d(q[i], z[j])", "", "= d(q[i], z[j])/q[i]", "factor inner_derivative_missing"),
    ("mix", "d(m, z[j])", "= sum(k, exp(z[k]))", "= m", "= exp(z[j])", "delta_missing sum wrong_index"),
    ("mix", "d(m, z[j])", "= z[j] exp(z[j])", "", "= exp(z[j])", "factor"),
    ("mix", "d(1/m, z[j])", "= -exp(z[j])/m", "", "= -exp(z[j])/m^2", "square_missing exponent"),
    ("mix", "d(1/m, z[j])", "= -1/m^2", "", "= -exp(z[j])/m^2", "inner_derivative_missing"),
    ("mix", "d(A, z[j])", "= sum(k, w[k] q[k] (1 - q[j]))", "", "= sum(k, w[k] q[k] (delta(k,j) - q[j]))", "only_the_true_class delta_missing"),
    ("mix", "sum(k, w[k] q[k] (delta(k,j) - q[j]))", "= w[j] q[j] - q[j]", "", "= w[j] q[j] - q[j] A", "factor"),
    ("mix", "sum(k, w[k] q[k] (delta(k,j) - q[j]))", "= w[j] - q[j] A", "", "= w[j] q[j] - q[j] A", "factor"),
    ("mix", "sum(k, w[k] q[k] (delta(k,j) - q[j]))", "= q[j] (w[j] + A)", "", "= q[j] (w[j] - A)", "sign"),
    ("mix", "ln(q[i])", "= z[i] + ln(m)", "", "= z[i] - ln(m)", "sign"),
    ("mix", "H", "= sum(k, q[k] (z[k] - ln(m)))", "", "= -sum(k, q[k] (z[k] - ln(m)))", "sign"),
    ("mix", "ln(m)", "= sum(k, z[k])", "", "-", "log_of_sum"),
    ("mix", "sum(k, exp(z[k] + c))", "= exp(c) + sum(k, exp(z[k]))", "", "= exp(c) sum(k, exp(z[k]))", "exp_of_sum operation"),
    ("mix", "sum(k, exp(c z[k]))", "= exp(c) sum(k, exp(z[k]))", "", "-", "bracket exp_of_product product_of_sums"),
    ("mix", "q[i]/q[j]", "= exp(z[j] - z[i])", "", "= exp(z[i] - z[j])", "sign exchanged"),
    # one variable
    ("scalar", "d(x^4, x)", "= 4 x^4", "", "= 4 x^3", "exponent"),
    ("scalar", "d(x^4, x)", "= x^3", "", "= 4 x^3", "factor"),
    ("scalar", "d(exp(-x^2), x)", "= 2 x exp(-x^2)", "", "= -2 x exp(-x^2)", "sign"),
    ("scalar", "d(exp(-x^2), x)", "= exp(-x^2)", "", "= -2 x exp(-x^2)", "inner_derivative_missing"),
    ("scalar", "d(ln(1 + x^2), x)", "= 1/(1 + x^2)", "", "= 2 x/(1 + x^2)", "inner_derivative_missing"),
    ("scalar", "d(ln(a x), x)", "= a/x", "", "= 1/x", "factor"),
    ("scalar", "d(x^2 ln(x), x)", "= 2 x ln(x)", "", "= 2 x ln(x) + x", "product_rule_half term_missing"),
    ("scalar", "d(x^2 ln(x), x)", "= 2 x/x", "= 2", "= 2 x ln(x) + x^2/x", "slope_of_product"),
    ("scalar", "d(ln(x)/x, x)", "= (ln(x) - 1)/x^2", "", "= (1 - ln(x))/x^2", "quotient_rule_order sign"),
    ("scalar", "d(ln(x)/x, x)", "= (1 - ln(x))/x", "", "= (1 - ln(x))/x^2", "square_missing exponent"),
    ("scalar", "d((1 - x)^2, x)", "= 2 (1 - x)", "", "= -2 (1 - x)", "inner_derivative_missing sign"),
    ("scalar", "d(a^2 x + b, x)", "= 2 a x", "", "= a^2", "derivative"),
    ("scalar", "d(1/(1 + x), x)", "= 1/(1 + x)^2", "", "= -1/(1 + x)^2", "sign"),
    ("scalar", "(x - y)^2", "= x^2 - 2 x y - y^2", "", "= x^2 - 2 x y + y^2", "sign"),
    ("scalar", "(x - y)^2", "= x^2 + y^2", "", "= x^2 - 2 x y + y^2", "square_of_sum term_missing"),
    ("scalar", "(x + y)^2 - (x - y)^2", "= 2 x y", "", "= 4 x y", "factor number"),
    ("scalar", "x - (y - z + a)", "= x - y - z + a", "", "= x - y + z - a", "sign bracket"),
    ("scalar", "ln(x^2 y)", "= 2 ln(x) ln(y)", "", "= 2 ln(x) + ln(y)", "log_of_product operation"),
    ("scalar", "ln(x/y)", "= ln(y) - ln(x)", "", "= ln(x) - ln(y)", "sign exchanged"),
    ("scalar", "ln(1/x)", "= 1/ln(x)", "", "= -ln(x)", "log_of_product"),
    ("scalar", "sqrt(x^2 + y^2)", "= x + y", "", "-", "square_of_sum"),
    ("scalar", "a/(x + y)", "= a/x + a/y", "", "-", "reciprocal_of_sum"),
    ("scalar", "a/x + b/y", "= (a + b)/(x y)", "", "= (a y + b x)/(x y)", "factor"),
    ("scalar", "a/x - b/y", "= (a y + b x)/(x y)", "", "= (a y - b x)/(x y)", "sign"),
    ("scalar", "x/(y/a)", "= x y/a", "", "= x a/y", "reciprocal"),
    ("scalar", "(exp(x))^2", "= exp(x^2)", "", "= exp(2 x)", "exponent bracket"),
    ("scalar", "exp(x) exp(-y)", "= exp(x + y)", "", "= exp(x - y)", "sign"),
    # a unit
    ("unit", "d(C, w)", "= (a - y) a (1 - a) w", "", "= (a - y) a (1 - a) x", "name"),
    ("unit", "d(C, w)", "= (a - y) x", "", "= (a - y) a (1 - a) x", "inner_derivative_missing factor"),
    ("unit", "d(C, b)", "= (a - y) a (1 - a) x", "", "= (a - y) a (1 - a)", "factor"),
    ("unit", "d(C, w)", "= 2 (a - y) a (1 - a) x", "", "= (a - y) a (1 - a) x", "factor half_missing"),
    ("unit", "d(C, b)", "= (a - y) a (a - 1)", "", "= (a - y) a (1 - a)", "sign"),
    ("unit", "d(C, b)", "= (a - y) (1 - a)", "", "= (a - y) a (1 - a)", "factor"),
    ("unit", "d(a (1 - a), b)", "= (1 - 2 a) a", "", "= (1 - 2 a) a (1 - a)", "factor inner_derivative_missing"),
    # a batch
    ("batch", "d(L, w[j])", "= 1/N sum(n, r[n] X[n,j]) + c/2 w[j]", "", "= 1/N sum(n, r[n] X[n,j]) + c w[j]", "factor half_missing"),
    ("batch", "d(L, w[j])", "= sum(n, r[n] X[n,j]) + c w[j]", "", "= 1/N sum(n, r[n] X[n,j]) + c w[j]", "sum_for_mean"),
    ("batch", "d(L, w[j])", "= 1/N sum(n, r[n]) + c w[j]", "", "= 1/N sum(n, r[n] X[n,j]) + c w[j]", "inner_derivative_missing factor"),
    ("batch", "d(L, w[j])", "= 1/N sum(n, r[n] X[n,j]) + c sum(k, w[k])", "", "= 1/N sum(n, r[n] X[n,j]) + c w[j]", "delta_missing sum"),
    ("batch", "d(L, w[j])", "= 1/N sum(n, r[n] X[n,j]) - c w[j]", "", "= 1/N sum(n, r[n] X[n,j]) + c w[j]", "sign"),
    ("batch", "d(L, w[j])", "= 1/N r[n] X[n,j] + c w[j]", "", "= 1/N sum(n, r[n] X[n,j]) + c w[j]", "sum_missing"),
    ("batch", "d(L, w[j])", "= 1/N sum(n, r[n] X[n,k]) + c w[j]", "", "= 1/N sum(n, r[n] X[n,j]) + c w[j]", "index wrong_index"),
    ("batch", "sum(n, y[n] + c)", "= sum(n, y[n]) + c", "", "= sum(n, y[n]) + N c", "counted_once"),
    ("batch", "sum(n, y[n])/N + c", "= sum(n, y[n] + c)/N^2", "", "= sum(n, y[n] + c)/N", "exponent mean_for_sum factor"),
    ("batch", "sum(n, c y[n])", "= N c sum(n, y[n])", "", "= c sum(n, y[n])", "counted_n_times factor"),
    # layers
    ("layers", "d(E, V[i,j])", "= (o[i] - t[i]) x[k]", "", "= (o[i] - t[i]) h[j]", "name"),
    ("layers", "d(E, V[i,j])", "= sum(i, (o[i] - t[i]) h[j])", "", "= (o[i] - t[i]) h[j]", "sum"),
    ("layers", "d(E, h[j])", "= (o[i] - t[i]) V[i,j]", "", "= sum(i, (o[i] - t[i]) V[i,j])", "sum_missing"),
    ("layers", "d(E, h[j])", "= sum(i, (o[i] - t[i]) h[j])", "", "= sum(i, (o[i] - t[i]) V[i,j])", "name"),
    ("layers", "d(h[j], W[j,k])", "= (1 - h[j]) x[k]", "", "= (1 - h[j]^2) x[k]", "square_missing"),
    ("layers", "d(h[j], W[j,k])", "= 1 - h[j]^2", "", "= (1 - h[j]^2) x[k]", "inner_derivative_missing"),
    ("layers", "d(h[j], x[k])", "= (1 - h[j]^2) W[j,k] x[k]", "", "= (1 - h[j]^2) W[j,k]", "factor"),
    ("layers", "d(h[j], W[l,k])", "= (1 - h[j]^2) x[k]", "", "= (1 - h[j]^2) x[k] delta(j,l)", "only_the_true_class delta_missing"),
    # matrices
    ("square", "(A B)^T", "= A^T B^T", "", "= B^T A^T", "transposed"),
    ("square", "(A x)^T (A x)", "= x^T A A^T x", "", "= x^T A^T A x", "transposed"),
    ("square", "(A + B) (A - B)", "= A A - B B", "", "-", "term_missing operation bracket"),
    ("square", "A (x - y)", "= A x - y", "", "= A x - A y", "factor bracket"),
    ("square", "d(sum(i, x[i]^2), x)", "= x", "", "= 2 x", "factor"),
    # inequalities
    ("order", "a^2 + b^2", "> 2 a b", "", ">= 2 a b", "strict"),
    ("order", "abs(a - b)", "<= abs(a) - abs(b)", "", ">= abs(a) - abs(b)", "direction"),
    ("order", "a b", ">= (a^2 + b^2)/2", "", "<= (a^2 + b^2)/2", "direction"),
    ("order", "exp(a)", "> 1 + a", "", ">= 1 + a", "strict"),
    ("order", "sum(k, (z[k] - v[k])^2)", "< 0", "", ">= 0", "direction"),
    ("order", "relu(a)", "> a", "", ">= a", "strict"),
))
# fmt: on
