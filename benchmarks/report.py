"""What run folders of `qstar bench` say: accuracy at each budget, paired comparisons, equal tokens, cost.

    report = analyse(read_all(folders), Settings())

The result is plain data (`to_json`); `benchmarks.tables` writes it as text and Markdown, `benchmarks.page` as one page.
"""

from __future__ import annotations

import importlib
import itertools
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from benchmarks.read import Line, Point, Run
from benchmarks.statistics import Array, Bootstrap, Estimate, Spending, holm, sign_flip

SHARES = (0.5, 0.75, 0.9, 0.95, 0.99)  # of the problems: where the tokens needed are compared by default
RATIO_DRAWS = 2000  # resamples for the tokens needed, where each one is a walk through all problems
GREEDY, BASELINE = "greedy", "best-of-n"  # names of strategies that others are held against
MAJORITY = "majority"  # of best-of-n: self-consistency
ONLY = "-"  # the select of a search with one answer, where nothing is selected


@dataclass(frozen=True)
class Settings:
    """What to compare, and how intervals are drawn.

    Attributes:
        compare: pairs "A,B" of rows, each named by search, select, budget or model joined by "/"; "all" for every pair.
            Empty: every row against best-of-n (or the first search) at the same budget, by the same selector and by
            majority, and at its largest budget against greedy.
        targets: numbers of problems solved at which tokens are compared; empty for shares of the problems.
        bootstrap: resampling of problems.
    """

    compare: tuple[str, ...] = ()
    targets: tuple[int, ...] = ()
    bootstrap: Bootstrap = field(default_factory=Bootstrap)


@dataclass(frozen=True, eq=False)
class Row:
    """One search, read by one selector, at one budget.

    Attributes:
        model, search, select, budget: what it is.
        problems: that have a line; seeds of one problem are averaged.
        seeds: most seeds of a problem.
        accuracy: share of problems whose selected answer is right.
        found: share with any right answer among those finished within the budget (pass@budget).
        tokens, flops, seconds, answers: means a problem, within the budget.
        errors: names of errors, and on how many lines; these lines count with what they had found, mostly nothing.
        graded: share of seeds right, by problem.
        charged: mean tokens over seeds, by problem.
    """

    model: str
    search: str
    select: str
    budget: str
    problems: int
    seeds: int
    accuracy: Estimate
    found: Estimate
    tokens: float
    flops: float
    seconds: float
    answers: float
    errors: Mapping[str, int]
    graded: Mapping[str, Fraction]
    charged: Mapping[str, float]

    @property
    def multiple(self) -> float:
        return multiple(self.budget)


@dataclass(frozen=True)
class Comparison:
    """Accuracy of `a` minus that of `b` on the problems they share, with the exact sign-flip p."""

    a: str
    b: str
    problems: int
    difference: Estimate
    better: int
    worse: int
    p: float
    p_holm: float
    tokens_ratio: float | None


@dataclass(frozen=True)
class Needed:
    """Tokens that one search needs to have a right answer for `target` of the problems.

    Attributes:
        target: problems solved, a mean over seeds.
        problems: that every search has finished.
        multiple: the cap, in greedy completions after the prompt; None if never reached.
        tokens: mean charged tokens a problem under that cap.
        ratio: of these tokens to the baseline's, both in the same resamples; None for the baseline.
        at_most: the baseline never gets there, and the ratio is to all the tokens it was charged.
        dated: the run says when each answer was found; else only at which budget of the grid.
    """

    model: str
    search: str
    target: int
    problems: int
    multiple: float | None
    tokens: Estimate
    ratio: Estimate | None
    at_most: bool
    baseline: str
    dated: bool


@dataclass(frozen=True)
class Cost:
    """What one search of one run cost in all; seconds are those of its problems, which may overlap."""

    run: str
    task: str
    model: str
    search: str
    lines: int
    tokens: int
    kinds: Mapping[str, int]
    flops: float
    verifier_calls: int
    seconds: float
    errors: int
    stops: Mapping[str, int]


