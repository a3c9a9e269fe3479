"""Tables of what people type: functions, Greek letters, signs in all their spellings; they know no grammar."""

from __future__ import annotations

# function → how many arguments it takes, at least and at most
FUNCTIONS = dict.fromkeys(("exp", "ln", "sqrt", "abs", "sign", "relu", "tanh", "sigmoid", "softplus", "step"), (1, 1))
FUNCTIONS |= dict.fromkeys(("softmax", "norm", "diag", "sum"), (1, 1)) | dict.fromkeys(("xor", "delta"), (2, 2))
FUNCTIONS |= dict.fromkeys(("max", "min"), (1, 9))
ALSO = {"log": "ln", "sigma": "sigmoid", "logistic": "sigmoid", "ReLU": "relu", "sgn": "sign", "heaviside": "step"}
CALLED = {name: name for name in FUNCTIONS} | ALSO  # as typed → the function
OVER_AN_INDEX = ("sum", "max", "min")
INFINITY = ("oo", "inf", "infinity")

GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta", "ι": "iota"}
GREEK |= {"κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi", "ρ": "rho", "σ": "sigma"}
GREEK |= {"τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "ϕ": "phi", "ϵ": "epsilon", "Γ": "Gamma"}
GREEK |= {"Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega"}
ACCENTS = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde"}  # ŷ is yhat
LOW = "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₗₘₙ"
BELOW = str.maketrans(LOW, "0123456789ijklmn")

SAME = dict.fromkeys("−–", "-") | dict.fromkeys("·⋅∙×@", "*") | dict.fromkeys("⊙∘", ".*") | {"**": "^", "÷": "/", "‖": "||"}
SAME |= {"≤": "<=", "⩽": "<=", "=<": "<=", "≥": ">=", "⩾": ">=", "≠": "!=", "<>": "!=", "/=": "!=", "==": "=", ":=": "="}
SAME |= dict.fromkeys("⇒⟹", "=>") | dict.fromkeys(("⇔", "⟺", "<->"), "<=>") | {"→": "->", "½": "1/2"}

USUAL = "exp, ln, sqrt, abs, sign, max, min, sigmoid, tanh, relu, softplus, step, xor, softmax, norm, diag, delta, sum"
OF_ANGLES = ("sin", "cos", "tan", "cot", "sec", "arcsin", "arccos", "arctan", "arg")
MADE_OF_OTHERS = {
    "sinh": "(exp(z) - exp(-z))/2",
    "cosh": "(exp(z) + exp(-z))/2",
    "elu": "let elu(z) = relu(z) - (1 - exp(-relu(-z)))",
    "leaky_relu": "let f(z) = max(c z, z)",
    "swish": "let swish(z) = z sigmoid(z)",
    "silu": "let silu(z) = z sigmoid(z)",
    "log2": "ln(x)/ln(2)",
    "log10": "ln(x)/ln(10)",
    "lb": "ln(x)/ln(2)",
    "tr": "sum(k, W[k,k])",
    "trace": "sum(k, W[k,k])",
    "mean": "1/N sum(n, x[n])",
    "avg": "1/N sum(n, x[n])",
    "dot": "sum(k, x[k] z[k]), or x^T z",
}
# word → why it is not read, and the way out; one that is declared is read as what it is
WORDS_NOT_READ = {word: (f"{word} is not read here: there are no angles", f"the functions are {USUAL}") for word in OF_ANGLES}
WORDS_NOT_READ |= {word: (f"{word} is not read here", f"write {way_out}") for word, way_out in MADE_OF_OTHERS.items()}
WORDS_NOT_READ |= dict.fromkeys(
    ("if", "else", "otherwise"), ("cases are not read within a formula", "on lines of their own: case z > 0")
)
WORDS_NOT_READ |= dict.fromkeys(("det", "inv"), ("inverses and determinants are not read here", "write what they are made of"))
WORDS_NOT_READ |= dict.fromkeys(
    ("argmax", "argmin"), ("which entry is the greatest is not read", "max(k, z[k]) is the greatest entry")
)
WORDS_NOT_READ |= {
    "or": ("'or' is not read", "for x = 2 or x = -2 write (x - 2)*(x + 2) = 0; the or of two that are 0 or 1 is max(x1, x2)"),
    "and": ("'and' is not read within a formula", "write ; between relations; the and of two that are 0 or 1 is min(x1, x2)"),
    "not": ("'not' is not read", "of what is 0 or 1 write 1 - x"),
    "const": ("'const' is not read", "give it a name: number c"),
}

# sign → why it is not read, and the way out
NOT_READ = {
    "≈": ("≈ says no more than: about", "write = between what is equal, or < and >"),
    "~": ("~ is no sign of a derivation", "write = between what is equal"),
    "∝": ("∝ says no more than: up to a factor", "write the factor, and ="),
    "∏": ("a product over an index is not read", "write exp(sum(k, ln(…)))"),
    "∇": ("∇ is not read", "write the derivative by one entry: d(L, z[j])"),
    "∫": ("an integral is not read", "a derivation here has sums and derivatives"),
    "√": ("√ is not read: where does the root end?", "write sqrt(…)"),
    "ⁿ": ("ⁿ is not read", "write ^n"),
    "!": ("a factorial is not read", "≠ is written !="),
    "\\": ("a \\ stands here, and no command of LaTeX after it", "in LaTeX \\sum, \\frac{…}{…}, \\ln and the like are read"),
}
