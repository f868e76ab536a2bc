"""Scenarios of comparison: more, fewer, times as many, ages, lengths, scores, two kinds, rectangles, votes."""

from __future__ import annotations

from qstar.models.words.story import Story, Teller, Thing, Unsuitable, scenario

TIMES = {2: "twice", 3: "three times", 4: "four times", 5: "five times", 6: "six times", 10: "ten times"}
PARTS = {2: "half", 3: "a third", 4: "a quarter", 5: "a fifth"}


def _n(count: int, thing: Thing) -> str:
    return f"{count} {thing.of(count)}"


def _two_kinds(t: Teller) -> tuple[str, str, str]:
    """Two kinds and the noun of both, as plurals."""
    colors = ("red", "blue", "green", "yellow", "white", "black", "brown", "purple", "orange", "pink")
    noun, *kinds = t.pick(
        ("apples", "red", "green"),
        ("soda bottles", "regular", "diet"),
        ("cookies", "chocolate", "oatmeal"),
        ("pies", "apple", "cherry"),
        ("tickets", "adult", "child"),
        ("cars", "old", "new"),
        ("books", "adventure", "mystery"),
        ("T-shirts", "small", "large"),
        ("games", "board", "card"),
        ("towels", "clean", "dirty"),
        ("eggs", "white", "brown"),
        ("pizzas", "cheese", "mushroom"),
        ("donuts", "glazed", "plain"),
        ("crackers", "salty", "sweet"),
        ("marbles", *colors),
        ("balloons", *colors),
        ("pens", *colors),
        ("crayons", *colors),
        ("beads", *colors),
        ("roses", "red", "white", "pink", "yellow"),
        ("shirts", *colors),
        ("buttons", *colors),
        ("blocks", *colors),
    )
    return t.new(*kinds), t.new(*kinds), noun


@scenario
def two_kinds(t: Teller) -> Story:
    """A place or person with two kinds of a thing, counted and compared."""
    one, two, noun = _two_kinds(t)
    who = t.person()
    a, b = t.number(2, 99), t.number(2, 99)
    if a == b:
        raise Unsuitable("the same")
    owner, has = t.pick(
        (str(who), "has"),
        (str(who), "counted"),
        ("the school", "has"),
        ("a store", "had"),
        ("the museum", "has"),
        ("a club", "owns"),
        (f"{who}'s family", "has"),
    )
    more, fewer = (one, two) if a > b else (two, one)
    high, low = max(a, b), min(a, b)
    story = Story()
    story.distract(
        f"{t.person()} has {t.number(2, 60)} {one} {noun}.",
        f"There are also {t.number(2, 90)} {t.thing('goods', 'school')} [there|nearby].",
        f"{who} is {t.number(6, 60)} years old.",
    )
    both = t.pick(
        f"{owner} {has} {a} {one} {noun} and {b} {two} {noun}.",
        f"{owner} {has} {a} {one} {noun} and {b} {two} ones.",
        f"There are {a} {one} {noun} and {b} {two} {noun} [on a shelf|in a box|in a store|on a table|in all]."
        if noun not in ("cars", "pizzas", "pies")
        else f"There are {a} {one} and {b} {two} {noun}.",
        f"{owner} {has} {a} {one} {noun}. The number of {two} {noun} is {b}.",
    )
    ask = t.pick("more", "more", "total", "other", "other", "left", "given", "relation", "relation", "fraction")
    if ask == "more":
        if t.chance(0.2):
            story.ask(
                f"If there are {a} {one} {noun} and {b} {two} {noun}, "
                f"how many more {more} than {fewer} {noun} are there?",
                (f"There are {{}} more {more} {noun}.", f"{high}-{low}"),
            )
            return story
        story.tell(both)
        story.ask(
            t.pick(
                f"How many more {more} {noun} than {fewer} {noun} are there?",
                f"How many fewer {fewer} {noun} are there than {more} {noun}?",
                f"What is the difference between the number of {one} and {two} {noun}?",
                f"By how many do the {more} {noun} outnumber the {fewer} ones?",
            ),
            ("The difference is {}.", f"{high}-{low}"),
        )
    elif ask == "total":
        story.tell(both)
        story.ask(f"How many {noun} are there [in all|in total|altogether]?", (f"There are {{}} {noun}.", f"{a}+{b}"))
    elif ask == "other":
        total = a + b
        story.tell(
            t.pick(
                f"{owner} {has} {total} {noun}. {a} of them are {one}, the [rest|others] are {two}.",
                f"There are {total} {noun}[ in a box| in all|]. {a} are {one} and the rest are {two}.",
                f"Of {total} {noun}, {a} are {one} and all the others {two}.",
                f"{owner} {has} {total} {noun}, {b} {two} and the rest {one}.",
            )
        )
        asked, given = (one, b) if f"{b} {two}" in story.facts[0] else (two, a)
        found = total - given
        story.ask(f"How many {asked} {noun} are there?", (f"There are {{}} {asked} {noun}.", f"{total}-{given}"))
        if found != given:
            up, down = (asked, one if asked == two else two) if found > given else (one if asked == two else two, asked)
            story.ask(
                f"How many more {up} {noun} than {down} {noun} are there?",
                (f"{{}} are {asked}.", f"{total}-{given}"),
                ("The difference is {}.", f"{max(found, given)}-{min(found, given)}"),
            )
    elif ask == "left":
        if t.chance(0.5):
            x, y = t.number(1, a), t.number(1, b)
            story.tell(
                both,
                f"[Then|Later|One day,] {x} {one} {noun} and {y} {two} {noun} [are|were] [sold|used|given away|lost].",
            )
            for kind, n, gone in ((one, a, x), (two, b, y)):
                if n > gone:
                    story.ask(f"How many {kind} {noun} are left?", (f"Left are {{}} {kind} {noun}.", f"{n}-{gone}"))
            if a + b > x + y:
                story.ask(
                    f"How many {noun} are left [in all|altogether]?",
                    ("There were {}.", f"{a}+{b}"),
                    ("{} are gone.", f"{x}+{y}"),
                    ("Left are {}.", f"{a + b}-{x + y}"),
                )
        else:
            x = t.number(1, a + b - 1)
            story.tell(
                both, f"[Then|Later|One day,] {x} of [them|the {noun}] [are|were] [sold|used|given away|lost|broken]."
            )
            story.ask(
                f"How many {noun} are left?", ("Together there were {}.", f"{a}+{b}"), ("Left are {}.", f"{a + b}-{x}")
            )
        if not story.asks:
            raise Unsuitable("nothing left")
    elif ask == "given":
        box = t.pick("box", "bag", "tray", "basket", "shelf")
        on = "on" if box in ("shelf", "tray") else "in"
        n = t.divisor(a + b, 2, 12)
        boxes = {"box": "boxes", "shelf": "shelves"}.get(box, box + "s")
        story.tell(both)
        if t.chance(0.5):
            story.tell(f"They are put [equally|evenly] {on} {n} {boxes}.")
            story.ask(
                f"How many {noun} are [there|] {on} each {box}?",
                ("In all there are {}.", f"{a}+{b}"),
                (f"Each {box} gets {{}}.", f"{a + b}/{n}"),
            )
        else:
            story.tell(f"Each {box} holds {n} {noun}.")
            story.ask(
                f"How many {boxes} are needed[ for all of them| for all the {noun}|]?",
                ("In all there are {}.", f"{a}+{b}"),
                (f"{{}} {boxes} are needed.", f"{a + b}/{n}"),
            )
    elif ask == "relation":
        if t.chance(0.5):
            d = t.number(2, 40)
            sign, word = t.pick((1, "more"), (-1, "fewer"))
            c = a + sign * d
            if c < 1:
                raise Unsuitable("too few")
            story.tell(
                t.pick(
                    f"{owner} {has} {a} {one} {noun} and {d} {word} {two} ones.",
                    f"{owner} {has} {a} {one} {noun}. There are {d} {word} {two} {noun} than {one} {noun}.",
                    f"There are {d} {word} {two} {noun} than {one} {noun}, and there are {a} {one} {noun}.",
                )
            )
            step = (f"There are {{}} {two} {noun}.", f"{a}{'+-'[sign < 0]}{d}")
        else:
            k = t.pick(2, 2, 3, 4, 5)
            c = a * k
            story.tell(
                t.pick(
                    f"{owner} {has} {a} {one} {noun} and {TIMES[k]} as many {two} ones.",
                    f"There are {TIMES[k]} as many {two} {noun} as {one} {noun}. There are {a} {one} {noun}.",
                    f"{owner} {has} {a} {one} {noun}. There are {TIMES[k]} as many {two} {noun}.",
                )
            )
            step = (f"There are {{}} {two} {noun}.", f"{a}*{k}")
        story.ask(f"How many {two} {noun} are there?", step)
        story.ask(
            f"How many {noun} are there [in all|in total|altogether]?", step, ("In all there are {}.", f"{a}+{c}")
        )
        story.ask(f"How many {noun} of both kinds are there?", step, ("Together there are {}.", f"{a}+{c}"))
    else:
        k = t.pick(2, 3, 4, 5)
        total = k * t.number(3, 30)
        first = total // k
        x = t.number(1, total - first)
        story.tell(f"{owner} {has} {total} {noun}.", f"{PARTS[k]} of them are {one}, the rest are {two}.")
        part = (f"{{}} are {one}.", f"{total}/{k}")
        rest = (f"{{}} are {two}.", f"{total}-{first}")
        if k == 2:
            story.ask(f"How many {one} {noun} are there?", part)
        else:
            story.ask(f"How many {two} {noun} are there?", part, rest)
        if x < total - first and t.chance(0.5):
            story.tell(f"{x} of the {two} {noun} are [sold|given away|taken away].")
            story.asks.clear()
            story.ask(f"How many {two} {noun} are left?", part, rest, ("Left are {}.", f"{total - first}-{x}"))
    return story


