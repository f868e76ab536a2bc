"""Which finished answer is the one: apart from the search, so that pass@budget and selected accuracy both show."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

from qstar.tree import Answer

# Takes the answers of a tree (counts up to date) and returns the chosen one, None if there is nothing to choose.
Selector = Callable[[Sequence[Answer]], "Answer | None"]
Same = Callable[[str, str], bool]

_PROGRAM = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]", re.MULTILINE)


def exactly(a: str, b: str) -> bool:
    """Equal up to white space and case; of programs, in which both matter, up to blank lines and line ends."""
    if _PROGRAM.search(a) or _PROGRAM.search(b):
        return _lines(a) == _lines(b)
    return " ".join(a.split()).casefold() == " ".join(b.split()).casefold()


def _lines(program: str) -> list[str]:
    return [line.rstrip() for line in program.splitlines() if line.strip()]


def equivalently(a: str, b: str) -> bool:
    """Equal, or mathematically equivalent: 0.5 and \\frac{1}{2}. Bounded in time."""
    if exactly(a, b):
        return True
    if _PROGRAM.search(a) or _PROGRAM.search(b):
        return False
    from verifiers.math import equivalent

    return equivalent(a, b)


def _rank(value: float) -> float:
    return -math.inf if math.isnan(value) else value


def by_verifier(answers: Sequence[Answer]) -> Answer | None:
    """The highest score of the verifier; ties go to the higher Q, then to the likelier text."""
    return max(answers, key=lambda a: (_rank(a.score), _rank(a.q), a.logp), default=None)


def by_q(answers: Sequence[Answer]) -> Answer | None:
    """The highest Q; ties go to the likelier text."""
    return max(answers, key=lambda a: (_rank(a.q), a.logp), default=None)


def by_likelihood(answers: Sequence[Answer]) -> Answer | None:
    """The likeliest text, per token."""
    return max(answers, key=lambda a: a.logp / max(a.length, 1), default=None)


def groups(answers: Sequence[Answer], same: Same = equivalently) -> list[list[Answer]]:
    """Answers that say the same, first found first; those without a short answer are left out."""
    out: list[list[Answer]] = []
    for answer in answers:
        if answer.answer is None:
            continue
        for group in out:
            assert group[0].answer is not None
            if same(answer.answer, group[0].answer):
                group.append(answer)
                break
        else:
            out.append([answer])
    return out


def majority(same: Same = equivalently, weight: Callable[[Answer], float] | None = None) -> Selector:
    """Self-consistency (arXiv 2203.11171): the answer with the most draws, or with the largest sum of `weight`.

    Answers are grouped by `same`, by equivalence rather than by spelling; the likeliest text speaks for its group.
    """
    vote = weight or (lambda answer: 1.0)
    return lambda answers: _voted(answers, same, lambda a: a.count * vote(a))


def by_q_vote(same: Same = equivalently) -> Selector:
    """The vote weighted by Q."""
    return majority(same, weight=_q)


def by_mass(same: Same = equivalently, weight: Callable[[Answer], float] | None = None) -> Selector:
    """The answer whose texts are together the most probable, or have the largest sum of probability times `weight`.

    What self-consistency estimates from independent samples. A tree search finds texts in another way: there the
    number of draws tells how it went about it, not how probable a text is.
    """
    vote = weight or (lambda answer: 1.0)

    def select(answers: Sequence[Answer]) -> Answer | None:
        top = max((a.logp for a in answers), default=0.0)  # of probabilities that may be too small for a float
        return _voted(answers, same, lambda a: math.exp(a.logp - top) * vote(a))

    return select


def by_q_mass(same: Same = equivalently) -> Selector:
    """The probable answers weighted by Q."""
    return by_mass(same, weight=_q)


def _q(answer: Answer) -> float:
    return max(_rank(answer.q), 0.0)


def _voted(answers: Sequence[Answer], same: Same, votes: Callable[[Answer], float]) -> Answer | None:
    """The likeliest text of the group with the most votes."""
    voted = groups(answers, same)
    if not voted:
        return by_likelihood(answers)
    best = max(voted, key=lambda group: sum(map(votes, group)))
    return max(best, key=lambda a: a.logp)


def auto(same: Same = equivalently) -> Selector:
    """Of the answers that the verifier does not fail: the best by its scores, where they tell these apart or one
    passes; else the probable answers weighted by Q; else, without Q, the majority."""

    def select(answers: Sequence[Answer]) -> Answer | None:
        answers = [a for a in answers if a.verdict != "fail"] or answers
        scores = [a.score for a in answers if not math.isnan(a.score)]
        if scores and (max(scores) >= 1.0 or min(scores) < max(scores)):
            return by_verifier(answers)
        chosen = by_q_mass(same) if any(not math.isnan(a.q) for a in answers) else majority(same)
        return chosen(answers)

    return select


SELECTORS: dict[str, Callable[[Same], Selector]] = {
    "auto": auto,
    "verifier": lambda same: by_verifier,
    "q": lambda same: by_q,
    "q-vote": by_q_vote,
    "majority": majority,
    "q-mass": by_q_mass,
    "mass": by_mass,
    "likelihood": lambda same: by_likelihood,
}


def make_selector(name: str, same: Same = equivalently) -> Selector:
    """A selector by name. Raises ValueError for one that does not exist."""
    if name not in SELECTORS:
        raise ValueError(f"no selector named {name!r}; there is {', '.join(SELECTORS)}")
    return SELECTORS[name](same)