@dataclass(frozen=True)
class Clock:
    """Wall clock of a run, and where it went; None where totals.json does not say."""

    run: str
    task: str
    model: str
    seconds: float | None
    tokens: int
    forward: float | None
    verifier: float | None
    grading: float | None
    rest: float | None

    @property
    def share(self) -> float | None:
        """Share of the wall clock outside forward passes and verifiers."""
        return self.rest / self.seconds if self.rest is not None and self.seconds else None


@dataclass(frozen=True)
class Published:
    """A figure from elsewhere: another model, or no model at all."""

    name: str
    accuracy: float
    source: str
    kind: str
    note: str


@dataclass(frozen=True)
class Seen:
    """What became of one problem under one search at its largest budget: seeds right, and an answer of the first."""

    right: int
    found: int
    seeds: int
    answer: str
    error: str


@dataclass(frozen=True)
class Task:
    """All that was run on one set of problems."""

    title: str
    name: str
    split: str
    source: str
    sha256: str
    problems: int
    runs: Sequence[str]
    rows: Sequence[Row]
    comparisons: Sequence[Comparison]
    needed: Sequence[Needed]
    published: Sequence[Published]
    searches: Sequence[str]
    seen: Mapping[str, Mapping[str, Seen]]
    statements: Mapping[str, str]
    notes: Sequence[str]
    summary: str


@dataclass(frozen=True)
class Report:
    """Tasks, cost, and the manifests they rest on."""

    tasks: Sequence[Task]
    costs: Sequence[Cost]
    clocks: Sequence[Clock]
    runs: Sequence[Run]
    settings: Settings

    def to_json(self) -> dict[str, Any]:
        """Every number as plain data; NaN and infinity become null."""
        data = {
            "format": "qstar-report",
            "version": 1,
            "settings": asdict(self.settings),
            "runs": [_run_json(run) for run in self.runs],
            "tasks": [_task_json(task) for task in self.tasks],
            "costs": [asdict(cost) for cost in self.costs],
            "clocks": [{**asdict(clock), "share_outside": clock.share} for clock in self.clocks],
        }
        return dict(_plain(data))


def analyse(runs: Sequence[Run], settings: Settings | None = None) -> Report:
    """All figures of `runs`, deterministic for the same input and settings.

    Raises:
        ValueError: a comparison names no row, or no two rows that can be paired.
    """
    settings = settings or Settings()
    groups: dict[tuple[str, ...], list[Run]] = defaultdict(list)
    for run in runs:
        task = run.manifest["task"]
        groups[str(task["name"]), str(task.get("split", "")), str(task.get("sha256", ""))].append(run)
    alike = Counter((name, split) for name, split, _ in groups)
    tasks = []
    for (name, split, sha), members in groups.items():
        title = f"{name}, {split}" if split else name
        title += f" ({sha[:8]})" if alike[name, split] > 1 else ""
        tasks.append(_task(title, members, settings))
    for spec in settings.compare:
        if not any(_named_pairs(task.rows, spec) for task in tasks):
            raise ValueError(f"--compare {spec}: {_choices(tasks)}")
    costs = [cost for run in runs for cost in _costs(run)]
    return Report(tasks, costs, [_clock(run) for run in runs], list(runs), settings)


# Rows


def multiple(budget: str) -> float:
    """64.0 of "64x"; infinite where a budget is no multiple."""
    try:
        return float(budget.rstrip("xX"))
    except ValueError:
        return math.inf