@scenario
def chains_of_comparison(t: Teller) -> Story:
    """Two or three people whose counts are told by one another."""
    kind = t.pick("toy", "school", "food", "clothing", "animal")
    thing = t.thing(kind)
    a, b, c = t.person(), t.person(), t.person()
    verb, base = t.pick(
        ("has", "have"), ("has", "have"), ("has", "have"), ("bought", "buy"), ("collected", "collect"), ("sold", "sell")
    )
    if kind == "animal":
        verb, base = "has", "have"
    do, do_they = ("does", "do") if verb == "has" else ("did", "did")
    first = t.number(3, 60)

    def relation(one: str, other: str, count: int) -> tuple[str, int, str]:
        """How one's count is told by the other's: the words, the count, and the expression."""
        how = t.pick("more", "fewer", "times", "times", "half", "times more")
        if how == "more":
            d = t.number(2, 40)
            return f"{one} {verb} {d} more {thing} than {other}", count + d, f"{count}+{d}"
        if how == "fewer":
            d = t.number(2, 30)
            if d >= count:
                raise Unsuitable("none")
            return f"{one} {verb} {d} fewer {thing} than {other}", count - d, f"{count}-{d}"
        if how == "half":
            if count % 2:
                raise Unsuitable("odd")
            return f"{one} {verb} half as many {thing} as {other}", count // 2, f"{count}/2"
        if how == "times":
            k = t.pick(2, 2, 3, 4, 5)
            return f"{one} {verb} {TIMES[k]} as many {thing} as {other}", count * k, f"{count}*{k}"
        k, d = t.pick(2, 3), t.number(2, 15)
        if t.chance(0.5) or count * k - d < 1:
            return (
                f"{one} {verb} {d} more than {TIMES[k]} as many {thing} as {other}",
                count * k + d,
                f"{count}*{k}+{d}",
            )
        return f"{one} {verb} {d} fewer than {TIMES[k]} as many {thing} as {other}", count * k - d, f"{count}*{k}-{d}"

    said, second, expression = relation(str(b), str(a), first)
    step = (f"{b} {verb} {{}}.", expression)
    start = f"{a} {verb} {_n(first, thing)}"
    story = Story()
    story.distract(
        f"{t.person()} {verb} {_n(t.number(2, 60), thing)}.",
        f"{a} is {t.number(2, 5)} years older than {b}.",
        f"{b} also {verb} {_n(t.number(2, 30), t.thing('goods'))}.",
    )
    if second < 1 or second == first:
        raise Unsuitable("the same")
    if t.chance(0.45):
        story.tell(t.pick(f"{start}. {said}.", f"{said}. {start}.", f"{start}, and {said}.", f"{said}, and {start}."))
        if t.chance(0.2):
            story.facts.clear()
            story.ask(f"If {start} and {said}, how many {thing} {do} {b} {base}?", step)
            return story
        story.ask(f"How many {thing} {do} {b} {base}?", step)
        story.ask(
            t.pick(
                f"How many {thing} {do_they} they {base} [together|in all|altogether]?",
                f"How many {thing} {do_they} {a} and {b} {base} in total?",
            ),
            step,
            ("Together that is {}.", f"{first}+{second}"),
        )
        if f" more {thing} than" not in said and f"fewer {thing}" not in said:
            up, down = (b, a) if second > first else (a, b)
            story.ask(
                f"How many more {thing} {do} {up} {base} than {down}?",
                step,
                ("The difference is {}.", f"{max(first, second)}-{min(first, second)}"),
            )
        return story
    other, count = t.pick((b, second), (b, second), (a, first))
    said2, third, expression2 = relation(str(c), str(other), count)
    if third < 1:
        raise Unsuitable("none")
    step2 = (f"{c} {verb} {{}}.", expression2)
    order = [f"{start}.", f"{said}.", f"{said2}."]
    if t.chance(0.4):
        order = order[::-1]
    elif t.chance(0.3):
        order = [f"{start}.", f"{said}, [and|while] {said2}."]
    elif t.chance(0.3):
        order = [f"{said2}.", f"{said}.", f"{start}."]
    story.tell(*order)
    if other is b:
        story.ask(f"How many {thing} {do} {c} {base}?", step, step2)
        if third != first:
            up, down = (c, a) if third > first else (a, c)
            story.ask(
                f"How many more {thing} {do} {up} {base} than {down}?",
                step,
                step2,
                ("The difference is {}.", f"{max(first, third)}-{min(first, third)}"),
            )
    story.ask(
        t.pick(
            f"How many {thing} {do_they} the three [of them|friends|children|] {base} [together|in all|altogether]?",
            f"How many {thing} {do_they} they {base} [together|in all|altogether]?",
            f"What is the total number of {thing} of {a}, {b} and {c}?"
            if verb == "has"
            else f"How many {thing} {do_they} all three {base}?",
        ),
        step,
        step2,
        ("Together that is {}.", f"{first}+{second}+{third}"),
    )
    return story


