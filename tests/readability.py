"""How old a reader has to be: the Flesch-Kincaid grade of a text.

J. P. Kincaid et al., "Derivation of new readability formulas for Navy enlisted personnel", Research Branch
Report 8-75, 1975: grade = 0.39 words / sentences + 11.8 syllables / words - 15.59. A grade is a year of
school in the USA, whose pupils are five years older than it.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?|\d+(?:[:.,]\d+)*")
_END = re.compile(r"[.!?](?=\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^aeiouylw]es?|[^aeioutd]ed)$")


def age(text: str) -> float:
    """The age, in years, at which the text can be read."""
    words = _WORD.findall(text)
    sentences = max(1, len(_END.findall(text)))
    return 5 + 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def syllables(word: str) -> int:
    """Groups of vowels, less a silent e; a number counts as two."""
    if not word[0].isalpha():
        return 2
    low = word.lower()
    groups = len(_VOWELS.findall(low))
    silent = groups > 1 and _SILENT.search(low) is not None and not re.search(r"(?:[sxz]|sh|ch|[cg])es$", low)
    return max(1, groups - silent)
