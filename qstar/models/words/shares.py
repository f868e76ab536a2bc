"""Scenarios of shares: equal and unequal sharing, fractions and percentages of a group, parts of a whole."""

from __future__ import annotations

from qstar.models.words.story import Person, Story, Teller, Unsuitable, scenario

# name of the fraction -> (numerator, denominator)
_FRACTIONS = (
    ("half", 1, 2), ("a third", 1, 3), ("a quarter", 1, 4), ("a fifth", 1, 5), ("one third", 1, 3), ("one fourth", 1, 4),
    ("two thirds", 2, 3), ("three quarters", 3, 4), ("three fourths", 3, 4), ("two fifths", 2, 5), ("three fifths", 3, 5),
    ("1/2", 1, 2), ("1/3", 1, 3), ("1/4", 1, 4), ("1/5", 1, 5), ("2/3", 2, 3), ("3/4", 3, 4), ("2/5", 2, 5), ("3/5", 3, 5),
    ("1/6", 1, 6), ("5/6", 5, 6), ("1/8", 1, 8), ("3/8", 3, 8), ("4/5", 4, 5), ("one tenth", 1, 10), ("3/10", 3, 10),
    ("half", 1, 2), ("half", 1, 2), ("a third", 1, 3), ("a quarter", 1, 4),
)  # fmt: skip
# groups of which a part does something: (where, members, past action, negated action)
_GROUPS = (
    ("in the fourth grade", "students", "ride a bike to school", "do not"),
    ("in a school", "students", "play an instrument", "do not"),
    ("at a camp", "children", "can swim", "cannot"),
    ("at a party", "guests", "wear a hat", "do not"),
    ("on a train", "passengers", "get off at the first stop", "do not"),
    ("in a club", "members", "play chess", "do not"),
    ("in an office", "workers", "drive to work", "do not"),
    ("in a village", "families", "own a dog", "do not"),
    ("on a farm", "animals", "sleep in the barn", "do not"),
    ("in a parking lot", "cars", "belong to visitors", "do not"),
    ("in a choir", "singers", "wear glasses", "do not"),
    ("in a theater", "people", "have a free ticket", "do not"),
    ("in a town", "houses", "have a garden", "do not"),
)


def _of(t: Teller, low: int, high: int) -> tuple[str, int, int, int]:
    """A fraction in words or digits, its numerator and denominator, and a number it divides."""
    name, a, b = t.pick(*_FRACTIONS)
    return name, a, b, t.number(max(low, b), high, b)


def _times(x: int, a: int, b: int) -> str:
    """a/b of x as written."""
    return f"{x}/{b}" if a == 1 else f"{x}*{a}/{b}"


def _others(t: Teller) -> tuple[str, str]:
    """Those shared among, plural and singular."""
    return t.pick(
        ("friends", "friend"), ("children", "child"), ("classes", "class"), ("students", "student"), ("cousins", "cousin"),
        ("neighbors", "neighbor"), ("teams", "team"), ("kids", "kid"), ("families", "family"), ("players", "player"),
    )  # fmt: skip


@scenario
def share_equally(t: Teller) -> Story:
    """Sharing among friends, all of it or what is left, with or without the sharer, with a remainder."""
    who, thing = t.person(), t.thing("toy", "food", "school", "plant")
    others, other = _others(t)
    n, each = t.number(2, 14), t.number(2, 30)
    total, extra = n * each, t.number(2, 30)
    story = Story()
    story.distract(
        f"{who} is {t.number(7, 60)} years old.",
        f"Each of the {others} already has {t.number(2, 20)} {t.thing('goods', 'clothing')}.",
        f"Last week {who.he} shared {t.number(10, 90)} {thing}.",
    )
    evenly = t.pick("equally", "evenly", "fairly")
    kind = t.pick("plain", "after", "self", "over", "first", "friends", "two bags", "more")
    gets = (f"Each {other} gets {{}}[ {thing}|].", f"{total}/{n}")
    if kind == "plain":
        share = t.pick(
            f"{who} [shares|divides|splits] {total} {thing} {evenly} among {n} {others}",
            f"{n} {others} [share|split] {total} {thing} {evenly}",
            f"{who} has {total} {thing} and gives the same number to each of {n} {others}",
        )
        if t.chance(0.4):
            story.ask(f"If {share}, how many {thing} does each {other} get?", gets)
        else:
            story.tell(f"{share}.")
            story.ask(
                f"How many {thing} [does each {other} get|does one {other} get|are there for each {other}]?", gets
            )
    elif kind == "after":
        story.tell(
            f"{who} [had|bought|made|picked] {total + extra} {thing}.",
            t.pick(
                f"{who.He} {t.pick('kept', 'lost', 'used', 'put aside')} {extra} and [divided|shared] the rest {evenly} among {n} {others}.",
                f"[After|Once] {extra} were {t.pick('lost', 'sold', 'used')}, {n} {others} [shared|split] what was left {evenly}.",
            ),
        )
        story.ask(
            f"How many {thing} [did each {other} get|did each of the {others} receive|were there for each {other}]?",
            (f"{{}} {thing} are left.", f"{total + extra}-{extra}"),
            gets,
        )
    elif kind == "self":
        if n < 3:
            raise Unsuitable("two friends at least")
        story.tell(
            t.pick(
                f"{who} has {total} {thing} and shares them {evenly} with {n - 1} {others}, [keeping an equal share|taking the same share {who.he} gives to each of them].",
                f"{who} and {n - 1} {others} [share|split] {total} {thing} {evenly}.",
            )
        )
        story.ask(
            f"How many {thing} does [{who}|each of them|everyone] get?",
            (f"[They are|There are] {{}} {t.pick('people', 'shares')}.", f"{n - 1}+1"),
            (f"Each gets {{}}[ {thing}|].", f"{total}/{n}"),
        ) if others not in ("classes", "teams", "families") else story.ask(
            f"How many {thing} are shared?", (f"{{}} {thing} are shared.", f"{total}+0")
        )
        if others in ("classes", "teams", "families"):
            raise Unsuitable("a person shares with persons")
    elif kind == "over":
        over = t.number(1, n - 1)
        if t.chance(0.5):
            story.tell(
                f"{who} gave {n} {others} {each} {thing} each and had {over} left."
                if t.chance(0.5)
                else f"{n} {others} each got {each} {thing} from {who}, who then had {over} left over."
            )
            story.ask(
                f"How many {thing} did {who} have [at first|before|to begin with|in the beginning]?",
                (f"The {others} got {{}} {thing}.", f"{n}*{each}"),
                (f"{who} had {{}}.", f"{total}+{over}"),
            )
        else:
            story.tell(
                f"{who} has {total + over} {thing}.",
                f"{who.He} gives [each of {n} {others} {each}|{each} to each of {n} {others}][ and keeps the rest|].",
            )
            story.ask(
                f"How many [{thing} |]does {who.he} [keep|have left]?",
                (f"{who.He} gives away {{}} {thing}.", f"{n}*{each}"),
                ("{} [stay|are left]." if over > 1 else "{} is left.", f"{total + over}-{total}"),
            )
    elif kind == "first":
        ate = t.number(1, each - 1)
        if t.chance(0.5) and ate > 1:
            story.tell(
                f"{n} {others} share {total} {thing} {evenly}.",
                f"[Then one {other} gets {ate} more|One of them is given another {ate}][ by {who}| afterwards|].",
            )
            story.ask(f"How many {thing} does that {other} have?", gets, (f"That {other} has {{}}.", f"{each}+{ate}"))
        else:
            story.tell(
                f"{who} [divides|splits|shares out] {total} {thing} {evenly} among {n} {others}.",
                f"[Later|The next day|Then] each {other} gives {ate} [back|to {t.person()}].",
            )
            story.ask(
                f"How many {thing} does each {other} have [left|then|now]?",
                gets,
                (f"Each {other} has {{}} left.", f"{each}-{ate}"),
            )
    elif kind == "friends":
        story.tell(
            f"{who} has {total} {thing}[ to share|].",
            f"{who.He} wants to give {each}[ of them|] to [each|every] {other}."
            if t.chance(0.5)
            else f"Each {other} is to get {each}.",
        )
        story.ask(
            f"How many {others} [can get some|can {who.he} give them to|will get them]?",
            (f"{{}} {others} get some.", f"{total}/{each}"),
        )
    elif kind == "two bags":
        bags = t.divisor(total, 2, 12)
        if bags == total:
            raise Unsuitable("one in a bag")
        story.tell(
            f"{who} [buys|brings|opens|has] {bags} {t.pick('bags', 'boxes', 'packs')} of {total // bags} {thing}[ each|].",
            f"{who.He} shares [them|all the {thing}] {evenly} among {n} {others}.",
        )
        story.ask(
            f"How many {thing} [does each {other} get|will each {other} have]?",
            (f"[There are|{who} has] {{}} {thing}[ in all|].", f"{bags}*{total // bags}"),
            gets,
        )
    else:
        friend = t.person()
        mine = t.number(2, total - 2)
        story.tell(
            t.pick(
                f"{who} has {mine} {thing} and {friend} has {total - mine}.",
                f"{friend} [found|collected|brought] {total - mine} {thing}, while {who} [found|collected|brought] {mine}.",
            ),
            f"They put [them|all of them] together and [share|divide] them {evenly} among {n} {others}.",
        )
        story.ask(
            f"How many {thing} does each {other} get?",
            (f"[Together they have|There are] {{}} {thing}.", f"{mine}+{total - mine}"),
            gets,
        )
    return story


