"""A typed matrix expression → a tree with the column of each part; it knows no shapes and evaluates nothing."""

from __future__ import annotations

import re

from backcheck.errors import did_you_mean
from backcheck.matrices.signs import CALLED, ELEMENTWISE, SAME, SUPERSCRIPTS, Mistake, Token, functions, tokens
from backcheck.matrices.tree import Tree

MOST_SIGNS, MOST_NODES, MOST_DEEP, MOST_DIGITS = 2000, 300, 60, 30
LEFT_SIDE = re.compile(r"^\s*[^\W\d]\w*\s*(?:\([\w\s,]*\))?\s*=(?!=)")  # f(w) = … says no more than …
PRODUCTS = {"*": "product", ".*": "hadamard", "/": "quotient", "./": "elementwise quotient"}
POWERS = {"^": "power", ".^": "elementwise power"}


def parse(text: str, names: list[str]) -> Tree:
    """The tree of an expression in which these names stand for arrays.

    >>> tree = parse("2X'(Xw - y)", ["X", "w", "y"])
    >>> tree.op, tree.parts[0].parts[1].op, tree.parts[1].op
    ('product', 'transpose', 'sum')
    """
    if len(text) > MOST_SIGNS:
        raise Mistake(MOST_SIGNS + 1, f"the expression has {len(text):,} signs; at most {MOST_SIGNS:,} are read")
    text = LEFT_SIDE.sub(lambda found: " " * len(found[0]), text)
    parser = _Parser(tokens(text, names), names, len(text.rstrip()) + 1)
    tree = parser.sum()
    if parser.at < len(parser.tokens):
        token = parser.tokens[parser.at]
        raise Mistake(token.column, f"{token.text!r} has no place here", "check the brackets and bars before it", len(token.text))
    _bounded(tree)
    return tree


def _bounded(tree: Tree) -> None:
    level, depth, nodes = [tree], 0, 0
    while level:
        depth, nodes = depth + 1, nodes + len(level)
        level = [part for node in level for part in node.parts]
    if depth > MOST_DEEP or nodes > MOST_NODES:
        says = f"{nodes} operations, {depth} deep; at most {MOST_NODES}, {MOST_DEEP} deep, are differentiated"
        raise Mistake(1, says, "give parts of the expression names of their own")