@dataclass(eq=False)
class _System:
    """One model under one search: the lines of one run, or of runs that differ in their seeds or problems alone.

    Attributes:
        model, search: as they are shown.
        name: of the strategy.
        setup: all settings in one text.
        unit: tokens of 1x after the prompt, 0 where the run does not say.
        lines: by (seed, problem).
        selects, budgets: that were asked for, in that order.
    """

    model: str
    search: str
    name: str
    setup: str
    unit: float
    lines: dict[tuple[int, str], Line]
    selects: list[str]
    budgets: list[str]

    def cells(self) -> list[tuple[str, str]]:
        """The (select, budget) that any line has; where all failed, those that were asked for."""
        there = {cell for line in self.lines.values() for cell in line.points}
        if not there:
            budgets = self.budgets[:1] if self.name == GREEDY else self.budgets
            there = set(itertools.product(self.selects, budgets))
        rank = {select: at for at, select in enumerate(self.selects)}
        return sorted(there, key=lambda c: (rank.get(c[0], len(rank)), c[0], multiple(c[1]), c[1]))

    def selects_nothing(self) -> bool:
        """Whether no line ever had two answers to choose from, and every selector said the same."""
        for line in self.lines.values():
            verdicts: dict[str, set[bool]] = defaultdict(set)
            for (_, budget), point in line.points.items():
                verdicts[budget].add(point.graded)
                if point.answers > 1 or len(verdicts[budget]) > 1:
                    return False
        return True

    def by_problem(self) -> dict[str, list[Line]]:
        """The lines of each problem, in the order of their seeds."""
        lines: dict[str, list[Line]] = {problem: [] for _, problem in self.lines}
        for seed, problem in sorted(self.lines, key=lambda key: key[0]):
            lines[problem].append(self.lines[seed, problem])
        return lines


def _systems(runs: Sequence[Run], notes: list[str]) -> list[_System]:
    """The systems of one task, in the order of the runs; labels that mean different things get the run's name."""
    names = {json.dumps(run.manifest["model"], sort_keys=True): run.model for run in runs}
    clashes = {name for name, n in Counter(names.values()).items() if n > 1}
    systems: list[_System] = []
    for run in runs:
        manifest = run.manifest
        model = f"{run.model} ({run.name})" if run.model in clashes else run.model
        lines: dict[str, dict[tuple[int, str], Line]] = defaultdict(dict)
        for line in sorted(run.lines, key=_place):  # in one order, whichever problem was finished first
            lines[line.search][line.seed, line.id] = line
        for search in manifest["searches"]:
            label, own = search["label"], lines[search["label"]]
            if not own:
                continue
            terms = [manifest.get(term) for term in ("verifier", "unit_tokens", "stop_on_pass", "oracle")]
            setup = json.dumps([search, terms], sort_keys=True)
            shown = f"{label} (oracle)" if manifest.get("oracle") else label
            same = next((s for s in systems if (s.model, s.setup) == (model, setup)), None)
            if same is not None and not same.lines.keys() & own.keys():
                same.lines = dict(sorted([*same.lines.items(), *own.items()], key=lambda item: _place(item[1])))
                notes.append(f"{shown}: the lines of {run.name} are added to those of an earlier run")
                continue
            if any((s.model, s.search) == (model, shown) for s in systems):
                shown += f" ({run.name})"
            asked = ([str(value) for value in manifest.get(what) or []] for what in ("selects", "budgets"))
            unit = float(manifest.get("unit_tokens") or 0)
            systems.append(_System(model, shown, str(search.get("name", label)), setup, unit, own, *asked))
    return systems


def _place(line: Line) -> tuple[list[tuple[int, str]], int]:
    """By the numbers in the name of a problem, p2 before p10, then by seed."""
    parts = re.findall(r"[0-9]+|[^0-9]+", line.id)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts], line.seed


