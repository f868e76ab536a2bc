"""Scenarios of equal groups: packages, rows, shelves, teams, buses, batches, legs and eggs."""

from __future__ import annotations

from qstar.models.words.story import Person, Story, Teller, Thing, Unsuitable, scenario


def _someone(t: Teller, *roles: str) -> Person:
    """A named person, or one of the roles ("farmer"), or a relative of a named person."""
    if t.chance(0.55):
        return t.person()
    he, him, his = t.pick(("she", "her", "her"), ("he", "him", "his"))
    if roles and t.chance(0.6):
        return Person(f"the {t.pick(*roles)}", he, him, his)
    kin = ("aunt", "mother", "sister", "teacher") if he == "she" else ("uncle", "father", "brother", "neighbor")
    return Person(f"{t.person()}'s {t.pick(*kin)}", he, him, his)


@scenario
def containers(t: Teller) -> Story:
    """Things in equal containers, then some given away or added; or the containers or their contents unknown."""
    who, thing, box = _someone(t, "shopkeeper", "cook"), t.thing("toy", "school", "food"), t.thing("container")
    n, each = t.number(2, 15), t.number(2, 30)
    total = n * each
    story = Story()
    story.distract(
        f"{who} is {t.number(6, 60)} years old.",
        f"[Each|Every] {box.one} is {t.number(5, 40)} centimeters wide.",
        f"{who} also has {t.number(2, 30)} {t.thing('clothing', 'goods')}.",
    )
    in_all = (f"[In the {box} there are|There are|{who.He} starts with] {{}} {thing}.", f"{n}*{each}")
    has = t.pick(
        f"{who} [has|owns|bought|got] {n} {box} [with|of|, each holding|that each hold] {each} {thing}",
        f"There are {each} {thing} in [each|every] {box.one}, and {who} has {n} {box}",
        f"{who} [put|packed|placed] {thing} into {n} {box}, {each} [in|into|to] each",
        f"{who} filled {n} {box} with {each} {thing} [each|in every {box.one}]",
    )
    kind = t.pick("left", "more", "total", "each", "boxes", "boxes left")
    if kind == "left":
        gone = t.number(2, total - 1)
        story.tell(
            f"{has}.",
            f"{who.He} [gives away|gives a friend|loses|sells|uses] {gone}[ of them| of the {thing}|]."
            if t.chance(0.5)
            else f"[Then|Later|The next day] {who.he} [gave away|lost|gave {t.person()}] {gone}[ of them| {thing}].",
        )
        story.ask(
            f"How many {thing} [are left|does {who.he} have left|remain|does {who} have now]?",
            in_all,
            (f"[Left are|There are|{who.He} has] {{}} {thing}[ left|].", f"{total}-{gone}"),
        )
    elif kind == "more":
        more = t.number(2, 40)
        story.tell(f"{has}.", f"{who.He} [then |]{t.pick('finds', 'gets', 'buys', 'is given')} {more} more[| {thing}].")
        story.ask(
            f"How many {thing} does {who} have [now|in the end|in total]?",
            in_all,
            (f"[Now|With the new ones] {who.he} has {{}}.", f"{total}+{more}"),
        )
    elif kind == "total":
        if t.chance(0.3):
            story.ask(
                f"If {has[0].lower() if has.startswith('There') or has.startswith('the ') else has[0]}{has[1:]}, how many {thing} [are there|are in the {box}][ in all|]?",
                in_all,
            )
        else:
            story.tell(f"{has}.")
            story.ask(f"How many {thing} [does {who} have|are there] [in total|in all|altogether|]?", in_all)
    elif kind == "each":
        story.tell(
            f"{who} [has|owns|got] {total} {thing} [in|packed into|kept in] {n} {box}.",
            f"[Each|Every] {box.one} holds the same number[ of {thing}|].",
        )
        story.ask(
            f"How many {thing} [are in each {box.one}|does each {box.one} hold|does one {box.one} hold]?",
            (f"Each {box.one} has {{}} {thing}.", f"{total}/{n}"),
        )
    elif kind == "boxes":
        story.tell(
            f"{who} [has|made|collected|wants to pack] {total} {thing}.",
            f"{t.pick('One', 'Each')} {box.one} [holds|has room for|can hold] {each}[ of them| {thing}|].",
        )
        story.ask(
            f"How many {box} [does {who.he} need|are needed|will {who.he} fill]?",
            (f"{{}} {box} are needed.", f"{total}/{each}"),
        )
    else:
        full = t.number(1, n - 1)
        story.tell(
            f"{who} [has|needs to pack|is packing] {total} {thing}, {each} to a {box.one}.",
            f"[So far|Already|By noon] {who.he} has filled {full} {box.of(full)}.",
        )
        story.ask(
            f"How many more {box} [will {who.he} need|must {who.he} fill|are needed for the rest]?",
            (f"{who.He} needs {{}} {box} [in all|].", f"{total}/{each}"),
            ("[There are {} more to fill|{} more are needed].", f"{n}-{full}"),
        )
    return story


_HALLS = (
    ("theater", "seats", "people", "rows"),
    ("cinema", "seats", "visitors", "rows"),
    ("school hall", "chairs", "parents", "rows"),
    ("stadium section", "seats", "fans", "rows"),
    ("parking lot", "spaces", "cars", "rows"),
    ("train", "seats", "passengers", "cars"),
    ("lecture hall", "seats", "students", "rows"),
)


@scenario
def rows_and_seats(t: Teller) -> Story:
    """An array of seats, some taken."""
    place, seats, people, rows = t.pick(*_HALLS)
    row = rows[:-1]
    n, each = t.number(3, 25), t.number(3, 24)
    total = n * each
    story = Story()
    story.distract(
        f"The {place} is {t.number(5, 60)} years old.",
        f"Last {t.pick('week', 'Sunday', 'month')} {t.number(10, 200)} {people} came.",
        f"The {place} [is open {t.number(5, 12)} hours a day|has {t.number(2, 6)} doors].",
    )
    array = t.pick(
        f"[A|The] {place} has {n} {rows} [of|with] {each} {seats}[ each|]",
        f"In a {place} there are {n} {rows} with {each} {seats} in [each|every] {row}",
        f"There are {each} {seats} in each {row} of a {place}, and there are {n} {rows}",
        f"The {seats} of [a|the] {place} are in {n} {rows}, {each} to a {row}",
    )
    all_seats = (f"[The {place} has|There are] {{}} {seats}.", f"{n}*{each}")
    kind = t.pick("empty", "total", "rows", "taken", "two", "extra")
    if kind == "total":
        story.tell(f"{array}.")
        story.ask(f"How many {seats} [are there|does the {place} have] [in all|altogether|in total|]?", all_seats)
    elif kind == "empty":
        taken = t.number(2, total - 1)
        story.tell(f"{array}.", f"[Today|Tonight|Right now|] {taken} [of the {seats} are taken|{seats} are taken].")
        story.ask(
            f"How many [{seats} are [free|empty|not taken]|empty {seats} are there|{seats} are left]?",
            all_seats,
            (f"{{}} {seats} are [free|empty].", f"{total}-{taken}"),
        )
    elif kind == "rows":
        story.tell(
            f"[A|The] {place} has {total} {seats}[ in all|].",
            t.pick(
                f"[Each|Every] {row} has {each} {seats}.",
                f"The {seats} are arranged so that each {row} has {each}.",
            ),
        )
        story.ask(f"How many {rows} [are there|does the {place} have]?", (f"There are {{}} {rows}.", f"{total}/{each}"))
    elif kind == "taken":
        full, some = t.number(2, n - 1), t.number(2, each - 1)
        story.tell(
            f"[Each|Every] {row} [in|of] a {place} has {each} {seats}.",
            f"{full} {rows} are [full|completely full], and {some} {seats} are taken in [another {row}|one more {row}].",
        )
        if t.chance(0.5):
            story.ask(
                f"How many {seats} are taken?",
                (f"The full {rows} have {{}} {seats}.", f"{full}*{each}"),
                ("[In all|Altogether] {} are taken.", f"{full * each}+{some}"),
            )
        else:
            story.tell(f"The {place} has {n} {rows}.")
            story.ask(
                f"How many {seats} are [free|still free|not taken]?",
                all_seats,
                (f"The full {rows} have {{}} {seats}.", f"{full}*{each}"),
                ("{} are taken.", f"{full * each}+{some}"),
                ("{} are free.", f"{total}-{full * each + some}"),
            )
    elif kind == "two":
        n2, each2 = t.number(2, 15), t.number(3, 24)
        if each == each2:
            raise Unsuitable("the same size twice")
        story.tell(
            f"[A|The] {place} has {n} {rows} with {each} {seats} each and {n2} {rows} with {each2} {seats} each."
            if t.chance(0.5)
            else f"In a {place}, {n} [of the |]{rows} have {each} {seats} each, while the other {n2} have {each2} [each|{seats} each]."
        )
        story.ask(
            f"How many {seats} [are there|does the {place} have] [in all|altogether|in total]?",
            (f"The first {rows} have {{}} {seats}.", f"{n}*{each}"),
            (f"The others have {{}}{t.pick('', f' {seats}')}.", f"{n2}*{each2}"),
            (f"There are {{}} {seats} [in all|altogether].", f"{n * each}+{n2 * each2}"),
        )
    else:
        guests = t.number(total + 1, total + 60)
        story.tell(f"{array}.", f"{guests} {people} [come|are coming|are expected][ today| on Friday|].")
        story.ask(
            f"How many more {seats} [are|would be] needed[ for all of them|]?",
            all_seats,
            (f"{{}} more {seats} are needed.", f"{guests}-{total}"),
        )
    return story


