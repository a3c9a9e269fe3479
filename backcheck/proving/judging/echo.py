"""What a line says, in plain signs, so that people see how they were understood; it decides nothing."""

from __future__ import annotations

from itertools import chain

from backcheck.proving.spelling.spelled import spell, spell_relation
from backcheck.proving.statements import Follows, Impossible, Limit, Premise, Property, Relation, Statement, Step, Therefore


def echo(statement: Statement) -> str:
    """A line as it was understood.

    >>> from backcheck.proving.tree import name
    >>> echo(Step("=", (name("x"), name("y")), ("<",)))
    '= x < y'
    """
    match statement:
        case Step(first, sides, signs):
            found = " ".join(chain.from_iterable(zip((first, *signs) if first else ("", *signs), map(spell, sides), strict=True)))
            return found.strip()
        case Follows(arrow, relations):
            return f"{arrow} {_all(relations)}"
        case Limit(variable, to, side, _, relation):
            return f"lim {variable} -> {spell(to)}{side} : {spell_relation(relation)}"
        case Therefore(conclusion, premises):
            return f"therefore {_said(conclusion)} because {' and '.join(map(_premise, premises))}"
        case Impossible(unknowns, relations, data):
            values = ", ".join(f"{name} in {{{', '.join(map(spell, each))}}}" for name, each in data)
            return f"there are no {', '.join(unknowns)} with {_all(relations)}" + (f" for {values}" if values else "")
        case _:
            return _all(getattr(statement, "relations", ()))


def _all(relations: tuple[Relation, ...]) -> str:
    return " ; ".join(map(spell_relation, relations))


def _said(what: Relation | Property) -> str:
    return spell_relation(what) if isinstance(what, Relation) else f"{what.word}({', '.join(map(spell, what.of))})"


def _premise(premise: Premise) -> str:
    return _said(premise.says) + (f" at {_all(premise.at)}" if premise.at else "")