def _rows(system: _System, bootstrap: Bootstrap, notes: list[str]) -> list[Row]:
    rows, cells = [], system.cells()
    nothing = system.selects_nothing()
    if nothing:
        cells = [cell for cell in cells if cell[0] == cells[0][0]]
    for select, budget in cells:
        points: dict[str, list[Point]] = defaultdict(list)
        errors: Counter[str] = Counter()
        absent = 0
        for line in system.lines.values():
            point = line.points.get((select, budget))
            error = line.error if point is None else point.error
            if error:
                errors[_error_name(error)] += 1
            if point is None and not error:
                absent += 1  # this budget has not been run yet
                continue
            points[line.id].append(point or _failed(line))
        name = f"{system.search} at {budget}"
        if absent:
            notes.append(f"{name}: {absent} lines have no such budget yet and are left out of its row")
        counts = {len(seeds) for seeds in points.values()}
        if len(counts) > 1:
            notes.append(f"{name}: problems have {min(counts)} to {max(counts)} seeds; each counts with those it has")
        graded = {problem: Fraction(sum(p.graded for p in seeds), len(seeds)) for problem, seeds in points.items()}
        found = [sum(p.found for p in seeds) / len(seeds) for seeds in points.values()]

        def mean(what: str, points: Mapping[str, list[Point]] = points) -> float:
            return float(np.mean([np.mean([getattr(p, what) for p in seeds]) for seeds in points.values()] or [0.0]))

        rows.append(
            Row(
                system.model,
                system.search,
                ONLY if nothing else select,
                budget,
                len(points),
                max(counts, default=0),
                bootstrap.mean([float(share) for share in graded.values()], share=True),
                bootstrap.mean(found, share=True),
                mean("tokens"),
                mean("flops"),
                mean("seconds"),
                mean("answers"),
                dict(sorted(errors.items())),
                graded,
                {problem: sum(p.tokens for p in seeds) / len(seeds) for problem, seeds in points.items()},
            )
        )
    return rows


def _failed(line: Line) -> Point:
    """The point of a line that ended in an error before it had any."""
    return Point("", False, False, 0.0, line.tokens, line.flops, line.seconds, line.error)


def _error_name(error: str) -> str:
    """`ValueError` of `ValueError: what the model wrote`."""
    return error.split(":")[0].strip()[:60] or "error"


# Comparisons


def label(row: Row, models: bool) -> str:
    """The name of a row in words."""
    parts = [row.model] if models else []
    parts += [row.search] + ([row.select] if row.select != ONLY else []) + [row.budget]
    return " ".join(parts)


def _matches(row: Row, spec: str) -> set[str] | None:
    """Which of a row's fields `spec` names; None if one of its parts names none."""
    named = set()
    for part in spec.strip().split("/"):
        of = [name for name in ("search", "select", "budget", "model") if getattr(row, name) == part.strip()]
        if not of:
            return None
        named.add(of[0])
    return named


def _named_pairs(rows: Sequence[Row], spec: str) -> list[tuple[Row, Row]]:
    """Pairs that agree in all that `A` and `B` of "A,B" do not both name, where a search has a choice there."""
    if spec.strip() == "all":
        return [(b, a) for a, b in itertools.combinations(rows, 2) if a.budget == b.budget]
    if spec.count(",") != 1:
        raise ValueError(f"--compare {spec}: write two rows as A,B, such as astar/64x,best-of-n/64x, or all")
    left, right = ([(row, _matches(row, part)) for row in rows] for part in spec.split(","))
    pairs = []
    for (a, of_a), (b, of_b) in itertools.product(left, right):
        if of_a is None or of_b is None or a is b:
            continue
        free = {"model", "search", "select", "budget"} - (of_a & of_b)
        if all(getattr(a, name) == getattr(b, name) or _alone(rows, b, name) for name in free):
            pairs.append((a, b))
    return pairs


def _alone(rows: Sequence[Row], row: Row, name: str) -> bool:
    """Whether a search has one select, or one budget, so that it cannot meet another there."""
    own = {getattr(r, name) for r in rows if (r.model, r.search) == (row.model, row.search)}
    return name in ("select", "budget") and len(own) == 1