@scenario
def garden_rows(t: Teller) -> Story:
    """Plants in rows: some do not grow, some are sold, one kind beside another."""
    who = _someone(t, "gardener", "farmer")
    plant, other = t.thing("plant"), t.thing("plant")
    n, each = t.number(2, 14), t.number(3, 25)
    total = n * each
    story = Story()
    story.distract(
        f"{who} waters the garden {t.number(2, 5)} times a week.",
        f"The garden is {t.number(8, 60)} meters long.",
        f"Last year {who} had {t.number(5, 90)} {plant}.",
    )
    planted = t.pick(
        f"{who} [planted|plants] {n} rows of {plant} with {each} [in each row|{plant} in each row|in every row]",
        f"In {who}'s garden there are {n} rows of {each} {plant}[ each|]",
        f"{who} [planted|has|grows] {each} {plant} in each of {n} rows",
        f"There are {n} rows of {plant} in {who}'s garden, and each row has {each} {plant}",
    )
    grown = (f"[There are|The rows have] {{}} {plant}.", f"{n}*{each}")
    kind = t.pick("dead", "per row", "two kinds", "new rows", "seeds", "sold")
    if kind == "dead":
        dead = t.number(1, n - 1)
        story.tell(
            f"{planted}.", f"In every row {dead} of them {t.pick('died', 'did not grow', 'dried up')}."
        ) if dead < each else story.tell()
        if dead >= each:
            raise Unsuitable("whole rows die")
        story.ask(
            f"How many {plant} [are left|are still there|are there now|remain]?",
            (f"Each row has {{}} {plant} left.", f"{each}-{dead}"),
            (f"[There are|That makes] {{}} {plant} [left|in all].", f"{n}*{each - dead}"),
        )
    elif kind == "per row":
        spare = t.number(1, 12)
        story.tell(
            f"{who} [has|buys|was given] {total + spare} {plant}.",
            f"{who.He} [wants to plant|plants] them in {n} [equal |]rows but [keeps|wants to keep] {spare} for {t.pick('a friend', 'the balcony', 'the school')}.",
        )
        story.ask(
            f"How many {plant} [go|are planted|will be] in each row?",
            (f"{{}} {plant} are planted.", f"{total + spare}-{spare}"),
            (f"[Each row has|That is] {{}}[ {plant}|].", f"{total}/{n}"),
        )
    elif kind == "two kinds":
        n2, each2 = t.number(2, 14), t.number(3, 25)
        story.tell(
            f"{planted}.",
            t.pick(
                f"[There are also|Next to them are] {n2} rows of {each2} {other}.",
                f"The {other} [grow|stand] in {n2} rows of {each2}.",
                f"Another part has {n2} rows of {other}, with {each2} in each row.",
            ),
        )
        first, second = grown, (f"There are {{}} {other}.", f"{n2}*{each2}")
        if n * each > n2 * each2 and t.chance(0.5):
            story.ask(
                f"How many more {plant} than {other} are there?",
                first,
                second,
                (f"There are {{}} more {plant}.", f"{n * each}-{n2 * each2}"),
            )
        else:
            story.ask(
                f"How many {t.pick('plants', f'{plant} and {other}')} are there [in all|altogether|in total]?",
                first,
                second,
                ("There are {} plants [in all|together].", f"{n * each}+{n2 * each2}"),
            )
    elif kind == "new rows":
        more = t.number(2, 8)
        story.tell(
            f"{planted}.", f"[This year|In spring|Later] {who.he} adds {more} rows [of the same size|just like them]."
        )
        story.ask(
            f"How many {plant} [are there now|does {who} have now|are there then]?",
            ("There are {} rows [now|].", f"{n}+{more}"),
            (f"[They have|That is] {{}} {plant}.", f"{n + more}*{each}"),
        )
    elif kind == "seeds":
        packs, seeds = t.number(2, 9), t.number(4, 40)
        rows = t.divisor(packs * seeds, 2, 20)
        story.tell(
            f"{who} [bought|has|opened] {packs} packets of seeds[,| with] {seeds} seeds in each."
            if t.chance(0.5)
            else f"There are {seeds} seeds in a packet, and {who} [bought|has] {packs} packets.",
            f"{who.He} [sowed|planted] [them all|all the seeds] in {rows} equal rows.",
        )
        story.ask(
            "How many seeds [are in each row|did each row get|went into each row]?",
            ("There are {} seeds.", f"{packs}*{seeds}"),
            ("Each row gets {} seeds.", f"{packs * seeds}/{rows}"),
        )
    else:
        sold = t.number(2, total - 1)
        story.tell(f"{planted}.", f"{who.He} [sold|dug up|gave away|picked] {sold} of [them|the {plant}].")
        story.ask(
            f"How many {plant} [are left|remain|are still in the garden]?",
            grown,
            ("{} [are left|remain].", f"{total}-{sold}"),
        )
    return story


@scenario
def packets(t: Teller) -> Story:
    """Things made or had, some used first, the others packed into equal packets, perhaps sold."""
    who = _someone(t, "baker", "shopkeeper", "teacher")
    thing = t.thing("food", "toy", "school")
    pack = Thing(
        *t.pick(("bag", "bags"), ("box", "boxes"), ("packet", "packets"), ("carton", "cartons"), ("tray", "trays"))
    )
    size, n = t.number(2, 24), t.number(2, 20)
    total = size * n
    first = t.number(2, 40)
    story = Story()
    story.distract(
        f"It takes {t.number(2, 15)} minutes to fill a {pack.one}.",
        f"Yesterday {who} had {t.number(10, 200)} {thing}.",
        f"{who} has {t.number(2, 5)} helpers.",
    )
    kind = t.pick("after", "sold", "two sizes", "two sources", "left over", "size")
    if kind == "after":
        story.tell(
            f"{who} [had|made|got] {total + first} {thing}.",
            f"{who.He} [gave away|kept|used] {first} and [packed|put] the [rest|others] into {pack} of {size}."
            if t.chance(0.5)
            else f"[After|Once] {first} of them were {t.pick('given away', 'thrown away', 'lost')}, {who.he} packed the rest in {pack}, {size} in each.",
        )
        story.ask(
            f"How many {pack} [did {who.he} fill|were there|did {who.he} get]?",
            (f"{{}} {thing} [were packed|were left].", f"{total + first}-{first}"),
            (f"[That makes|{who.He} filled] {{}} {pack}.", f"{total}/{size}"),
        )
    elif kind == "sold":
        price = t.number(2, 12)
        story.tell(
            f"{who} [packs|puts|sorts] {total} {thing} into {pack} of {size}[ each|].",
            f"[Each|Every|A] {pack.one} [sells for|costs|is sold for] ${price}.",
        )
        story.ask(
            f"How much [money |]does {who.he} get {t.pick('for', 'from selling')} all the {pack}?",
            (f"There are {{}} {pack}.", f"{total}/{size}"),
            ("They bring ${}.", f"{n}*{price}"),
        )
    elif kind == "two sizes":
        size2, n2 = t.number(2, 24), t.number(2, 12)
        whole = total + size2 * n2
        story.tell(
            f"{who} has {whole} {thing} [to pack|].",
            f"{who.He} [fills|has filled] {n2} {t.pick('large', 'small', 'blue', 'old')} {pack} with {size2} {thing} each.",
            f"The [rest|others] go into {t.pick('plain', 'white', 'other', 'new')} {pack} that hold {size}[ each|].",
        )
        if t.chance(0.35):
            story.ask(
                f"How many {thing} are not in the first {n2} {pack}?",
                (f"The first {pack} take {{}} {thing}.", f"{n2}*{size2}"),
                ("{} [are left|remain].", f"{whole}-{n2 * size2}"),
            )
        else:
            story.ask(
                f"How many {pack} [of {size} does {who.he} need|of the second kind are needed]?",
                (f"The first {pack} take {{}} {thing}.", f"{n2}*{size2}"),
                ("{} [are left|remain].", f"{whole}-{n2 * size2}"),
                (f"They need {{}} {pack}.", f"{total}/{size}"),
            )
    elif kind == "two sources":
        friend = t.person()
        part = t.number(1, total - 1)
        if min(part, total - part) < 2:
            raise Unsuitable("one alone")
        story.tell(
            t.pick(
                f"{who} has {part} {thing}, and {friend} has {total - part}.",
                f"{who} brings {part} {thing} while {friend} brings {total - part}.",
                f"{friend} [made|collected] {total - part} {thing} and {who} [made|collected] {part}.",
            )
            if part > 1 and total - part > 1
            else f"{who} has {total - part} red {thing} and {part} green ones.",
            f"[Together they|They] pack [them all|all of them|everything] into {pack} of {size}."
            if part > 1 and total - part > 1
            else f"They are packed into {pack} of {size}.",
        )
        story.ask(
            f"How many {pack} [do they fill|are there|can be filled]?",
            (f"There are {{}} {thing}[ in all|].", f"{part}+{total - part}"),
            (f"[They fill|That is] {{}} {pack}.", f"{total}/{size}"),
        )
    elif kind == "left over":
        over = t.number(1, size - 1)
        story.tell(
            f"{who} [had|has] {total + over} {thing} and [filled|fills] {n} {pack} with {size} each."
            if t.chance(0.5)
            else f"From {total + over} {thing}, {who} [made up|makes] {n} {pack}, each with {size} {thing}."
        )
        story.ask(
            f"How many {thing} [are left over|were not packed|are left|do not fit]?",
            (f"The {pack} take {{}} {thing}.", f"{n}*{size}"),
            ("{} are left over." if over > 1 else "{} is left over.", f"{total + over}-{total}"),
        )
    else:
        over = t.number(1, 9)
        story.tell(
            f"{who} [put|divided] {total + over} {thing} into {n} equal {pack}, and {over} {'was' if over == 1 else 'were'} left over."
            if t.chance(0.6)
            else f"After {who} filled {n} {pack} equally from {total + over} {thing}, {who.he} had {over} left."
        )
        story.ask(
            f"How many {thing} [are in each {pack.one}|went into one {pack.one}|did each {pack.one} hold]?",
            (f"{{}} {thing} were packed.", f"{total + over}-{over}"),
            (f"Each {pack.one} has {{}}.", f"{total}/{n}"),
        )
    return story


_MOVERS = (
    ("car", "cars", "wheels", 4), ("bicycle", "bicycles", "wheels", 2), ("tricycle", "tricycles", "wheels", 3),
    ("motorcycle", "motorcycles", "wheels", 2), ("cow", "cows", "legs", 4), ("chicken", "chickens", "legs", 2),
    ("horse", "horses", "legs", 4), ("duck", "ducks", "legs", 2), ("spider", "spiders", "legs", 8),
    ("beetle", "beetles", "legs", 6), ("dog", "dogs", "legs", 4), ("turkey", "turkeys", "legs", 2),
    ("stool", "stools", "legs", 3), ("table", "tables", "legs", 4), ("sheep", "sheep", "legs", 4),
)  # fmt: skip