@scenario
def fraction_of_group(t: Teller) -> Story:
    """A fraction of a group does something: how many do, how many do not; two fractions; the whole from the part."""
    where, members, act, deny = t.pick(*_GROUPS)
    name, a, b, total = _of(t, 8, 240)
    if total // b * a >= total or total // b < 2:
        raise Unsuitable("too few")
    some = total // b * a
    story = Story()
    story.distract(
        f"Last year there were {t.number(10, 240)} {members}.",
        f"[It is the {t.number(2, 9)}th of May|The year has {t.number(2, 9)} weeks left|It is {t.number(2, 9)} degrees outside].",
    )
    there = t.pick(
        f"There are {total} {members} {where}",
        f"{where}, there are {total} {members}",
        f"{total} {members} are {where}",
    )
    part = t.pick(f"{name} of them {act}", f"{name} of the {members} {act}")
    counted = (f"{{}} {members} {act}.", _times(total, a, b))
    cut = act.removeprefix("can ")
    kind = t.pick("do", "do not", "whole", "two", "more do", "leave")
    if kind in ("do", "do not"):
        if t.chance(0.4):
            story.tell(
                f"Of the {total} {members} {where}, {name} {act}."
                if t.chance(0.5)
                else f"{name} of the {total} {members} {where} {act}."
            )
        else:
            story.tell(f"{there}, and {part}." if t.chance(0.3) else f"{there}.")
            if not story.facts[-1].endswith(f"{act}."):
                story.tell(f"{part}.")
        if kind == "do":
            story.ask(f"How many [{members} |of the {members} |of them ]{act}?", counted)
        else:
            story.ask(
                f"How many [{members} |of the {members} |of them ]{deny} {cut}?",
                counted,
                (f"{{}} {deny}.", f"{total}-{some}"),
            )
    elif kind == "whole":
        story.tell(
            t.pick(
                f"{name} of the {members} {where} {act}, [and that is|which is|and these are] {some} {members}.",
                f"{some} {members} {where} {act}, which is {name} of all the {members}.",
            )
        )
        if t.chance(0.5):
            story.ask(
                f"How many {members} are there [in all|altogether|]?",
                (f"There are {{}} {members}.", f"{some}*{b}" if a == 1 else f"{some}*{b}/{a}"),
            )
        else:
            story.ask(
                f"How many {members} {deny} {cut}?",
                (f"There are {{}} {members}.", f"{some}*{b}" if a == 1 else f"{some}*{b}/{a}"),
                (f"{{}} {deny}.", f"{total}-{some}"),
            )
    elif kind == "two":
        rest = total - some
        d = t.pick(*[d for d in (2, 3, 4, 5) if rest % d == 0] or [0])
        if not d:
            raise Unsuitable("no second fraction")
        word = {2: "half", 3: "a third", 4: "a quarter", 5: "a fifth"}[d]
        color = t.pick("are new", "are from the city", "are on a list", "come every week")
        story.tell(f"{there}.", f"{part}.", f"{word} of the [rest|others|remaining {members}] {color}.")
        story.distractors.clear()
        story.ask(
            f"How many of those who {deny} {cut} {color}?"
            if members not in ("cars", "houses")
            else f"How many of the {members} that {deny} {cut} {color}?",
            counted,
            ("The rest are {}.", f"{total}-{some}"),
            (f"Of these, {{}} {color}.", f"{rest}/{d}"),
        )
    elif kind == "more do":
        if some * 2 == total:
            raise Unsuitable("as many")
        story.tell(f"{there}.", f"{part}[ and the others {deny}|].")
        big, small = (some, total - some) if some * 2 > total else (total - some, some)
        story.ask(
            f"How many more {members} {act} than {deny}?"
            if some * 2 > total
            else f"How many more {members} {deny} {cut} than {act}?",
            counted,
            (f"{{}} {deny}.", f"{total}-{some}"),
            ("[The difference is|That is] {} [more|].", f"{big}-{small}"),
        )
    else:
        more = t.number(2, 30)
        story.tell(
            f"{there}.",
            f"{name} of them [leave|go away|are moved away], and [then|later] {more} [new ones|others|more] arrive.",
        )
        story.distractors.pop()
        story.ask(
            f"How many {members} are [there|{where.replace(' a ', ' the ').replace(' an ', ' the ')}] [now|then|after that]?",
            ("{} leave.", _times(total, a, b)),
            ("{} stay.", f"{total}-{some}"),
            ("[Then|Now] there are {}.", f"{total - some}+{more}"),
        )
    return story