def _default_pairs(rows: Sequence[Row], names: Mapping[tuple[str, str], str]) -> list[tuple[Row, Row]]:
    """Every row against the baseline at its budget; at its largest budget against greedy too."""
    pairs = []
    for model in dict.fromkeys(row.model for row in rows):
        own = [row for row in rows if row.model == model]
        base = baseline(own, names)
        greedy = [row for row in own if names[row.model, row.search] == GREEDY]
        others = [row for row in own if row not in greedy]
        for row in others:
            at_budget = [r for r in others if r.search == base and r.budget == row.budget]
            usual = next((r for r in at_budget if r.select == MAJORITY), next(iter(at_budget), None))
            same = [r for r in at_budget if r.select == row.select]
            pairs += [(row, r) for r in [usual, *same] if r is not None and r is not row]
        for row in others:
            largest = max(r.multiple for r in others if (r.search, r.select) == (row.search, row.select))
            pairs += [(row, r) for r in greedy if row.multiple == largest]
    return pairs


def baseline(rows: Sequence[Row], names: Mapping[tuple[str, str], str]) -> str | None:
    """The search that others are held against: best-of-n, or the first that is not greedy."""
    real = {(row.model, row.search): names[row.model, row.search] for row in rows}
    best = [search for (_, search), name in real.items() if name == BASELINE]
    rest = [search for (_, search), name in real.items() if name != GREEDY]
    return next(iter(best or rest), None)


def _comparisons(pairs: Iterable[tuple[Row, Row]], models: bool, bootstrap: Bootstrap) -> list[Comparison]:
    found = []
    for a, b in dict.fromkeys(pairs):
        shared = [problem for problem in a.graded if problem in b.graded]
        if not shared:
            continue
        gaps = [a.graded[problem] - b.graded[problem] for problem in shared]
        difference = bootstrap.mean([float(gap) for gap in gaps])
        better, worse = sum(gap > 0 for gap in gaps), sum(gap < 0 for gap in gaps)
        spent = [sum(row.charged[problem] for problem in shared) for row in (a, b)]
        ratio = spent[0] / spent[1] if spent[1] else None
        found.append(
            (label(a, models), label(b, models), len(shared), difference, better, worse, sign_flip(gaps), ratio)
        )
    adjusted = holm([f[6] for f in found])
    return [Comparison(*f[:7], p_holm, f[7]) for f, p_holm in zip(found, adjusted, strict=True)]


def _choices(tasks: Sequence[Task]) -> str:
    names = list(dict.fromkeys(f"{r.search}/{r.select}/{r.budget}" for task in tasks for r in task.rows))
    return f"no such pair of rows on the same problems; there is {', '.join(names[:40])}"


# Equal tokens


def _spending(lines: Sequence[Sequence[Line]], dated: bool) -> Spending:
    """When the seeds of each problem were solved; without dates at the first budget of the grid that was enough."""
    shape = len(lines), len(lines[0])
    solved, end, prompt = np.full(shape, np.inf), np.zeros(shape), np.zeros(shape)
    for i, seeds in enumerate(lines):
        for j, line in enumerate(seeds):
            grid = sorted((multiple(budget), point.tokens) for (_, budget), point in line.points.items() if point.found)
            last = max((point.tokens for point in line.points.values()), default=line.tokens)
            at = line.solved_at if dated else grid[0][1] if grid else None
            prompt[i, j] = line.prompt
            end[i, j] = max((line.tokens if dated else last) - line.prompt, 0)
            if at is not None:
                solved[i, j] = max(at - line.prompt, 0)
    return Spending(solved, end, float(prompt.mean()))