@scenario
def legs_and_wheels(t: Teller) -> Story:
    """Legs of animals or furniture, wheels of vehicles: counted from the animals, or the animals from them."""
    one, many, parts, k = t.pick(*_MOVERS)
    group = (
        ("stool", "table") if one in ("stool", "table") else ("spider", "beetle") if one in ("spider", "beetle") else ()
    )
    one2, many2, _, k2 = t.pick(
        *(m for m in _MOVERS if m[2] == parts and m[0] != one and (not group) == (m[0] not in ("stool", "table", "spider", "beetle"))
          and (not group or m[0] in group))
    )  # fmt: skip
    a, b = t.number(2, 30), t.number(2, 30)
    where = (
        t.pick("On a farm", "In a field", "Behind a barn") if parts == "legs" and not group
        else t.pick("In a room", "In a workshop", "In a shop") if group == ("stool", "table")
        else t.pick("In a jar", "Under a rock", "In a garden") if group
        else t.pick("In a parking lot", "On a street", "At a school", "In a garage")
    )  # fmt: skip
    story = Story()
    story.distract(
        f"{t.number(2, a)} of the {many} are {t.pick('black', 'brown', 'new' if parts == 'wheels' else 'small')}.",
        f"Yesterday there were {t.number(2, 40)} {many}.",
    )
    known = f"[A|Each|Every] {one} has {k} {parts}, and [a|each|every] {one2} has {k2}[ {parts}|]."
    say = t.chance(0.5) or one in ("beetle", "stool") or one2 in ("beetle", "stool")
    first = (f"The {many} have {{}} {parts}.", f"{a}*{k}")
    second = (f"The {many2} have {{}} {parts}.", f"{b}*{k2}")
    there = t.pick(
        f"{where} there are {a} {many} and {b} {many2}",
        f"{where}, [{t.person()} counts|a child sees] {a} {many} and {b} {many2}",
        f"There are {a} {many} and {b} {many2} {where[0].lower()}{where[1:]}",
    )
    kind = t.pick("sum", "sum", "one", "reverse", "more", "missing")
    if kind == "sum":
        if say:
            story.tell(*t.pick((f"{there}.", known), (known, f"{there}.")))
        else:
            story.tell(f"{there}.")
        story.ask(
            f"How many {parts} [are there|do they have|do the {many} and {many2} have] [in all|altogether|in total|together]?",
            first,
            second,
            (f"[In all|Together] there are {{}} {parts}.", f"{a * k}+{b * k2}"),
        )
    elif kind == "one":
        if say:
            story.tell(f"[A|One] {one} has {k} {parts}.")
        story.ask(
            f"How many {parts} do {a} {many} have[ altogether| in all|]?",
            (f"{a} {many} have {{}} {parts}.", f"{a}*{k}"),
        )
        story.distractors.clear()
    elif kind == "reverse":
        story.tell(
            f"{where} there are {many} and {many2} with {a * k + b * k2} {parts} [altogether|in all].",
            *([known] if say else []),
            t.pick(f"There are {a} {many}.", f"{a} of them are {many}.", f"We know that there are {a} {many}."),
        )
        story.ask(
            f"How many {many2} are there?",
            first,
            (f"The {many2} have {{}} {parts}.", f"{a * k + b * k2}-{a * k}"),
            (f"There are {{}} {many2}.", f"{b * k2}/{k2}"),
        )
    elif kind == "more":
        if a * k <= b * k2:
            raise Unsuitable("not more")
        story.tell(f"{there}.", *([known] if say else []))
        story.ask(
            f"How many more {parts} do the {many} have than the {many2}?",
            first,
            second,
            (f"The {many} have {{}} more.", f"{a * k}-{b * k2}"),
        )
    else:
        story.tell(
            f"{where} there are {a * k} {parts}, all of them of {many}.",
            *([f"Each {one} has {k} {parts}."] if say else []),
        )
        story.ask(f"How many {many} are there?", (f"There are {{}} {many}.", f"{a * k}/{k}"))
    return story


@scenario
def buses(t: Teller) -> Story:
    """A trip: children and grown-ups on buses, some in cars, seats left free."""
    bus, buses_ = t.pick(("bus", "buses"), ("van", "vans"), ("boat", "boats"), ("minibus", "minibuses"))
    place = t.pick("the zoo", "the museum", "the beach", "the farm", "the aquarium", "the lake", "the mountains")
    kids, adults = t.pick(
        ("students", "teachers"),
        ("children", "parents"),
        ("girls", "boys"),
        ("pupils", "helpers"),
        ("scouts", "leaders"),
    )
    n, seats = t.number(2, 9), t.number(6, 50)
    total = n * seats
    story = Story()
    story.distract(
        f"The {t.pick('drive', 'trip', 'ride')} takes {t.number(20, 90)} minutes.",
        f"A ticket costs ${t.number(2, 15)}.",
        f"Last year {t.number(20, 200)} {kids} came along.",
        f"It is {t.number(8, 90)} miles to {place}.",
    )
    holds = t.pick(
        f"[Each|One|A] {bus} [holds|seats|has room for|can carry|takes] {seats} people.",
        f"There are {seats} seats on [each|every] {bus}.",
    )
    kind = t.pick("both", "classes", "free", "cars", "per bus", "groups")
    if kind == "both":
        grown = t.number(2, min(20, total - 3))
        story.tell(
            *t.pick(
                (f"{total - grown} {kids} and {grown} {adults} are going to {place}.", holds),
                (holds, f"[A school is|They are] taking {total - grown} {kids} and {grown} {adults} to {place}."),
                (
                    f"For a trip to {place}, {total - grown} {kids} have signed up.",
                    f"{grown} {adults} go [too|with them].",
                    holds,
                ),
            )
        )
        story.ask(
            f"How many {buses_} [are needed|do they need|must be hired]?",
            ("{} people are going.", f"{total - grown}+{grown}"),
            (f"They need {{}} {buses_}.", f"{total}/{seats}"),
        )
    elif kind == "classes":
        classes = t.divisor(total, 2, 12)
        size = total // classes
        story.tell(
            f"{classes} classes [of|with] {size} {kids} [each|] [are going|go|are traveling] to {place}.",
            holds,
        )
        story.ask(
            f"How many {buses_} [are needed|do they need]?",
            (f"There are {{}} {kids}.", f"{classes}*{size}"),
            (f"They need {{}} {buses_}.", f"{total}/{seats}"),
        )
    elif kind == "free":
        people = t.number(total - min(total - 2, seats), total - 1)
        story.tell(
            *t.pick(
                (f"{people} {kids} [are going|go] to {place} in {n} {buses_}.", holds),
                (f"{n} {buses_} with {seats} seats each take {people} {kids} to {place}.",),
            )
        )
        story.ask(
            "How many seats [stay empty|are left over|are free|are not used]?",
            (f"The {buses_} have {{}} seats.", f"{n}*{seats}"),
            ("{} seats are free." if total - people > 1 else "{} seat is free.", f"{total}-{people}"),
        )
    elif kind == "cars":
        cars = t.number(2, 30)
        story.tell(
            t.pick(
                f"{total + cars} {kids} went to {place}.",
                f"On a trip to {place} there were {total + cars} {kids}.",
            ),
            t.pick(
                f"{n} {buses_} were filled, and {cars} {kids} went by car.",
                f"{cars} of them traveled by car, and the rest filled {n} {buses_} equally.",
            ),
        )
        if story.facts[-1].startswith(str(n)):
            story.facts[-1] = (
                f"{n} {buses_} carried the same number each, and {cars} {kids} [went by car|traveled in cars]."
            )
        story.ask(
            f"How many {kids} [were|rode] [on|in] each {bus}?",
            (f"{{}} {kids} took a {bus}.", f"{total + cars}-{cars}"),
            (f"Each {bus} took {{}}.", f"{total}/{n}"),
        )
    elif kind == "per bus":
        story.tell(
            f"{total} {kids} are going to {place}.",
            f"They [are split evenly among|travel in|fill] {n} {buses_}, with the same number in each.",
        )
        story.ask(f"How many {kids} are [in|on] each {bus}?", (f"Each {bus} takes {{}} {kids}.", f"{total}/{n}"))
    else:
        leaders = t.number(2, 6)
        story.tell(
            f"{n} {buses_} bring {seats} {kids} and {leaders} {adults} each to {place}."
            if t.chance(0.5)
            else f"On each of {n} {buses_} to {place} there are {seats} {kids} and {leaders} {adults}.",
        )
        if t.chance(0.5):
            story.ask(
                f"How many people [are on the {buses_}|go to {place}|are there] [in all|altogether|]?",
                (f"Each {bus} has {{}} people.", f"{seats}+{leaders}"),
                ("[In all|Altogether] {} people go.", f"{n}*{seats + leaders}"),
            )
        else:
            if seats <= leaders:
                raise Unsuitable("more leaders")
            story.ask(
                f"How many more {kids} than {adults} [go|are there] [in all|]?",
                (f"{{}} {kids} go.", f"{n}*{seats}"),
                (f"{{}} {adults} go.", f"{n}*{leaders}"),
                (f"That is {{}} more {kids}.", f"{n * seats}-{n * leaders}"),
            )
    return story