@scenario
def percent_of_group(t: Teller) -> Story:
    """Percentages of a group, of its parts, and the whole from a percentage."""
    where, members, act, deny = t.pick(*_GROUPS)
    cut = act.removeprefix("can ")
    p = t.pick(5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95)
    total = t.number(20, 800, 20)
    some = total * p // 100
    story = Story()
    story.distract(
        f"Two years ago there were {t.number(10, 500)} {members}.",
        f"[It is {t.number(2, 9)} degrees outside|The count took {t.number(2, 19)} minutes].",
    )
    counted = (f"{{}} {members} {act}.", f"{p}/100*{total}")
    first = t.pick(
        f"Of the {total} {members} {where}, {p}% {act}.",
        f"{p}% of the {total} {members} {where} {act}.",
        f"There are {total} {members} {where}, and {p}% of them {act}.",
        f"{where} there are {total} {members}, of whom {p} percent {act}." if members not in ("cars", "houses") else "",
    )  # fmt: skip
    if not first:
        raise Unsuitable("things are no persons")
    kind = t.pick("do", "do not", "whole", "both", "second", "percent")
    if kind == "do":
        story.tell(first)
        story.ask(f"How many [{members} |of them |of the {members} ]{act}?", counted)
    elif kind == "do not":
        story.tell(first)
        if t.chance(0.5):
            story.ask(f"How many [{members} |of them ]{deny} {cut}?", counted, (f"{{}} {deny}.", f"{total}-{some}"))
        else:
            story.ask(
                f"How many [{members} |of them ]{deny} {cut}?",
                (f"{{}}% {deny}.", f"100-{p}"),
                (f"{{}} {members} {deny}.", f"{100 - p}/100*{total}"),
            )
    elif kind == "whole":
        story.tell(
            f"{some} {members} {where} {act}[. This is|, which is|. They are|, and that is] {p}[%| percent] of all the {members}."
        )
        story.ask(
            f"How many {members} are there [in all|altogether|]?", (f"There are {{}} {members}.", f"{some}*100/{p}")
        )
    elif kind == "both":
        q = t.number(1, (100 - p) // 5) * 5
        if q >= 100 - p:
            raise Unsuitable("nobody is left")
        what = t.pick("red", "blue", "green")
        thing = t.thing("toy", "clothing", "plant")
        two = t.pick("yellow", "white", "purple")
        story.tell(
            t.pick(
                f"{p}% of the {total} {thing} in a shop are {what}, {q}% are {two}, and the rest are black.",
                f"A shop has {total} {thing}: {p}% of them are {what}, {q}% are {two} and the others are black.",
            )
        )
        story.distractors.clear()
        story.distract(f"The shop sold {t.number(5, 90)} {thing} yesterday.")
        if t.chance(0.5):
            story.ask(
                f"How many [{thing} |]are black?",
                (
                    "{}% are red or of the second color.".replace("red or of the second color", f"{what} or {two}"),
                    f"{p}+{q}",
                ),
                ("{}% are black.", f"100-{p + q}"),
                (f"{{}} {thing} are black.", f"{100 - p - q}/100*{total}"),
            )
        else:
            if p == q:
                raise Unsuitable("as many")
            big, small = (what, two) if p > q else (two, what)
            story.ask(
                f"How many more {big} {thing} than {small} {thing} are there?",
                (f"{{}} are {what}.", f"{p}/100*{total}"),
                (f"{{}} are {two}.", f"{q}/100*{total}"),
                (f"There are {{}} more {big} {thing}.", f"{max(some, total * q // 100)}-{min(some, total * q // 100)}"),
            )
    elif kind == "second":
        share = t.pick(*[q for q in (10, 20, 25, 40, 50, 60, 75, 80) if some * q % 100 == 0 and some * q] or [0])
        if not share:
            raise Unsuitable("no whole part")
        story.tell(
            f"{p}% of the {total} students [of|in] a school are girls."
            if t.chance(0.5)
            else f"A school has {total} students, and {p} percent of them are girls.",
            f"{share}% of the girls [play soccer|sing in the choir|wear glasses|walk to school].",
        )
        story.distractors[:] = [f"The school has {t.number(10, 60)} teachers."]
        act2 = t.pick("play soccer", "sing in the choir", "wear glasses", "walk to school")
        story.facts[-1] = f"{share}% of the girls {act2}."
        if t.chance(0.6):
            story.ask(
                f"How many girls {act2}?",
                ("There are {} girls.", f"{p}/100*{total}"),
                (f"{{}} girls {act2}.", f"{share}/100*{some}"),
            )
        else:
            story.ask(
                f"How many girls do not {act2}?",
                ("There are {} girls.", f"{p}/100*{total}"),
                (f"{{}} of them {act2}.", f"{share}/100*{some}"),
                ("{} do not.", f"{some}-{some * share // 100}"),
            )
    else:
        story.tell(
            f"Of {total} {members} {where}, {some} {act}."
            if t.chance(0.5)
            else f"There are {total} {members} {where}. {some} of them {act}."
        )
        if t.chance(0.5):
            story.ask(f"What percent[age|] of the {members} {act}?".replace("percent[age|]", t.pick("percent", "percentage")),
                      (f"{{}}% {act}.", f"{some}*100/{total}"))  # fmt: skip
        else:
            story.ask(
                f"What percent of the {members} {deny} {cut}?",
                (f"{{}} {deny}.", f"{total}-{some}"),
                ("That is {}%.", f"{total - some}*100/{total}"),
            )
    return story


_COLORS = ("red", "blue", "green", "yellow", "white", "black", "orange", "purple", "pink", "brown")


@scenario
def parts_of_a_whole(t: Teller) -> Story:
    """Red, blue, and the rest green; sorts of fruit; boys, girls and grown-ups."""
    thing = t.thing("toy", "clothing", "plant", "goods")
    one, two, three = (t.new(*_COLORS) for _ in range(3))
    owner = t.pick("a box", "a basket", "a shop", "a store", "a bag", "a closet", "a crate")
    if t.chance(0.4):
        who = t.person()
        start, many = f"{who} has", ""
    else:
        start, many = t.pick(f"In {owner} there are", "There are"), ""
        if start == "There are":
            many = f" in {owner}"
    a, b, c = t.number(2, 60), t.number(2, 60), t.number(2, 60)
    total = a + b + c
    story = Story()
    story.distract(
        f"{t.number(2, 30)} [other things|{t.thing('school')}] are [there|on the floor], too.",
        f"Each one weighs {t.number(2, 90)} grams.",
        f"{t.number(2, max(2, min(a, b, c)))} of the {thing} are old.",
    )
    kind = t.pick("rest", "sum", "twice", "more", "fraction", "half rest", "two of three")
    if kind == "rest":
        story.tell(
            f"{start} {total} {thing}{many}.",
            t.pick(
                f"{a} are {one}, {b} are {two}, and the rest are {three}.",
                f"{a} of them are {one} and {b} are {two}, while all the others are {three}.",
                f"There are {a} {one} ones and {b} {two} ones; the remaining {thing} are {three}.",
            ),
        )
        if t.chance(0.5):
            story.ask(
                f"How many [{thing} are {three}|{three} {thing} are there|are {three}]?",
                (f"{{}} are {one} or {two}.", f"{a}+{b}"),
                (f"{{}} are {three}.", f"{total}-{a + b}"),
            )
        else:
            story.ask(
                f"How many [{thing} are {three}|{three} {thing} are there|are {three}]?",
                (f"[There are {{}} without the {one} ones|{{}} are not {one}].", f"{total}-{a}"),
                (f"{{}} are {three}.", f"{total - a}-{b}"),
            )
    elif kind == "sum":
        story.tell(
            t.pick(
                f"{start} {a} {one}, {b} {two} and {c} {three} {thing}{many}.",
                f"{start} {a} {one} {thing}{many}, {b} {two} ones, and {c} {three} ones.",
            )
        )
        story.ask(
            f"How many {thing} [are there|are there in all|are there altogether]?",
            (f"There are {{}} {thing}.", f"{a}+{b}+{c}"),
        )
        story.ask(f"How many {thing} are not {two}?", (f"{{}} are not {two}.", f"{a}+{c}"))
    elif kind == "twice":
        k = t.number(2, 5)
        times = {2: "twice", 3: "three times", 4: "4 times", 5: "5 times"}[k]
        rest = t.number(1, 60)
        story.tell(
            f"{start} {a} {one} {thing}{many}, {times} as many {two} ones, and {rest} {three} {'one' if rest == 1 else 'ones'}."
            if t.chance(0.5)
            else f"{start} {times} as many {two} {thing} as {one} {thing}{many}. {a} are {one}, and {rest} {'is' if rest == 1 else 'are'} {three}."
        )
        story.ask(
            f"How many {thing} [are there|are there in all|are there altogether]?",
            (f"{{}} are {two}.", f"{k}*{a}"),
            (f"There are {{}} {thing}[ in all|].", f"{a}+{k * a}+{rest}"),
        )
        if k * a > rest:
            story.ask(
                f"How many more {two} {thing} than {three} {thing} are there?",
                (f"{{}} are {two}.", f"{k}*{a}"),
                (f"There are {{}} more {two} ones.", f"{k * a}-{rest}"),
            )
    elif kind == "more":
        d = t.number(2, 30)
        story.tell(
            f"{start} {a} {one} {thing}{many}.",
            t.pick(
                f"There are {d} more {two} ones than {one} ones.", f"The {two} ones are {d} more than the {one} ones."
            ),
            f"The other {c} are {three}." if t.chance(0.5) else f"And {c} are {three}.",
        )
        story.ask(
            f"How many {thing} are there [in all|altogether|in total]?",
            (f"{{}} are {two}.", f"{a}+{d}"),
            ("There are {} [in all|altogether].", f"{a}+{a + d}+{c}"),
        )
    elif kind == "fraction":
        name, x, y, whole = _of(t, 12, 200)
        left = whole - whole // y * x
        b = t.number(1, left - 1)
        story.tell(
            f"{start} {whole} {thing}{many}.",
            t.pick(
                f"{name} of them are {one}, {b} {'is' if b == 1 else 'are'} {two}, and the rest are {three}.",
                f"{name} of the {thing} are {one}.",
            ),
        )
        if not story.facts[-1].endswith(f"{three}."):
            story.tell(
                f"Of the others, {b} {'is' if b == 1 else 'are'} {two} and the rest {'is' if left - b == 1 else 'are'} {three}."
            )
        story.distractors.pop()
        story.ask(
            f"How many [{thing} are {three}|{three} {thing} are there|are {three}]?",
            (f"{{}} are {one}.", _times(whole, x, y)),
            (f"{{}} are not {one}.", f"{whole}-{whole // y * x}"),
            (f"{{}} {'is' if left - b == 1 else 'are'} {three}.", f"{left}-{b}"),
        )
    elif kind == "half rest":
        rest = t.number(4, 120, 2)
        story.tell(
            f"{start} {a + rest} {thing}{many}.",
            f"{a} are {one}, and half of the [rest|others|remaining ones] are {two}[, the others {three}|].",
        )
        story.distractors.pop()
        story.ask(
            f"How many [{thing} are {two}|{two} {thing} are there]?",
            (f"{{}} are not {one}.", f"{a + rest}-{a}"),
            (f"{{}} are {two}.", f"{rest}/2"),
        )
    else:
        story.tell(
            f"{start} {total} {one}, {two} and {three} {thing}{many}.",
            f"{a + b} of them are {one} or {two}, and {b + c} are {two} or {three}.",
        )
        story.distractors.pop()
        story.ask(f"How many are {three}?", (f"{{}} are {three}.", f"{total}-{a + b}"))
        story.ask(f"How many are {one}?", (f"{{}} are {one}.", f"{total}-{b + c}"))
        story.ask(
            f"How many are {two}?",
            (f"{{}} are {three}.", f"{total}-{a + b}"),
            (f"{{}} are {two}.", f"{b + c}-{c}"),
        )
    return story


@scenario
def one_after_another(t: Teller) -> Story:
    """A fraction goes, then a fraction or a number of what is left."""
    who, thing = t.person(), t.thing("toy", "food", "school", "plant")
    names = {2: t.pick("half", "1/2"), 3: t.pick("a third", "one third", "1/3"), 4: t.pick("a quarter", "one fourth", "1/4"),
             5: t.pick("a fifth", "1/5")}  # fmt: skip
    x, y = t.pick(2, 3, 4, 5), t.pick(2, 3, 4, 5)
    unit = t.number(1, 15) if x * y > 8 else t.number(2, 30)
    total = unit * x * y
    left = total - total // x
    friend, other = t.person(), t.person()
    story = Story()
    story.distract(
        f"Last week {who} had {t.number(2, 40)} {thing}.",
        f"{who} is {t.number(7, 50)} years old.",
        f"{who} paid ${t.number(2, 40)} for them.",
    )
    start = t.pick(
        f"{who} [has|had|bought|made|collected] {total} {thing}.",
        f"There were {total} {thing} in {who}'s {t.pick('box', 'bag', 'room')}.",
    )
    does = t.pick(
        ("gave", f"to {friend}"),
        ("sold", "in the morning"),
        ("used", "on Monday"),
        ("lost", "on the way"),
        ("gave", "to a neighbor"),
    )
    does2 = t.pick(
        ("gave", f"to {other}"), ("sold", "in the afternoon"), ("used", "on Tuesday"), ("gave", "away later")
    )
    one = f"{who.He} {does[0]} {names[x]} of them {does[1]}."
    gone = (f"{who.He} {does[0]} {{}}[ {thing}|] {does[1]}.", f"{total}/{x}")
    after = ("{} [were left|remained].", f"{total}-{total // x}")
    kind = t.pick("two", "two", "number", "backward", "first number", "three", "second part")
    if kind in ("two", "second part"):
        story.tell(start, one if t.chance(0.6) else f"[First|At first], {one[0].lower()}{one[1:]}",
                   f"[Then {who.he}|{who.He}] {does2[0]} {names[y]} of [the rest|what was left|the remaining {thing}] {does2[1]}.")  # fmt: skip
        if kind == "two":
            story.ask(
                f"How many {thing} [are left|did {who} have left|remained|does {who} have now]?",
                gone,
                after,
                (f"{who.He} {does2[0]} {{}} {does2[1]}.", f"{left}/{y}"),
                ("{} are left.", f"{left}-{left // y}"),
            )
        else:
            story.ask(
                f"How many {thing} did {who.he} {'give' if does2[0] == 'gave' else 'sell' if does2[0] == 'sold' else 'use'} {does2[1]}?",
                gone,
                after,
                (f"{who.He} {does2[0]} {{}} {does2[1]}.", f"{left}/{y}"),
            )
    elif kind == "number":
        n = t.number(1, left - 1)
        story.tell(
            start,
            one,
            f"[Then|Later|After that] {who.he} {does2[0]} {n} {'more ' if does2[0] == does[0] else ''}{does2[1]}.",
        )
        story.ask(
            f"How many {thing} [are left|did {who} have left|does {who} have now]?",
            gone,
            after,
            ("{} are left." if left - n > 1 else "{} is left.", f"{left}-{n}"),
        )
    elif kind == "backward":
        n = t.number(1, left - 1)
        if t.chance(0.5):
            story.tell(f"{who} had some {thing}.", one, f"[Now|After that] {who.he} has {total // x * (x - 1)} left.")
            if x == 2:
                story.ask(f"How many {thing} did {who} have at first?", (f"{who} had {{}}.", f"{left}*2"))
            else:
                story.ask(
                    f"How many {thing} did {who} have [at first|in the beginning]?",
                    (f"[One part|One of the {x} parts] is {{}}.", f"{left}/{x - 1}"),
                    (f"{who} had {{}}.", f"{total // x}*{x}"),
                )
        else:
            half = total if total % 2 == 0 else total * 2
            story.tell(
                f"{who} had some {thing}.",
                f"{who.He} {does[0]} half of them {does[1]} and then {does2[0]} {n} {does2[1]}.",
                f"{half // 2 - n} were left.",
            )
            if half // 2 - n < 2:
                raise Unsuitable("one is left")
            story.ask(
                f"How many {thing} did {who} [have at first|start with]?",
                (
                    f"Before the last {n} there were {{}}." if n > 1 else "Before the last one there were {}.",
                    f"{half // 2 - n}+{n}",
                ),
                (f"{who} had {{}}.", f"{half // 2}*2"),
            )
    elif kind == "first number":
        n = t.number(2, 40)
        story.tell(
            start.replace(str(total), str(total + n)),
            f"{who.He} {does[0]} {n} {does[1]} and {does2[0]} {names[x]} of the [rest|others] {does2[1]}.",
        )
        story.ask(
            f"How many {thing} [are left|did {who} have left|remained]?",
            (f"After the first {n}, {{}} were left.", f"{total + n}-{n}"),
            (f"{who.He} {does2[0]} {{}} {does2[1]}.", f"{total}/{x}"),
            ("{} are left.", f"{total}-{total // x}"),
        )
    else:
        if x == y or total // x + total // y >= total:
            raise Unsuitable("too much goes")
        story.tell(
            start,
            f"{who.He} gives {names[x]} of [them|the {thing}] to {friend} and {names[y]} [of them |]to {other}, and keeps the [rest|others].",
        )
        story.facts[-1] = story.facts[-1].replace(f"{names[y]} [of them |]to", f"{names[y]} of all the {thing} to")
        story.distractors.pop(0)
        story.ask(
            f"How many [{thing} |]does {who} keep?",
            (f"{friend} gets {{}}.", f"{total}/{x}"),
            (f"{other} gets {{}}.", f"{total}/{y}"),
            (f"{who} keeps {{}}.", f"{total}-{total // x}-{total // y}"),
        )
        story.ask(
            f"How many {thing} do {friend} and {other} get together?",
            (f"{friend} gets {{}}.", f"{total}/{x}"),
            (f"{other} gets {{}}.", f"{total}/{y}"),
            ("Together they get {}.", f"{total // x}+{total // y}"),
        )
    return story


@scenario
def unequal(t: Teller) -> Story:
    """Two or three share so that one gets twice as many, or some more."""
    one, two, three = t.person(), t.person(), t.person()
    thing = t.thing("toy", "food", "school")
    cash = t.chance(0.25)
    k = t.number(2, 6)
    times = {2: "twice", 3: "three times", 4: "four times"}.get(k, f"{k} times")
    x = t.number(2, 40)
    amount = (lambda n: f"${n}") if cash else (lambda n: f"{n} {thing}")
    much = "How much money" if cash else f"How many {thing}"
    slot = "${}" if cash else "{}"
    many = "much" if cash else "many"
    story = Story()
    story.distract(
        f"{one} is {t.number(6, 15)} years old.",
        f"{two} has {t.number(2, 9)} [cousins|pens|cats].",
        f"They have known each other for {t.number(2, 12)} years.",
    )
    parts = t.pick("k", "k", "diff", "three", "percent", "ratio")
    share = t.pick("share", "split", "divide", "together have")
    if parts == "k":
        story.tell(
            f"{one} and {two} {share} {amount(x * (k + 1))}.",
            t.pick(
                f"{two} [gets|has|takes] {times} as {many} as {one}.",
                f"{two}'s share is {times} {one}'s share.",
                f"For every {'dollar' if cash else thing.one} that {one} gets, {two} gets {k}.",
            ),
        )
        equal = ("There are {} equal parts.", f"{k}+1")
        part = (f"{one} [gets|has] {slot}.", f"{x * (k + 1)}/{k + 1}")
        other = (f"{two} [gets|has] {slot}.", f"{k}*{x}")
        if share == "together have":
            story.facts[1] = f"{two} has {times} as {many} as {one}."
        kind = t.pick("one", "two", "more")
        verb = "have" if share == "together have" else "get"
        if kind == "one":
            story.ask(f"{much} does {one} {verb}?", equal, part)
        elif kind == "two":
            story.ask(f"{much} does {two} {verb}?", equal, part, other)
        else:
            story.ask(
                f"How {many} more does {two} {verb} than {one}?",
                equal,
                part,
                other,
                (f"That is {slot} more.", f"{k * x}-{x}"),
            )
    elif parts == "diff":
        d = t.number(2, 30)
        story.tell(
            f"{one} and {two} {share} {amount(2 * x + d)}.",
            f"{two} [gets|has] {d if not cash else f'${d}'} more than {one}.",
        )
        less = (
            f"Without the extra {slot.format(d)} there are {slot}."
            if not cash
            else f"Without the extra ${d} there is {slot}.",
            f"{2 * x + d}-{d}",
        )
        half = (f"{one} [gets|has] {slot}.", f"{2 * x}/2")
        if t.chance(0.5):
            story.ask(f"{much} does {one} [get|have]?", less, half)
        else:
            story.ask(f"{much} does {two} [get|have]?", less, half, (f"{two} [gets|has] {slot}.", f"{x}+{d}"))
    elif parts == "three":
        d = t.number(2, 30)
        story.tell(
            f"{one}, {two} and {three} share some {'money' if cash else thing.many}.",
            t.pick(
                f"{one} gets {amount(x)}, {two} gets {times} as {many}, and {three} gets {d if not cash else f'${d}'} more than {two}.",
                f"{one} takes {amount(x)}. {two} takes {times} as {many} as {one}, and {three} takes {d if not cash else f'${d}'} more than {two}.",
            ),
        )
        second, third = (f"{two} has {slot}.", f"{k}*{x}"), (f"{three} has {slot}.", f"{k * x}+{d}")
        story.ask(f"{much} does {three} have?", second, third)
        story.ask(
            f"{much} do they have [in all|altogether|together]?",
            second,
            third,
            (f"Together they have {slot}.", f"{x}+{k * x}+{k * x + d}"),
        )
    elif parts == "percent":
        p = t.pick(10, 20, 25, 30, 40, 60, 70, 75, 80)
        total = t.number(20, 400, 20)
        story.tell(
            f"{one} and {two} {share} {amount(total)}."
            if share != "together have"
            else f"{one} and {two} share {amount(total)}.",
            f"{one} gets {p}% and {two} gets the rest."
            if t.chance(0.5)
            else f"{p} percent goes to {one}, and {two} takes what is left.",
        )
        first = (f"{one} gets {slot}.", f"{p}/100*{total}")
        story.ask(f"{much} does {two} get?", first, (f"{two} gets {slot}.", f"{total}-{total * p // 100}"))
    else:
        a, b = t.number(1, 7), t.number(1, 7)
        if a == b:
            raise Unsuitable("equal shares")
        story.tell(
            f"{one} and {two} share {amount(x * (a + b))} in the ratio {a}:{b}."
            if t.chance(0.5)
            else f"{amount(x * (a + b))} are shared between {one} and {two} in a ratio of {a} to {b}."
        )
        if cash:
            story.facts[-1] = f"{one} and {two} share {amount(x * (a + b))} in the ratio {a} to {b}."
        equal, part = ("There are {} parts.", f"{a}+{b}"), (f"A part is {slot}.", f"{x * (a + b)}/{a + b}")
        story.ask(f"{much} does {one} get?", equal, part, (f"{one} gets {slot}.", f"{a}*{x}"))
        story.ask(f"{much} does {two} get?", equal, part, (f"{two} gets {slot}.", f"{b}*{x}"))
    return story


@scenario
def slices(t: Teller) -> Story:
    """Pizzas and cakes in slices: eaten, left, needed."""
    food, piece = t.pick(
        ("pizza", "slice"),
        ("cake", "piece"),
        ("pie", "slice"),
        ("loaf", "slice"),
        ("chocolate bar", "square"),
        ("watermelon", "wedge"),
    )
    foods = {"loaf": "loaves"}.get(food, food + "s")
    host = t.person()
    n, cut = t.number(2, 12), t.pick(4, 6, 8, 10, 12, 16)
    total = n * cut
    people, each = t.number(2, 20), t.number(2, 6)
    guests, guest = t.pick(
        ("guests", "guest"), ("children", "child"), ("friends", "friend"), ("players", "player"), ("workers", "worker")
    )
    story = Story()
    story.distract(
        f"[Each|A] {food} costs ${t.number(3, 20)}.",
        f"It takes {t.number(10, 50)} minutes to make a {food}.",
        f"Last time {host} bought {t.number(2, 12)} {foods}.",
    )
    bought = t.pick(
        f"{host} [buys|orders|brings|makes] {n} {foods}, each cut into {cut} {piece}s.",
        f"[At a party|For a party|For lunch|] there are {n} {foods} with {cut} {piece}s each.",
        f"{host} cuts [each of |]{n} {foods} into {cut} {piece}s[ each|].",
    ).replace("cuts [each of |]", "cuts ")  # fmt: skip
    made = (f"There are {{}} {piece}s.", f"{n}*{cut}")
    kind = t.pick("left", "needed", "each", "fraction", "short", "two")
    if kind == "left":
        if people * each >= total:
            raise Unsuitable("nothing is left")
        story.tell(
            bought,
            t.pick(
                f"{people} {guests} eat {each} {piece}s each.",
                f"Each of {people} {guests} eats {each}[ {piece}s| of them|].",
            ),
        )
        story.ask(
            f"How many {piece}s are left?",
            made,
            (f"[The {guests}|They] eat {{}}.", f"{people}*{each}"),
            ("{} are left." if total - people * each > 1 else "{} is left.", f"{total}-{people * each}"),
        )
    elif kind == "needed":
        people = t.divisor(total, 2, 40)
        story.tell(
            f"{people} {guests} are coming, and each [will eat|wants|eats] {total // people} {piece}{'s' if total > people else ''}.",
            f"{t.pick('One', 'Each', 'A')} {food} has {cut} {piece}s.",
        )
        story.ask(
            f"How many {foods} [does {host} need|must {host} order|are needed|should {host} buy]?",
            (f"They eat {{}} {piece}s.", f"{people}*{total // people}"),
            (f"{host} needs {{}} {foods}.", f"{total}/{cut}"),
        )
    elif kind == "each":
        people = t.divisor(total, 2, 40)
        story.tell(bought, f"{people} {guests} share [them|all the {piece}s] equally.")
        story.ask(f"How many {piece}s does each {guest} get?", made, (f"Each {guest} gets {{}}.", f"{total}/{people}"))
    elif kind == "fraction":
        name, a, b = t.pick(*_FRACTIONS)
        if total % b:
            raise Unsuitable("broken slices")
        eaten = total // b * a
        story.tell(bought, f"The {guests} eat {name} of [them|the {piece}s|all the {piece}s].")
        story.facts[-1] = story.facts[-1].replace("of [them|", "of [")
        story.ask(
            f"How many {piece}s are left?",
            made,
            (f"The {guests} eat {{}}.", _times(total, a, b)),
            ("{} are left." if total - eaten > 1 else "{} is left.", f"{total}-{eaten}"),
        )
    elif kind == "short":
        if people * each <= total:
            raise Unsuitable("enough")
        story.tell(bought, f"There are {people} {guests}, and each of them wants {each} {piece}s.")
        story.ask(
            f"How many more {piece}s [are needed|would be needed|does {host} need]?",
            made,
            (f"The {guests} want {{}}.", f"{people}*{each}"),
            (
                f"{{}} more {piece}s are needed." if people * each - total > 1 else f"{{}} more {piece} is needed.",
                f"{people * each}-{total}",
            ),
        )
    else:
        m, cut2 = t.number(2, 9), t.pick(4, 5, 6, 8, 9, 10)
        if cut == cut2:
            raise Unsuitable("the same cut")
        story.tell(
            f"{host} [buys|orders|makes] {n} large {foods} and {m} small {foods}.",
            f"A large [one|{food}] has {cut} {piece}s, and a small one has {cut2}."
            if cut > cut2
            else f"A small one has {cut} {piece}s, and a large one has {cut2}.",
        )
        if cut < cut2:
            raise Unsuitable("small ones have fewer")
        large, small = (
            (f"The large ones have {{}} {piece}s.", f"{n}*{cut}"),
            ("The small ones have {}.", f"{m}*{cut2}"),
        )
        story.ask(
            f"How many {piece}s are there [in all|altogether|]?",
            large,
            small,
            (f"There are {{}} {piece}s.", f"{n * cut}+{m * cut2}"),
        )
        ate = t.number(2, n * cut + m * cut2 - 2)
        story.ask(
            f"If {ate} {piece}s are eaten, how many [{piece}s |]are left?",
            large,
            small,
            (f"There are {{}} {piece}s.", f"{n * cut}+{m * cut2}"),
            ("{} are left.", f"{n * cut + m * cut2}-{ate}"),
        )
    return story


@scenario
def halves_of_two_groups(t: Teller) -> Story:
    """A fraction of each of two groups: boys and girls, cats and dogs."""
    place, one, two, act = t.pick(
        ("a class", "boys", "girls", "wear glasses"), ("a club", "men", "women", "can swim"), ("a shelter", "cats", "dogs", "are black"),
        ("a team", "adults", "children", "have a bike"), ("a school", "teachers", "students", "eat in the cafeteria"),
        ("a garage", "cars", "trucks", "are red"), ("a farm", "cows", "sheep", "are brown"), ("a shop", "shirts", "hats", "are on sale"),
        ("a library", "novels", "comics", "are new"), ("a bakery", "pies", "cakes", "have nuts"),
    )  # fmt: skip
    fa, a1, b1, m = _of(t, 4, 120)
    fb, a2, b2, n = _of(t, 4, 120)
    p, q = m // b1 * a1, n // b2 * a2
    story = Story()
    story.distract(f"Last month there were {t.number(10, 99)} {one}.", f"There are {t.number(2, 9)} rooms.")
    deny = {"wear": "do not wear", "can": "cannot", "are": "are not", "have": "do not have", "eat": "do not eat"}[
        act.split()[0]
    ] + act[len(act.split()[0]) :]
    story.tell(t.pick(f"There are {m} {one} and {n} {two} in {place}.", f"[In|] {place} there are {m} {one} and {n} {two}.".replace("[In|]", "On" if place == "a farm" else "In"),
                      f"{place} has {m} {one} and {n} {two}."))  # fmt: skip
    percent = 100 * a1 % b1 == 0 and t.chance(0.3)
    pa = f"{100 * a1 // b1}%" if percent else fa
    first = (f"{{}} {one} {act}.", f"{100 * a1 // b1}/100*{m}" if percent else _times(m, a1, b1))
    second = (f"{{}} {two} {act}.", _times(n, a2, b2))
    story.tell(
        t.pick(
            f"{pa} of the {one} and {fb} of the {two} {act}.",
            f"{pa} of the {one} {act}, and {fb} of the {two} {act}[, too|].",
        )
    )
    total, rest = f"{p}+{q}", m + n - p - q
    kind = t.pick("sum", "rest", "more", "one")
    if kind == "sum":
        story.ask(
            f"How many [of them|{one} and {two}] {act} [in all|altogether]?",
            first,
            second,
            ("That is {} [in all|together].", total),
        )
    elif kind == "rest":
        if rest < 2:
            raise Unsuitable("nobody is left")
        story.ask(f"How many {one} and {two} {deny}?", (f"{{}} {one} do.".replace(" do.", f" {act}."), first[1]), second,
                  ("Together that is {}.", total), (f"{{}} {deny}.", f"{m}+{n}-{p + q}"))  # fmt: skip
    elif kind == "more":
        if p <= q:
            raise Unsuitable("not more")
        story.ask(f"How many more {one} than {two} {act}?", first, second, ("That is {} more.", f"{p}-{q}"))
    else:
        if p >= m:
            raise Unsuitable("all of them")
        story.ask(f"How many {one} {deny}?", first, (f"{{}} {one} {deny}." if m - p > 1 else "{} is left.", f"{m}-{p}"))
    return story


def _somebody(t: Teller) -> Person:
    """A named person, or a role."""
    if t.chance(0.6):
        return t.person()
    return Person(
        f"the {t.pick('farmer', 'baker', 'teacher', 'principal', 'shopkeeper')}",
        *t.pick(("she", "her", "her"), ("he", "him", "his")),
    )


@scenario
def stock_sold(t: Teller) -> Story:
    """Goods sold over a day by fractions, percents and numbers; what is left, what was earned."""
    who = _somebody(t)
    thing = t.thing("food", "goods", "clothing", "plant")
    name, a, b, total = _of(t, 12, 240)
    percent = 100 * a % b == 0 and t.chance(0.4)
    part = f"{100 * a // b}%" if percent else name
    sold = total // b * a
    left = total - sold
    story = Story()
    story.distract(
        f"{who} opens at {t.number(6, 10)} in the morning.",
        f"Yesterday {who} sold {t.number(5, 150)} {thing}.",
        f"{t.number(5, 90)} people came in.",
    )
    start = t.pick(
        f"{who} [has|had|brought] {total} {thing} to sell.",
        f"{who} [starts|started] the day with {total} {thing}.",
        f"{total} {thing} are for sale at {who}'s stand.",
    )
    morning = t.pick(
        f"In the morning {who.he} [sells|sold] {part} of them.",
        f"{part} of the {thing} are sold before noon.",
        f"{who.He} [sells|sold] {part} of the {thing} in the morning.",
    )
    first = (
        f"In the morning {{}} {thing} were sold.",
        f"{100 * a // b}/100*{total}" if percent else _times(total, a, b),
    )
    rest = ("{} were left.", f"{total}-{sold}")
    if left < 3:
        raise Unsuitable("sold out")
    m = t.number(2, left - 1)
    afternoon = t.pick(
        f"In the afternoon {m} more are sold.",
        f"{who.He} [sells|sold] {m} more in the afternoon.",
        f"After lunch, another {m} [go|are sold].",
    )
    kind = t.pick("left", "sold", "money", "rest", "more", "restock", "packs")
    if kind == "left":
        story.tell(start, morning, afternoon)
        story.ask(
            f"How many {thing} [are left|remain|does {who.he} have left]?",
            first,
            rest,
            ("Then {} are left." if left - m > 1 else "Then {} is left.", f"{left}-{m}"),
        )
    elif kind == "sold":
        story.tell(start, morning, afternoon)
        story.ask(
            f"How many {thing} [are sold|does {who} sell|did {who.he} sell] [in all|altogether|that day]?",
            first,
            ("[In all|Altogether] {} were sold.", f"{sold}+{m}"),
        )
    elif kind == "money":
        price = t.number(2, 12)
        story.tell(start, morning, f"[Each|Every|One] {thing.one} costs ${price}.")
        if t.chance(0.5):
            story.ask(
                f"How much [money |]does {who} [get|take in] in the morning?",
                first,
                ("That brings ${}.", f"{sold}*{price}"),
            )
        else:
            story.ask(
                f"How much [would|will] the remaining {thing} bring?",
                first,
                rest,
                ("They bring ${}.", f"{left}*{price}"),
            )
    elif kind == "rest":
        d = t.pick(*[d for d in (2, 3, 4) if left % d == 0] or [0])
        if not d:
            raise Unsuitable("no part of the rest")
        word = {2: "half", 3: "a third", 4: "a quarter"}[d]
        story.tell(
            start,
            morning,
            f"[In the afternoon|Later|After lunch] {who.he} [sells|sold] {word} of [the rest|what was left].",
        )
        story.ask(
            f"How many {thing} [are left|remain|does {who.he} have left] [in the end|at the end of the day|]?",
            first,
            rest,
            ("In the afternoon {} went." if "noon" in story.facts[-1] else "Later {} went.", f"{left}/{d}"),
            ("{} are left." if left - left // d > 1 else "{} is left.", f"{left}-{left // d}"),
        )
    elif kind == "more":
        if m == sold:
            raise Unsuitable("as many")
        story.tell(start, morning, afternoon)
        story.ask(
            f"How many more {thing} [are|were] sold in the {'morning' if sold > m else 'afternoon'} than in the {'afternoon' if sold > m else 'morning'}?",
            first,
            ("That is {} more.", f"{max(sold, m)}-{min(sold, m)}"),
        )
    elif kind == "restock":
        new = t.number(2, 90)
        story.tell(start, morning, f"[Then|At noon|Later] {who.he} [gets|receives|brings] {new} new {thing}.")
        story.ask(
            f"How many {thing} does {who} have [then|now|after that]?",
            first,
            rest,
            (f"Then {who.he} has {{}}.", f"{left}+{new}"),
        )
    else:
        size = t.divisor(left, 2, 30)
        story.tell(
            start,
            morning,
            f"{who.He} [packs|puts] the [rest|others] into [bags|boxes] of {size}.".replace("[bags|boxes]", "boxes"),
        )
        story.ask(
            f"How many boxes [does {who.he} fill|are there|does {who.he} need]?",
            first,
            rest,
            ("They fill {} boxes.", f"{left}/{size}"),
        )
    return story
