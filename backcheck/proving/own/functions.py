"""The derivative of each activation and loss, step by step, as a derivation in text; it knows no networks and proves nothing."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "identity": """
let a = z
claim d(a, z) = 1
""",
    "sigmoid": """
let a = 1/(1 + exp(-z))
claim d(a, z) = a (1 - a)
  d(a, z)
  = exp(-z)/(1 + exp(-z))^2                     # quotient rule
  = 1/(1 + exp(-z)) exp(-z)/(1 + exp(-z))
  = a (1 - a)                                   # 1 - a = exp(-z)/(1 + exp(-z))
""",
    "tanh": """
let u = exp(z) - exp(-z)
let v = exp(z) + exp(-z)
let a = u/v
claim d(a, z) = 1 - a^2
  d(a, z)
  = (d(u, z) v - u d(v, z))/v^2                 # quotient rule
  = (v v - u u)/v^2                             # d(u, z) = v and d(v, z) = u
  = 1 - (u/v)^2
  = 1 - a^2
""",
    "relu": """
let a = relu(z)
case z > 0
  d(a, z)
  = d(z, z)
  = 1
case z < 0
  d(a, z)
  = d(0, z)
  = 0                                           # at z = 0 there is no slope: the two differ
""",
    "leaky_relu": """
given 0 < s < 1
let a = max(z, s z)
case z > 0
  d(a, z)
  = d(z, z)
  = 1
case z < 0
  d(a, z)
  = d(s z, z)
  = s                                           # at z = 0 there is no slope: the two differ
""",
    "softplus": """
let a = ln(1 + exp(z))
claim d(a, z) = sigmoid(z)
  d(a, z)
  = exp(z)/(1 + exp(z))                         # chain rule
  = 1/(1 + exp(-z))                             # divided by exp(z) above and below
  = sigmoid(z)
""",
    "elu": """
number alpha
let a = relu(z) + alpha (exp(min(z, 0)) - 1)
case z > 0
  d(a, z)
  = d(z, z)
  = 1
case z < 0
  d(a, z)
  = d(alpha (exp(z) - 1), z)
  = alpha exp(z)
  = a + alpha
""",
    "gelu": """
for any Phi                                     # the distribution function; phi = Phi'
let a = z Phi(z)
claim d(a, z) = Phi(z) + z Phi'(z)
  d(a, z)
  = d(z, z) Phi(z) + z d(Phi(z), z)             # product rule
  = Phi(z) + z Phi'(z)
""",
    "silu": """
let s = sigmoid(z)
let a = z s
claim d(a, z) = a + s (1 - a)
  d(a, z)
  = s + z d(s, z)                               # product rule
  = s + z s (1 - s)
  = z s + s (1 - z s)
  = a + s (1 - a)
""",
    "step": """
let a = step(z)
case z > 0
  d(a, z)
  = 0
case z < 0
  d(a, z)
  = 0                                           # at z = 0 there is no slope: a jumps
""",
    "softmax": """
index i, j, k : K
vector z[k]
let S = sum(k, exp(z[k]))
let a[i] = exp(z[i])/S
claim d(a[i], z[j]) = a[i] (delta(i,j) - a[j])
case i = j
  d(a[i], z[i])
  = (exp(z[i]) S - exp(z[i]) exp(z[i]))/S^2     # quotient rule; d(S, z[i]) = exp(z[i])
  = (exp(z[i])/S) ((S - exp(z[i]))/S)
  = a[i] (1 - a[i])
case i != j
  d(a[i], z[j])
  = (0 S - exp(z[i]) exp(z[j]))/S^2             # exp(z[i]) does not depend on z[j]
  = -a[i] a[j]
""",
    "squared_error": """
index j, k : K
vector t[k], y[k]
let L = sum(k, (t[k] - y[k])^2)
claim d(L, y[j]) = -2 (t[j] - y[j])
  d(L, y[j])
  = sum(k, 2 (t[k] - y[k]) (-delta(k,j)))       # chain rule
  = -2 (t[j] - y[j])                            # one term is left
""",
    "half_squared_error": """
index j, k : K
vector t[k], y[k]
let L = 1/2 sum(k, (t[k] - y[k])^2)
claim d(L, y[j]) = -(t[j] - y[j])
  d(L, y[j])
  = 1/2 sum(k, 2 (t[k] - y[k]) (-delta(k,j)))   # chain rule
  = sum(k, (t[k] - y[k]) (-delta(k,j)))
  = -(t[j] - y[j])                              # one term is left
""",
    "mean_squared_error": """
index j, k : K
vector t[k], y[k]
let L = (1/K) sum(k, (t[k] - y[k])^2)
claim d(L, y[j]) = -2 (t[j] - y[j])/K
  d(L, y[j])
  = (1/K) sum(k, 2 (t[k] - y[k]) (-delta(k,j))) # chain rule
  = -2 (t[j] - y[j])/K                          # one term is left
""",
    "binary_cross_entropy": """
index j, k : K
vector t[k], y[k]
given 0 < y[k] < 1
let L = -sum(k, t[k] ln(y[k]) + (1 - t[k]) ln(1 - y[k]))
claim d(L, y[j]) = -(t[j] - y[j])/(y[j] (1 - y[j]))
  d(L, y[j])
  = -sum(k, (t[k]/y[k] - (1 - t[k])/(1 - y[k])) delta(k,j))
  = -(t[j]/y[j] - (1 - t[j])/(1 - y[j]))        # one term is left
  = -(t[j] (1 - y[j]) - (1 - t[j]) y[j])/(y[j] (1 - y[j]))
  = -(t[j] - y[j])/(y[j] (1 - y[j]))
""",
    "cross_entropy": """
index j, k : K
vector t[k], y[k]
given y[k] > 0
let L = -sum(k, t[k] ln(y[k]))
claim d(L, y[j]) = -t[j]/y[j]
  d(L, y[j])
  = -sum(k, (t[k]/y[k]) delta(k,j))
  = -t[j]/y[j]                                  # one term is left
""",
    "absolute_error": """
index j, k : K
vector t[k], y[k]
let L = sum(k, abs(t[k] - y[k]))
claim d(L, y[j]) = -sign(t[j] - y[j])
  d(L, y[j])
  = sum(k, sign(t[k] - y[k]) (-delta(k,j)))     # chain rule; there is no slope where t[k] = y[k]
  = -sign(t[j] - y[j])                          # one term is left
""",
    "huber": """
number r, c
given c > 0
let L = 1/2 r^2 - 1/2 relu(abs(r) - c)^2        # r = t - y
case -c < r < c
  d(L, r)
  = d(1/2 r^2, r)
  = r
case r > c
  d(L, r)
  = d(1/2 r^2 - 1/2 (r - c)^2, r)
  = r - (r - c)
  = c
case r < -c
  d(L, r)
  = d(1/2 r^2 - 1/2 (-r - c)^2, r)
  = r + (-r - c)
  = -c
""",
}


def function(name: str) -> str:
    """The derivation of an activation or a loss."""
    return f"# {name.replace('_', ' ')}{TEXTS[name]}"