@scenario
def shelves(t: Teller) -> Story:
    """Shelves of a library or shop: filled, moved, borrowed from."""
    place, keeper = t.pick(
        ("library", "librarian"),
        ("bookstore", "owner"),
        ("toy store", "clerk"),
        ("school", "teacher"),
        ("museum shop", "clerk"),
    )
    thing = (
        t.thing("school")
        if place == "school"
        else t.thing("toy")
        if place in ("toy store", "museum shop")
        else Thing("book", "books")
    )
    thing2 = {"books": Thing("magazine", "magazines")}.get(thing.many) or t.thing("toy", "school")
    shelf = (
        Thing("shelf", "shelves")
        if t.chance(0.6)
        else Thing(*t.pick(("cabinet", "cabinets"), ("bookcase", "bookcases"), ("rack", "racks")))
    )
    n, each = t.number(2, 15), t.number(4, 40)
    total = n * each
    story = Story()
    story.distract(
        f"The {place} opens at {t.number(7, 10)} in the morning.",
        f"Each {shelf.one} is {t.number(2, 9)} feet long.",
        f"{t.number(2, 30)} people are in the {place}.",
    )
    stock = t.pick(
        f"[A|The] {place} has {n} {shelf} with {each} {thing} [each|on each]",
        f"There are {n} {shelf} in [a|the] {place}, and each [one |]holds {each} {thing}",
        f"The {keeper} of a {place} put {each} {thing} on each of {n} {shelf}",
        f"Each of the {n} {shelf} in a {place} has {each} {thing}",
    )
    on_all = (f"The {shelf} hold {{}} {thing}.", f"{n}*{each}")
    kind = t.pick("borrowed", "two kinds", "new", "put back", "third", "change")
    if kind == "borrowed":
        out = t.number(1, total - 1)
        back = t.number(1, out)
        story.tell(
            f"{stock}.", f"On Monday {out} {'was' if out == 1 else 'were'} {t.pick('taken', 'borrowed', 'taken out')}."
        )
        took = (f"{{}} {'stay' if total - out > 1 else 'stays'} [on the {shelf}|].", f"{total}-{out}")
        if t.chance(0.5) and back > 1:
            story.tell(f"[On Tuesday|The next day] {back} [were brought back|came back].")
            story.ask(
                f"How many {thing} [are on the {shelf} now|does the {place} have on the {shelf} then]?",
                on_all,
                took,
                (f"Then there are {{}}[ {thing}|].", f"{total - out}+{back}"),
            )
        else:
            story.ask(f"How many {thing} [are left|stayed] on the {shelf}?", on_all, took)
    elif kind == "two kinds":
        each2 = t.number(2, 30)
        story.tell(f"Each of the {n} {shelf} in a {place} holds {each} {thing} and {each2} {thing2}."
                   if t.chance(0.5) else f"[A|The] {place} has {n} {shelf}, [each with|and on each there are] {each} {thing} and {each2} {thing2}.")  # fmt: skip
        if each > each2 and t.chance(0.4):
            story.ask(
                f"How many more {thing} than {thing2} [are there|does the {place} have]?",
                (f"Each {shelf.one} has {{}} more {thing}.", f"{each}-{each2}"),
                ("[In all|Together] that is {} more.", f"{n}*{each - each2}"),
            )
        else:
            story.ask(
                f"How many {t.pick('things', f'{thing} and {thing2}')} are on the {shelf} [in all|altogether|in total]?",
                (f"Each {shelf.one} holds {{}}.", f"{each}+{each2}"),
                ("[In all|Together] there are {}.", f"{n}*{each + each2}"),
            )
    elif kind == "new":
        had = t.number(2, 12)
        story.tell(
            f"[A|The] {place} gets {total} new {thing}.",
            f"[Each|A|Every] {shelf.one} holds {each}[ {thing}|].",
            f"[Only |]{had} {shelf} are empty." if had < n else "",
        )
        if had >= n:
            raise Unsuitable("room enough")
        story.ask(
            f"How many more {shelf} [are needed|must be bought|does the {place} need]?",
            (f"The {thing} need {{}} {shelf}.", f"{total}/{each}"),
            ("{} more are needed." if n - had > 1 else "{} more is needed.", f"{n}-{had}"),
        )
    elif kind == "put back":
        cleared = t.number(1, n - 1)
        story.tell(
            f"{stock}.",
            f"{t.pick('Today', 'For cleaning,', 'This morning')} {cleared} {shelf.of(cleared)} {'is' if cleared == 1 else 'are'} emptied.",
        )
        story.ask(
            f"How many {thing} are still on the {shelf}?",
            (
                f"{{}} {'shelves' if shelf.many == 'shelves' else shelf.many} stay full."
                if n - cleared > 1
                else f"{{}} {shelf.one} stays full.",
                f"{n}-{cleared}",
            ),
            (
                f"[They hold|That is] {{}} {thing}." if n - cleared > 1 else f"[It holds|That is] {{}} {thing}.",
                f"{n - cleared}*{each}",
            ),
        )
    elif kind == "third":
        top = t.number(2, 30)
        story.tell(
            f"[A|The] {place} has {total + top} {thing}.",
            f"{top} are on a table, and the [rest|others] stand on {n} {shelf}, the same number on each."
            if t.chance(0.5)
            else f"The {keeper} [lays|puts] {top} on a table and [divides|spreads] the others equally over {n} {shelf}.",
        )
        story.ask(
            f"How many {thing} [are on each {shelf.one}|does each {shelf.one} hold]?",
            (f"{{}} {thing} are on the {shelf}.", f"{total + top}-{top}"),
            (f"Each {shelf.one} has {{}}.", f"{total}/{n}"),
        )
    else:
        n2 = t.divisor(total, 2, 20)
        if n2 == n:
            raise Unsuitable("nothing changes")
        story.tell(
            f"{stock}.",
            f"The {keeper} [moves|rearranges] [them|all of them|the {thing}] so that they fill {n2} {shelf} [equally|evenly].",
        )
        story.ask(
            f"How many {thing} are on each {shelf.one} [then|now|after that]?",
            on_all,
            (f"Each {shelf.one} then has {{}}.", f"{total}/{n2}"),
        )
    return story


@scenario
def eggs(t: Teller) -> Story:
    """Animals that give eggs or milk: by day, by week, used, packed in dozens, sold."""
    who = _someone(t, "farmer", "farmer", "old woman")
    bird, birds = t.pick(
        ("hen", "hens"), ("chicken", "chickens"), ("duck", "ducks"), ("goose", "geese"), ("quail", "quails")
    )
    n, each = t.number(3, 40), t.number(2, 7)
    story = Story()
    story.distract(
        f"{who.He} also has {t.number(2, 12)} {t.pick('cows', 'goats', 'horses')}.",
        f"The {birds} eat {t.number(2, 20)} pounds of grain [a day|every day].",
        f"Two of the {birds} are {t.number(2, 5)} years old.",
    )
    week = t.chance(0.5)
    span = "week" if week else "day"
    laid = t.pick(
        f"{who} has {n} {birds}[, and|.] [Each|each] [of them |]lays {each} eggs [a|every|per|each] {span}.",
        f"[Each|Every] one of {who}'s {n} {birds} lays {each} eggs [a|per|each] {span}.",
        f"On {who}'s farm, {n} {birds} lay {each} eggs each [every|per|a] {span}.",
    ).replace("[, and|.] [Each|each] [of them |]", t.pick(", and each ", ", each of which ", ", and each of them "))  # fmt: skip
    daily = (f"The {birds} lay {{}} eggs [a|every] {span}.", f"{n}*{each}")
    total = n * each
    kind = t.pick("weeks", "used", "dozen", "price", "each", "birds", "weeks left", "dozen price")
    if not week and each > 2:
        raise Unsuitable("no bird lays so many in a day")
    if kind in ("weeks", "weeks left"):
        w = t.number(2, 12)
        story.tell(laid)
        if kind == "weeks":
            story.ask(
                f"How many eggs [does {who.he} get|do the {birds} lay|are there] in {w} {span}s?",
                daily,
                (f"In {w} {span}s [that is|they lay] {{}} eggs.", f"{w}*{total}"),
            )
        else:
            used = t.number(2, total - 1)
            story.tell(f"Every {span} {who.he} [uses|eats|gives away|sells] {used} [of the eggs|of them|eggs].")
            story.ask(
                f"How many eggs [does {who.he} have left|are left|remain] after {w} {span}s?",
                daily,
                (f"Every {span} {{}} are left.", f"{total}-{used}"),
                (f"After {w} {span}s [there are|{who.he} has] {{}}.", f"{w}*{total - used}"),
            )
    elif kind == "used":
        a = t.number(1, total - 2)
        b = t.number(1, total - 1 - a)
        story.tell(laid, f"[Each|Every] {span} {who.he} [eats|uses] {a} and [gives|brings] {b} to {t.person()}.")
        if t.chance(0.5):
            story.ask(
                f"How many eggs are left [each|every|per] {span}?", daily, ("{} eggs are left.", f"{total}-{a}-{b}")
            )
        else:
            price = t.number(2, 9)
            story.tell(f"{who.He} sells the [rest|others] for ${price} each.")
            story.ask(
                f"How much [money |]does {who.he} [make|earn|get] [each|every|per] {span}?",
                daily,
                (f"{who.He} sells {{}}[ of them|].", f"{total}-{a}-{b}"),
                (f"{who.He} [makes|earns|gets] ${{}}.", f"{total - a - b}*{price}"),
            )
    elif kind in ("dozen", "dozen price"):
        size = t.pick(12, 12, 6, 10)
        if total % size:
            raise Unsuitable("no full boxes")
        box = t.pick("box", "carton")
        boxes = {"box": "boxes", "carton": "cartons"}[box]
        story.tell(laid)
        if size == 12 and t.chance(0.5):
            story.tell(f"{who.He} sells [them|the eggs] by the dozen.")
        else:
            story.tell(f"{who.He} [packs|puts] them in {boxes} of {size}[ eggs|].")
        boxed = (f"That is {{}} {boxes}.", f"{total}/{size}")
        if story.facts[-1].endswith("dozen."):
            boxed = ("That is {} dozen.", f"{total}/12")
            boxes, box = "dozens", "dozen"
        if kind == "dozen":
            story.ask(f"How many {boxes} [does {who.he} get|are there] [each|every|per|in a] {span}?", daily, boxed)
        else:
            price = t.number(2, 9)
            story.tell(f"{t.pick('A', 'Each', 'One')} {box} costs ${price}.")
            story.ask(
                f"How much [money |]does {who.he} [earn|make|get] [a|per|each] {span}?",
                daily,
                boxed,
                (f"{who.He} [gets|earns] ${{}}.", f"{total // size}*{price}"),
            )
    elif kind == "price":
        cents = t.number(2, 8)
        story.tell(
            laid,
            f"{who.He} sells [all the eggs|the eggs] for ${cents} each.",
        )
        story.ask(
            f"How much [money |]does {who.he} [get|earn] [a|per|each] {span}?",
            daily,
            (f"{who.He} gets ${{}}.", f"{total}*{cents}"),
        )
    elif kind == "each":
        days = t.number(2, 7)
        story.tell(
            f"{who} has {n} {birds}.",
            f"In {days} {span}s they lay {total * days} eggs[ altogether|]." if days > 1 else "",
        )
        story.ask(
            f"How many eggs does [each|one] {bird} lay {t.pick('a', 'per', 'each')} {span}, if all lay [equally|the same number]?",
            (f"They lay {{}} eggs a {span}.", f"{total * days}/{days}"),
            (f"Each {bird} lays {{}}.", f"{total}/{n}"),
        )
    else:
        story.tell(f"Each {bird} lays {each} eggs a {span}.", f"{who} needs {total} eggs [every|a|each] {span}.")
        story.distractors.pop()
        have = t.number(1, n - 1)
        if t.chance(0.5):
            story.ask(f"How many {birds} does {who.he} need?", (f"{who.He} needs {{}} {birds}.", f"{total}/{each}"))
        else:
            story.tell(f"{who.He} [already has|has only] {have} {bird if have == 1 else birds}.")
            story.ask(
                f"How many more {birds} [does {who.he} need|must {who.he} buy]?",
                (f"{who.He} needs {{}} {birds}[ in all|].", f"{total}/{each}"),
                ("That is {} more.", f"{n}-{have}"),
            )
    return story