def _needed(systems: Sequence[_System], base: str | None, settings: Settings, notes: list[str]) -> list[Needed]:
    """Tokens for the same number solved, each search of a model against the baseline, on the problems they share."""
    searches = {system.search: system for system in systems if system.name != GREEDY}
    if base is None or base not in searches:
        return []
    lines = {search: system.by_problem() for search, system in searches.items()}
    seeds = {search: max(map(len, own.values())) for search, own in lines.items()}
    problems = [p for p in lines[base] if all(len(own.get(p, ())) == seeds[s] for s, own in lines.items())]
    if not problems:
        notes.append("no problem is finished in every search and seed yet: tokens needed cannot be compared")
        return []
    n, bootstrap = len(problems), settings.bootstrap
    chosen = {search: [own[problem] for problem in problems] for search, own in lines.items()}
    dated = {search: all(line.dated for of in own for line in of) for search, own in chosen.items()}
    if not all(dated.values()):
        notes.append("tokens for the same number solved are known at the budgets of the grid only")
    spent = {search: _spending(own, dated[search]) for search, own in chosen.items()}
    reached = [float(np.isfinite(known.solved).mean() * n) + 1e-9 for known in spent.values()]
    usual = {math.ceil(share * n - 1e-9) for share in SHARES} | {int(min(reached))}
    targets = sorted(set(settings.targets) or {target for target in usual if 0 < target <= max(reached)})
    found = []
    for target in targets:
        caps, tokens, draws = {}, {}, {}
        for search, known in spent.items():
            (cap,), (mean,) = known.needed(target / n)
            caps[search], tokens[search] = float(cap), float(mean)
            draws[search] = _resampled(known, target / n, n, bootstrap)
        for search in spent:
            ratio, at_most = None, not math.isfinite(tokens[base])
            if search != base and math.isfinite(tokens[search]):
                # a baseline that never gets there needs more than all it was given
                least = np.where(np.isfinite(draws[base]), draws[base], spent[base].all)
                value = tokens[search] / (spent[base].all if at_most else tokens[base])
                ratio = Estimate(value) if at_most else _bounded(value, draws[search] / least, bootstrap)
            unit = searches[search].unit
            cap = caps[search] / unit if unit and math.isfinite(caps[search]) else None
            estimate = _bounded(tokens[search], draws[search], bootstrap)
            model = searches[search].model
            found.append(Needed(model, search, target, n, cap, estimate, ratio, at_most, base, dated[search]))
    return found


def _resampled(known: Spending, share: float, n: int, bootstrap: Bootstrap) -> Array:
    """Mean tokens needed in each resample of `n` problems, the same resamples for every search."""
    return bootstrap.apply(n, lambda weights: known.needed(share, weights)[1], RATIO_DRAWS)


def _bounded(value: float, draws: Array, bootstrap: Bootstrap) -> Estimate:
    """An estimate whose bounds are None where the resamples do not reach one."""
    if not math.isfinite(value):
        return Estimate(None)
    low, high = bootstrap.percentiles(draws)
    return Estimate(value, low if math.isfinite(low) else None, high if math.isfinite(high) else None)


# Tasks


def _task(title: str, runs: Sequence[Run], settings: Settings) -> Task:
    first = runs[0].manifest["task"]
    notes = [note for run in runs for note in [*run.notes, run.unfinished] if note]
    notes += [f"{run.name} was guided by the gold answers (oracle)" for run in runs if run.manifest.get("oracle")]
    systems = _systems(runs, notes)
    rows = [row for system in systems for row in _rows(system, settings.bootstrap, notes)]
    names = {(system.model, system.search): system.name for system in systems}
    models = list(dict.fromkeys(row.model for row in rows))
    if settings.compare:
        pairs = [pair for spec in settings.compare for pair in _named_pairs(rows, spec)]
    else:
        pairs = _default_pairs(rows, names)
    comparisons = _comparisons(pairs, len(models) > 1, settings.bootstrap)
    needed = []
    for model in models:
        own = [system for system in systems if system.model == model]
        base = baseline([row for row in rows if row.model == model], names)
        needed += _needed(own, base, settings, notes)
    for row in rows:
        for error, n in row.errors.items():
            note = f"{row.search}: {n} line{'s' * (n > 1)} ended in {error}, counted with what was found by then"
            notes += [] if note in notes else [note]
    shown = [label(r, len(models) > 1) for r in _last(rows)]
    return Task(
        title,
        str(first["name"]),
        str(first.get("split", "")),
        str(first.get("source", "")),
        str(first.get("sha256", "")),
        max(run.problems for run in runs),
        [run.name for run in runs],
        rows,
        comparisons,
        needed,
        _published(runs),
        shown,
        _seen(systems, rows, len(models) > 1),
        {line.id: line.statement for run in runs for line in run.lines if line.statement},
        notes,
        _summary(title, rows, comparisons, needed, models, names),
    )