@scenario
def more_or_fewer_back(t: Teller) -> Story:
    """One comparison, told from the side that must be turned round; or the two counts, to be compared."""
    kind = t.pick("toy", "school", "food", "goods", "plant")
    thing = t.thing(kind)
    a, b = t.person(), t.person()
    low = t.number(2, 80)
    d, k = t.number(2, 50), t.pick(2, 3, 4, 5, 6)
    high = low + d
    story = Story()
    story.distract(
        f"{t.person()} has {_n(t.number(2, 60), thing)}.",
        f"{a} is {t.number(6, 14)} years old.",
        f"They have known each other for {t.number(2, 9)} years.",
    )
    ask = t.pick("back more", "back fewer", "back times", "compare", "compare times", "sum and difference", "equal")
    if ask == "back more":
        story.tell(
            t.pick(
                f"{a} has {_n(high, thing)}. {a} has {d} more {thing} than {b}.",
                f"{a} has {_n(high, thing)}, which is {d} more than {b} has.",
                f"{a} has {d} more {thing} than {b}. {a} has {_n(high, thing)}.",
            )
        )
        story.ask(f"How many {thing} does {b} have?", (f"{b} has {{}} {thing}.", f"{high}-{d}"))
        story.ask(
            "How many do they have [together|in all]?",
            (f"{b} has {{}}.", f"{high}-{d}"),
            ("Together that is {}.", f"{high}+{low}"),
        )
    elif ask == "back fewer":
        story.tell(
            t.pick(
                f"{a} has {_n(low, thing)}. {a} has {d} fewer {thing} than {b}.",
                f"{a} has {_n(low, thing)}, which is {d} fewer than {b} has.",
                f"{a} has {d} fewer {thing} than {b}, and {a} has {low}.",
            )
        )
        story.ask(f"How many {thing} does {b} have?", (f"{b} has {{}} {thing}.", f"{low}+{d}"))
    elif ask == "back times":
        story.tell(
            t.pick(
                f"{a} has {_n(low * k, thing)}. That is {TIMES[k]} as many as {b} has.",
                f"{a} has {TIMES[k]} as many {thing} as {b}. {a} has {low * k}[ {thing}| of them|].",
                f"{a} has {_n(low * k, thing)}, {TIMES[k]} as many as {b}.",
            )
        )
        one = (f"{b} has {{}} {thing}.", f"{low * k}/{k}")
        story.ask(f"How many {thing} does {b} have?", one)
        story.ask(f"How many {thing} do {a} and {b} have together?", one, ("Together that is {}.", f"{low * k}+{low}"))
        story.ask(f"How many more {thing} does {a} have than {b}?", one, ("The difference is {}.", f"{low * k}-{low}"))
    elif ask == "compare":
        ahead, behind = (a, b) if t.chance(0.5) else (b, a)
        story.tell(
            t.pick(
                f"{ahead} has {_n(high, thing)} and {behind} has {low}.",
                f"{behind} has {_n(low, thing)}. {ahead} has {high}.",
                f"{behind} has {_n(low, thing)}, while {ahead} has {high}.",
            )
        )
        story.ask(
            t.pick(
                f"How many more {thing} does {ahead} have than {behind}?",
                f"How many fewer {thing} does {behind} have than {ahead}?",
                f"How many more {thing} does {behind} need to have as many as {ahead}?",
            ),
            ("The difference is {}.", f"{high}-{low}"),
        )
    elif ask == "compare times":
        story.tell(
            t.pick(f"{a} has {_n(low * k, thing)} and {b} has {low}.", f"{b} has {_n(low, thing)}. {a} has {low * k}.")
        )
        story.ask(f"How many times as many {thing} does {a} have as {b}?", ("{} times as many.", f"{low * k}/{low}"))
    elif ask == "sum and difference":
        total = low + high
        story.tell(
            f"{a} and {b} have {total} {thing} [together|in all].",
            f"{a} has {d} more than {b}.",
        )
        small = ((f"Twice what {b} has is {{}}.", f"{total}-{d}"), (f"{b} has {{}}.", f"{2 * low}/2"))
        story.ask(f"How many {thing} does {b} have?", *small)
        story.ask(f"How many {thing} does {a} have?", *small, (f"{a} has {{}}.", f"{low}+{d}"))
    else:
        half = t.number(1, 30)
        high = low + 2 * half
        story.tell(f"{a} has {_n(high, thing)} and {b} has {_n(low, thing)}.")
        story.ask(
            f"How many {thing} must {a} give {b} so that they have [equally many|the same number]?",
            ("The difference is {}.", f"{high}-{low}"),
            (f"{a} gives half of it, {{}}.", f"{2 * half}/2"),
        )
    return story