@scenario
def baking(t: Teller) -> Story:
    """Batches and recipes: how many pieces, how much of an ingredient, scaled up, what is missing."""
    who = _someone(t, "baker", "cook")
    good = Thing(*t.pick(("cookie", "cookies"), ("muffin", "muffins"), ("cupcake", "cupcakes"), ("pancake", "pancakes"),
                         ("roll", "rolls"), ("waffle", "waffles"), ("dumpling", "dumplings"), ("brownie", "brownies")))  # fmt: skip
    stuff = t.pick("cups of flour", "eggs", "cups of milk", "spoons of sugar", "ounces of butter", "cups of sugar")
    batch = t.pick("batch", "batch", "tray", "pan")
    batches = {"batch": "batches"}.get(batch, batch + "s")
    makes, needs, n = t.number(4, 30), t.number(2, 8), t.number(2, 12)
    total = makes * n
    story = Story()
    story.distract(
        f"[A|Each] {batch} is in the oven for {t.number(8, 45)} minutes.",
        f"The oven is heated to {t.number(300, 450, 10)} degrees.",
        f"{who} is {t.number(20, 70)} years old.",
    )
    makes_fact = t.pick(
        f"{t.pick('One', 'A', 'Each')} {batch} makes {makes} {good}.",
        f"{who} gets {makes} {good} from {t.pick('one', 'each', 'a')} {batch}.",
    )
    needs_fact = t.pick(
        f"{t.pick('One', 'Each', 'A')} {batch} [needs|takes|uses] {needs} {stuff}.",
        f"{who} uses {needs} {stuff} for {t.pick('one', 'each')} {batch}.",
    )
    kind = t.pick("made", "batches", "stuff", "missing", "scaled", "left", "two", "share")
    if kind == "made":
        eaten = t.number(1, total - 1)
        story.tell(
            *t.pick(
                (f"{who} bakes {n} {batches} of {good} with {makes} in each.",),
                (makes_fact, f"{who} [makes|bakes] {n} {batches}."),
            )
        )
        baked = (f"{who} makes {{}} {good}.", f"{n}*{makes}")
        if t.chance(0.4):
            story.ask(f"How many {good} [does {who.he} make|are there|does {who} get][ in all|]?", baked)
        else:
            story.tell(
                f"{t.pick('The family eats', f'{t.person()} eats', 'The children eat')} {eaten}."
                if t.chance(0.5)
                else f"{eaten} {'is' if eaten == 1 else 'are'} [burnt|sold|eaten]."
            )
            story.ask(
                f"How many {good} [are left|remain]?",
                baked,
                ("{} are left." if total - eaten > 1 else "{} is left.", f"{total}-{eaten}"),
            )
    elif kind == "batches":
        story.tell(makes_fact, f"{who} [wants|needs|has to make] {total} {good}[ for a party| for a school fair|].")
        story.ask(
            f"How many {batches} [must {who.he} make|does {who.he} need]?",
            (f"{who.He} needs {{}} {batches}.", f"{total}/{makes}"),
        )
        story.distractors.pop()
    elif kind == "stuff":
        story.tell(makes_fact, needs_fact, f"{who} [wants to make|needs|is making] {total} {good}.")
        if t.chance(0.4):
            story.facts.reverse()
        story.ask(
            f"How many {stuff} [does {who.he} need|are needed]?",
            (f"{who.He} needs {{}} {batches}.", f"{total}/{makes}"),
            (f"[They take|That takes] {{}} {stuff}.", f"{n}*{needs}"),
        )
    elif kind == "missing":
        have = t.number(1, n * needs - 1)
        story.tell(
            needs_fact,
            f"{who} wants to [bake|make] {n} {batches}[ of {good}|].",
            f"{who.He} has only {have} {stuff}." if have > 1 else "",
        )
        if have < 2:
            raise Unsuitable("one spoon")
        story.ask(
            f"How many more {stuff} does {who.he} need?",
            (f"{n} {batches} need {{}}.", f"{n}*{needs}"),
            (f"{who.He} needs {{}} more.", f"{n * needs}-{have}"),
        )
    elif kind == "scaled":
        people, times = t.number(2, 8), t.number(2, 9)
        amount = t.number(2, 9)
        story.tell(
            t.pick(
                f"A recipe for {people} people [uses|needs|takes] {amount} {stuff}.",
                f"{who} needs {amount} {stuff} to [cook|bake|make {good}] for {people} people.",
            )
        )
        story.distractors.pop()
        if t.chance(0.6):
            story.ask(
                f"How many {stuff} [are needed|does {who.he} need] for {people * times} people?",
                ("That is {} times [the recipe|as many people].", f"{people * times}/{people}"),
                (f"{{}} {stuff} are needed.", f"{times}*{amount}"),
            )
        else:
            story.tell(f"{who} has {amount * times} {stuff}.")
            story.ask(
                f"For how many people [is that enough|can {who.he} cook|does it last]?",
                ("It is enough for {} recipes.", f"{amount * times}/{amount}"),
                ("That feeds {} people.", f"{times}*{people}"),
            )
    elif kind == "left":
        had = n * needs + t.number(1, 20)
        story.tell(
            f"{who} had {had} {stuff}.",
            f"{who.He} [made|baked] {n} {batches} of {good}, using {needs} {stuff} for each.",
        )
        story.ask(
            f"How many {stuff} [are left|did {who.he} have left]?",
            (f"{who.He} used {{}}.", f"{n}*{needs}"),
            ("{} are left." if had - n * needs > 1 else "{} is left.", f"{had}-{n * needs}"),
        )
    elif kind == "two":
        other = Thing(
            *t.pick(("pie", "pies"), ("cake", "cakes"), ("tart", "tarts"), ("loaf of bread", "loaves of bread"))
        )
        m, needs2 = t.number(2, 9), t.number(2, 9)
        story.tell(
            f"{t.pick('A', 'Each')} {other.one} needs {needs2} {stuff}, and a {batch} of {good} needs {needs}."
            if t.chance(0.5)
            else f"{who} uses {needs2} {stuff} for {t.pick('a', 'each')} {other.one} and {needs} for {t.pick('a', 'each')} {batch} of {good}.",
            f"{who} [makes|bakes|wants to make] {m} {other} and {n} {batches} of {good}.",
        )
        story.ask(
            f"How many {stuff} [does {who.he} need|are needed|does {who} use] [in all|altogether|]?",
            (f"The {other} need {{}}.", f"{m}*{needs2}"),
            (f"The {good} need {{}}.", f"{n}*{needs}"),
            ("[In all|Together] that is {}.", f"{m * needs2}+{n * needs}"),
        )
    else:
        people = t.divisor(total, 2, 40)
        story.tell(
            makes_fact,
            f"{who} [bakes|makes] {n} {batches} [and shares the {good}|and divides all the {good}] equally among {people} [guests|children|friends|neighbors].",
        )
        story.ask(
            f"How many {good} [does each one get|does each of them get|go to each person]?",
            (f"{who} has {{}} {good}.", f"{n}*{makes}"),
            ("Each gets {}.", f"{total}/{people}"),
        )
    return story


@scenario
def teams(t: Teller) -> Story:
    """Players in teams, children in groups and tents: made, joined, missing."""
    group = Thing(
        *t.pick(
            ("team", "teams"),
            ("group", "groups"),
            ("tent", "tents"),
            ("table", "tables"),
            ("boat", "boats"),
            ("class", "classes"),
            ("club", "clubs"),
        )
    )
    one, two = t.pick(
        ("boys", "girls"),
        ("girls", "boys"),
        ("adults", "children"),
        ("beginners", "experts"),
        ("fourth graders", "fifth graders"),
    )
    all_ = t.pick("players", "people", "members")
    size, n = t.number(2, 15), t.number(2, 15)
    total = size * n
    a = t.number(1, total - 1)
    b = total - a
    if min(a, b) < 2:
        raise Unsuitable("one boy")
    event = t.pick("a tournament", "a camp", "a sports day", "a chess festival", "a quiz night", "a workshop")
    story = Story()
    story.distract(
        f"[The day lasts|They play for] {t.number(2, 9)} hours.",
        f"[Entry costs|The fee is] ${t.number(2, 20)}.",
        f"{t.number(2, 40)} parents are watching.",
    )
    came = t.pick(f"{a} {one} and {b} {two} [came|signed up|are registered] for {event}.", f"At {event} there are {a} {one} and {b} {two}.",
                  f"{a} {one} come to {event}, and so do {b} {two}.")  # fmt: skip
    sum_ = ("[There are|That is] {} people.", f"{a}+{b}")
    prep = {"tent": "in", "boat": "in", "table": "at"}.get(group.one, "in")
    kind = t.pick("size", "count", "absent", "joined", "on each", "three", "more")
    if kind == "count":
        story.tell(
            came,
            t.pick(
                f"There are {size} people {prep} [each|every] {group.one}.", f"They are split into {group} of {size}."
            ),
        )
        story.ask(
            f"How many {group} [are there|do they make|can be made]?",
            sum_,
            (f"There are {{}} {group}.", f"{total}/{size}"),
        )
    elif kind == "size":
        story.tell(came, f"They [are divided|are split|divide] equally into {n} {group}.")
        story.ask(
            f"How many [people|of them] are {prep} each {group.one}?",
            sum_,
            (f"Each {group.one} has {{}} people.", f"{total}/{n}"),
        )
    elif kind == "absent":
        gone = t.number(2, 20)
        story.tell(
            f"{total + gone} {all_} [signed up|registered] for {event}."
            if t.chance(0.5)
            else f"A school sends {total + gone} students to {event}.",
            f"{gone} [of them |]{t.pick('are sick', 'do not come', 'stay home', 'cancel')}.",
            f"The others [form|make up|are split into] {f'{n} equal {group}' if (equal := t.chance(0.5)) else f'{group} of {size}'}.",
        )
        came_ = ("{} come.", f"{total + gone}-{gone}")
        if equal:
            story.ask(f"How many are {prep} each {group.one}?", came_, (f"Each {group.one} has {{}}.", f"{total}/{n}"))
        else:
            story.ask(f"How many {group} are there?", came_, (f"There are {{}} {group}.", f"{total}/{size}"))
    elif kind == "joined":
        extra = t.number(2, 12)
        story.tell(
            f"There are {n} {group} [with|of] {size} {all_} [each|] at {event}.",
            f"[Then|Later|In the afternoon] {extra} more {all_} join.",
        )
        story.ask(
            f"How many {all_} are there [now|then|in all]?",
            (f"The {group} have {{}} {all_}.", f"{n}*{size}"),
            ("[Now there are|That makes] {}.", f"{total}+{extra}"),
        )
    elif kind == "on each":
        x, y = t.number(2, 15), t.number(2, 15)
        story.tell(
            f"At {event} each of the {n} {group} has {x} {one} and {y} {two}."
            if t.chance(0.5)
            else f"{n} {group} with {x} {one} and {y} {two} each take part in {event}."
        )
        story.ask(
            f"How many people [take part|are there|are {prep} the {group}] [in all|altogether|]?",
            (f"Each {group.one} has {{}} people.", f"{x}+{y}"),
            ("[In all|That makes] {}.", f"{n}*{x + y}"),
        )
        story.ask(f"How many {two} [take part|are there]?", (f"There are {{}} {two}.", f"{n}*{y}"))
    elif kind == "three":
        rest = t.number(2, size - 1) if size > 3 else t.number(1, 1)
        story.tell(
            f"{total + rest} {all_} want to [play in|take part in|join] {event}.", f"They make {n} {group} of {size}."
        )
        story.ask(f"How many {all_} are left {t.pick('over', 'without a ' + group.one)}?", (f"The {group} take {{}}.", f"{n}*{size}"),
                  ("{} are left." if rest > 1 else "{} is left.", f"{total + rest}-{total}"))  # fmt: skip
    else:
        short = t.number(1, total - 2)
        story.tell(
            f"For {event}, {n} {group} of {size} {all_} are planned.",
            f"So far {total - short} have [signed up|registered].",
        )
        story.ask(
            f"How many more {t.pick('are needed', f'{all_} are needed', 'have to sign up')}?",
            (f"{{}} {all_} are needed.", f"{n}*{size}"),
            ("{} more are needed." if short > 1 else "{} more is needed.", f"{total}-{total + -short}"),
        )
    return story