def _last(rows: Sequence[Row]) -> list[Row]:
    """Each search and select at its largest budget."""
    last: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        key = (row.model, row.search, row.select)
        if key not in last or row.multiple >= last[key].multiple:
            last[key] = row
    return list(last.values())


def _seen(systems: Sequence[_System], rows: Sequence[Row], models: bool) -> dict[str, dict[str, Seen]]:
    """What became of each problem, by problem and row at the largest budget."""
    by_name = {(system.model, system.search): system for system in systems}
    seen: dict[str, dict[str, Seen]] = defaultdict(dict)
    for row in _last(rows):
        system = by_name[row.model, row.search]
        by_problem = system.by_problem()
        select = row.select if row.select != ONLY else system.cells()[0][0]
        for problem in row.graded:
            lines = [line for line in by_problem[problem] if line.error or (select, row.budget) in line.points]
            points = [line.points.get((select, row.budget)) or _failed(line) for line in lines]
            seen[problem][label(row, models)] = Seen(
                sum(point.graded for point in points),
                sum(point.found for point in points),
                len(points),
                points[0].answer,
                next((point.error for point in points if point.error), ""),
            )
    return dict(seen)


def _published(runs: Sequence[Run]) -> list[Published]:
    """Figures from elsewhere that the run carries, or that the project keeps for the task."""
    given = [entry for run in runs for entry in run.manifest["task"].get("baselines") or []]
    if not given and runs[0].manifest["task"]["name"] == "game24":
        with suppress(ImportError):
            given = list(importlib.import_module("benchmarks.game24_baselines").PUBLISHED)
    found = []
    for entry in given:
        if not isinstance(entry, Mapping) or not isinstance(entry.get("accuracy"), (int, float)):
            continue
        words = (str(entry.get(name) or "") for name in ("name", "source", "kind", "note"))
        name, source, kind, note = words
        found.append(Published(name, float(entry["accuracy"]), source, kind or "published", note))
    return list(dict.fromkeys(found))


def _summary(
    title: str,
    rows: Sequence[Row],
    comparisons: Sequence[Comparison],
    needed: Sequence[Needed],
    models: Sequence[str],
    names: Mapping[tuple[str, str], str],
) -> str:
    """What a reader should take away, in a few sentences."""
    if not rows:
        return f"Nothing is finished on {title} yet."
    several = len(models) > 1
    said = []
    greedy = next((row for row in rows if names[row.model, row.search] == GREEDY), None)
    if greedy is not None:
        said.append(f"Greedy solves {_share(greedy.accuracy)}.")
    best = max(rows, key=lambda row: (row.accuracy.value or 0.0, -row.multiple))
    if best is not greedy:
        said.append(
            f"The most are solved by {label(best, several)}: {_share(best.accuracy)} at "
            f"{best.tokens:,.0f} charged tokens a problem."
        )
        own = [c for c in comparisons if c.a == label(best, several)]
        said += [_difference(c, "That is") for c in own]
        if not any(c.b != (greedy and label(greedy, several)) for c in own):
            rivals = [(row, c) for row in rows for c in comparisons if c.a == label(row, several)]
            near = [(row, c) for row, c in rivals if c.b == label(best, several) and row.search != best.search]
            for _, c in sorted(near, key=lambda pair: -(pair[0].accuracy.value or 0.0))[:1]:
                said.append(_difference(c, f"{c.a} solves"))
    ratios = [n for n in needed if not n.at_most and n.ratio is not None and n.ratio.value is not None]
    if ratios:
        most = max(need.target for need in ratios)
        need = min((need for need in ratios if need.target == most), key=lambda n: (n.ratio and n.ratio.value) or 0.0)
        ratio = need.ratio or Estimate(None)
        said.append(
            f"To hold a right answer for {need.target} of {need.problems} problems, {need.search} needs "
            f"{ratio.value or 0.0:.2f} times the tokens of {need.baseline} (95% interval {_range(ratio)})."
        )
    return " ".join(said)