class _Parser:
    """Sums of products of signed powers, each after the other."""

    def __init__(self, tokens: list[Token], names: list[str], end: int) -> None:
        self.tokens, self.names, self.end = tokens, names, end
        self.at = self.bars = 0
        self.depth = -1  # the whole stands in no brackets

    def next(self, *texts: str) -> Token | None:
        """The next token if it is one of these."""
        token = self.peek()
        if token is None or (SAME.get(token.text, token.text) not in texts and token.kind not in texts):
            return None
        self.at += 1
        return token._replace(text=SAME.get(token.text, token.text))

    def peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def expect(self, sign: str, opened: Token) -> Token:
        token = self.next(sign)
        if token is None:
            found = self.peek()
            says = f"{found.text!r} stands where {sign!r} is missing" if found else f"the {opened.text!r} is never closed"
            raise Mistake((found or opened).column, says, f"close it with {sign}", len((found or opened).text))
        return token

    def sum(self) -> Tree:
        self.depth += 1
        if self.depth > MOST_DEEP:
            raise Mistake(self.tokens[self.at - 1].column, f"brackets more than {MOST_DEEP} deep")
        terms, column = [self.product()], 0
        while sign := self.next("+", "-"):
            term, column = self.product(), column or sign.column
            terms.append(term if sign.text == "+" else Tree("negative", (term,), column=sign.column))
        self.depth -= 1
        return Tree("sum", tuple(terms), column=column) if len(terms) > 1 else terms[0]

    def product(self) -> Tree:
        minus = self.minus()
        tree = self.factors()
        return Tree("negative", (tree,), column=minus) if minus else tree

    def factors(self) -> Tree:
        tree, divided = self.power(), False
        while True:
            if sign := self.next(*PRODUCTS):
                right = self.signed()
                divided = sign.text == "/" and not (tree.op == right.op == "number")
                tree = Tree(PRODUCTS[sign.text], (tree, right), column=sign.column)
            elif self.starts():
                column = self.tokens[self.at].column
                if divided:
                    says = "does this factor stand under the fraction or beside it?"
                    raise Mistake(column, says, "write a/(b*c) or (a/b)*c")
                tree = Tree("product", (tree, self.power()), column=column)
            else:
                return tree

    def starts(self) -> bool:
        """Whether a further factor follows without a sign."""
        token = self.peek()
        return token is not None and (
            token.kind in ("number", "name") or token.text == "(" or (token.kind == "bar" and not self.bars)
        )

    def minus(self) -> int:
        """Passes signs; the column of a minus if one is left over."""
        column = 0
        while sign := self.next("-", "+"):
            if sign.text == "-":
                column = 0 if column else sign.column
        return column

    def signed(self) -> Tree:
        minus = self.minus()
        tree = self.power()
        return Tree("negative", (tree,), column=minus) if minus else tree

    def power(self) -> Tree:
        tree = self.atom()
        while token := self.next("transpose", "raised", *POWERS):
            if token.kind == "transpose":
                tree = Tree("transpose", (tree,), column=token.column)
            elif token.kind == "raised":
                exponent = Tree("number", text=token.text.translate(SUPERSCRIPTS), column=token.column)
                tree = Tree("power", (tree, exponent), column=token.column)
            else:
                minus = self.next("-")
                exponent = self.atom()
                exponent = Tree("negative", (exponent,), column=minus.column) if minus else exponent
                tree = Tree(POWERS[token.text], (tree, exponent), column=token.column)
        return tree

    def atom(self) -> Tree:
        token = self.next("number", "name", "(", "bar")
        if token is None:
            found = self.peek()
            says = f"a name, a number or ( should stand before {found.text!r}" if found else "the expression ends too early"
            raise Mistake(found.column if found else self.end, says)
        if token.kind == "number":
            if len(token.text) > MOST_DIGITS or abs(int(token.text.lower().partition("e")[2] or 0)) > MOST_DIGITS:
                raise Mistake(token.column, f"{token.text[:MOST_DIGITS]} is too long for a number", width=len(token.text))
            return Tree("number", text="1/2" if token.text == "½" else token.text, column=token.column)
        if token.kind == "bar":
            return self.norm(token)
        if token.text == "(":
            tree = self.inside(token)[0]
            self.expect(")", token)
            return tree
        following = self.peek()
        if token.text not in self.names and following and following.text == "(":
            return self.call(token)
        return Tree("name", text=token.text, column=token.column)

    def inside(self, opened: Token) -> list[Tree]:
        """What stands between brackets, where a bar opens again."""
        bars, self.bars = self.bars, 0
        parts = [self.sum()]
        while opened.kind == "name" and self.next(","):
            parts.append(self.sum())
        self.bars = bars
        return parts

    def norm(self, opened: Token) -> Tree:
        self.bars += 1
        body = self.sum()
        self.bars -= 1
        closed = self.expect("bar", opened)
        return Tree("norm", (body,), text=closed.text.partition("_")[2], column=opened.column)

    def call(self, token: Token) -> Tree:
        function = CALLED.get(token.text)
        if function is None:
            hint = did_you_mean(token.text, list(CALLED)) or f"functions are {functions()}"
            raise Mistake(token.column, f"{token.text} is no function, and no name with a shape", hint, len(token.text))
        bracket = self.next("(")
        parts = self.inside(token)
        self.expect(")", bracket or token)
        wanted = 2 if function == "hadamard" else 1
        if len(parts) != wanted:
            says = f"{token.text} takes {wanted} argument{'s' * (wanted > 1)}, not {len(parts)}"
            raise Mistake(token.column, says, width=len(token.text))
        op = "apply" if function in ELEMENTWISE else function
        return Tree(op, tuple(parts), text=function if op == "apply" else "", column=token.column)