@scenario
def party_favors(t: Teller) -> Story:
    """Gift bags with so many of this and that each: how many of each to buy, what they cost, what is missing."""
    who = _someone(t, "teacher", "librarian")
    x, y = t.thing("toy", "food"), t.thing("toy", "school")
    bag, bags = t.pick(
        ("gift bag", "gift bags"),
        ("party bag", "party bags"),
        ("basket", "baskets"),
        ("kit", "kits"),
        ("stocking", "stockings"),
    )
    n, p, q = t.number(3, 25), t.number(2, 12), t.number(2, 12)
    story = Story()
    story.distract(
        f"The party [starts at {t.number(2, 6)} o'clock|lasts {t.number(2, 6)} hours].",
        f"{who} also buys {t.number(2, 40)} {t.thing('goods')}.",
        f"Last year {who.he} made {t.number(3, 30)} {bags}.",
    )
    fills = t.pick(
        f"{who} [makes|fills|prepares] {n} {bags} with {p} {x} and {q} {y} [each|in each|in every one].",
        f"{who} puts {p} {x} and {q} {y} into each of {n} {bags}.",
        f"Each of {who}'s {n} {bags} [holds|gets|contains] {p} {x} and {q} {y}.",
        f"For {n} guests, {who} makes one {bag} each, with {p} {x} and {q} {y} in every {bag}.",
    )
    kind = t.pick("all", "x", "cost", "short", "packs", "left", "bags")
    of_x = (f"{who.He} [needs|uses] {{}} {x}.", f"{n}*{p}")
    if kind == "all":
        story.tell(fills)
        story.ask(
            f"How many [things|items] [are there|does {who.he} need|does {who} use] in all?",
            (f"Each {bag} has {{}} things.", f"{p}+{q}"),
            ("[In all|Altogether] that is {}.", f"{n}*{p + q}"),
        )
    elif kind == "x":
        story.tell(fills)
        story.ask(f"How many {x} [does {who.he} need|are needed|does {who} use]?", of_x)
        story.ask(
            f"How many {y} [does {who.he} need|are needed|does {who} use]?",
            (f"{who.He} [needs|uses] {{}} {y}.", f"{n}*{q}"),
        )
    elif kind == "cost":
        c, d = t.number(1, 6), t.number(1, 6)
        story.tell(
            fills, f"{t.pick('Each', 'One')} {x.one} costs ${c}, and {t.pick('each', 'one')} {y.one} costs ${d}."
        )
        one = [
            (f"The {x} in a {bag} cost ${{}}.", f"{p}*{c}"),
            (f"The {y} cost ${{}}.", f"{q}*{d}"),
            (f"One {bag} costs ${{}}.", f"{p * c}+{q * d}"),
        ]
        if t.chance(0.5):
            story.ask(f"How much does [one|each] {bag} cost?", *one)
        else:
            story.ask(
                f"How much do {t.pick('all the ' + bags, 'the ' + bags)} cost[ in all| together|]?",
                *one,
                ("All of them cost ${}.", f"{n}*{p * c + q * d}"),
            )
    elif kind == "short":
        have = t.number(2, n * p - 1)
        story.tell(fills, f"[At home|So far] {who.he} has [only |]{have} {x}.")
        story.ask(
            f"How many more {x} does {who.he} [need|have to buy]?",
            of_x,
            (f"{who.He} needs {{}} more.", f"{n * p}-{have}"),
        )
    elif kind == "packs":
        size = t.divisor(n * p, 2, 30)
        story.tell(fills, f"{x} [come|are sold] in packs of {size}.")
        story.ask(
            f"How many packs of {x} [does {who.he} need|must {who.he} buy]?",
            of_x,
            ("[That is|Needed are] {} packs.", f"{n * p}/{size}"),
        )
    elif kind == "left":
        packs, size = t.number(2, 12), t.number(5, 50)
        if packs * size <= n * p:
            raise Unsuitable("too few")
        story.tell(
            f"{who} [bought|buys] {packs} packs of {x} with {size} in each.",
            f"{who.He} [puts|puts exactly] {p} into each of {n} {bags}.",
        )
        story.ask(
            f"How many {x} [are left|are left over|does {who.he} have left]?",
            (f"{who.He} [buys|has] {{}} {x}.", f"{packs}*{size}"),
            (f"The {bags} take {{}}.", f"{n}*{p}"),
            ("{} are left." if packs * size - n * p > 1 else "{} is left.", f"{packs * size}-{n * p}"),
        )
    else:
        story.tell(
            f"{who} has {n * p} {x}[ for {bags}|].",
            f"Every {bag} [gets|is to have] {p}[ of them| {x}|].",
            f"Each {bag} [is sold for|costs] ${q}.",
        )
        story.ask(f"How many {bags} can {who.he} fill?", (f"{who.He} can fill {{}}.", f"{n * p}/{p}"))
        story.ask(
            f"How much [do all the {bags} bring|does {who.he} get if all the {bags} are sold]?",
            (f"{who.He} fills {{}} {bags}.", f"{n * p}/{p}"),
            ("They bring ${}.", f"{n}*{q}"),
        )
    return story


@scenario
def collections(t: Teller) -> Story:
    """Albums and pages, several collectors, what they have together or fill next."""
    thing = t.pick(Thing("stamp", "stamps"), Thing("photo", "photos"), Thing("sticker", "stickers"), Thing("trading card", "trading cards"),
                   Thing("postcard", "postcards"), Thing("coin", "coins"))  # fmt: skip
    who, friend = t.person(), t.person()
    albums, pages, each = t.number(2, 8), t.number(4, 30), t.number(2, 12)
    per = pages * each
    story = Story()
    story.distract(
        f"{who} [started collecting {t.number(2, 9)} years ago|is {t.number(7, 17)} years old].",
        f"The oldest {thing.one} is {t.number(20, 99)} years old.",
        f"{friend} paid ${t.number(5, 40)} for an album.",
    )
    album = t.pick(
        f"An album has {pages} pages, and {each} {thing} [fit|go] on [each|every|a] page.",
        f"There is room for {each} {thing} on each of the {pages} pages of an album.",
        f"[Each|Every] album has {pages} pages with {each} {thing} on a page.",
    )
    full = (f"An album holds {{}} {thing}.", f"{pages}*{each}")
    kind = t.pick("albums", "both", "pages", "missing", "needed", "equal", "trade")
    if kind == "albums":
        extra = t.number(2, each * 3)
        story.tell(
            album,
            f"{who} has [filled|]{albums} [full |]albums and {extra} loose {thing}.".replace("[filled|]", "").replace(
                "[full |]", "full "
            ),
        )
        story.ask(
            f"How many {thing} does {who} have?",
            full,
            (f"{albums} albums hold {{}}.", f"{albums}*{per}"),
            (f"{who} has {{}}[ in all|].", f"{albums * per}+{extra}"),
        )
    elif kind == "both":
        a, b, c, d = t.number(2, 9), t.number(5, 30), t.number(2, 9), t.number(5, 30)
        story.tell(t.pick(
            f"{who} has {a} albums with {b} {thing} in each, and {friend} has {c} albums with {d} {thing} in each.",
            f"{who} owns {a} boxes of {b} {thing}, while {friend} owns {c} boxes of {d}.",
        ))  # fmt: skip
        one, two = (f"{who} has {{}} {thing}.", f"{a}*{b}"), (f"{friend} has {{}}.", f"{c}*{d}")
        story.ask(
            f"How many {thing} do they have [together|altogether|in all]?",
            one,
            two,
            ("Together they have {}.", f"{a * b}+{c * d}"),
        )
        if a * b > c * d:
            story.ask(
                f"How many more {thing} does {who} have than {friend}?",
                one,
                two,
                (f"{who} has {{}} more.", f"{a * b}-{c * d}"),
            )
    elif kind == "pages":
        had, got = t.number(2, per), t.number(2, 60)
        if (had + got) % each:
            raise Unsuitable("a page half full")
        story.tell(f"{who} has {had} {thing} and [gets|buys|finds] {got} more.", f"{who.He} puts {each} on a page.")
        story.ask(
            f"How many pages [does {who.he} need|will be full|does {who} fill]?",
            (f"{who} has {{}} {thing}.", f"{had}+{got}"),
            (f"{who.He} fills {{}} pages.", f"{had + got}/{each}"),
        )
    elif kind == "missing":
        have = t.number(2, per - 1)
        story.tell(
            album,
            f"{who} [has put|has|has collected] {have} {thing} [so far|]."
            if t.chance(0.5)
            else f"{who}'s album holds {have} {thing} so far.",
        )
        story.ask(
            f"How many {t.pick('more ' + thing.many, 'more')} does {who} need to fill [the|one] album?",
            full,
            (f"{who} needs {{}} more.", f"{per}-{have}"),
        )
    elif kind == "needed":
        story.tell(album, f"{who} has {albums * per} {thing}.")
        story.ask(f"How many albums does {who} need?", full, (f"{who} needs {{}} albums.", f"{albums * per}/{per}"))
    elif kind == "equal":
        third = t.person()
        x, y = t.number(3, 60), t.number(3, 60)
        z = t.number(3, 60)
        if (x + y + z) % 3:
            raise Unsuitable("no equal shares")
        story.tell(
            f"{who} has {x} {thing}, {friend} has {y}, and {third} has {z}.",
            "They put them together and share them equally[ again|].",
        )
        story.ask(
            f"How many {thing} does each [of the 3 |of them |]get?".replace("[of the 3 |of them |]", "of the 3 "),
            (f"Together they have {{}} {thing}.", f"{x}+{y}+{z}"),
            ("Each gets {}.", f"{x + y + z}/3"),
        )
    else:
        x, y, m = t.number(10, 90), t.number(10, 90), t.number(2, 9)
        k = t.number(2, 4)
        if x - m < 2:
            raise Unsuitable("nothing left")
        story.tell(
            f"{who} has {x} {thing} and {friend} has {y}.",
            f"{who} [gives|hands] {friend} {m} {thing.of(m)} and gets {k * m} in return."
            if t.chance(0.5)
            else f"They trade {m} of {who}'s {thing} for {k * m} of {friend}'s.",
        )
        if k * m >= y:
            raise Unsuitable("too many")
        story.ask(
            f"How many {thing} does {who} have [now|then|after that]?",
            (f"{who} keeps {{}}.", f"{x}-{m}"),
            (f"Then {who} has {{}}.", f"{x - m}+{k * m}"),
        )
        story.ask(
            f"How many {thing} does {friend} have [now|then|after that]?",
            (f"{friend} keeps {{}}.", f"{y}-{k * m}"),
            (f"Then {friend} has {{}}.", f"{y - k * m}+{m}"),
        )
    return story


