"""Giac, Maxima, Mathics and others that read text: a step as they spell it; it judges nothing itself."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sysconfig
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from steps_elsewhere.as_python import worth
from steps_elsewhere.forms import Form, names
from steps_elsewhere.written_out import Written, shifted

Prepare = Callable[[Written], Callable[[], str]]
STEP = "((1+sign({}))/2)"
CALLS: dict[str, dict[str, str]] = {  # where a name is not the same in all of them
    "giac": {"step": "Heaviside({})"},
    "maxima": {"ln": "log({})", "sign": "signum({})", "step": "((1+signum({}))/2)"},
    "mathics": {own: f"{own.title()}[{{}}]" for own in ("exp", "abs", "sign", "tanh", "max", "min")}
    | {"ln": "Log[{}]", "step": "UnitStep[{}]"},
    "mathhook": {"step": STEP, "ln": "log({})"},
    "alkahest": {"step": STEP, "ln": "log({})"},
    "ocas": {"step": STEP, "ln": "log({})"},
}
SIGNS = {"!=": {"giac": "!=", "maxima": "#"}}


def spelled(form: Form, language: str) -> str:
    spell = partial(spelled, language=language)
    match form:
        case ("number", value):
            return f"({value})"
        case ("name", name):
            return _name(name)
        case ("plus", *terms):
            return f"({'+'.join(map(spell, terms))})"
        case ("times", *factors):
            return f"({'*'.join(map(spell, factors))})"
        case ("power", base, exponent):
            return f"({spell(base)}^{spell(exponent)})"
        case ("call", "xor", one, other):
            return "({0}+{1}-2*{0}*{1})".format(spell(one), spell(other))
        case ("call", function, *arguments):
            plain = f"{_name(function) if function not in OURS else function}({{}})"
            other = plain.replace("(", "[").replace(")", "]") if language == "mathics" else plain
            return CALLS[language].get(function, other).format(",".join(map(spell, arguments)))
    raise NotImplementedError(form[0])


OURS = ("exp", "ln", "abs", "sign", "step", "tanh", "max", "min")


def _name(name: str) -> str:
    """No name means anything to them: v before it; z_1 is vzq1, f' is vfp."""
    return "v" + re.sub(r"[^A-Za-z0-9]", lambda found: {"_": "q", "'": "p", "~": "t"}.get(found[0], f"u{ord(found[0])}"), name)


def giac() -> Prepare:
    """simplify(left - right), under what is given of single names."""
    libgiac = importlib.import_module("sage.libs.giac.giac").libgiac

    def judge(case: Written) -> str:
        for name in names(case.left, case.right):
            libgiac(f"purge({_name(name)})")
        for sign, left, right in case.given:
            if left[0] == "name" and right[0] == "number" and sign != "!=":
                libgiac(f"additionally({_name(left[1])}{sign}{right[1]})")
        told = all(left[0] == "name" and right[0] == "number" for _, left, right in case.given)
        found = str(libgiac(f"simplify({spelled(case.left, 'giac')}-({spelled(case.right, 'giac')}))"))
        return worth(_zero(found), told)

    return lambda case: partial(judge, shifted(case))


def _zero(found: str) -> str:
    return "proven" if found == "0" else "no" if re.fullmatch(r"-?\d+(/\d+)?", found) else "open"


def maxima() -> Prepare:
    """ratsimp(radcan(left - right)), and where that is not 0, is(equal(left, right)): true, false or unknown."""
    place = Path(sysconfig.get_path("platlib")) / "sage_wheels"
    lisp = next(place.glob("lib/ecl-*"))
    environment = {**os.environ, "MAXIMA_PREFIX": str(place), "ECLDIR": f"{lisp}/"}
    process = subprocess.Popen(
        [place / "bin" / "maxima", "--very-quiet"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )

    def judge(told: str) -> str:
        process.stdin.write(told)
        process.stdin.flush()
        for line in process.stdout:
            if line.startswith("verdict: "):
                return {"true": "proven", "false": "no"}.get(line.split()[1], "open")
        raise EOFError

    process.stdin.write("display2d:false$\n")
    return lambda case: partial(judge, _to_maxima(case))


def _to_maxima(case: Written) -> str:
    given = "".join(
        f"errcatch(assume({spelled(left, 'maxima')}{'#' if sign == '!=' else sign}{spelled(right, 'maxima')}))$\n"
        for sign, left, right in case.given
        if sign != "!="
    )
    left, right = spelled(case.left, "maxima"), spelled(case.right, "maxima")
    ask = f"if ratsimp(radcan(({left})-({right})))=0 then true else is(equal({left},{right}))"
    return f'forget(facts())$\n{given}answer:errcatch({ask})$\nprint("verdict:",if answer=[] then unknown else answer[1])$\n'


def mathics() -> Prepare:
    """FullSimplify[left - right, what is given] === 0"""
    session = importlib.import_module("mathics.session").MathicsSession()

    def judge(told: str) -> str:
        return _zero(str(session.evaluate(told)))

    return lambda case: partial(judge, _to_mathics(case))


def _to_mathics(case: Written) -> str:
    given = "&&".join(f"{spelled(left, 'mathics')}{sign}{spelled(right, 'mathics')}" for sign, left, right in case.given)
    return f"FullSimplify[{spelled(case.left, 'mathics')}-({spelled(case.right, 'mathics')}){given and ', ' + given}]"


def read_by(language: str, zero: Callable[[Any], Callable[[str], Any]]) -> Prepare:
    """Smaller ones, that are told nothing of what is given."""
    judge = zero(importlib.import_module(language))

    def prepare(case: Written) -> Callable[[], str]:
        text = f"{spelled(case.left, language)}-{spelled(case.right, language)}"
        return lambda: worth(_zero(str(judge(text))), not case.given)

    return prepare


def alkahest(module: Any) -> Callable[[str], Any]:
    """Logarithms and exponentials simplified, then one fraction, expanded."""

    def judge(told: str) -> Any:
        found = module.parse(told, module.ExprPool())
        return module.simplify_expanded(module.cancel(module.simplify_log_exp(found).value)).value

    return judge


def mathhook(module: Any) -> Callable[[str], Any]:
    return lambda told: module.parse(told).expand().simplify()


def ocas(module: Any) -> Callable[[str], Any]:
    return lambda told: module.Expression(told).simplify()
