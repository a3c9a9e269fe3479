"""Signs and words → a tree, by a parser of its own; it evaluates nothing, and knows neither shapes nor ranges."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from backcheck.proving.reading import words
from backcheck.proving.reading.cursor import CLOSES, Cursor
from backcheck.proving.reading.declared import WHOLE, Declared
from backcheck.proving.reading.differentials import quotient_of_differentials
from backcheck.proving.reading.indices import are_indices, indices
from backcheck.proving.reading.numerals import not_too_large, number, raised
from backcheck.proving.reading.signs import Token, tokens
from backcheck.proving.statements import Misread
from backcheck.proving.tree import PRIME, Tree

MOST_DEEP, MOST_NODES = 60, 400
SHORTER = "give parts of the formula names of their own: let S = …"


def expression(text: str, functions: Collection[str] = (), latex: bool = False, declared: Declared | None = None) -> Tree:
    """The tree of a formula in which these names are functions; all other names before a bracket are factors.

    >>> tree = expression("-y(1 - s[i]) + f(z)", ["f"])
    >>> tree.op, tree.parts[0].parts[0].op, tree.parts[1].op
    ('plus', 'times', 'call')
    """
    known = declared or Declared(functions=frozenset(functions))
    if latex:
        from backcheck.proving.reading.latex import tokens as latex_tokens

        return whole(latex_tokens(text, known), known, len(text.rstrip()) + 1)
    return whole(tokens(text, known), known, len(text.rstrip()) + 1)


def whole(found: Sequence[Token], declared: Declared, end: int) -> Tree:
    """The tree of all these tokens; where they end too early, the column is `end`."""
    parser = Parser(found, declared, end)
    tree = parser.sum()
    parser.ends()
    bounded(tree)
    return tree


def bounded(tree: Tree) -> None:
    level, depth, nodes = [tree], 0, 0
    while level:
        depth, nodes = depth + 1, nodes + len(level)
        level = [part for node in level for part in node.parts]
    if depth > MOST_DEEP or nodes > MOST_NODES:
        says = f"{nodes} operations, {depth} deep, stand here; at most {MOST_NODES}, {MOST_DEEP} deep, are read"
        raise Misread(tree.column or 1, says, SHORTER)


class Parser(Cursor):
    """Sums of products of signed powers, each after the other."""

    def __init__(self, found: Sequence[Token], declared: Declared, end: int) -> None:
        super().__init__(found, declared, end)
        self.bars = self.depth = 0
        self.unclear_after = -1  # where what is differentiated beside d/dx has just ended: not even a * tells what belongs to it
        self.loose = -1  # where what a word without brackets stands before (ln a) has just ended

    # sums, products, powers

    def sum(self) -> Tree:
        terms, column = [self.product()], 0
        while sign := self.next("+", "-"):
            term, column = self.product(), column or sign.column
            terms.append(term if sign.text == "+" else Tree("minus", (term,), column=sign.column))
        return Tree("plus", tuple(terms), column=column) if len(terms) > 1 else terms[0]

    def product(self) -> Tree:
        return self.signed(self.factors)

    def signed(self, what: Callable[[], Tree]) -> Tree:
        """A product, or a power, after any number of signs."""
        minuses = list[Token]()
        while sign := self.next("-", "+"):
            minuses += [sign] if sign.text == "-" else []
            if len(minuses) > MOST_DEEP:
                raise sign.wrong(f"more than {MOST_DEEP} signs stand here")
        tree = what()
        for sign in reversed(minuses):
            tree = Tree("minus", (tree,), column=sign.column)
        return tree

    def factors(self) -> Tree:
        factors, unclear = [self.power()], False
        while True:
            if self.unclear_after == self.at and self.sees("*", "/", ".*"):
                self.may_follow(unclear=False)
            if sign := self.next("*"):
                factors.append(self.signed(self.power))
                unclear = False
            elif sign := self.next("/", ".*"):
                begins = self.at
                right = self.signed(self.power)
                unclear = sign.text == "/" and not self.stands_beside(factors[-1], begins, right)
                op = "over" if sign.text == "/" else "elementwise"
                factors = [Tree(op, (_product(factors), right), column=sign.column)]
            elif self.starts():
                self.may_follow(unclear)
                factors.append(self.power())
                unclear = False
            else:
                return _product(factors)

    def stands_beside(self, left: Tree, begins: int, right: Tree) -> bool:
        """Whether a factor after the fraction stands beside it: 1/2 z, 1/N sum(…), p/(1-p) a, typed close and then with a gap."""
        if left.op == right.op == "number" or begins >= len(self.tokens):
            return True
        line, below, last, following = self.tokens[begins - 1], self.tokens[begins], self.tokens[self.at - 1], self.peek()
        if following is None or following.close or not (line.close and below.close):
            return False
        in_brackets = below.text in CLOSES and last.text == CLOSES[below.text]
        return "number" in (left.op, right.op) or in_brackets or following.text == "sum"

    def starts(self) -> bool:
        """Whether a further factor follows without a sign."""
        return self.sees("number", "name", "(", "[", "{", "∂") or (self.sees("|", "||") and not self.bars)

    def may_follow(self, unclear: bool) -> None:
        if unclear:
            raise self.wrong("does this factor stand under the fraction or beside it?", "write a/(b*c) or (a/b)*c")
        if self.loose == self.at:
            word, before = self.tokens[self.at].text, self.tokens[self.at - 1].text
            says = f"does {word!r} still belong to what stands before it, up to {before!r}?"
            beside = "write d(f, x) g, or d(f g, x)"
            raise self.wrong(says, beside if self.unclear_after == self.at else "write brackets: ln(a) b, or ln(a b)")

    def power(self) -> Tree:
        self.depth += 1
        if self.depth > MOST_DEEP:
            raise self.tokens[self.at - 1].wrong(f"more than {MOST_DEEP} brackets or words stand inside each other")
        tree = self.atom()
        while token := self.next("transpose", "prime", "raised", "^", "[", "_"):
            if token.text == "[" and not are_indices(self, tree, token):
                self.at -= 1  # a new factor begins
                break
            tree = self.after(tree, token)
        self.depth -= 1
        return words.base_of_exp(tree)

    def after(self, tree: Tree, token: Token) -> Tree:
        """What stands behind, below and above an atom."""
        if token.kind in ("transpose", "prime"):
            words.is_no_number(self, tree, token)
            is_open = (
                token.kind == "prime" and self.declared.letters is not None and self.declared.ranks.get(tree.text, WHOLE) == WHOLE
            )
            return Tree("transpose", (tree,), PRIME if is_open else "", token.column)
        if token.text == "[":
            return Tree("entry", (tree, *indices(self, token)), column=tree.column)
        if token.text == "_":
            return words.below(self, tree, token)
        exponent = raised(token) if token.kind == "raised" else self.signed(self.power)
        not_too_large(exponent)
        return words.power(tree, exponent, token.column)

    # atoms

    def atom(self) -> Tree:
        token = self.next("number", "name", "(", "[", "{", "|", "||", "∂")
        if token is None:
            found = self.peek()
            missing = f"a name, a number or a bracket should stand before {found.text!r}" if found else "the line ends too early"
            raise self.wrong(missing)
        match token.kind, token.text:
            case "number", _:
                return number(token)
            case "name", _:
                return words.word(self, token)
            case _, "∂":
                return quotient_of_differentials(self, token)
            case _, "|" | "||":
                return self.between_bars(token)
        return self.inside(token)[0]

    def inside(self, opened: Token, several: bool = False) -> list[Tree]:
        """What stands between brackets, perhaps between commas; a bar opens again there."""
        bars, self.bars = self.bars, 0
        parts = [self.sum()]
        while several and self.next(","):
            parts.append(self.sum())
        self.close(opened)
        self.bars = bars
        return parts

    def between_bars(self, opened: Token) -> Tree:
        self.bars += 1
        tree = self.sum()
        self.bars -= 1
        self.close(opened)
        return Tree("call", (tree,), "abs" if opened.text == "|" else "norm", opened.column)

    def arguments(self) -> tuple[Tree, ...]:
        """(a, b, …)"""
        opened = self.next(*CLOSES)
        if opened is None:
            raise self.wrong("a bracket is missing here")
        return tuple(self.inside(opened, several=True))


def _product(factors: list[Tree]) -> Tree:
    return Tree("times", tuple(factors), column=factors[0].column) if len(factors) > 1 else factors[0]
