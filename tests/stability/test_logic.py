"""The language of statements over moves: what it means, that it reads back, and what it says of errors."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from westphalia.logic import Constant, Count, Formula, FormulaError, Joined, Level, Not, parse, pattern

LEVELS = {
    "strike": ["no", "yes"],
    "block-ade": ["no", "yes"],
    "arms": ["none", "some", "all out"],
    "of": ["no", "yes"],
    "né 2": ["0", "5"],
}
ALL = dict(zip(LEVELS, np.array(list(product(*map(range, map(len, LEVELS.values()))))).T, strict=True))


def where(text):
    return parse(text, LEVELS).truth(ALL)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("strike", lambda s, b, a: s),
        ("not strike", lambda s, b, a: not s),
        ("strike and block-ade", lambda s, b, a: s and b),
        ("strike OR block-ade", lambda s, b, a: s or b),
        ("strike xor block-ade", lambda s, b, a: s != b),
        ("strike if block-ade", lambda s, b, a: s or not b),
        ("strike implies block-ade", lambda s, b, a: b or not s),
        ("strike iff block-ade", lambda s, b, a: s == b),
        ("not strike and block-ade", lambda s, b, a: (not s) and b),
        ("strike or block-ade and arms", lambda s, b, a: s or (b and a > 0)),
        ("strike or block-ade xor arms", lambda s, b, a: s or (b != (a > 0))),
        ("strike xor block-ade and arms", lambda s, b, a: s != (b and a > 0)),
        ("strike xor block-ade xor arms", lambda s, b, a: (s + b + (a > 0)) % 2 == 1),
        ("strike or arms if block-ade", lambda s, b, a: s or a > 0 or not b),
        ("(strike if block-ade) if arms", lambda s, b, a: s or not b or a == 0),
        ("arms = some", lambda s, b, a: a == 1),
        ('arms = "all out"', lambda s, b, a: a == 2),
        ("arms = 2", lambda s, b, a: a == 2),
        ("arms != none", lambda s, b, a: a != 0),
        ("arms >= some", lambda s, b, a: a >= 1),
        ("arms <= some", lambda s, b, a: a <= 1),
        ("arms < some", lambda s, b, a: a < 1),
        ("arms > some and not strike", lambda s, b, a: a > 1 and not s),
        ("at most 1 of (strike, block-ade, arms)", lambda s, b, a: s + b + (a > 0) <= 1),
        ("At Least 2 Of (strike, block-ade, arms = 2)", lambda s, b, a: s + b + (a == 2) >= 2),
        ("exactly 1 of (strike or arms, block-ade)", lambda s, b, a: (s or a > 0) + b == 1),
        ("exactly 0 of (strike)", lambda s, b, a: not s),
        ("true", lambda s, b, a: True),
        ("strike or false", lambda s, b, a: s),
        ("((strike))", lambda s, b, a: s),
    ],
)
def test_meaning(text, meaning):
    states = zip(ALL["strike"], ALL["block-ade"], ALL["arms"], strict=True)
    expected = [bool(meaning(bool(s), bool(b), int(a))) for s, b, a in states]
    assert np.broadcast_to(where(text), (len(expected),)).tolist() == expected
    assert parse(str(parse(text, LEVELS)), LEVELS) == parse(text, LEVELS)


def test_words_of_the_language_and_odd_signs_are_quoted():
    formula = parse('"of" and "né 2" = 5 and not "né 2" = "0"', LEVELS)
    assert formula.names == {"of", "né 2"}
    assert str(formula) == '"of" and "né 2" = 5 and not "né 2" = 0'
    quoted = {'a "b" c': ["no", "yes"]}
    assert str(parse('"a ""b"" c"', quoted)) == '"a ""b"" c"'


def test_a_level_that_is_called_by_a_number_goes_by_name():
    assert parse('"né 2" = 5', LEVELS) == Level("né 2", "=", 1, "5")
    with pytest.raises(FormulaError, match="'1' is no level of 'né 2'"):
        parse('"né 2" = 1', LEVELS)


def test_truth_has_the_shape_of_the_moves_it_needs():
    columns = {"strike": np.arange(2)[:, None], "arms": np.arange(3)[None, :], "of": np.zeros((5, 1, 1))}
    assert parse("strike and arms", LEVELS).truth(columns).shape == (2, 3)
    assert parse("strike", LEVELS).truth(columns).shape == (2, 1)
    assert parse("true", LEVELS).truth(columns).shape == ()


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("", 1, "The statement ends where a statement is needed (column 1). Name a move, or open with '('."),
        ("strike and", 11, "The statement ends where a statement is needed (column 11)."),
        ("strike and and arms", 12, "There is 'and' where a statement is needed"),
        ("strike arms", 8, "'arms' does not follow (column 8). Statements are joined by and, or, xor"),
        ("strike if arms if of", 16, "'if' does not follow"),
        ("stirke", 1, "'stirke' is no move (column 1). Did you mean 'strike'?"),
        ("not\n  striek", 7, "'striek' is no move (column 7). Did you mean 'strike'?"),
        ("zzz", 1, "Known: arms, block-ade, né 2, of, strike."),
        ("arms = som", 8, "'som' is no level of 'arms' (column 8). Its levels are none, some, all out;"),
        ("arms >= 3", 9, "'3' is no level of 'arms'"),
        ("arms =", 7, "The statement ends where a level of 'arms' is needed"),
        ("arms = (strike)", 8, "There is '(' where a level of 'arms' is needed"),
        ("at 2 of (strike)", 4, "There is '2' after 'at' (column 4). Write 'at most' or 'at least'."),
        ("at most two of (strike)", 9, "There is 'two' where 'at most' needs a number"),
        ("at least 2 (strike)", 12, "There is '(' where 'of' is needed"),
        ("exactly 1 of strike", 14, "There is 'strike' where '(' is needed"),
        ("exactly 1 of (strike arms)", 22, "There is 'arms' where ')' is needed"),
        ("(strike", 8, "The statement ends where ')' is needed (column 8)."),
        ("strike)", 7, "')' does not follow"),
        ('"strike', 1, "A quote is not closed."),
        ("strike & arms", 8, "'&' has no meaning here (column 8). Names with such signs stand in quotes."),
        ("of", 1, "There is 'of' where a statement is needed"),
        ("(" * 41 + "strike" + ")" * 41, 42, "The statement is nested deeper than 40"),
        ("not " * 100_000 + "strike", 1, "more than 10,000 words and signs"),
        ("not " * 4000 + "strike", 165, "The statement is nested deeper than 40"),
        ("strike and " * 10_000 + "strike", 1, "The statement has more than 10,000 words and signs"),
    ],
)
def test_errors_say_where_and_what(text, column, message):
    with pytest.raises(FormulaError) as caught:
        parse(text, LEVELS)
    assert message in str(caught.value)
    assert caught.value.column == column
    assert caught.value.code == "bad-formula"
    assert len(str(caught.value)) < 400


def test_long_statements_within_bounds_are_read():
    assert len(parse(" or ".join(["strike"] * 5000), LEVELS).operands) == 5000
    assert parse("(" * 40 + "strike" + ")" * 40, LEVELS) == parse("strike", LEVELS)
    assert parse("strike" + " " * 200_000, LEVELS) == parse("strike", LEVELS)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("YN---", "strike and not block-ade"),
        ("--2--", 'arms = "all out"'),
        ("n-Y-1", 'not strike and arms and "né 2" = 5'),
        ("-----", "true"),
    ],
)
def test_patterns(text, same):
    assert np.array_equal(
        np.broadcast_to(pattern(text, LEVELS).truth(ALL), len(ALL["of"])),
        np.broadcast_to(where(same), len(ALL["of"])),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("YN", "The pattern has 2 signs for 5 moves. One sign a move is needed: strike, block-ade, arms"),
        ("Y?---", "The sign '?' at place 2 says nothing of 'block-ade'. Y, N, a dash or a level from 0 to 1"),
        ("--3--", "The sign '3' at place 3 says nothing of 'arms'. Y, N, a dash or a level from 0 to 2"),
    ],
)
def test_patterns_that_do_not_fit(text, message):
    with pytest.raises(FormulaError) as caught:
        pattern(text, LEVELS)
    assert message in str(caught.value)


def made(parts):
    several = st.lists(parts, min_size=2, max_size=4).map(tuple)
    two = st.tuples(parts, parts)
    number = st.integers(0, 3)
    bound = st.sampled_from(["at most", "at least", "exactly"])
    return st.one_of(
        st.builds(Not, parts),
        st.builds(Joined, st.sampled_from(["if", "iff", "implies"]), two),
        st.builds(Joined, st.sampled_from(["and", "or", "xor"]), several),
        st.builds(Count, bound, number, st.lists(parts, min_size=1, max_size=3).map(tuple)),
    )


@st.composite
def atoms(draw):
    move = draw(st.sampled_from(list(LEVELS)))
    level = draw(st.integers(0, len(LEVELS[move]) - 1))
    relation = draw(st.sampled_from(["=", "!=", ">=", "<=", ">", "<"]))
    taken = st.just(Level(move, ">=", 1, ""))
    return draw(st.one_of(taken, st.just(Level(move, relation, level, LEVELS[move][level]))))


FORMULAS = st.recursive(st.one_of(atoms(), st.builds(Constant, st.booleans())), made, max_leaves=20)


def truth_of(formula: Formula, state):
    """Whether it holds in one state, by the plain meaning of each part."""
    match formula:
        case Constant(value):
            return value
        case Level(move, relation, level, _):
            here = state[move]
            compared = {"=": here == level, "!=": here != level, ">=": here >= level}
            return {**compared, "<=": here <= level, ">": here > level, "<": here < level}[relation]
        case Not(part):
            return not truth_of(part, state)
        case Count(bound, number, parts):
            held = sum(truth_of(part, state) for part in parts)
            return {"at most": held <= number, "at least": held >= number, "exactly": held == number}[bound]
    held = [truth_of(part, state) for part in formula.operands]
    joined = {"and": all(held), "or": any(held), "xor": sum(held) % 2 == 1}
    return {
        **joined,
        "if": held[0] or not held[1],
        "implies": held[1] or not held[0],
        "iff": held[0] == held[1],
    }[formula.word]


@given(FORMULAS)
def test_text_reads_back_as_the_same_formula(formula):
    once = parse(str(formula), LEVELS)
    assert str(once) == str(formula)
    assert parse(str(once), LEVELS) == once
    assert np.array_equal(once.truth(ALL), formula.truth(ALL))


@given(FORMULAS)
def test_truth_over_arrays_is_truth_in_each_state(formula):
    states = [dict(zip(ALL, row, strict=True)) for row in zip(*ALL.values(), strict=True)]
    truth = np.broadcast_to(formula.truth(ALL), len(states))
    assert truth.tolist() == [truth_of(formula, state) for state in states]
    assert formula.names <= set(LEVELS)


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from([*LEVELS, "and", "not", "if", "(", ")", "=", "2", ",", '"'])).map(" ".join)
)
def test_any_text_is_read_or_refused(text):
    try:
        formula = parse(text, LEVELS)
    except FormulaError as error:
        column = error.column
    else:
        column = 1
        assert parse(str(formula), LEVELS) == formula
    assert 1 <= column <= len(text) + 1