def _share(estimate: Estimate) -> str:
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return "no problem"
    return f"{100 * estimate.value:.1f}% (95% interval {100 * estimate.low:.1f} to {100 * estimate.high:.1f})"


def _difference(comparison: Comparison, who: str) -> str:
    d = comparison.difference
    value, low, high = d.value or 0.0, d.low or 0.0, d.high or 0.0
    if not value:
        return f"{who} as many as {comparison.b}."
    way = "more" if value >= 0 else "fewer"
    sure = "" if low > 0 or high < 0 else ", which may be chance"
    return (
        f"{who} {abs(100 * value):.1f} points {way} than {comparison.b} (interval of the difference "
        f"{100 * low:+.1f} to {100 * high:+.1f}; p = {comparison.p:.2g}, {comparison.p_holm:.2g} after Holm{sure})."
    )


def _range(ratio: Estimate) -> str:
    """The interval of a ratio, which is open above where too many resamples never get there."""
    low = f"{ratio.low or 0.0:.2f}"
    return f"{low} to {ratio.high:.2f}" if ratio.high is not None else f"{low} and up"


# Cost


def _costs(run: Run) -> Iterator[Cost]:
    for search in run.manifest["searches"]:
        lines = [line for line in run.lines if line.search == search["label"]]
        if not lines:
            continue
        kinds: Counter[str] = Counter()
        for line in lines:
            kinds.update(line.kinds)
        yield Cost(
            run.name,
            str(run.manifest["task"]["name"]),
            run.model,
            str(search["label"]),
            len(lines),
            sum(line.tokens for line in lines),
            dict(kinds),
            sum(line.flops for line in lines),
            sum(line.verifier_calls for line in lines),
            sum(line.seconds for line in lines),
            sum(bool(line.error) for line in lines),
            dict(Counter(line.stop_reason or "?" for line in lines).most_common()),
        )


def _clock(run: Run) -> Clock:
    totals = run.totals or {}
    names = ("seconds", "forward_seconds", "verifier_seconds", "grading_seconds", "rest_seconds")
    at = (totals.get(name) for name in names)
    seconds, forward, verifier, grading, rest = (float(v) if isinstance(v, (int, float)) else None for v in at)
    if rest is None and seconds is not None and forward is not None:
        rest = seconds - forward - (verifier or 0.0) - (grading or 0.0)
    tokens = sum(line.tokens for line in run.lines)
    of = (run.name, str(run.manifest["task"]["name"]), run.model)
    return Clock(*of, seconds, tokens, forward, verifier, grading, rest)


# Plain data


def _run_json(run: Run) -> dict[str, Any]:
    facts = {"name": run.name, "lines": run.done, "expected": run.expected, "unfinished": run.unfinished}
    return {**facts, "notes": list(run.notes), "manifest": run.manifest, "totals": run.totals}


def _task_json(task: Task) -> dict[str, Any]:
    data = asdict(task)
    for row in data["rows"]:
        row["graded"] = {problem: float(share) for problem, share in row["graded"].items()}
    return data


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, float):
        return round(value, 10) if math.isfinite(value) else None
    return value