@scenario
def ages(t: Teller) -> Story:
    """Ages now, in some years, some years ago."""
    a, b, c = t.person(), t.person(), t.person()
    young, gap = t.number(4, 40), t.number(2, 35)
    old = young + gap
    later, ago = t.number(2, 20), t.number(2, 15)
    story = Story()
    story.distract(
        f"{a}'s dog is {t.number(1, 12)} years old.",
        f"They live at number {t.number(2, 99)} of the same street.",
        f"{a} has {t.number(2, 5)} cousins.",
    )
    ask = t.pick(
        "more", "younger", "later", "ago", "times", "times later", "sum", "sum later", "reverse", "third", "back"
    )
    if ask == "more":
        story.tell(
            t.pick(
                f"{a} is {young} years old. {b} is {gap} years older.",
                f"{b} is {gap} years older than {a}, who is {young}.",
            )
        )
        older = (f"{b} is {{}}.", f"{young}+{gap}")
        story.ask(f"How old is {b}?", older)
        story.ask(
            f"How old will {b} be in {later} years?", older, (f"In {later} years {b} will be {{}}.", f"{old}+{later}")
        )
        story.ask("What is the sum of their ages?", older, ("The sum is {}.", f"{young}+{old}"))
        if old > ago:
            story.ask(
                f"How old was {b} {ago} years ago?", older, ("[At that time|Then] the age was {}.", f"{old}-{ago}")
            )
    elif ask == "younger":
        story.tell(
            t.pick(
                f"{b} is {old} years old. {a} is {gap} years younger[ than {b}|].",
                f"{a} is {gap} years younger than {b}, and {b} is {old}.",
            )
        )
        younger = (f"{a} is {{}}.", f"{old}-{gap}")
        story.ask(f"How old is {a}?", younger)
        story.ask(f"How old will {a} be in {later} years?", younger, (f"Then {a} will be {{}}.", f"{young}+{later}"))
        story.ask("How old are they together?", younger, ("Together they are {}.", f"{old}+{young}"))
    elif ask == "later":
        if t.chance(0.5):
            story.tell(f"{a} is {young} years old[ now| today|].")
            story.ask(f"How old will {a.he} be in {later} years?", (f"{a.He} will be {{}}.", f"{young}+{later}"))
            story.ask(
                f"In how many years will {a.he} be {young + later}?", ("In {} years.", f"{young + later}-{young}")
            )
        else:
            story.tell(f"In {later} years {a} will be {young + later} years old.")
            now = (f"{a} is {{}} now.", f"{young + later}-{later}")
            story.ask(f"How old is {a} [now|today]?", now)
            if young > ago:
                story.ask(
                    f"How old was {a.he} {ago} years ago?", now, (f"{ago} years ago {a.he} was {{}}.", f"{young}-{ago}")
                )
            story.ask(
                f"{b} is {gap} years older than {a}. How old is {b} now?", now, (f"{b} is {{}}.", f"{young}+{gap}")
            )
    elif ask == "ago":
        story.tell(t.pick(f"{ago} years ago {a} was {young} years old.", f"{a} was {young} years old {ago} years ago."))
        now = (f"{a} is {{}} now.", f"{young}+{ago}")
        story.ask(f"How old is {a} now?", now)
        story.ask(
            f"How old will {a.he} be in {later} years?", now, (f"Then {a.he} will be {{}}.", f"{young + ago}+{later}")
        )
    elif ask in ("times", "times later"):
        k = t.pick(2, 2, 3, 4, 5)
        if young * k > 90:
            raise Unsuitable("too old")
        story.tell(
            t.pick(
                f"{b} is {TIMES[k]} as old as {a}. {a} is {young}[ years old|].",
                f"{a} is {young} years old, and {b} is {TIMES[k]} as old.",
            )
        )
        older = (f"{b} is {{}}.", f"{young}*{k}")
        if ask == "times":
            story.ask(f"How old is {b}?", older)
            story.ask(
                f"How many years older is {b} than {a}?", older, ("The difference is {}.", f"{young * k}-{young}")
            )
            story.ask(
                f"How old was {b} when {a} was born?", older, ("The difference is {} years.", f"{young * k}-{young}")
            )
        else:
            story.ask(
                f"How old will {b} be in {later} years?", older, (f"Then {b} will be {{}}.", f"{young * k}+{later}")
            )
            story.ask(
                f"What will be the sum of their ages in {later} years?",
                older,
                (f"{a} will be {{}}.", f"{young}+{later}"),
                (f"{b} will be {{}}.", f"{young * k}+{later}"),
                ("The sum is {}.", f"{young + later}+{young * k + later}"),
            )
    elif ask in ("sum", "sum later"):
        total = young + old
        story.tell(f"{a} and {b} are {total} years old together.", f"{a} is {young}.")
        older = (f"{b} is {{}}.", f"{total}-{young}")
        if ask == "sum":
            story.ask(f"How old is {b}?", older)
            story.ask(f"How many years older than {a} is {b}?", older, ("The difference is {}.", f"{old}-{young}"))
        else:
            story.ask(f"How old will {b} be in {later} years?", older, (f"Then {b} will be {{}}.", f"{old}+{later}"))
    elif ask == "reverse":
        k = t.pick(2, 3, 4)
        then = young * k
        if then > 95 or then - later < young + 1:
            raise Unsuitable("ages")
        story.tell(f"In {later} years {b} will be {TIMES[k]} as old as {a} is now.", f"{a} is {young}.")
        story.ask(
            f"How old is {b} now?",
            (f"In {later} years {b} will be {{}}.", f"{young}*{k}"),
            (f"Now {b} is {{}}.", f"{then}-{later}"),
        )
    elif ask == "third":
        gap2 = t.number(2, 12)
        if gap2 >= old:
            raise Unsuitable("too young")
        story.tell(
            f"{a} is {young} years old.",
            f"{b} is {gap} years older than {a}.",
            f"{c} is {gap2} years younger than {b}.",
        )
        if t.chance(0.4):
            story.facts.reverse()
        two = (f"{b} is {{}}.", f"{young}+{gap}")
        three = (f"{c} is {{}}.", f"{old}-{gap2}")
        story.ask(f"How old is {c}?", two, three)
        story.ask(
            "How old are the three together?", two, three, ("Together they are {}.", f"{young}+{old}+{old - gap2}")
        )
        story.ask(
            "What is the average of their ages?",
            two,
            three,
            ("The sum is {}.", f"{young}+{old}+{old - gap2}"),
            ("The average is {}.", f"{young + old + old - gap2}/3"),
        )
    else:
        k = t.pick(2, 3, 4, 5)
        if young * k > 90:
            raise Unsuitable("too old")
        story.tell(
            t.pick(
                f"{b} is {young * k} years old, {TIMES[k]} as old as {a}.",
                f"{b} is {young * k}, and {a} is 1/{k} as old.",
            )
        )
        young_step = (f"{a} is {{}}.", f"{young * k}/{k}")
        story.ask(f"How old is {a}?", young_step)
        story.ask(f"How old will {a} be in {later} years?", young_step, (f"Then {a} will be {{}}.", f"{young}+{later}"))
        story.ask(
            f"How much older is {b} than {a}?", young_step, ("The difference is {} years.", f"{young * k}-{young}")
        )
    return story