@scenario
def two_sizes(t: Teller) -> Story:
    """Packages of two sizes: together, the difference, after some are used, the number of one size unknown."""
    who, thing = _someone(t, "teacher", "shopkeeper", "coach"), t.thing("toy", "school", "food", "goods")
    pack, packs = t.pick(("pack", "packs"), ("box", "boxes"), ("bag", "bags"), ("crate", "crates"), ("case", "cases"))
    big, small = t.pick(("large", "small"), ("big", "little"), ("heavy", "light"))
    m, n = t.number(2, 15), t.number(2, 15)
    y = t.number(2, 20)
    x = t.number(y + 1, 40)
    total = m * x + n * y
    story = Story()
    story.distract(
        f"{t.pick('A', 'Each')} {big} {pack} weighs {t.number(2, 20)} pounds.",
        f"Last {t.pick('week', 'month', 'year')} {who} had {t.number(10, 200)} {thing}.",
        f"{who} also has {t.number(2, 20)} empty {packs}.",
    )
    holds = t.pick(
        f"[A|Each|Every] {big} {pack} holds {x} {thing}, and [a|each] {small} one holds {y}.",
        f"There are {x} {thing} in a {big} {pack} and {y} in a {small} {pack}.",
        f"{thing} come in {big} {packs} of {x} and {small} {packs} of {y}.",
    )
    buys = t.pick(
        f"{who} [buys|orders|has|fills] {m} {big} {packs} and {n} {small} {packs}.",
        f"{who} has {n} {small} ones and {m} {big} ones.",
    )
    both = t.pick(
        (holds, buys),
        (f"{who} [buys|has|owns] {m} {packs} of {x} {thing} and {n} {packs} of {y} {thing}.",),
        (
            f"{who} [got|received|bought] {m} {packs} with {x} {thing} each.",
            f"{t.pick('Then', 'Later', 'After that')} {who.he} [got|received|bought] {n} {packs} with {y} {thing} each.",
        ),
    )
    sized = both[0] == holds
    first = (f"The {big if sized else 'first'} {packs} hold {{}} {thing}.", f"{m}*{x}")
    second = (f"The {small if sized else 'other'} {packs} hold {{}}.", f"{n}*{y}")
    all_ = ("[That is|Together there are] {} [in all|].", f"{m * x}+{n * y}")
    kind = t.pick("sum", "used", "shared", "unknown", "difference", "wanted")
    if kind == "sum":
        story.tell(*both)
        story.ask(f"How many {thing} [does {who} have|are there] [in all|altogether|in total|]?", first, second, all_)
    elif kind == "used":
        used = t.number(2, total - 2)
        story.tell(*both, f"{who.He} [uses|sells|gives away|loses] {used} [of the {thing}|{thing}].")
        story.ask(
            f"How many {thing} [are left|does {who.he} have left|does {who} have now]?",
            first,
            second,
            all_,
            ("{} are left.", f"{total}-{used}"),
        )
    elif kind == "shared":
        people = t.divisor(total, 2, 30)
        story.tell(
            *both,
            f"{who.He} [shares|divides] all the {thing} equally among {people} [children|students|friends|players].",
        )
        story.ask(
            f"How many {thing} does each [one |of them |]get?",
            first,
            second,
            all_,
            ("Each gets {}.", f"{total}/{people}"),
        )
    elif kind == "unknown":
        story.tell(
            holds,
            f"{who} has {m} {big} {packs} and some {small} {packs}.",
            f"[In all|Altogether|Together] there are {total} {thing} in them.",
        )
        story.distractors.pop()
        story.ask(
            f"How many {small} {packs} [does {who.he} have|are there]?",
            (f"The {big} {packs} hold {{}} {thing}.", f"{m}*{x}"),
            (f"{{}} are in {small} ones.", f"{total}-{m * x}"),
            (f"There are {{}} {small} {packs}.", f"{n * y}/{y}"),
        )
    elif kind == "difference":
        if m * x <= n * y:
            raise Unsuitable("not more")
        story.tell(holds, buys)
        story.ask(
            f"How many more {thing} are in the {big} {packs} than in the {small} [ones|{packs}]?",
            (f"The {big} {packs} hold {{}} {thing}.", f"{m}*{x}"),
            (f"The {small} {packs} hold {{}}.", f"{n}*{y}"),
            ("That is {} more.", f"{m * x}-{n * y}"),
        )
    else:
        wanted = total + t.number(2, 60)
        story.tell(*both, f"{who.He} needs {wanted} {thing} [in all|altogether|].")
        story.ask(
            f"How many more {thing} does {who.he} need?",
            first,
            second,
            all_,
            (f"{who.He} needs {{}} more.", f"{wanted}-{total}"),
        )
    return story


