"""Statements of logic over moves: from text to a formula, from a formula to truth over arrays, and back.

Loosest first: ``a if b``, ``a implies b``, ``a iff b`` (one of them, no chain: parentheses say
what is meant); ``or``; ``xor``; ``and``; ``not``; then one of

* ``move``: it is taken, at whatever level above the lowest;
* ``move = level``, and likewise ``!=``, ``>=``, ``<=``, ``>``, ``<``; a level is a name or a number from 0;
* ``at most 1 of (a, b, c)``, ``at least …``, ``exactly …``, over any statements;
* ``true``, ``false``, and anything in parentheses.

Words of the language may be written in capitals too. A move or level whose name is one of these
words, or holds more than letters, digits, dashes and underscores, stands in double quotes.
"""

from westphalia.logic.formulas import Constant, Count, Formula, Joined, Level, Not
from westphalia.logic.reading import FormulaError, parse, pattern

__all__ = ["Constant", "Count", "Formula", "FormulaError", "Joined", "Level", "Not", "parse", "pattern"]
