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
        f"{a} is {t.number(1, 5)} years older than {b}.",
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
    d, k = t.number(1, 50), t.pick(2, 3, 4, 5, 6)
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
        one, two = (a, b) if t.chance(0.5) else (b, a)
        story.tell(
            t.pick(
                f"{one} has {_n(high, thing)} and {two} has {low}.",
                f"{two} has {_n(low, thing)}. {one} has {high}.",
                f"{two} has {_n(low, thing)}, while {one} has {high}.",
            )
        )
        story.ask(
            t.pick(
                f"How many more {thing} does {one} have than {two}?",
                f"How many fewer {thing} does {two} have than {one}?",
                f"How many more {thing} does {two} need to have as many as {one}?",
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
    later, ago = t.number(2, 20), t.number(1, 15)
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
        gap2 = t.number(1, 12)
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
        extra = t.number(1, factor - 1)
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
        story.ask(f"How much {comparative} is it than the other?", big, ("The difference is {}.", f"{a * k}-{a}"))
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
