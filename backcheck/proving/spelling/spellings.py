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