@scenario
def orchard(t: Teller) -> Story:
    """Trees or bushes picked, bad ones sorted out, the rest in baskets, sold or shared by helpers."""
    who = _someone(t, "farmer", "gardener")
    tree, trees, fruit = t.pick(("apple tree", "apple trees", "apples"), ("bush", "bushes", "berries"), ("plant", "plants", "tomatoes"),
                                ("pear tree", "pear trees", "pears"), ("vine", "vines", "pumpkins"), ("row", "rows", "carrots"))  # fmt: skip
    n, each = t.number(2, 20), t.number(4, 40)
    total = n * each
    bad = t.number(2, max(2, total // 3))
    good = total - bad
    story = Story()
    story.distract(
        f"Last year there were {t.number(20, 300)} {fruit}.",
        f"The work takes {t.number(2, 9)} hours.",
        f"{who} has {t.number(2, 9)} other fields.",
    )
    picks = t.pick(
        f"{who} [picks|picked|harvested] {each} {fruit} from each of {n} {trees}.",
        f"{who} has {n} {trees}, and [each|every one] [gave|gives|has] {each} {fruit}.",
        f"Each of {who}'s {n} {trees} [gave|gives|has] {each} {fruit}.",
    )
    sorted_ = t.pick(
        f"{bad} of [them|the {fruit}] are {t.pick('rotten', 'bad', 'spoiled', 'too small')}.",
        f"{who.He} [throws|gives] away {bad} of them.",
    )
    picked = (f"[There are|{who} has] {{}} {fruit}.", f"{n}*{each}")
    rest = ("{} are [left|good].", f"{total}-{bad}")
    if "away" in sorted_:
        rest = ("{} are left.", f"{total}-{bad}")
    remaining = "others" if "away" not in sorted_ else "rest"
    kind = t.pick("good", "baskets", "each basket", "sold", "helpers", "percent", "tree")
    if kind == "good":
        story.tell(picks, sorted_)
        story.ask(
            f"How many {fruit} are left?" if "away" in sorted_ else f"How many of the {fruit} are [good|fine]?",
            picked,
            rest,
        )
    elif kind == "baskets":
        size = t.divisor(good, 2, 40)
        story.tell(picks, sorted_, f"The {remaining} go into baskets of {size}.")
        story.ask(
            f"How many baskets [are filled|does {who.he} fill|are needed]?",
            picked,
            rest,
            ("They fill {} baskets.", f"{good}/{size}"),
        )
    elif kind == "each basket":
        baskets = t.divisor(good, 2, 20)
        story.tell(picks, sorted_, f"{who.He} [puts|divides] the {remaining} equally into {baskets} baskets.")
        story.ask(f"How many {fruit} are in each basket?", picked, rest, ("Each basket has {}.", f"{good}/{baskets}"))
    elif kind == "sold":
        price = t.number(2, 5)
        size = t.divisor(good, 2, 40)
        if good // size > 40:
            raise Unsuitable("many boxes")
        story.tell(picks, sorted_, f"The {remaining} are sold in boxes of {size} for ${price} a box.")
        story.ask(
            f"How much [money |]does {who.he} [get|make|earn]?",
            picked,
            rest,
            ("There are {} boxes.", f"{good}/{size}"),
            (f"{who.He} gets ${{}}.", f"{good // size}*{price}"),
        )
    elif kind == "helpers":
        helpers = t.number(2, 9)
        own = t.number(2, 40)
        story.tell(f"{helpers} helpers [picked|pick] {each} {fruit} each, and {who} [picked|picks] {own}." if t.chance(0.5)
                   else f"{who} picked {own} {fruit}. Each of {helpers} helpers picked {each}.")  # fmt: skip
        story.ask(
            f"How many {fruit} were picked [in all|altogether|]?",
            (f"The helpers picked {{}} {fruit}.", f"{helpers}*{each}"),
            ("[In all|Altogether] that is {}.", f"{helpers * each}+{own}"),
        )
        eaten = t.number(2, helpers * each)
        story.ask(
            f"If {eaten} of the {fruit} are eaten, how many are left?",
            (f"The helpers picked {{}} {fruit}.", f"{helpers}*{each}"),
            ("[In all|Altogether] that is {}.", f"{helpers * each}+{own}"),
            ("{} are left.", f"{helpers * each + own}-{eaten}"),
        )
    elif kind == "percent":
        p = t.pick(5, 10, 20, 25, 30, 40, 50)
        if total * p % 100:
            raise Unsuitable("parts of fruit")
        story.tell(picks, f"{p}% of [them|the {fruit}] are {t.pick('rotten', 'bad', 'spoiled')}.")
        story.ask(
            f"How many {fruit} are good?",
            picked,
            ("{} are bad.", f"{p}/100*{total}"),
            ("{} are good.", f"{total}-{total * p // 100}"),
        )
    else:
        story.tell(
            f"{who} has {n} {trees}[ that bear the same number of {fruit}|].",
            f"After {who.he} [gave away|ate|lost] {bad} of the {fruit} from them, {good} {'was' if good == 1 else 'were'} left.",
        )
        story.ask(
            f"How many {fruit} did each {tree} give, if all gave the same number?",
            (f"There were {{}} {fruit}.", f"{good}+{bad}"),
            (f"Each {tree} gave {{}}.", f"{total}/{n}"),
        )
    return story


@scenario
def nested(t: Teller) -> Story:
    """Boxes of packs of things; floors of rooms of beds: three factors, and back."""
    outer, middle, inner, has = t.pick(
        (("floor", "floors"), ("room", "rooms"), ("beds", "bed"), "hotel"), (("floor", "floors"), ("apartment", "apartments"), ("windows", "window"), "building"),
        (("box", "boxes"), ("pack", "packs"), ("pens", "pen"), "shop"), (("crate", "crates"), ("carton", "cartons"), ("eggs", "egg"), "store"),
        (("street", "streets"), ("house", "houses"), ("people", "person"), "village"), (("grade", "grades"), ("class", "classes"), ("students", "student"), "school"),
        (("cabinet", "cabinets"), ("drawer", "drawers"), ("folders", "folder"), "office"), (("hall", "halls"), ("table", "tables"), ("chairs", "chair"), "hotel"),
        (("truck", "trucks"), ("crate", "crates"), ("melons", "melon"), "market"), (("week", "weeks"), ("game", "games"), ("goals", "goal"), "club"),
    )  # fmt: skip
    a, b, c = t.number(2, 12), t.number(2, 12), t.number(2, 25)
    total = a * b * c
    story = Story()
    if outer[0] == "week":
        first = f"A club plays for {a} weeks, {b} games [a|each|every] week."
        second = t.pick(f"It scores {c} goals in each game.", f"Each game brings {c} goals.")
        question = "How many goals does the club score [in all|altogether|]?"
    else:
        first = t.pick(
            f"A {has} has {a} {outer[1]} with {b} {middle[1]} [each|on each]." if outer[0] in ("floor", "street") else f"A {has} has {a} {outer[1]} with {b} {middle[1]} [each|in each].",
            f"There are {a} {outer[1]} in the {has}, and each {outer[0]} has {b} {middle[1]}.",
        )  # fmt: skip
        first = first.replace("A office", "An office")
        second = t.pick(
            f"[Each|Every] {middle[0]} has {c} {inner[0]}.",
            f"There are {c} {inner[0]} in {t.pick('each', 'every')} {middle[0]}.",
        )
        question = f"How many {inner[0]} [are there|does the {has} have] [in all|altogether|in total|]?"
    story.distract(
        f"The {has} is {t.number(5, 90)} years old.",
        f"The {has} has {t.number(2, 12)} workers.",
        f"Last year there were {t.number(20, 400)} {inner[0]}.",
    )
    mid = (f"There are {{}} {middle[1]}.", f"{a}*{b}")
    end = (f"There are {{}} {inner[0]}.", f"{a * b}*{c}")
    kind = t.pick("all", "taken", "back", "per middle", "extra")
    if kind == "all" or outer[0] == "week":
        story.tell(first, second)
        story.ask(question, mid, end)
    elif kind == "taken":
        gone = t.number(2, total - 2)
        away = {
            "beds": "taken",
            "people": "away",
            "students": "sick",
            "eggs": "sold",
            "pens": "sold",
            "melons": "sold",
            "chairs": "taken",
        }.get(inner[0], "new")
        story.tell(first, second, f"{gone} of the {inner[0]} are {away}.")
        story.ask(f"How many {inner[0]} are not {away}?", mid, end, (f"{{}} are not {away}.", f"{total}-{gone}"))
    elif kind == "back":
        story.tell(
            f"There are {total} {inner[0]} in the {has}.",
            f"It has {a} {outer[1]} with {b} {middle[1]} each, and all the {middle[1]} have the same number of {inner[0]}.",
        )
        story.ask(
            f"How many {inner[0]} [are there in each {middle[0]}|does each {middle[0]} have]?",
            mid,
            (f"Each {middle[0]} has {{}} {inner[0]}.", f"{total}/{a * b}"),
        )
    elif kind == "per middle":
        story.tell(
            f"{t.pick('Each', 'Every')} {outer[0]} of a {has} has {b} {middle[1]} with {c} {inner[0]} each.".replace(
                "a office", "an office"
            ),
            f"Altogether there are {total} {inner[0]}.",
        )
        story.ask(
            f"How many {outer[1]} does the {has} have?",
            (f"A{'n' if outer[0][0] in 'aeiou' else ''} {outer[0]} has {{}} {inner[0]}.", f"{b}*{c}"),
            (f"There are {{}} {outer[1]}.", f"{total}/{b * c}"),
        )
    else:
        d = t.number(2, 40)
        story.tell(first, second, f"{d} [more|additional|extra] {inner[0]} are [in the hall|at the entrance|outside].")
        story.ask(
            question,
            mid,
            (f"They have {{}} {inner[0]}.", f"{a * b}*{c}"),
            ("[In all|Altogether] there are {}.", f"{total}+{d}"),
        )
    return story


@scenario
def so_many_each(t: Teller) -> Story:
    """One multiplication or division told in many ways, with a number too many at times."""
    who, thing, group = _someone(t, "teacher", "farmer", "shopkeeper"), t.thing(), t.thing("container")
    n, each = t.number(2, 30), t.number(2, 40)
    total = n * each
    spare = t.number(2, 90)
    does = t.pick(("arranges", "in"), ("sorts", "into"), ("puts", "into"), ("organizes", "into"), ("packs", "in"))
    unit = t.pick(
        group,
        Thing("group", "groups"),
        Thing("pile", "piles"),
        Thing("stack", "stacks"),
        Thing("row", "rows"),
        Thing("set", "sets"),
    )
    story = Story()
    story.distract(
        f"{who} also has {spare} {t.thing()}.",
        f"Last year {who} had {spare} {thing}.",
        f"{who}'s friend has {spare} {thing}.",
        f"{who} needs {spare} minutes for it.",
    )
    kind = t.pick("times", "count", "size", "days", "days back", "rate", "price")
    if kind == "times":
        story.tell(
            t.pick(
                f"{who} {does[0]} {thing} {does[1]} {n} {unit} of {each}.",
                f"{who} has {n} {unit} of {thing}, and there are {each} {thing} in each {unit.one}.",
                f"There are {n} {unit}. Each {unit.one} has {each} {thing} in it.",
                f"Each {unit.one} has {each} {thing}.",
            )
        )
        if story.facts[0].startswith("Each"):
            story.ask(
                f"How many {thing} are [there |]in {n} {unit}?", (f"{n} {unit} have {{}} {thing}.", f"{n}*{each}")
            )
            story.ask(
                f"If {who} has {n} {unit}, how many {thing} does {who.he} have?",
                (f"{who} has {{}} {thing}.", f"{n}*{each}"),
            )
        else:
            story.ask(
                f"How many {thing} [are there|does {who} have] [in all|altogether|in total|]?",
                (f"There are {{}} {thing}.", f"{n}*{each}"),
            )
    elif kind == "count":
        story.tell(
            t.pick(
                f"{who} {does[0]} {total} {thing} {does[1]} {unit} of {each}.",
                f"{who} has {total} {thing}. {who.He} {does[0]} them {does[1]} {unit}, {each} to a {unit.one}.",
                f"{total} {thing} are kept in {unit} with {each} [in each|in every {unit.one}].",
            )
        )
        story.ask(f"How many {unit} are there?", (f"There are {{}} {unit}.", f"{total}/{each}"))
        story.ask(
            f"How many {unit} [does that make|will there be]?",
            (f"[That makes|There are] {{}} {unit}.", f"{total}/{each}"),
        )
    elif kind == "size":
        story.tell(
            t.pick(
                f"{who} {does[0]} {total} {thing} {does[1]} {n} equal {unit}.",
                f"There are {total} {thing} in {who}'s collection.",
                f"{n} {unit} hold {total} {thing}, the same number each.",
            )
        )
        if "collection" in story.facts[0]:
            story.ask(
                f"If they are [organized|sorted|put] into {n} {unit}, how big is each {unit.one}?",
                (f"Each {unit.one} has {{}} {thing}.", f"{total}/{n}"),
            )
        else:
            story.ask(
                f"How many {thing} are in [each|one|every] {unit.one}?",
                (f"Each {unit.one} has {{}} {thing}.", f"{total}/{n}"),
            )
    elif kind in ("days", "days back"):
        act, did, acting = t.pick(
            ("sell", "sold", "sells"),
            ("make", "made", "makes"),
            ("collect", "collected", "collects"),
            ("find", "found", "finds"),
            ("buy", "bought", "buys"),
        )
        span = t.pick("day", "week", "hour", "month")
        if kind == "days":
            story.tell(
                t.pick(
                    f"{who} {acting} {each} {thing} [every|each|a|per] {span}."
                    if span != "hour"
                    else f"{who} {acting} {each} {thing} [every|each|per] {span}."
                )
            )
            story.ask(
                f"How many {thing} does {who.he} {act} in {n} {span}s?",
                (f"In {n} {span}s {who.he} {acting} {{}} {thing}.", f"{n}*{each}"),
            )
            story.ask(
                f"How many {span}s does {who.he} need to {act} {total} {thing}?",
                (f"{who.He} needs {{}} {span}s.", f"{total}/{each}"),
            )
        else:
            story.tell(f"{who} {did} {total} {thing} in {n} {span}s, the same number [every|each] {span}.")
            story.ask(
                f"How many {thing} did {who.he} {act} [each|every|per] {span}?",
                (f"Each {span} {who.he} {did} {{}}.", f"{total}/{n}"),
            )
    elif kind == "rate":
        per, pers = t.pick(
            ("table", "tables"), ("room", "rooms"), ("child", "children"), ("page", "pages"), ("floor", "floors")
        )
        story.tell(
            t.pick(
                f"{who} needs {each} {thing} for [each|every|one] {per}.",
                f"For [each|every] {per}, {each} {thing} are needed.",
            )
        )
        story.ask(
            f"How many {thing} [does {who} need|are needed] for {n} {pers}?",
            (f"{{}} {thing} are needed.", f"{n}*{each}"),
        )
        story.ask(
            f"For how many {pers} are {total} {thing} enough?", (f"They are enough for {{}} {pers}.", f"{total}/{each}")
        )
    else:
        story.tell(
            t.pick(
                f"{who} pays ${total} for {n} {thing} that all cost the same.",
                f"{n} {thing} cost ${total} together, all at the same price.",
            )
        )
        story.ask(
            f"How much does {t.pick('one', 'each')} {thing.one} cost?",
            (f"Each {thing.one} costs ${{}}.", f"{total}/{n}"),
        )
    return story