@scenario
def measures(t: Teller) -> Story:
    """Lengths, weights and volumes compared, cut, joined and changed in unit."""
    who = t.person()
    noun, adjective, comparative, unit, many, small, factor = t.pick(
        ("rope", "long", "longer", "meter", "meters", "centimeters", 100),
        ("ribbon", "long", "longer", "meter", "meters", "centimeters", 100),
        ("board", "long", "longer", "foot", "feet", "inches", 12),
        ("wire", "long", "longer", "foot", "feet", "inches", 12),
        ("path", "long", "longer", "kilometer", "kilometers", "meters", 1000),
        ("tower", "tall", "taller", "meter", "meters", "centimeters", 100),
        ("tree", "tall", "taller", "foot", "feet", "inches", 12),
        ("fence", "long", "longer", "yard", "yards", "feet", 3),
        ("pumpkin", "heavy", "heavier", "kilogram", "kilograms", "grams", 1000),
        ("rock", "heavy", "heavier", "pound", "pounds", "ounces", 16),
    )
    a, b = t.number(2, 40), t.number(2, 40)
    heavy = adjective == "heavy"
    states = (lambda n: f"weighs {n} {many}") if heavy else (lambda n: f"is {n} {many} {adjective}")
    how = "How heavy" if heavy else f"How {adjective}"
    story = Story()
    story.distract(
        f"{who} is {t.number(6, 60)} years old.",
        f"The {noun} is {t.number(2, 40)} years old.",
        f"{who} has had it for {t.number(2, 20)} days.",
    )
    cuttable = noun in ("rope", "ribbon", "board", "wire")
    ask = t.pick("unit", "more", "times", "cut", "cut", "difference", "joined", "unit sum")
    if ask == "cut" and not cuttable:
        ask = t.pick("more", "grow") if noun in ("tree", "pumpkin", "tower") else "more"
    if ask == "unit":
        story.tell(f"A {noun} {states(a)}.")
        story.ask(
            f"How many {small} is that?" if not heavy else f"How many {small} does it weigh?",
            (f"That is {{}} {small}.", f"{a}*{factor}"),
        )
        story.tell(f"One {unit} is {factor} {small}.")
    elif ask == "unit sum":
        extra = t.number(2, factor - 1)
        story.tell(
            f"One {unit} [is|has] {factor} {small}.",
            f"A {noun} {states(a)[: -len(adjective) - 1] if not heavy else states(a)} and {extra} {small}{'' if heavy else ' ' + adjective}.",
        )
        story.ask(
            f"How many {small} is that [in all|altogether]?",
            (f"{a} {many} are {{}} {small}.", f"{a}*{factor}"),
            (f"In all that is {{}} {small}.", f"{a * factor}+{extra}"),
        )
    elif ask == "more":
        story.tell(
            t.pick(
                f"{who}'s {noun} {states(a)}. The other {noun} is {b} {many} {comparative}.",
                f"One {noun} {states(a)}, and a second {noun} is {b} {many} {comparative}.",
            )
        )
        second = ("The [second|other] one has {} ".replace("has", "weighs" if heavy else "is") + many + ".", f"{a}+{b}")
        story.ask(f"{how} is the {'other' if 'other' in story.facts[0] else 'second'} {noun}?", second)
        story.ask(
            f"{'How much do' if heavy else 'What is the total length of'} the two {noun}s{' weigh together' if heavy else ''}?"
            if adjective != "tall"
            else f"{how} would they be on top of each other?",
            second,
            (f"Together that is {{}} {many}.", f"{a}+{a + b}"),
        )
    elif ask == "times":
        k = t.pick(2, 3, 4, 5)
        story.tell(
            f"One {noun} is {TIMES[k]} as {adjective} as another[ one|].",
            f"The {'lighter' if heavy else 'shorter'} one {states(a)}.",
        )
        big = (f"The {comparative} one {'weighs' if heavy else 'is'} {{}} {many}.", f"{a}*{k}")
        story.ask(f"{how} is the {comparative} one?", big)
        story.ask(
            f"How much {comparative} is the {comparative} one than the other?",
            big,
            ("The difference is {}.", f"{a * k}-{a}"),
        )
    elif ask == "cut":
        if t.chance(0.5):
            n = t.number(2, 12)
            total = a * n
            left = t.number(1, 20)
            story.tell(f"{who} [has|buys|finds] a {noun} that is {total} {many} long.")
            if t.chance(0.5):
                story.tell(f"{who.He} cuts it into {n} equal pieces.")
                piece = (f"Each piece is {{}} {many}.", f"{total}/{n}")
                story.ask(f"How long is each piece[ in {many}|]?", piece)
                if t.chance(0.3):
                    story.tell(f"One {unit} [is|has] {factor} {small}.")
                    story.asks.clear()
                    story.ask(
                        f"How many {small} long is each piece?", piece, (f"That is {{}} {small}.", f"{a}*{factor}")
                    )
            else:
                story.facts[0] = story.facts[0].replace(str(total), str(total + left))
                story.tell(f"{who.He} cuts off {n} pieces of {a} {many} each.")
                story.ask(
                    f"How long is the {noun} [now|that is left]?",
                    (f"The pieces are {{}} {many} together.", f"{n}*{a}"),
                    (f"Left are {{}} {many}.", f"{total + left}-{total}"),
                )
        else:
            story.tell(
                t.pick(
                    f"A {noun} was {a + b} {many} long. {who} cut off a piece, and {a} {many} were left.",
                    f"{who} had a {noun} of {a + b} {many}. After cutting some off, {who.he} has {a} {many}.",
                )
            )
            story.ask("How long [was|is] the piece that [was|is] cut off?", (f"It is {{}} {many}.", f"{a + b}-{a}"))
    elif ask == "grow":
        n, each = t.number(2, 10), t.number(1, 6)
        period = "week" if noun == "pumpkin" else "year"
        verb = "gets" if noun != "tree" else "grows"
        if noun == "tower":
            story.tell(f"A tower is {a} {many} tall.", f"The builders make it {each} {many} taller every week.")
            period = "week"
        else:
            story.tell(
                f"A {noun} {states(a)}.", f"It {verb} {each} {many if each > 1 else unit} {comparative} every {period}."
            )
        grown = (f"It gains {{}} {many}.", f"{n}*{each}")
        story.ask(
            f"{how} will it be after {n} {period}s?",
            grown,
            (f"Then it {'weighs' if heavy else 'is'} {{}} {many}.", f"{a}+{n * each}"),
        )
        story.ask(
            f"After how many {period}s will it {'weigh' if heavy else 'be'} {a + n * each} {many}{'' if heavy else ' ' + adjective}?",
            (f"It must gain {{}} {many}.", f"{a + n * each}-{a}"),
            (f"That takes {{}} {period}s.", f"{n * each}/{each}"),
        )
    elif ask == "difference":
        if a == b:
            raise Unsuitable("the same")
        story.tell(f"One {noun} {states(max(a, b))} and another {states(min(a, b))}.")
        story.ask(
            f"How much {comparative} is the first {noun}?",
            (f"It is {{}} {many} {comparative}.", f"{max(a, b)}-{min(a, b)}"),
        )
    else:
        n = t.number(2, 9)
        story.tell(
            f"[There are|{who} has] {n} {noun}s, and each {states(a)}, [and one more|and another one] that {states(b)}."
        )
        story.ask(
            f"{'How much do they weigh together' if heavy else f'How many {many} is that in all, end to end'}?",
            (f"The {n} {noun}s are {{}} {many}.", f"{n}*{a}"),
            (f"Together that is {{}} {many}.", f"{n * a}+{b}"),
        )
    return story


@scenario
def rectangles(t: Teller) -> Story:
    """Perimeters and areas of gardens, rooms and fields."""
    who = t.person()
    unit = t.pick("meters", "feet", "yards")
    noun = t.pick("garden", "field", "yard", "playground", "room", "lawn", "court", "farm", "parking lot", "floor")
    long, wide = t.number(4, 40), t.number(2, 30)
    if wide + 1 >= long:
        raise Unsuitable("wider than long")
    story = Story()
    story.distract(
        f"The {noun} is {t.number(2, 30)} years old.",
        f"{who}'s neighbor has a {noun} of {t.number(20, 300, 10)} square {unit}.",
        f"{who} is {t.number(20, 70)} years old.",
    )
    whose = t.pick(f"{who}'s {noun}", f"A rectangular {noun}", f"The school's {noun}", f"A {noun}")
    sides = t.pick(
        f"{whose} is {long} {unit} long and {wide} {unit} wide.",
        f"{whose} [has a length of|is a rectangle with a length of] {long} {unit} and a width of {wide} {unit}.",
        f"{whose} measures {long} {unit} by {wide} {unit}.",
    )
    area = ("The area is {} square " + unit + ".", f"{long}*{wide}")
    around = ("The perimeter is {} " + unit + ".", f"2*({long}+{wide})")
    ask = t.pick("area", "perimeter", "price", "fence", "back", "square", "tiles", "wider", "posts")
    if ask == "area":
        story.tell(sides)
        story.ask(f"What is [its area|the area of the {noun}][ in square {unit}|]?", area)
        story.ask(f"How many square {unit} [does it cover|is that]?", area)
    elif ask == "perimeter":
        story.tell(sides)
        story.ask(
            f"[What is its perimeter|How many {unit} of fence are needed to go around it|How many {unit} is it all around]?",
            around,
        )
        story.ask(f"How many {unit} longer than wide is it?", ("It is {} " + unit + " longer.", f"{long}-{wide}"))
    elif ask == "price":
        price = t.number(2, 12)
        story.tell(
            sides,
            f"{t.pick('Carpet', 'Paint', 'Tiling') if noun in ('room', 'floor') else t.pick('Grass', 'Gravel', 'Paving')} costs ${price} [per|for each|a] square {unit.replace('feet', 'foot').rstrip('s')}.",
        )
        story.ask(
            f"How [much|many dollars] does it cost to cover the [whole|entire|] {noun}?",
            area,
            ("That costs ${}.", f"{long * wide}*{price}"),
        )
    elif ask == "fence":
        price, rounds = t.number(2, 15), t.number(2, 6)
        if t.chance(0.5):
            story.tell(
                sides,
                f"{who} [builds|puts] a fence around it, [which costs|at] ${price} [per|a] {unit.replace('feet', 'foot').rstrip('s')}.",
            )
            story.ask("How much does the fence cost?", around, ("It costs ${}.", f"{2 * (long + wide)}*{price}"))
        else:
            story.tell(sides, f"{who} goes around it {rounds} times.")
            story.ask(
                f"How many {unit} does {who} go[ in all|]?",
                around,
                (f"{who.He} goes {{}} {unit}.", f"{2 * (long + wide)}*{rounds}"),
            )
    elif ask == "back":
        if t.chance(0.5):
            story.tell(f"{whose} has an area of {long * wide} square {unit}. It is {long} {unit} long.")
            width = ("It is {} " + unit + " wide.", f"{long * wide}/{long}")
            story.ask("How wide is it?", width)
            story.ask("What is its perimeter?", width, around)
        else:
            story.tell(
                f"The perimeter of a [rectangular|] {noun} is {2 * (long + wide)} {unit}. It is {long} {unit} long."
            )
            half = (f"Length and width together are {{}} {unit}.", f"{2 * (long + wide)}/2")
            width = (f"It is {{}} {unit} wide.", f"{long + wide}-{long}")
            story.ask("How wide is it?", half, width)
            story.ask("What is its area?", half, width, area)
    elif ask == "square":
        story.tell(f"{whose.replace('rectangular ', '')} is a square with sides of {wide} {unit}.")
        story.ask("What is its perimeter?", ("It is {} " + unit + ".", f"4*{wide}"))
        story.ask("What is its area?", ("It is {} square " + unit + ".", f"{wide}*{wide}"))
    elif ask == "tiles":
        rows, each, broken = long, wide, t.number(1, 20)
        things = t.pick("tiles", "trees", "chairs", "plants", "stones")
        story.distractors.clear()
        story.tell(f"There are {rows} rows of {things} with {each} in each row.")
        if broken < rows * each:
            story.tell(f"{broken} of them are {t.pick('old', 'white', 'new')}.")
            kind = story.facts[-1].rstrip(".").split()[-1]
            story.ask(
                f"How many {things} are not {kind}?",
                (f"There are {{}} {things}.", f"{rows}*{each}"),
                (f"{{}} are not {kind}.", f"{rows * each}-{broken}"),
            )
        story.ask(f"How many {things} are there[ in all|]?", (f"There are {{}} {things}.", f"{rows}*{each}"))
    elif ask == "wider":
        d = long - wide
        story.tell(f"A [rectangular|] {noun} is {wide} {unit} wide. It is {d} {unit} longer than it is wide.")
        length = ("It is {} " + unit + " long.", f"{wide}+{d}")
        story.ask("How long is it?", length)
        story.ask("What is its area?", length, area)
        story.ask("What is its perimeter?", length, around)
    else:
        k = t.pick(2, 3, 4)
        story.tell(f"A {noun} is {wide} {unit} wide and {TIMES[k]} as long.")
        length = ("It is {} " + unit + " long.", f"{wide}*{k}")
        story.ask("How long is it?", length)
        story.ask("What is its area?", length, ("The area is {} square " + unit + ".", f"{wide * k}*{wide}"))
        story.ask("What is its perimeter?", length, ("The perimeter is {} " + unit + ".", f"2*({wide * k}+{wide})"))
    return story


@scenario
def votes(t: Teller) -> Story:
    """Elections and surveys."""
    a, b, c = t.person(), t.person(), t.person()
    one, two, three = str(a), str(b), str(c)
    survey = t.chance(0.5)
    if survey:
        one, two, three = t.pick(
            ("soccer", "tennis", "chess"),
            ("tea", "coffee", "juice"),
            ("cats", "dogs", "birds"),
            ("math", "art", "music"),
            ("pizza", "pasta", "salad"),
            ("red", "blue", "green"),
            ("summer", "winter", "spring"),
            ("apples", "pears", "plums"),
        )
    people = (
        t.pick("students", "people", "children", "workers", "neighbors")
        if survey
        else t.pick("students", "people", "members")
    )
    chose, choose = (
        t.pick(("like {} best", "like {} best"), ("prefer {}", "prefer {}"))
        if survey
        else ("voted for {}", "vote for {}")
    )
    do = "" if survey else "did"
    x, y, z = t.number(3, 90), t.number(3, 90), t.number(2, 60)
    total = x + y + z
    story = Story()
    story.distract(
        f"Last year {total + t.number(2, 40)} {people} [took part|were asked].",
        f"It took {t.number(2, 9)} days.",
        f"{t.number(2, 30)} people helped with the counting.",
    )
    asked = t.pick(
        f"{total} {people} were asked what they like best." if survey else f"{total} {people} voted in an election.",
        f"In a {'survey' if survey else 'vote'} of {total} {people}, everybody [chose|named] one.",
    )
    del do, choose

    def count(what: str) -> str:
        return f"How many {people} {chose.format(what)}?"

    ask = t.pick("rest", "rest", "all", "difference", "fraction", "percent", "times", "winner", "more")
    if ask == "rest":
        story.tell(asked, f"{x} {chose.format(one)}, {y} {chose.format(two)}, and the rest {chose.format(three)}.")
        known = ("{} " + f"{chose.format(one)} or {two}.", f"{x}+{y}")
        rest = ("{} " + f"{chose.format(three)}.", f"{total}-{x + y}")
        story.ask(count(three), known, rest)
    elif ask == "all":
        story.tell(
            f"In a {'survey' if survey else 'vote'}, {x} {people} {chose.format(one)}, {y} {chose.format(two)} and {z} {chose.format(three)}."
        )
        story.ask(
            f"How many {people} {'were asked' if survey else 'voted'} [in all|altogether|]?",
            ("In all {}.", f"{x}+{y}+{z}"),
        )
        if x + y > z:
            story.ask(
                f"How many more {people} {chose.format(one)} or {two} than {three}?",
                (f"{{}} {chose.format(one)} or {two}.", f"{x}+{y}"),
                ("The difference is {}.", f"{x + y}-{z}"),
            )
    elif ask in ("difference", "winner"):
        if x == y:
            raise Unsuitable("a tie")
        up, down = (one, two) if x > y else (two, one)
        story.tell(
            f"In a {'survey' if survey else 'vote'}, {x} {people} {chose.format(one)} and {y} {chose.format(two)}."
        )
        story.ask(
            f"How many more {people} {chose.format(up)} than {down}?",
            ("The difference is {}.", f"{max(x, y)}-{min(x, y)}"),
        )
        if not survey:
            story.ask(f"By how many votes did {up} win?", (f"{up} won by {{}} votes.", f"{max(x, y)}-{min(x, y)}"))
    elif ask == "fraction":
        k = t.pick(2, 3, 4, 5)
        total = k * t.number(4, 60)
        y = t.number(1, total - total // k)
        story.tell(
            f"{total} {people} {'were asked' if survey else 'voted'}.", f"{PARTS[k]} of them {chose.format(one)}."
        )
        part = (f"{{}} {chose.format(one)}.", f"{total}/{k}")
        story.ask(count(one), part)
        story.ask("How many did not?", part, ("{} did not.", f"{total}-{total // k}"))
        if y < total - total // k:
            story.asks.clear()
            story.tell(f"{y} {chose.format(two)}, and the others {chose.format(three)}.")
            story.ask(
                count(three),
                part,
                ("{} are left.", f"{total}-{total // k}"),
                (f"{{}} {chose.format(three)}.", f"{total - total // k}-{y}"),
            )
    elif ask == "percent":
        total = t.number(20, 400, 20)
        n = t.pick(5, 10, 15, 20, 25, 30, 35, 40, 45, 55, 60, 65, 70, 75, 80)
        if total * n % 100:
            raise Unsuitable("not whole")
        percent = t.pick(f"{n} percent", f"{n}%")
        story.tell(
            f"{total} {people} {'were asked' if survey else 'voted'}.",
            f"{percent} of them {chose.format(one)}, [the rest|the others] {chose.format(two)}.",
        )
        part = (f"{{}} {chose.format(one)}.", f"{n}/100*{total}")
        story.ask(count(one), part)
        story.ask(count(two), part, (f"{{}} {chose.format(two)}.", f"{total}-{total * n // 100}"))
    elif ask == "times":
        k = t.pick(2, 3, 4)
        story.tell(
            f"{x} {people} {chose.format(one)}.",
            f"{TIMES[k]} as many {chose.format(two)}, and {z} {chose.format(three)}.",
        )
        second = (f"{{}} {chose.format(two)}.", f"{x}*{k}")
        story.ask(count(two), second)
        story.ask(
            f"How many {people} {'were asked' if survey else 'voted'}?", second, ("In all {}.", f"{x}+{x * k}+{z}")
        )
    else:
        d = t.number(2, 40)
        story.tell(f"{x} {people} {chose.format(one)}, and {d} more than that {chose.format(two)}.")
        second = (f"{{}} {chose.format(two)}.", f"{x}+{d}")
        story.ask(count(two), second)
        story.ask(
            f"How many {people} {'were asked' if survey else 'voted'} in all?", second, ("In all {}.", f"{x}+{x + d}")
        )
    return story


@scenario
def scores(t: Teller) -> Story:
    """Scores of teams and of tests, totals, averages and what is still needed."""
    who, other = t.person(), t.person()
    a, b, c = t.number(5, 60), t.number(5, 60), t.number(5, 60)
    story = Story()
    story.distract(
        f"{t.number(20, 900)} people [watched|were there].",
        f"The [game|match] took {t.number(20, 120, 5)} minutes.",
        f"{who} wears number {t.number(2, 40)}.",
    )
    team, rival = t.pick(("Lions", "Tigers"), ("Hawks", "Bears"), ("Sharks", "Eagles"), ("Wolves", "Rockets"))
    ask = t.pick("halves", "by", "average", "need average", "two and three", "share", "tests", "players", "back")
    if ask == "halves":
        story.tell(
            f"The {team} scored {a} points in the first half and {b} in the second[ half|].",
            t.pick(
                f"The {rival} scored {c} points[ in all| in the whole game|].",
                f"Their opponents got {c} points in the whole game.",
            ),
        )
        total = (f"The {team} scored {{}}.", f"{a}+{b}")
        story.ask(f"How many points did the {team} score?", total)
        if a + b > c:
            story.ask(f"By how many points did the {team} win?", total, ("They won by {} points.", f"{a + b}-{c}"))
        elif a + b < c:
            story.ask(f"By how many points did the {team} lose?", total, ("They lost by {} points.", f"{c}-{a + b}"))
        story.ask("How many points were scored in the game by both teams?", total, ("Together {}.", f"{a + b}+{c}"))
    elif ask == "by":
        d = t.number(2, 30)
        if a <= d:
            raise Unsuitable("too few")
        won = t.chance(0.5)
        story.tell(
            t.pick(
                f"The {team} {'won' if won else 'lost'} a game by {d} points. They scored {a}.",
                f"The {team} scored {a} points and {'won' if won else 'lost'} by {d}.",
            )
        )
        theirs = ("The other team scored {}.", f"{a}{'-' if won else '+'}{d}")
        story.ask("How many points did the other team score?", theirs)
        story.ask(
            "How many points were scored by both teams together?",
            theirs,
            ("Together {}.", f"{a}+{a - d if won else a + d}"),
        )
    elif ask in ("average", "tests"):
        values = [t.number(40, 100) if ask == "tests" else t.number(4, 60) for _ in range(t.pick(2, 3, 3, 4))]
        if sum(values) % len(values):
            raise Unsuitable("no whole average")
        listed = ", ".join(map(str, values[:-1])) + f" and {values[-1]}"
        story.tell(
            f"{who} got {listed} points on {len(values)} tests."
            if ask == "tests"
            else t.pick(
                f"In {len(values)} games, {who} scored {listed} points.",
                f"{who} played {len(values)} games and scored {listed} points.",
            )
        )
        total = ("The sum is {}.", "+".join(map(str, values)))
        story.ask(f"What is {who.his} average score?", total, ("The average is {}.", f"{sum(values)}/{len(values)}"))
        story.ask(f"How many points did {who} get [in all|in total]?", total)
        if max(values) > min(values):
            story.ask(
                f"How many points better was {who.his} best {'test' if ask == 'tests' else 'game'} than {who.his} worst?",
                ("The difference is {}.", f"{max(values)}-{min(values)}"),
            )
    elif ask == "need average":
        n = t.number(3, 5)
        average = t.number(20, 90)
        so_far = t.number(average, average * n - 5)
        story.tell(
            f"{who} has {so_far} points after {n - 1} tests.",
            f"{who.He} wants an average of {average} points over {n} tests.",
        )
        if not 0 < average * n - so_far <= 100:
            raise Unsuitable("out of reach")
        story.ask(
            f"How many points does {who.he} need on the last test?",
            (f"For that {who.he} needs {{}} points in all.", f"{n}*{average}"),
            (f"On the last test {who.he} needs {{}}.", f"{n * average}-{so_far}"),
        )
    elif ask == "two and three":
        x, y = t.number(2, 15), t.number(2, 15)
        v, w = t.pick((2, 3), (3, 1), (2, 1), (5, 3), (4, 2))
        story.tell(
            f"{who} made {x} shots worth {v} points each and {y} shots worth {w} point{'s' if w > 1 else ''} each."
        )
        first, second = ("The first give {} points.", f"{x}*{v}"), ("The others give {} points.", f"{y}*{w}")
        story.ask(f"How many points did {who} [score|get]?", first, second, ("In all {}.", f"{x * v}+{y * w}"))
    elif ask == "share":
        points = a + b + c
        story.tell(
            f"[A|The {team}, a] team scored {points} points.".replace(f"[A|The {team}, a] team", f"The {team}"),
            f"{who} scored {a} of them and {other} {b}.",
        )
        known = ("The two scored {}.", f"{a}+{b}")
        story.ask(
            "How many points did the [rest of the team|other players] score?",
            known,
            ("The rest scored {}.", f"{points}-{a + b}"),
        )
        story.ask(f"How many points did {who} and {other} score together?", known)
    elif ask == "players":
        n, each = t.number(3, 11), t.number(2, 9)
        story.tell(
            f"A team has {n} players. Each of them scored {each} points"
            + (f", except {who}, who scored {a}." if (odd := t.chance(0.5)) else ".")
        )
        if odd:
            story.ask(
                "How many points did the team score?",
                ("The others scored {}.", f"({n}-1)*{each}"),
                ("In all {}.", f"{(n - 1) * each}+{a}"),
            )
        else:
            story.ask("How many points did the team score?", ("In all {}.", f"{n}*{each}"))
    else:
        n, average = t.number(2, 8), t.number(4, 50)
        story.tell(f"{who} scored [an average of {average} points|{average} points on average] in {n} games.")
        total = ("In all it is {} points.", f"{n}*{average}")
        story.ask(f"How many points did {who.he} score in all?", total)
        story.tell(f"[Now|Then] {who.he} plays another game and scores {a}.")
        story.asks.clear()
        story.ask(f"How many points does {who.he} have in all?", total, ("Now it is {}.", f"{n * average}+{a}"))
    return story


@scenario
def people_of_two_kinds(t: Teller) -> Story:
    """Boys and girls in a class, adults and children at a show."""
    one, two, both, place = t.pick(
        ("boys", "girls", "students", "in a class"),
        ("girls", "boys", "children", "in a school choir"),
        ("adults", "children", "people", "at a show"),
        ("men", "women", "workers", "in an office"),
        ("teachers", "students", "people", "on a trip"),
        ("swimmers", "runners", "athletes", "in a club"),
        ("singers", "dancers", "artists", "in a show"),
        ("cows", "sheep", "animals", "on a farm"),
        ("chickens", "ducks", "birds", "in a yard"),
        ("doctors", "nurses", "people", "in a hospital"),
    )
    there = f"There are {{}} {one} and {{}} {two} {place}"
    most = 20 if place == "in a class" else 60
    a, b = t.number(3, most), t.number(3, most)
    story = Story()
    story.distract(
        f"Last year there were {t.number(3, 90)} {one}.",
        f"{t.number(2, 12)} of the {both} are new.",
        f"A visitor counted {t.number(2, 40)} {one} yesterday.",
    )
    ask = t.pick("both", "other", "more", "times", "fraction", "groups", "change", "rows")
    if ask == "both":
        story.tell(there.format(a, b) + ".")
        story.ask(f"How many {both} are there[ in all| altogether|]?", ("In all there are {}.", f"{a}+{b}"))
        if a != b:
            up, down = (one, two) if a > b else (two, one)
            story.ask(
                f"How many more {up} than {down} are there?", ("The difference is {}.", f"{max(a, b)}-{min(a, b)}")
            )
    elif ask == "other":
        story.tell(
            t.pick(
                f"There are {a + b} {both} {place}, and {a} of them are {one}.",
                f"{a} of the {a + b} {both} {place} are {one}.",
            ),
            f"The [rest|others] are {two}.",
        )
        rest = (f"{{}} are {two}.", f"{a + b}-{a}")
        story.ask(f"How many {two} are there?", rest)
        if b > a:
            story.ask(f"How many more {two} than {one} are there?", rest, ("The difference is {}.", f"{b}-{a}"))
    elif ask in ("more", "times"):
        k, d = t.pick(2, 3, 4), t.number(2, 25)
        if ask == "more":
            word, c, expression = f"{d} more {two} than {one}", a + d, f"{a}+{d}"
        else:
            word, c, expression = f"{TIMES[k]} as many {two} as {one}", a * k, f"{a}*{k}"
        story.tell(
            t.pick(
                f"There are {a} {one} {place}. There are {word}.", f"{place}, there are {word}. There are {a} {one}."
            )
        )
        step = (f"There are {{}} {two}.", expression)
        story.ask(f"How many {two} are there?", step)
        story.ask(f"How many {both} are there in all?", step, ("In all there are {}.", f"{a}+{c}"))
        if ask == "times":
            story.ask(f"How many more {two} than {one} are there?", step, ("The difference is {}.", f"{c}-{a}"))
    elif ask == "fraction":
        k = t.pick(2, 3, 4, 5)
        total = k * t.number(2, 40)
        if t.chance(0.4):
            k2 = t.pick(3, 4, 5, 8)
            part = t.number(2, k2 - 1)
            total = k2 * t.number(2, 20)
            story.tell(f"There are {total} {both} {place}. {part}/{k2} of them are {one}, the rest {two}.")
            n, step = total * part // k2, (f"{{}} are {one}.", f"{total}*{part}/{k2}")
        else:
            story.tell(f"There are {total} {both} {place}. {PARTS[k]} of them are {one}, the rest {two}.")
            n, step = total // k, (f"{{}} are {one}.", f"{total}/{k}")
        story.ask(f"How many {one} are there?", step)
        story.ask(f"How many {two} are there?", step, (f"{{}} are {two}.", f"{total}-{n}"))
    elif ask == "groups":
        n = t.divisor(a + b, 2, 10)
        story.tell(there.format(a, b) + ".", f"All the {both} are split into {n} equal groups.")
        story.ask(
            "How many are in each group?", ("In all there are {}.", f"{a}+{b}"), ("Each group has {}.", f"{a + b}/{n}")
        )
    elif ask == "change":
        x, y = t.number(2, 20), t.number(2, a)
        story.tell(there.format(a, b) + ".", f"[Then|Later] {x} more {two} come and {y} {one} leave.")
        story.ask(f"How many {two} are there now?", (f"There are {{}} {two}.", f"{b}+{x}"))
        story.ask(f"How many {one} are there now?", (f"There are {{}} {one}.", f"{a}-{y}"))
        story.ask(
            f"How many {both} are there now?",
            (f"{{}} {one} stay.", f"{a}-{y}"),
            (f"There are {{}} {two}.", f"{b}+{x}"),
            ("Together there are {}.", f"{a - y}+{b + x}"),
        )
    else:
        n = t.number(2, 9)
        story.tell(f"In each of {n} groups there are {a} {one} and {b} {two}.")
        each = ("Each group has {}.", f"{a}+{b}")
        story.ask(f"How many {both} are there in all?", each, ("In all there are {}.", f"{n}*{a + b}"))
        story.ask(f"How many {one} are there in all?", (f"There are {{}} {one}.", f"{n}*{a}"))
    return story


@scenario
def three_counts(t: Teller) -> Story:
    """A place with three counts, two of a kind and one of another: some of them matter."""
    one, two, noun = _two_kinds(t)
    other = t.thing("food", "goods", "school")
    who = t.person()
    place, has = t.pick(
        ("a grocery store", "had"),
        ("a store", "has"),
        ("the school", "bought"),
        ("a camp", "has"),
        (str(who), "has"),
        ("a club", "got"),
    )
    if str(other) in noun or noun in str(other):
        raise Unsuitable("the same things")
    a, b, c = t.number(2, 90), t.number(2, 90), t.number(2, 90)
    if len({a, b, c, a + b}) < 4:
        raise Unsuitable("the same")
    story = Story()
    story.distract(f"{who} is {t.number(6, 60)} years old.", f"Yesterday there were {t.number(2, 90)} {other}.")
    story.tell(
        t.pick(
            f"{place} {has} {a} {one} {noun}, {b} {two} {noun} and {c} {other}.",
            f"{place} {has} {c} {other}, {a} {one} {noun} and {b} {two} ones.",
            f"{place} {has} {a} {one} {noun} and {b} {two} {noun}. There are also {c} {other}.",
            f"There are {c} {other}, {a} {one} {noun} and {b} {two} {noun}.",
        )
    )
    ask = t.pick("kinds", "kinds more", "more", "more", "one more", "all")
    if ask == "kinds":
        story.ask(f"How many {noun} are there [in all|altogether|]?", (f"There are {{}} {noun}.", f"{a}+{b}"))
    elif ask == "kinds more":
        up, down = (one, two) if a > b else (two, one)
        story.ask(
            f"How many more {up} {noun} than {down} {noun} are there?",
            ("The difference is {}.", f"{max(a, b)}-{min(a, b)}"),
        )
    elif ask == "more":
        first, last = (noun, other) if a + b > c else (other, noun)
        story.ask(
            t.pick(f"How many more {first} than {last} are there?", f"How many fewer {last} are there than {first}?"),
            (f"There are {{}} {noun}.", f"{a}+{b}"),
            ("The difference is {}.", f"{max(a + b, c)}-{min(a + b, c)}"),
        )
    elif ask == "one more":
        first, last = (f"{one} {noun}", str(other)) if a > c else (str(other), f"{one} {noun}")
        story.ask(
            f"How many more {first} than {last} are there?", ("The difference is {}.", f"{max(a, c)}-{min(a, c)}")
        )
    else:
        story.ask(f"How many {noun} and {other} are there [together|in all]?", ("In all {}.", f"{a}+{b}+{c}"))
    return story
