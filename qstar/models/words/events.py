"""Scenarios of quantities that change: gains and losses, arrivals and departures, days that follow one another."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qstar.models.words.story import Story, Teller, Thing, Unsuitable, scenario


def _n(count: int, thing: Thing) -> str:
    return f"{count} {thing.of(count)}"


@dataclass(frozen=True)
class _Change:
    """How a gain or loss is said: `past` with {} for the count and noun, `base` after "did she", {} for the noun."""

    past: str
    base: str
    sign: int


def _change(t: Teller, kind: str, sign: int, friend: str, where: str) -> _Change:
    """A way to gain or lose things of a kind."""
    if sign > 0:
        options = [
            ("bought {} at the store", "buy"),
            ("got {} from " + friend, "get from " + friend),
            ("got {} as a present", "get as a present"),
            ("bought {}", "buy"),
        ]
        if kind == "toy":
            options += [
                ("found {} " + where, "find " + where),
                ("won {} in a game", "win"),
                ("collected {}", "collect"),
            ]
        elif kind == "food":
            options += [("picked up {} on the way home", "pick up on the way home"), ("made {}", "make")]
        elif kind == "school":
            options += [("borrowed {} from " + friend, "borrow"), ("found {} " + where, "find " + where)]
    else:
        options = [
            ("gave {} to " + friend, "give to " + friend),
            ("gave away {}", "give away"),
            ("sold {}", "sell"),
        ]
        if kind == "toy":
            options += [
                ("lost {}", "lose"),
                ("lost {} in a game", "lose in the game"),
                ("traded away {}", "trade away"),
            ]
        elif kind == "food":
            options += [("ate {}", "eat"), ("ate {} for lunch", "eat for lunch"), ("threw away {}", "throw away")]
            options += [("shared {} with " + friend, "share with " + friend)]
        elif kind == "school":
            options += [("lost {}", "lose"), ("lent {} to " + friend, "lend to " + friend), ("used {}", "use")]
    past, base = t.pick(*options)
    return _Change(past, base, sign)


@scenario
def one_change(t: Teller) -> Story:
    """Had, gained or lost, has: any of the three unknown."""
    kind = t.pick("toy", "school", "food")
    who, friend, thing = t.person(), t.person(), t.thing(kind)
    where = t.pick("in the park", "under the bed", "in a drawer", "at the beach", "in the yard")
    change = _change(t, kind, t.pick(1, -1), str(friend), where)
    start, by = t.number(2, 99), t.number(1, 60)
    end = start + change.sign * by
    if end < 1:
        raise Unsuitable("less than nothing")
    past = change.past
    named, short = past.format(_n(by, thing)), past.format(f"{by} [more|]" if change.sign > 0 else f"{by} [of them|]")
    some = past.format(f"some {'[more|] ' if change.sign > 0 else ''}{thing}")
    did = f"{change.base.split()[0]} {' '.join(change.base.split()[1:])}".strip()
    other = "more" if change.sign > 0 else ""
    story = Story()
    story.distract(
        f"{friend} has {_n(t.number(2, 50), thing)}.",
        f"{who} is {t.number(5, 15)} years old.",
        f"{who.He} also has {_n(t.number(2, 40), t.thing('toy', 'school', 'goods'))}.",
    )
    unknown = t.pick("end", "change", "start")
    if unknown == "end":
        if t.chance(0.2):
            story.ask(
                f"If {who} [had|started with] {_n(start, thing)} and {named}, how many {thing} "
                f"[does|would] {who.he} have [now|in the end|then]?",
                (f"{who} [has|now has] {{}} {thing}.", f"{start}{'+-'[change.sign < 0]}{by}"),
            )
            return story
        story.tell(
            f"{who} [had|started with|has] {_n(start, thing)}[ {t.pick('in a box', 'at home', 'in a bag')}|].",
            f"[Then|Later|Yesterday|After school|] {who.he} {short}."
            if t.chance(0.5)
            else f"{who.He} [then|] {named}.",
        )
        if change.sign < 0:
            left = "[are left|does {0} have left|are still there|remain|does {1} have now|does {1} still have]"
            story.ask(
                f"How many {thing} {left.format(who.he, who)}?",
                (f"[Left are|{who} has] {{}} {thing}[ left|].", f"{start}-{by}"),
            )
        else:
            story.ask(
                f"How many {thing} does {t.pick(who.he, str(who))} have [now|in all|in total|altogether|]?",
                (f"{who} [now|] has {{}} {thing}.", f"{start}+{by}"),
            )
        return story
    has = (
        f"[Now|After that] {who.he} has {_n(end, thing)}[ left|]."
        if change.sign < 0
        else (f"[Now|After that] {who.he} has {_n(end, thing)}[ in all| in total|].")
    )
    if unknown == "change":
        asked = f"How many {other + ' ' if other and t.chance(0.3) else ''}{thing} did {who} {did}?"
        step = (f"{who} {past.format('{}').strip()}.", f"{max(start, end)}-{min(start, end)}")
        form = t.number(1, 4)
        if form == 1:
            story.tell(f"{who} had {_n(start, thing)}.", f"[Then|Later|One day] {who.he} {some}.", has)
            story.ask(asked, step)
        elif form == 2:
            story.tell(f"{who} had {_n(start, thing)} and {some}.")
            story.ask(f"If {who.he} has {end} [now|left]{'' if change.sign < 0 else ' in total'}, " + _low(asked), step)
            if change.sign > 0:
                story.asks.clear()
                story.ask(f"If {who.he} now has {end}, " + _low(asked), step)
        elif form == 3:
            story.tell(
                f"{who} had {_n(start, thing)} [in the morning|at first|at the start of the week]. "
                f"[In the evening|In the end|Now] {who.he} has {end}, because {who.he} {some}."
            )
            story.ask(asked, step)
        else:
            story.tell(f"After {who} {some}, {who.he} had {_n(end, thing)}.", f"Before that {who.he} had {start}.")
            story.ask(asked, step)
        return story
    story.tell(
        f"{who} had some {thing}. [Then {who.he}|Later {who.he}|Yesterday {who.he}|{who.He}] "
        + f"{past.format(_n(by, thing)) if t.chance(0.5) else short}. "
        + has
        if t.chance(0.6)
        else f"After {who} {named}, {who.he} had {_n(end, thing)}[ left|]."
        if change.sign < 0
        else f"{who} {named} and now has {_n(end, thing)} [in total|in all|altogether]."
    )
    story.ask(
        t.pick(
            f"How many {thing} did {who} have [at first|in the beginning|to begin with|at the start|initially]?",
            f"[With how many {thing} did {who} start|How many {thing} did {who.he} start with]?",
        ),
        (
            f"[At first|To begin with|Before,] {who.he} had {{}} {thing}.",
            f"{end}{'-+'[change.sign < 0]}{by}",
        ),
    )
    return story


def _low(text: str) -> str:
    return text[0].lower() + text[1:]


@scenario
def change_chain(t: Teller) -> Story:
    """A person's things over two to four changes, some of them doublings and halvings; end or start unknown."""
    kind = t.pick("toy", "school", "food")
    who, thing = t.person(), t.thing(kind)
    count = start = t.number(4, 60)
    changes = t.pick(2, 3, 3, 4, 4)
    said, steps, back = [], [], []
    for i in range(changes):
        then = t.pick("Then", "Later", "After that", "The next day", "On the way home", "A week later") if i else ""
        how = (
            t.pick("gain", "gain", "loss", "loss", "double", "halve") if i or t.chance(0.3) else t.pick("gain", "loss")
        )
        before = count
        if how in ("gain", "loss"):
            sign = 1 if how == "gain" else -1
            by = t.number(1, 40) if sign > 0 else t.number(1, max(1, count - 2))
            change = _change(t, kind, sign, str(t.person()), "in the yard")
            count += sign * by
            named = _n(by, thing) if t.chance(0.4) else f"{by} more" if sign > 0 else f"{by} of them"
            said.append(f"{then} {who.he} {change.past.format(named)}.")
            op, inverse = f"{'+-'[sign < 0]}{by}", f"{'-+'[sign < 0]}{by}"
        elif how == "double":
            factor = t.pick(2, 2, 3)
            count *= factor
            word = {2: "doubled", 3: "tripled"}[factor]
            said.append(f"{then} the number of {thing} [{who.he} had|in {who.his} collection|{who.he} owned] {word}.")
            op, inverse = f"*{factor}", f"/{factor}"
        else:
            if count % 2:
                raise Unsuitable("odd")
            count //= 2
            friend = t.person()
            said.append(
                f"{then} {who.he} [gave|sold|passed on] half of [them|{who.his} {thing}|what {who.he} had] to {friend}."
            )
            op, inverse = "/2", "*2"
        if count < 2:
            raise Unsuitable("too few")
        steps.append(
            (t.pick("That makes {}.", f"Then {who.he} has {{}}.", f"Now there are {{}} {thing}."), f"{before}{op}")
        )
        back.append((f"[Before that|Before] {who.he} had {{}}.", f"{count}{inverse}"))
    story = Story()
    story.distract(
        f"{who} is {t.number(6, 15)} years old.",
        f"{who.His} [brother|sister|friend] has {_n(t.number(3, 50), thing)}.",
        f"{who} lives {t.number(2, 20)} blocks from the store.",
    )
    if changes < 4 and t.chance(0.35):
        story.tell(
            f"{who} had [some|a number of] {thing}.",
            *said,
            t.pick(
                f"[In the end|Now|Finally] {who.he} has {_n(count, thing)}.",
                f"[In the end|Now|Finally] {who.he} was left with {_n(count, thing)}.",
            ),
        )
        story.ask(
            f"How many {thing} did {who} [have at first|start with|have in the beginning|have originally]?", *back[::-1]
        )
        return story
    first = t.pick(
        f"{who} has {_n(start, thing)}.",
        f"{who} started with {_n(start, thing)}.",
        f"There were {_n(start, thing)} in {who}'s [bag|room|box].",
        f"{who} had a collection of {_n(start, thing)}.",
    )
    last = f"How many {thing} does {who} have [now|in the end|left|at the end]?"
    if t.chance(0.2):
        clause = said.pop().strip().rstrip(".")
        clause = re.sub(r"^(Then|Later|After that|The next day|On the way home|A week later) ", "", clause)
        story.tell(first, *said)
        story.ask(f"If {_low(clause)}, how many {thing} does {who.he} have [now|in the end]?", *steps)
    else:
        story.tell(first, *said)
        story.ask(last, *steps)
    return story


@scenario
def bus_stops(t: Teller) -> Story:
    """People get on and off."""
    bus, people = t.pick("bus", "train", "tram", "ferry", "school bus"), t.pick("people", "passengers")
    at = {"train": "station", "ferry": "dock"}.get(bus, "stop")
    if bus == "school bus":
        people = t.pick("children", "students")
    start, off, on = t.number(5, 70), t.number(2, 30), t.number(2, 40)
    mid = start - off
    if mid < 2:
        raise Unsuitable("empty")
    end = mid + on
    on_said, off_said = t.pick("got on", "boarded", "climbed on"), t.pick("got off", "left", "stepped off")
    story = Story()
    story.distract(
        f"The {bus} has {t.number(20, 90)} windows.",
        f"The ride takes {t.number(10, 90)} minutes.",
        f"The {bus} is number {t.number(2, 99)}.",
    )
    began = t.pick(
        f"There were {start} {people} on a {bus}.",
        f"A {bus} [left|set off|started] with {start} {people}[ on board|].",
        f"A {bus} was carrying {start} {people}.",
        f"{start} {people} were riding a {bus}.",
    )
    what = t.pick("end", "end", "off", "on", "start", "two", "seats", "difference")
    stopped = t.pick(f"At the [first|next] {at}", "Then", f"When it reached a {at}")
    if what == "end":
        story.tell(
            began,
            t.pick(
                f"{stopped}, {off} {people} {off_said} and {on} [more|others|] {on_said}.",
                f"{stopped}, {on} [more|new] {people} {on_said} while {off} {off_said}.",
                f"{off} of them {off_said} at the first {at}. At the second {at} {on} [more|] {on_said}.",
            ),
        )
        story.ask(
            f"How many {people} are [on the {bus} now|on the {bus}|still riding the {bus}]?",
            (f"[After {off} get off there are|Left on the {bus} are] {{}}.", f"{start}-{off}"),
            (f"[Now|Then] there are {{}} {people}.", f"{mid}+{on}"),
        )
    elif what in ("off", "on"):
        leave = what == "off"
        later = mid if leave else start + on
        story.tell(
            began,
            f"{stopped}, some [of them|{people}|] {off_said}."
            if leave
            else f"{stopped}, some [more|other|] {people} {on_said}.",
            f"[Now|After that|When it drove on,] there were {later} {people} {'left ' if leave else ''}on the {bus}.",
        )
        story.ask(
            f"How many {people} {off_said if leave else on_said}[ at that {at}|]?",
            (f"{{}} {people} {off_said if leave else on_said}.", f"{start}-{later}" if leave else f"{later}-{start}"),
        )
    elif what == "start":
        story.tell(
            f"Some {people} were on a {bus}." if t.chance(0.6) else f"A {bus} came with some {people} on it.",
            f"{stopped}, {off} {off_said} and {on} {on_said}.",
            f"[Now|Then] there were {end}{f' {people}' if t.chance(0.5) else ''} on the {bus}.",
        )
        story.ask(
            f"How many {people} were on the {bus} [at first|in the beginning|before the {at}|to begin with]?",
            (f"Before {on} got on there were {{}}.", f"{end}-{on}"),
            ("[At first|Before that] there were {}.", f"{mid}+{off}"),
        )
    elif what == "two":
        off2, on2 = t.number(1, max(1, end - 1)), t.number(1, 20)
        story.tell(
            began,
            f"At the first {at}, {off} {off_said} and {on} {on_said}.",
            f"At the second {at}, {off2} {off_said} and {on2} {on_said}.",
        )
        story.ask(
            f"How many {people} are on the {bus} [now|after the second {at}|then]?",
            (f"After the first {at} there are {{}}.", f"{start}-{off}+{on}"),
            (f"After the second {at} there are {{}}.", f"{end}-{off2}+{on2}"),
        )
    elif what == "seats":
        seats = end + t.number(2, 30)
        story.tell(
            f"A {bus} has {seats} seats and {start} {people} on it.", f"{stopped}, {off} {off_said} and {on} {on_said}."
        )
        story.ask(
            "How many seats are [empty|free] [now|then|] if everybody [has a seat|sits]?",
            (f"There are {{}} {people} now.", f"{start}-{off}+{on}"),
            ("{} seats are [empty|free].", f"{seats}-{end}"),
        )
    else:
        story.tell(began, f"{stopped}, {off} {people} {off_said} and {on} {on_said}.")
        if on == off:
            raise Unsuitable("no difference")
        more, fewer = (on, off) if on > off else (off, on)
        story.ask(
            f"How many more {people} {on_said if on > off else off_said} than {off_said if on > off else on_said}?",
            (f"{{}} more {people}.", f"{more}-{fewer}"),
        )
    return story


@scenario
def comers_and_goers(t: Teller) -> Story:
    """Animals, cars or guests at a place that come and go."""
    who, place, come, go = t.pick(
        ("birds", "in a tree", "flew in", "flew away"),
        ("pigeons", "on a roof", "landed", "flew off"),
        ("crows", "on a fence", "joined them", "flew away"),
        ("frogs", "on a log", "hopped on", "jumped into the water"),
        ("ducks", "on a pond", "swam over", "left"),
        ("children", "on the playground", "came", "went home"),
        ("cars", "in a parking lot", "drove in", "drove off"),
        ("boats", "in a harbor", "came in", "sailed away"),
        ("guests", "at a party", "arrived", "went home"),
        ("people", "in a library", "came in", "left"),
        ("customers", "in a cafe", "walked in", "left"),
        ("butterflies", "in a garden", "came", "flew away"),
        ("swimmers", "in a pool", "got in", "got out"),
        ("fans", "in a stadium", "came", "left"),
        ("people", "in line", "got in line", "gave up and left"),
    )
    start, a, b = t.number(4, 80), t.number(2, 40), t.number(2, 40)
    story = Story()
    minutes = t.number(5, 55, 5)
    story.distract(
        f"It was {t.number(2, 11)} o'clock.",
        f"This took {minutes} minutes.",
        f"Yesterday there were {t.number(3, 90)} {who}.",
    )
    sat = f"There [were|are] {start} {who} {place}." if t.chance(0.5) else f"{start} {who} were {place}."
    what = t.pick("end", "end", "start", "gone", "came", "fraction", "one", "double", "one back")
    late = t.pick("Then", "Later", "After a while", "An hour later", "In the afternoon")
    if what == "end":
        story.tell(
            sat,
            t.pick(
                f"{late} {a} [more|others] {come}, and {b} {go}.",
                f"First {b} {go}. {late} {a} more {come}.",
                f"{late} {a} more {who} {come}. [Soon after|Next] {b} of them {go}.",
            ),
        )
        if start < b:
            raise Unsuitable("too few")
        story.ask(
            f"How many {who} are there [now|in the end|then]?",
            ("With those that came there are {}.", f"{start}+{a}"),
            (f"[Now|In the end] there are {{}} {who}.", f"{start + a}-{b}"),
        )
    elif what == "one":
        gone = t.chance(0.5)
        by = min(b, start - 1) if gone else a
        op = f"{start}-{by}" if gone else f"{start}+{by}"
        done = go if gone else come
        asked = f"how many {who} [are|were] {place} [now|then|]?"
        if t.chance(0.3):
            story.ask(
                f"If {start} {who} are {place} and {by} {'' if gone else 'more '}{done}, {asked}", ("There are {}.", op)
            )
        else:
            story.tell(sat, f"{late} {by} {'[of them|]' if gone else 'more'} {done}.")
            story.ask(asked[0].upper() + asked[1:], (f"[Now|Then] there are {{}} {who}.", op))
    elif what == "one back":
        gone = t.chance(0.5)
        end = start - b if gone else start + a
        if end < 1:
            raise Unsuitable("none")
        if gone:
            story.tell(f"Some {who} were {place}.", f"{late} {b} {go}, and {end} were left.")
        else:
            story.tell(f"Some {who} were {place}.", f"{late} {a} more {come}, so that there were {end}[ in all|].")
        story.ask(
            f"How many {who} were there [at first|to begin with|in the beginning|before]?",
            ("[At first|Before] there were {}.", f"{end}+{b}" if gone else f"{end}-{a}"),
        )
    elif what == "start":
        end = start + a - b
        if end < 1 or start < 1:
            raise Unsuitable("too few")
        story.tell(
            f"There were some {who} {place}.",
            f"{late} {a} more {come} and {b} {go}.",
            f"[Now|After that] there were {end}.",
        )
        story.ask(
            f"How many {who} were [{place}|there] [at first|in the beginning|to start with]?",
            (f"Before {b} left there were {{}}.", f"{end}+{b}"),
            (f"At first there were {{}} {who}.", f"{end + b}-{a}"),
        )
    elif what in ("gone", "came"):
        second = start + a
        left = second - b
        if left < 1:
            raise Unsuitable("too few")
        if what == "gone":
            story.tell(sat, f"{late} {a} more {come}.", f"[Then|Next] some {go}, [and|so that] {left} were left.")
            story.ask(
                f"How many {who} {go}?",
                ("[Before that|Together] there were {}.", f"{start}+{a}"),
                (f"{{}} {who} {go}.", f"{second}-{left}"),
            )
        else:
            rest = start - b
            if rest < 1:
                raise Unsuitable("too few")
            story.tell(sat, f"{late} {b} {go}, but some others {come}.", f"In the end there were {rest + a}.")
            story.ask(
                f"How many {who} {come}?",
                ("{} stayed.", f"{start}-{b}"),
                (f"{{}} {who} {come}.", f"{rest + a}-{rest}"),
            )
    elif what == "fraction":
        part, word = t.pick((2, "half"), (3, "a third"), (4, "a quarter"), (5, "a fifth"))
        start = part * t.number(2, 24)
        left = start - start // part
        story.tell(
            f"There were {start} {who} {place}.",
            f"{late} {word} of them {go}"
            + (f", and [then|after that] {a} more {come}." if t.chance(0.6) else f". Then {a} more {come}."),
        )
        story.ask(
            f"How many {who} are there now?",
            (f"{{}} {go}.", f"{start}/{part}"),
            ("{} stayed.", f"{start}-{start // part}"),
            ("Now there are {}.", f"{left}+{a}"),
        )
    else:
        factor, word = t.pick((2, "twice"), (3, "three times"))
        both = start * (factor + 1) > b and t.chance(0.6)
        ending = f", and {b} {go}" if both else ""
        story.tell(
            sat,
            f"{late} {word} as many {come}{ending}.",
        )
        steps = [(f"{{}} {who} came.", f"{start}*{factor}"), ("Together that is {}.", f"{start}+{start * factor}")]
        if both:
            steps.append(("In the end there are {}.", f"{start * (factor + 1)}-{b}"))
        story.ask(f"How many {who} were there [then|in the end|after that]?", *steps)
    return story


@scenario
def savings_jar(t: Teller) -> Story:
    """Coins or dollars go into a jar and out again."""
    who = t.person()
    jar = t.pick("a jar", "a piggy bank", "a savings box", "a tin")
    jar_the = jar.replace("a ", "the ", 1)
    what = t.pick("coins", "quarters", "pennies", "dimes", "nickels", "dollars", "tickets")
    start, week, weeks = t.number(5, 120), t.number(2, 25), t.number(2, 12)
    saved = week * weeks
    taken = t.number(2, max(2, start + saved - 2))
    story = Story()
    story.distract(
        f"{who.His} [sister|cousin|friend] has {t.number(5, 150)} {what}.",
        f"{jar_the.capitalize()} is {t.number(10, 40)} centimeters tall.",
        f"{who} has been saving since {who.he} was {t.number(5, 12)}.",
    )
    begins = t.pick(
        f"{who} has {start} {what} in {jar}.",
        f"There are {start} {what} in {who}'s {jar[2:]}.",
        f"{who} keeps {what} in {jar}. At first there are {start}.",
    )
    weekly = t.pick(
        f"[Every|Each] week {who.he} [adds|puts in] {week} [more|{what}].",
        f"For {weeks} weeks {who.he} [adds|puts in|saves] {week} {what} a week.",
    )
    spelled = "For" in weekly
    ask = t.pick("after weeks", "after taking", "how many weeks", "each week", "taken", "simple")
    if ask == "after weeks":
        story.tell(begins, weekly)
        story.ask(
            f"How many {what} are in {jar_the} [after {'that' if spelled else f'{weeks} weeks'}|after {weeks} weeks]?"
            if spelled
            else f"How many {what} are in {jar_the} after {weeks} weeks?",
            (f"In {weeks} weeks {who.he} adds {{}}.", f"{week}*{weeks}"),
            (f"There are {{}} {what} then.", f"{start}+{saved}"),
        )
    elif ask == "after taking":
        story.tell(
            begins,
            f"For {weeks} weeks {who.he} puts in {week} {what} [a|every] week.",
            f"Then {who.he} [takes out|spends|uses] {taken} [of them|{what}|].",
        )
        story.ask(
            f"How many {what} are [left|still there|in {jar_the} now]?",
            (f"{who.He} puts in {{}}.", f"{week}*{weeks}"),
            ("Together there are {}.", f"{start}+{saved}"),
            ("Left are {}.", f"{start + saved}-{taken}"),
        )
    elif ask == "how many weeks":
        story.tell(begins, f"[Every|Each] week {who.he} adds {week}[ more|].")
        story.ask(
            t.pick(
                f"After how many weeks [are there|does {who.he} have] {start + saved} {what}?",
                f"{who} wants to have {start + saved} {what}. How many weeks does that take?",
                f"How many weeks does {who.he} need to get to {start + saved} {what}?",
            ),
            (f"{who.He} needs {{}} more.", f"{start + saved}-{start}"),
            ("That takes {} weeks.", f"{saved}/{week}"),
        )
    elif ask == "each week":
        story.tell(
            begins,
            f"{weeks} weeks later there are {start + saved}, [as|because] {who.he} put in the same number each week.",
        )
        story.ask(
            f"How many {what} did {who.he} [put in|add] [each|every|per] week?",
            (f"{who.He} put in {{}} in all.", f"{start + saved}-{start}"),
            ("That is {} a week.", f"{saved}/{weeks}"),
        )
    elif ask == "taken":
        gift = t.number(5, 60)
        left = t.number(1, start + gift - 2)
        story.tell(
            begins,
            f"{who.He} put in {gift} more[ {what}|] "
            f"[from {who.his} birthday|that {who.he} found|from {who.his} uncle].",
            f"Then {who.he} took some out[ to buy a game| to give to {t.person()}|], and {left} were left.",
        )
        story.ask(
            f"How many {what} did {who.he} take out?",
            ("There were {} in all.", f"{start}+{gift}"),
            (f"{who.He} took out {{}}.", f"{start + gift}-{left}"),
        )
    else:
        other = t.number(2, 60)
        story.tell(begins)
        story.ask(
            t.pick(
                f"{who} puts in {other} more. How many {what} are there [now|in all]?",
                f"How many {what} will there be if {who.he} adds {other}[ more|]?",
            ),
            ("There are {}.", f"{start}+{other}"),
        )
    return story


@scenario
def shop_stock(t: Teller) -> Story:
    """A shop's stock over some days."""
    kind = t.pick("goods", "clothing", "school", "toy", "food")
    thing = t.thing(kind)
    shop = t.pick("a shop", "a store", "a market stall", "a supermarket", "a small shop", "a warehouse")
    the = "the " + shop.split(" ", 1)[1]
    days = t.pick(
        ("Monday", "Tuesday", "Wednesday"), ("Friday", "Saturday", "Sunday"), ("Tuesday", "Wednesday", "Thursday")
    )
    a, b, c = t.number(3, 60), t.number(3, 60), t.number(2, 80)
    left = t.number(2, 80)
    start = a + b + left
    story = Story()
    story.distract(
        f"Each {thing.one} costs ${t.number(2, 30)}.",
        f"{the.capitalize()} opens at {t.number(7, 10)} in the morning.",
        f"{the.capitalize()} has {t.number(2, 12)} workers.",
    )
    sold = t.pick(
        f"On {days[0]} it sold {a}[ {thing}|], and on {days[1]} it sold {b}.",
        f"It sold {a} on {days[0]} and {b} [more|] on {days[1]}.",
        f"{a} [of them|{thing}] were sold on {days[0]}, {b} on {days[1]}.",
    )
    has = t.pick(
        f"{shop} had {start} {thing}.",
        f"There were {start} {thing} in {shop}.",
        f"{shop} started with {start} {thing}.",
    )
    ask = t.pick("left", "restock", "start", "third", "times", "single", "delivered", "revenue")
    both = ("It sold {} in both days.", f"{a}+{b}")
    if ask == "left":
        story.tell(has, sold)
        story.ask(
            f"How many {thing} [are|were] left[ in {the}| after that|]?",
            both,
            (f"Left are {{}} {thing}.", f"{start}-{a + b}"),
        )
    elif ask == "restock":
        story.tell(has, sold, f"On {days[2]} [a truck brought|it got|it received] {c} [more|new {thing}].")
        story.ask(
            f"How many {thing} does {the} have [now|after {days[2]}]?",
            both,
            ("Left are {}.", f"{start}-{a + b}"),
            ("With the new ones there are {}.", f"{left}+{c}"),
        )
    elif ask == "start":
        story.tell(
            t.pick(
                f"{shop} sold {a} {thing} on {days[0]} and {b} on {days[1]}.",
                f"On {days[0]} {shop} sold {a} {thing}. On {days[1]} it sold {b}.",
            ),
            f"[Now|After that] [there are {left} left|it has {left} left|{left} are left].",
        )
        story.ask(
            f"How many {thing} did {the} have [at first|before {days[0]}|in the beginning]?",
            both,
            ("It had {}.", f"{a + b}+{left}"),
        )
    elif ask == "third":
        factor, word = t.pick((2, "twice"), (3, "three times"), (4, "four times"))
        story.tell(
            f"On {days[0]} {shop} sold {a} {thing}.",
            f"On {days[1]} it sold {word} as many[ as on {days[0]}|], and on {days[2]} [it sold|] {c}.",
        )
        story.ask(
            f"How many {thing} did {the} sell [in the three days|in all|altogether|from {days[0]} to {days[2]}]?",
            (f"On {days[1]} it sold {{}}.", f"{a}*{factor}"),
            ("In all that is {}.", f"{a}+{a * factor}+{c}"),
        )
    elif ask == "times":
        factor = t.number(2, 5)
        b = a * factor
        story.tell(f"{shop} sold {a} {thing} on {days[0]} and {b} on {days[1]}.")
        story.ask(
            f"How many times as many {thing} did it sell on {days[1]} as on {days[0]}?",
            ("It sold {} times as many.", f"{b}/{a}"),
        )
        story.ask(
            f"How many more {thing} did it sell on {days[1]} than on {days[0]}?", ("It sold {} more.", f"{b}-{a}")
        )
        story.ask(f"How many {thing} did {the} sell on these two days?", ("It sold {}.", f"{a}+{b}"))
    elif ask == "single":
        story.tell(has, t.pick(f"It sold {a}[ of them|].", f"Then {a} were sold."))
        story.ask(
            f"How many {thing} [are left|remain|does it still have|are still to be sold]?",
            ("Left are {}.", f"{start}-{a}"),
        )
    elif ask == "delivered":
        end = left + c
        story.tell(has, sold, f"Then a delivery came, and now there are {end}[ {thing}|].")
        story.ask(
            f"How many {thing} were delivered?",
            both,
            ("Before the delivery there were {}.", f"{start}-{a + b}"),
            ("{} were delivered.", f"{end}-{left}"),
        )
    else:
        price = t.number(2, 15)
        story.distractors.pop(0)
        story.tell(
            has,
            f"{the.capitalize()} sells each {thing.one} for ${price}.",
            f"[In the evening|After a week] {left} were left.",
        )
        story.ask(
            f"How much money did {the} [make|take in|earn]?",
            (f"It sold {{}} {thing}.", f"{start}-{left}"),
            ("That brings ${}.", f"{a + b}*{price}"),
        )
    return story


@scenario
def game_points(t: Teller) -> Story:
    """Points or coins in a game, won and lost over rounds or levels."""
    who, rival = t.person(), t.person()
    unit = t.pick("points", "coins", "gems", "stars")
    part = t.pick("round", "level", "game", "stage")
    first, second, third = t.number(3, 90), t.number(3, 90), t.number(2, 60)
    story = Story()
    game = t.pick("a video game", "a board game", "a card game", "a quiz", "a computer game")
    story.distract(
        f"{rival} has been playing for {t.number(2, 9)} years.",
        f"The game has {t.number(10, 40)} {part}s[ in all|].",
        f"{who} played for {t.number(15, 90, 5)} minutes.",
    )
    got = t.pick("scored", "got", "won", "earned", "collected")
    base = {"scored": "score", "got": "get", "won": "win", "earned": "earn", "collected": "collect"}[got]
    opening = t.pick(
        f"{who} [is playing|plays] {game}. In the first {part} {who.he} {got} {first} {unit}.",
        f"In {game}, {who} {got} {first} {unit} in the first {part}.",
        f"Playing {game}, {who} {got} {first} {unit} in the first {part}.",
    )
    ask = t.pick("lost", "needed", "second", "each", "rival", "more", "times", "levels")
    if ask == "lost":
        story.tell(
            opening, f"In the second {part} {who.he} {got} {second}[ more|], but in the third {who.he} lost {third}."
        )
        story.ask(
            f"How many {unit} does {who} have [now|in the end|after three {part}s|in total]?",
            (f"After two {part}s {who.he} has {{}}.", f"{first}+{second}"),
            ("In the end {} are left.", f"{first + second}-{third}"),
        )
    elif ask == "needed":
        goal = (first + second) + t.number(2, 90)
        story.tell(
            opening,
            f"In the second {part} {who.he} {got} {second}.",
            f"[To win|To go on|To get a prize], {who.he} needs {goal} {unit}[ in all|].",
        )
        story.ask(
            f"How many more {unit} does {who.he} need?",
            (f"{who.He} has {{}}.", f"{first}+{second}"),
            (f"{who.He} needs {{}} more.", f"{goal}-{first + second}"),
        )
    elif ask == "second":
        story.tell(opening, f"After the second {part} {who.he} had {first + second}[ {unit}| in all|].")
        story.ask(
            f"How many {unit} did {who.he} {base} in the second {part}?",
            (f"{who.He} {got} {{}}.", f"{first + second}-{first}"),
        )
    elif ask == "each":
        n = t.number(2, 12)
        story.tell(
            f"{who} played {n} {part}s of {game}.",
            f"{who.He} {got} {third} {unit} in [each|every one]"
            + (f", and {first} [bonus|extra] {unit} at the end." if (bonus := t.chance(0.6)) else "."),
        )
        steps = [(f"The {part}s give {{}}.", f"{n}*{third}")]
        if bonus:
            steps.append(("With the bonus that is {}.", f"{n * third}+{first}"))
        story.ask(f"How many {unit} did {who} {base} [in all|in total|altogether]?", *steps)
        if not bonus:
            story.facts[-1] = f"In all {who.he} {got} {n * third} {unit}, the same number in each."
            story.asks.clear()
            story.ask(
                f"How many {unit} did {who} {base} in each {part}?", (f"{{}} {unit} in each.", f"{n * third}/{n}")
            )
    elif ask == "rival":
        a, b = t.number(3, 90), t.number(3, 90)
        if first + second <= a + b:
            raise Unsuitable("the rival leads")
        story.tell(
            f"{who} and {rival} [play|are playing] {game}.",
            f"{who} {got} {first} {unit} in the first {part} and {second} in the second[ one|].",
            f"{rival} {got} {a} [and then {b}|in the first and {b} in the second].",
        )
        story.ask(
            t.pick(
                f"How many {unit} more than {rival} did {who} {base}?",
                f"By how many {unit} did {who} beat {rival}?",
                f"How many more {unit} does {who} have than {rival}?",
            ),
            (f"{who} has {{}}.", f"{first}+{second}"),
            (f"{rival} has {{}}.", f"{a}+{b}"),
            ("The difference is {}.", f"{first + second}-{a + b}"),
        )
        story.ask(
            f"How many {unit} did they {base} [together|in total]?",
            (f"{who} has {{}}.", f"{first}+{second}"),
            (f"{rival} has {{}}.", f"{a}+{b}"),
            ("Together that is {}.", f"{first + second}+{a + b}"),
        )
    elif ask == "more":
        story.tell(opening, f"In the second {part} {who.he} {got} {third} more than in the first.")
        story.ask(
            f"How many {unit} did {who.he} {base} in the second {part}?", ("{} in the second.", f"{first}+{third}")
        )
        story.ask(
            f"How many {unit} did {who.he} {base} [in all|in both {part}s|in total]?",
            ("In the second it was {}.", f"{first}+{third}"),
            ("Together that is {}.", f"{first}+{first + third}"),
        )
    elif ask == "times":
        n = t.pick(2, 3, 4, 5)
        word = {2: "twice", 3: "three times", 4: "four times", 5: "five times"}[n]
        story.tell(opening, f"In the second {part} {who.he} {got} {word} as many, then lost {third} in the third.")
        story.ask(
            f"How many {unit} does {who.he} have [at the end|now]?",
            (f"The second {part} gives {{}}.", f"{first}*{n}"),
            (f"After two {part}s that is {{}}.", f"{first}+{first * n}"),
            ("In the end {} are left.", f"{first * (n + 1)}-{third}"),
        )
    else:
        kills, worth = t.number(3, 15), t.number(2, 12)
        missed = t.number(1, kills - 1)
        enemy = t.pick("enemies", "monsters", "dragons", "robots", "ghosts")
        story.tell(
            t.pick(
                f"In {game} {who} gets {worth} {unit} for [each|every] one of the {enemy} {who.he} beats.",
                f"{who} plays {game} in which beating one of the {enemy} gives {worth} {unit}.",
            ),
            f"A {part} has {kills} {enemy}.",
        )
        if t.chance(0.6):
            story.tell(f"{who} [beats all but {missed} of them|misses {missed} of them].")
            story.ask(
                f"How many {unit} does {who.he} get?",
                (f"{who.He} beats {{}}.", f"{kills}-{missed}"),
                (f"That gives {{}} {unit}.", f"{kills - missed}*{worth}"),
            )
        else:
            story.ask(
                f"How many {unit} does {who} get if {who.he} beats them all?",
                (f"That gives {{}} {unit}.", f"{kills}*{worth}"),
            )
    return story


@scenario
def degrees(t: Teller) -> Story:
    """Temperature over a day."""
    place = t.pick("in the city", "outside", "in the oven", "in the greenhouse", "in the mountains", "in the lab")
    hot = place == "in the oven"
    start, up, down = t.number(8, 30), t.number(2, 15), t.number(2, 14)
    if hot:
        start, up, down = t.number(60, 200, 10), t.number(10, 90, 5), t.number(10, 80, 5)
    rose, fell = t.pick("rose", "went up", "increased"), t.pick("fell", "dropped", "went down")
    story = Story()
    story.distract(
        f"A week [ago|before] it was {start + t.number(1, 12)} degrees.",
        f"There are {t.number(2, 9)} thermometers {place}.",
        f"The thermometer cost ${t.number(8, 40)}.",
    )
    first = t.pick(
        f"[At noon|In the morning|At 7 o'clock] it was {start} degrees {place}.",
        f"The temperature {place} was {start} degrees [in the morning|at first].",
        f"A thermometer {place} showed {start} degrees.",
    )
    ask = t.pick("end", "one", "change", "start", "rate", "when", "average")
    if ask == "one":
        more = t.chance(0.5)
        by = up if more else min(down, start - 1)
        story.tell(first, f"[Then|Later|By evening] it {rose if more else fell} by {by} degrees.")
        story.ask(
            "[What is the temperature now|How many degrees is it now|How warm is it now]?",
            ("It is {} degrees.", f"{start}{'+' if more else '-'}{by}"),
        )
    elif ask == "end":
        story.tell(
            first, f"[Then|Later] it {rose} by {up} degrees, and [in the evening|after that] it {fell} by {down}."
        )
        story.ask(
            "[What is the temperature now|How many degrees is it in the end]?",
            ("After the rise it is {} degrees.", f"{start}+{up}"),
            ("In the end it is {} degrees.", f"{start + up}-{down}"),
        )
    elif ask == "change":
        story.tell(first, f"[Later|In the afternoon|Some hours later] it was {start + up} degrees.")
        story.ask(
            t.pick(
                f"By how many degrees [has it risen|did the temperature {'rise'}]?",
                "How many degrees warmer was it then?",
            ),
            ("It [rose|got warmer] by {} degrees.", f"{start + up}-{start}"),
        )
    elif ask == "start":
        story.tell(
            f"The temperature {place} {rose} by {up} degrees, [and then it|then] {fell} by {down}.",
            f"[Now|After that] it is {start + up - down} degrees.",
        )
        story.ask(
            "[What was the temperature|How many degrees was it] [at first|before|in the beginning]?",
            (f"Before it {fell} it was {{}}.", f"{start + up - down}+{down}"),
            ("At first it was {} degrees.", f"{start + up}-{up}"),
        )
    elif ask == "rate":
        hours, each = t.number(2, 9), t.number(1, 4)
        story.tell(first, f"[Every|Each] hour it {rose} by {each} degree{'s' if each > 1 else ''}.")
        story.ask(
            f"[How warm is it|What is the temperature] {hours} hours later?",
            ("It rises by {} degrees.", f"{hours}*{each}"),
            ("It is {} degrees then.", f"{start}+{hours * each}"),
        )
    elif ask == "when":
        hours, each = t.number(2, 9), t.number(2, 5)
        story.tell(first, f"It gets {each} degrees warmer [every|each] hour.")
        story.ask(
            f"After how many hours [will it be|is it] {start + hours * each} degrees?",
            ("It must rise by {} degrees.", f"{start + hours * each}-{start}"),
            ("That takes {} hours.", f"{hours * each}/{each}"),
        )
    else:
        a, b = start, start + t.number(-5, 8)
        c = start + t.number(-5, 8)
        if (a + b + c) % 3:
            raise Unsuitable("no whole average")
        story.tell(f"The temperature {place} was {a} degrees on Monday, {b} on Tuesday and {c} on Wednesday.")
        story.ask(
            "What was the average temperature [of the three days|on these days]?",
            ("The sum is {}.", f"{a}+{b}+{c}"),
            ("The average is {} degrees.", f"{a + b + c}/3"),
        )
    return story


@scenario
def tank(t: Teller) -> Story:
    """Something liquid flows in and out."""
    vessel, liquid = t.pick(
        ("tank", "water"),
        ("barrel", "rain water"),
        ("pool", "water"),
        ("bathtub", "water"),
        ("truck", "milk"),
        ("tank", "oil"),
    )
    unit = t.pick("liters", "gallons")
    start, rate, minutes, leak = t.number(5, 200), t.number(4, 25), t.number(2, 30), t.number(2, 8)
    filled = rate * minutes
    story = Story()
    story.distract(
        f"The {vessel} is {t.number(2, 20)} years old.",
        f"Another {vessel} holds {t.number(50, 400, 10)} {unit}.",
        f"The hose is {t.number(3, 30)} meters long.",
    )
    has = t.pick(
        f"A {vessel} [contains|holds] {start} {unit} of {liquid}.",
        f"There are {start} {unit} of {liquid} in a {vessel}.",
    )
    ask = t.pick("fill", "full", "leak", "used", "used back", "net", "use days")
    if ask == "fill":
        story.tell(has, f"[Every minute|Each minute] {rate} more {unit} flow in.")
        story.ask(
            f"How many {unit} are in the {vessel} after {minutes} minutes?",
            (f"{{}} {unit} flow in.", f"{rate}*{minutes}"),
            ("Then there are {}.", f"{start}+{filled}"),
        )
    elif ask == "full":
        story.tell(
            f"A {vessel} has room for {start + filled} {unit}. [So far|Now] there are {start} {unit} of {liquid} in it.",
            f"A [hose|pump|pipe] fills in {rate} {unit} [per|a|every] minute.",
        )
        story.ask(
            "[How many minutes does it take to fill it|How long does it take, in minutes, until it is full]?",
            (f"{{}} {unit} are missing.", f"{start + filled}-{start}"),
            ("That takes {} minutes.", f"{filled}/{rate}"),
        )
        story.ask(f"How many more {unit} fit in?", (f"{{}} {unit} fit in.", f"{start + filled}-{start}"))
    elif ask == "leak":
        if start <= leak * minutes:
            raise Unsuitable("empty")
        story.tell(
            has,
            f"It loses {leak} {unit} [every|each] {t.pick('hour', 'day')} through a [crack|hole|leak].".replace(
                "[every|each|an]", "every"
            ),
        )
        time = "day" if "day" in story.facts[-1] else "hour"
        story.ask(
            f"How many {unit} are left after {minutes} {time}s?",
            (f"It loses {{}} {unit}.", f"{leak}*{minutes}"),
            (f"{{}} {unit} are left.", f"{start}-{leak * minutes}"),
        )
    elif ask == "used":
        a, b = t.number(2, 60), t.number(2, 60)
        if a + b >= start:
            raise Unsuitable("empty")
        story.tell(
            has,
            f"{a} {unit} are used for [the garden|washing|the animals] and {b} [more|] for [the kitchen|cleaning|the trees].",
        )
        story.ask(
            f"How many {unit} are left?", (f"{{}} {unit} are used.", f"{a}+{b}"), ("Left are {}.", f"{start}-{a + b}")
        )
        story.ask(f"How many {unit} are used?", ("It is {}.", f"{a}+{b}"))
    elif ask == "used back":
        left = t.number(2, start)
        if left == start:
            raise Unsuitable("nothing used")
        story.tell(has, f"Some of it is [used|poured out|taken], and [now|then] {left} {unit} are left.")
        story.ask(f"How many {unit} were [used|taken]?", (f"{{}} {unit}.", f"{start}-{left}"))
    elif ask == "net":
        if leak + 1 >= rate:
            raise Unsuitable("it empties")
        story.tell(
            f"A pipe fills {rate} {unit} a minute into [an empty|a new, empty] {vessel}, but {leak} {unit} a minute [leak out|flow out].".replace(
                "[an empty|a new]", "an empty"
            )
        )
        net = (f"It gains {{}} {unit} a minute.", f"{rate}-{leak}")
        story.ask(
            f"How many {unit} are in it after {minutes} minutes?", net, ("That makes {}.", f"{rate - leak}*{minutes}")
        )
        story.ask(
            f"After how many minutes are there {(rate - leak) * minutes} {unit} in it?",
            net,
            ("That takes {} minutes.", f"{(rate - leak) * minutes}/{rate - leak}"),
        )
    else:
        people, each = t.number(2, 6), t.number(2, 9)
        days = t.number(2, 12)
        total = people * each * days
        story.tell(
            f"A family of {people} uses {each} {unit} of {liquid if liquid == 'milk' else 'water'} per person [every|each] day."
        )
        daily = (f"They use {{}} {unit} a day.", f"{people}*{each}")
        story.ask(
            f"How many {unit} do they use in {days} days?", daily, (f"That is {{}} {unit}.", f"{people * each}*{days}")
        )
        story.ask(
            f"For how many days do {total} {unit} last?", daily, ("They last {} days.", f"{total}/{people * each}")
        )
    return story


@scenario
def pages(t: Teller) -> Story:
    """A book read over some days."""
    who = t.person()
    unit = t.pick("pages", "pages", "chapters")
    high = 80 if unit == "pages" else 9
    a, b, days, daily = t.number(2, high), t.number(2, high), t.number(2, 14), t.number(2, max(3, high // 2))
    left = t.number(2, 3 * high)
    story = Story()
    story.distract(
        f"The book cost ${t.number(5, 30)}.",
        f"{who} has {t.number(3, 60)} books at home.",
        f"{who} [goes to bed|reads] at {t.number(7, 10)} o'clock.",
    )
    book = t.pick("a book", "a novel", "a story book", "a comic")
    the = "the " + book.split(" ", 1)[1]
    ask = t.pick("left", "left daily", "read", "total", "daily", "days", "more", "difference", "half", "growth")
    total = a + b + left
    if ask == "left":
        story.tell(
            t.pick(
                f"{who} is reading {book} [of|with] {total} {unit}.",
                f"{the.capitalize()} that {who} reads has {total} {unit}.",
            ),
            t.pick(
                f"On Monday {who.he} read {a} {unit}, and on Tuesday {b}.",
                f"{who.He} read {a} [{unit}|] yesterday and {b} [{unit}|] today.",
                f"{who.He} has read {a} {unit} on the first day and {b} more on the second.",
            ),
        )
        story.ask(
            f"How many {unit} [are left|does {who.he} still have to read|are left to read|remain]?",
            (f"{who.He} has read {{}}.", f"{a}+{b}"),
            (f"{{}} {unit} are left.", f"{total}-{a + b}"),
        )
    elif ask == "left daily":
        total = days * daily + left
        story.tell(
            f"{who} has {book} [with|of] {total} {unit}.", f"{who.He} reads {daily} {unit} [a day|every day|each day]."
        )
        story.ask(
            f"How many {unit} are left after {days} days?",
            (f"{who.He} reads {{}}.", f"{days}*{daily}"),
            ("Left are {}.", f"{total}-{days * daily}"),
        )
    elif ask == "read":
        if t.chance(0.5):
            story.tell(f"{who} read {book} with {total} {unit}.", f"{left} {unit} are left.")
        else:
            story.tell(f"{the.capitalize()} has {total} {unit}. {who} still has to read {left} of them.")
        story.ask(f"How many {unit} has {who} read?", (f"{who.He} has read {{}}.", f"{total}-{left}"))
    elif ask == "total":
        story.tell(
            f"{who} read {daily} {unit} [of {book}|] every day for {days} days.",
            f"[Now|After that] {left} {unit} are left.",
        )
        story.ask(
            f"How many {unit} [does the book have|has the book|are there in the book]?",
            (f"{who.He} has read {{}}.", f"{daily}*{days}"),
            (f"The book has {{}} {unit}.", f"{days * daily}+{left}"),
        )
    elif ask == "daily":
        story.tell(f"{who} wants to read {book} of {days * daily} {unit} in {days} days[, the same number each day|].")
        story.ask(
            f"How many {unit} must {who.he} read [each|every|a|per] day?",
            (f"{who.He} must read {{}} a day.", f"{days * daily}/{days}"),
        )
        story.facts[-1] = story.facts[-1].replace("[, the same number each day|]", ", the same number each day")
        if t.chance(0.5):
            story.tell(f"{who.He} has already read {a} more {unit} of another book.")
    elif ask == "days":
        total = days * daily + a
        story.tell(t.pick(f"{the.capitalize()} that {who} reads has {total} {unit}.", f"{book} has {total} {unit}."))
        story.tell(f"{who} has read {a} of them and reads {daily} [a day|every day] from now on.")
        story.ask(
            f"How many [more|] days does {who.he} need [for the rest|to finish]?",
            ("{} are left.", f"{total}-{a}"),
            ("That takes {} days.", f"{days * daily}/{daily}"),
        )
    elif ask == "more":
        k, word = t.pick((2, "twice"), (3, "three times"))
        story.tell(
            f"{who} read {a} {unit} on Monday.", f"On Tuesday {who.he} read {word} as many, and on Wednesday {b}."
        )
        tuesday = (f"On Tuesday {who.he} read {{}}.", f"{a}*{k}")
        story.ask(
            f"How many {unit} did {who.he} read [in all|in the three days]?",
            tuesday,
            ("In all that is {}.", f"{a}+{a * k}+{b}"),
        )
        if a * k > b:
            story.ask(
                f"How many more {unit} did {who.he} read on Tuesday than on Wednesday?",
                tuesday,
                ("The difference is {}.", f"{a * k}-{b}"),
            )
    elif ask == "difference":
        other = t.person()
        if a == b:
            raise Unsuitable("the same")
        up, down = (who, other) if a > b else (other, who)
        story.tell(f"{who} read {a} {unit}[ of {book}|]. {other} read {b}[ {unit}|].")
        story.ask(
            f"How many more {unit} did {up} read than {down}?", (f"{up} read {{}} more.", f"{max(a, b)}-{min(a, b)}")
        )
        story.ask(f"How many {unit} did they read [together|in all]?", ("Together they read {}.", f"{a}+{b}"))
    elif ask == "half":
        total = 2 * (a + t.number(2, 90))
        story.tell(
            f"{who} has {book} of {total} {unit}.",
            f"{who.He} read half of it [last week|already], and {a} {unit} [today|this week].",
        )
        story.ask(
            f"How many {unit} are left[ to read|]?",
            ("Half of the book is {}.", f"{total}/2"),
            ("[After that|Then] {} are left.", f"{total // 2}-{a}"),
        )
    else:
        more = t.number(1, 9)
        story.tell(f"{who} read {a} {unit} on the first day and {more} more each day than the day before.")
        story.ask(
            f"How many {unit} did {who.he} read on the third day?",
            ("On the second day {}.", f"{a}+{more}"),
            ("On the third {}.", f"{a + more}+{more}"),
        )
        story.ask(
            f"How many {unit} did {who.he} read in the first three days?",
            ("The second day: {}.", f"{a}+{more}"),
            ("The third day: {}.", f"{a + more}+{more}"),
            ("In all that is {}.", f"{a}+{a + more}+{a + 2 * more}"),
        )
    return story


@scenario
def harvest(t: Teller) -> Story:
    """Picking and collecting by people and days."""
    who, other = t.person(), t.person()
    noun, verb, base = t.pick(
        ("flowers", "picked", "pick"),
        ("apples", "picked", "pick"),
        ("strawberries", "picked", "pick"),
        ("shells", "collected", "collect"),
        ("mushrooms", "found", "find"),
        ("eggs", "gathered", "gather"),
        ("nuts", "gathered", "gather"),
        ("cans", "collected", "collect"),
        ("fish", "caught", "catch"),
        ("tomatoes", "harvested", "harvest"),
        ("cupcakes", "baked", "bake"),
        ("paper cranes", "folded", "fold"),
        ("bracelets", "made", "make"),
    )
    a, b, c = t.number(3, 80), t.number(3, 80), t.number(2, 40)
    story = Story()
    story.distract(
        f"{other} is {t.number(6, 60)} years old.",
        f"{who} was out for {t.number(2, 6)} hours.",
        f"Last year {who} {verb} {t.number(20, 200)} {noun}.",
    )
    ask = t.pick("sum", "given", "bunch", "twice", "days", "missing", "fraction", "growing", "double more")
    if ask == "sum":
        story.tell(
            t.pick(
                f"{who} {verb} {a} {noun} and {other} {verb} {b}.",
                f"{who} {verb} {a} {noun}. {other} {verb} {b}.",
            )
        )
        story.ask(
            f"How many {noun} did they {base} [together|in all|altogether]?", ("Together they have {}.", f"{a}+{b}")
        )
        story.ask(
            f"{t.person()} {verb} {c} {noun}, too. How many {noun} did the three {base}[ together|]?",
            ("In all {}.", f"{a}+{b}+{c}"),
        )
    elif ask == "given":
        if a + b <= c:
            raise Unsuitable("too many given")
        first, then = t.pick(
            ("in the morning", "in the afternoon"), ("on Saturday", "on Sunday"), ("yesterday", "today")
        )
        story.tell(
            f"{who} {verb} {a} {noun} {first} and {b} {then}.",
            f"[Then|Later] {who.he} gave {c} [of them|] to {other}.",
        )
        story.ask(
            f"How many {noun} does {who} have [now|left]?",
            (f"{who} {verb} {{}}.", f"{a}+{b}"),
            (f"{who.He} has {{}} left.", f"{a + b}-{c}"),
        )
    elif ask == "bunch":
        n = t.number(2, 12)
        total = n * a
        story.tell(
            f"{who} {verb} {total - b} {noun}, and {other} {verb} {b}."
            if b < total
            else f"{who} {verb} {total} {noun}."
        )
        in_all = ("Together they have {}.", f"{total - b}+{b}") if b < total else None
        if in_all is None:
            raise Unsuitable("one alone")
        story.tell(f"They [put|pack] {n} into each {t.pick('basket', 'bag', 'box')}.")
        box = story.facts[-1].rstrip(".").split()[-1]
        boxes = {"box": "boxes"}.get(box, box + "s")
        story.ask(f"How many {boxes} do they [need|fill]?", in_all, (f"They need {{}} {boxes}.", f"{total}/{n}"))
    elif ask == "twice":
        k, word = t.pick((2, "twice"), (3, "three times"), (4, "four times"))
        story.tell(
            t.pick(
                f"{who} {verb} {a} {noun}. {other} {verb} {word} as many.",
                f"{other} {verb} {word} as many {noun} as {who}, who {verb} {a}.",
            )
        )
        theirs = (f"{other} {verb} {{}}.", f"{a}*{k}")
        story.ask(f"How many {noun} did {other} {base}?", theirs)
        story.ask(f"How many {noun} did they {base} [together|in total]?", theirs, ("Together {}.", f"{a}+{a * k}"))
        if a * k - a > 0:
            story.ask(f"How many more did {other} {base} than {who}?", theirs, ("{} more.", f"{a * k}-{a}"))
    elif ask == "days":
        n = t.number(2, 14)
        story.tell(
            f"[Every|Each] day {who} {verb} {a} {noun}[, and {other} {b}|].".replace(
                f"[, and {other} {b}|]", f", and {other} {verb} {b}"
            )
        )
        daily = (f"A day they {base} {{}}.", f"{a}+{b}")
        story.ask(f"How many {noun} did they {base} in {n} days?", daily, (f"In {n} days {{}}.", f"{a + b}*{n}"))
        story.ask(
            f"How many more {noun} did {who} {base} in {n} days than {other}?",
            ("A day {} more.", f"{a}-{b}"),
            (f"In {n} days {{}}.", f"{a - b}*{n}"),
        ) if a > b else None
    elif ask == "missing":
        story.tell(
            t.pick(
                f"Together {who} and {other} {verb} {a + b} {noun}.", f"{who} and {other} {verb} {a + b} {noun} in all."
            ),
            f"{who} {verb} {a}[ of them|].",
        )
        rest = (f"{other} {verb} {{}}.", f"{a + b}-{a}")
        story.ask(f"How many {noun} did {other} {base}?", rest)
        if a > b:
            story.ask(
                f"How many more {noun} did {who} {base} than {other}?", rest, ("The difference is {}.", f"{a}-{b}")
            )
    elif ask == "fraction":
        k, word = t.pick((2, "half"), (3, "a third"), (4, "a quarter"))
        a = k * t.number(2, 25)
        gone = a // k
        story.tell(
            f"{who} {verb} {a} {noun}.",
            f"[But|Sadly,] {word} of them [were|are] [spoiled|broken|bad]."
            if noun not in ("fish",)
            else f"{who.He} let {word} of them go.",
        )
        story.ask(
            f"How many {noun} are good?" if noun != "fish" else f"How many fish did {who.he} keep?",
            ("{} are gone.", f"{a}/{k}"),
            ("{} are left.", f"{a}-{gone}"),
        )
    elif ask == "growing":
        more = t.number(2, 15)
        story.tell(
            f"On the first day {who} {verb} {a} {noun}.",
            f"[Every|Each] day {who.he} {verb} {more} more than on the day before.",
        )
        second = ("The second day {}.", f"{a}+{more}")
        third = ("The third day {}.", f"{a + more}+{more}")
        story.ask(f"How many {noun} did {who.he} {base} on the second day?", second)
        story.ask(f"How many {noun} did {who.he} {base} on the third day?", second, third)
        story.ask(
            f"How many {noun} did {who.he} {base} in the first three days?",
            second,
            third,
            ("Together {}.", f"{a}+{a + more}+{a + 2 * more}"),
        )
    else:
        need = a + b + c
        story.tell(f"{who} needs {need} {noun}[ for a party|].", f"{who.He} {verb} {a} on Monday and {b} on Tuesday.")
        story.ask(
            f"How many {noun} does {who.he} still need?",
            ("So far there are {}.", f"{a}+{b}"),
            (f"{who.He} needs {{}} more.", f"{need}-{a + b}"),
        )
        story.ask(f"How many {noun} did {who.he} {base} so far?", ("So far {}.", f"{a}+{b}"))
    return story


@scenario
def month_after_month(t: Teller) -> Story:
    """Downloads, messages, visitors, members: amounts that change from one period to the next."""
    who = t.person()
    noun, owner, verb = t.pick(
        ("downloads", f"{who}'s app", "had"),
        ("messages", str(who), "sent"),
        ("visitors", "the museum", "had"),
        ("books", "the library", "lent"),
        ("emails", str(who), "received"),
        ("photos", str(who), "took"),
        ("loaves of bread", "the bakery", "sold"),
        ("subscribers", f"{who}'s channel", "gained"),
        ("letters", "the office", "received"),
        ("bicycles", "the factory", "made"),
    )
    base = {
        "had": "have",
        "sent": "send",
        "lent": "lend",
        "received": "receive",
        "took": "take",
        "sold": "sell",
        "gained": "gain",
        "made": "make",
    }[verb]
    p1, p2, p3 = t.pick(
        ("in the first month", "in the second month", "in the third month"),
        ("in January", "in February", "in March"),
        ("on Monday", "on Tuesday", "on Wednesday"),
        ("last week", "this week", "next week"),
        ("in the first year", "in the second year", "in the third year"),
        ("on Friday", "on Saturday", "on Sunday"),
    )
    future = p3 == "next week"
    names = {"in January": "months", "last week": "weeks"}
    periods = p1.split()[-1] + "s" if p1.startswith("in the") else names.get(p1, "days")
    a = t.number(6, 200)
    how = t.pick("more", "fewer", "times", "half", "percent more", "percent less")
    if how == "more":
        d = t.number(2, 60)
        said, second, expression = f"{d} more {noun} than {p1}", a + d, f"{a}+{d}"
    elif how == "fewer":
        d = t.number(2, 60)
        said, second, expression = f"{d} fewer {noun} than {p1}", a - d, f"{a}-{d}"
    elif how == "times":
        k, word = t.pick((2, "twice"), (3, "three times"), (4, "four times"))
        said, second, expression = f"{word} as many {noun} as {p1}", a * k, f"{a}*{k}"
    elif how == "half":
        a *= 2
        said, second, expression = f"half as many {noun} as {p1}", a // 2, f"{a}/2"
    else:
        a = t.number(20, 400, 20)
        n = t.pick(10, 20, 25, 30, 40, 50)
        if a * n % 100:
            raise Unsuitable("not whole")
        sign = "+" if how == "percent more" else "-"
        second = a + (a * n // 100 if sign == "+" else -(a * n // 100))
        said = (
            f"{n} percent {'more' if sign == '+' else 'fewer'} {noun} than {p1}"
            if t.chance(0.5)
            else f"{n}% {'more' if sign == '+' else 'fewer'} than {p1}"
        )
        expression = f"{a}{sign}{n}/100*{a}"
    if second < 2 or second == a:
        raise Unsuitable("too few")
    cut = t.number(1, second)
    story = Story()
    story.distract(
        f"{who} is {t.number(14, 60)} years old.",
        f"Ten years ago {owner} {verb} {t.number(5, 300)} {noun}.",
        f"{who} works {t.number(4, 9)} hours a day.",
    )
    start = t.pick(f"{owner} {verb} {a} {noun} {p1}.", f"{p1}, {owner} {verb} {a} {noun}.")
    change = t.pick(
        f"{p2}, it {verb} {said}." if owner not in (str(who),) else f"{p2}, {who.he} {verb} {said}.",
        f"{p2}, {owner} {verb} {said}.",
        f"Then, {p2}, {owner} {verb} {said}.",
    )
    if p1 == "last week":
        change = f"This week {owner if owner != str(who) else who.he} {verb} {said}."
    step = (f"{p2} there were {{}}.", expression)
    ask = t.pick("second", "sum", "third", "difference")
    story.tell(start, change)
    it = who.he if owner == str(who) else owner
    if ask == "second":
        story.ask(f"How many {noun} did {it} {base} {p2}?", step)
    elif ask == "sum":
        story.ask(
            f"How many {noun} did {it} {base} [in all|in total|altogether][, {p1} and {p2} together|]?",
            step,
            ("In all that is {}.", f"{a}+{second}"),
        )
    elif ask == "third" and not future:
        story.tell(f"{p3} there were {cut} fewer than {p2}.") if cut < second else story.tell(
            f"{p3} there were {cut} more than {p2}."
        )
        less = cut < second
        now = second - cut if less else second + cut
        last = (f"{p3} there were {{}}.", f"{second}{'-' if less else '+'}{cut}")
        story.ask(f"How many {noun} did {it} {base} {p3}?", step, last)
        story.ask(
            f"How many {noun} did {it} {base} [in all|in total] in this time?",
            step,
            last,
            ("In all that is {}.", f"{a}+{second}+{now}"),
        )
    else:
        story.ask(
            f"What is the average number of {noun} in these two {periods}?",
            step,
            ("The sum is {}.", f"{a}+{second}"),
            ("The average is {}.", f"{a + second}/2"),
        )
        if (a + second) % 2:
            story.asks.clear()
        story.ask(
            f"How many {noun} did {it} {base} [in both|in the two] {periods} together?",
            step,
            ("Together that is {}.", f"{a}+{second}"),
        )
    return story


@scenario
def days_compared(t: Teller) -> Story:
    """Something done on several days: how much more on one day, on two of them, on all."""
    who = t.person()
    did, base, noun = t.pick(
        ("played with", "play with", "kids"),
        ("ran", "run", "laps"),
        ("swam", "swim", "lengths"),
        ("did", "do", "push-ups"),
        ("solved", "solve", "puzzles"),
        ("wrote", "write", "letters"),
        ("walked", "walk", "miles"),
        ("drew", "draw", "pictures"),
        ("drank", "drink", "glasses of water"),
        ("made", "make", "phone calls"),
        ("watered", "water", "plants"),
        ("helped", "help", "customers"),
        ("washed", "wash", "cars"),
        ("planted", "plant", "trees"),
        ("answered", "answer", "questions"),
    )
    week = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    first = t.number(0, 4)
    days = week[first : first + 3]
    counts = [t.number(2, 40) for _ in days]
    if len(set(counts)) < 3:
        raise Unsuitable("the same")
    a, b, c = counts
    story = Story()
    story.distract(
        f"{who} is {t.number(6, 50)} years old.",
        f"On {week[first + 3]} {who.he} {did} {t.number(2, 40)} {noun}."
        if first < 4
        else f"It was day {t.number(2, 30)}.",
        f"{t.person()} {did} {t.number(2, 40)} {noun}.",
    )
    story.tell(
        t.pick(
            f"{who} {did} {a} {noun} on {days[0]}, {b} on {days[1]} and {c} on {days[2]}.",
            f"{who} {did} {a} {noun} on {days[0]} and {b} [{noun}|] on {days[1]}. On {days[2]} {who.he} {did} {c}[ {noun}|].",
            f"On {days[0]} {who} {did} {a} {noun}. [The next day|On {days[1]}] it was {b}, and on {days[2]} {c}.",
            f"{who} {did} {noun} on three days: {a} on {days[0]}, {b} on {days[1]}, {c} on {days[2]}."
            if did != "played with"
            else f"On {days[0]} {who} {did} {a} {noun}, on {days[1]} with {b}, and on {days[2]} with {c}.",
        )
    )
    one, two = t.pick((0, 1), (1, 2), (0, 2))
    up, down = (one, two) if counts[one] > counts[two] else (two, one)
    ask = t.pick("more", "two", "all", "two and one", "average")
    if ask == "more":
        story.ask(
            t.pick(
                f"How many more {noun} did {who.he} {base} on {days[up]} than on {days[down]}?",
                f"How many fewer {noun} did {who} {base} on {days[down]} than on {days[up]}?",
            ),
            ("The difference is {}.", f"{counts[up]}-{counts[down]}"),
        )
    elif ask == "two":
        story.ask(
            f"How many {noun} did {who} {base} on {days[one]} and {days[two]} [together|in all|]?",
            ("Together that is {}.", f"{counts[one]}+{counts[two]}"),
        )
    elif ask == "all":
        story.ask(
            f"How many {noun} did {who.he} {base} [in all|in total|altogether|on these three days]?",
            ("In all {}.", f"{a}+{b}+{c}"),
        )
    elif ask == "two and one" and a + b > c:
        story.ask(
            f"How many more {noun} did {who.he} {base} on {days[0]} and {days[1]} together than on {days[2]}?",
            ("The first two days give {}.", f"{a}+{b}"),
            ("The difference is {}.", f"{a + b}-{c}"),
        )
    else:
        if (a + b + c) % 3:
            raise Unsuitable("no whole average")
        story.ask(
            f"How many {noun} did {who.he} {base} a day on average?",
            ("In all {}.", f"{a}+{b}+{c}"),
            ("The average is {}.", f"{a + b + c}/3"),
        )
    return story


@scenario
def towards_a_goal(t: Teller) -> Story:
    """Several contributions, told by one another, towards a goal."""
    a, b, c = (str(t.person()) for _ in range(3))
    group, noun, did, base = t.pick(
        ("A school", "cans", "collected", "collect"),
        ("A club", "tickets", "sold", "sell"),
        ("A team", "cookies", "baked", "bake"),
        ("A class", "books", "brought", "bring"),
        ("A family", "envelopes", "filled", "fill"),
        ("A choir", "calendars", "sold", "sell"),
        ("A scout group", "trees", "planted", "plant"),
        ("A village", "lanterns", "made", "make"),
    )
    if t.chance(0.4):
        a, b, c = t.pick(
            ("the first group", "the second group", "the third group"), ("the boys", "the girls", "the teachers")
        )
    first, d = t.number(5, 60), t.number(2, 25)
    k, word = t.pick((2, "twice"), (3, "three times"))
    second = first * k
    fewer = t.chance(0.5) and second > d
    third = second - d if fewer else second + d
    total = first + second + third
    goal = total + t.number(2, 100)
    story = Story()
    story.distract(
        f"Last year's goal was {t.number(50, 500, 10)} {noun}.",
        f"{group} with {t.number(5, 40)} members does this every year.",
    )
    wants = t.pick(f"{group} wants to {base} {goal} {noun}.", f"{group} has a goal of {goal} {noun}.")
    facts = [
        f"{a} {did} {first}[ {noun}|].",
        f"{b} {did} {word} as many as {a}.",
        f"{c} {did} {d} {'fewer' if fewer else 'more'} than {b}.",
    ]
    if t.chance(0.3):
        facts = [
            facts[0],
            f"{b} {did} {word} as many as {a}, and {c} {did} {d} {'fewer' if fewer else 'more'} than {b}.",
        ]
    two = (f"{b} {did} {{}}.", f"{first}*{k}")
    three = (f"{c} {did} {{}}.", f"{second}{'-' if fewer else '+'}{d}")
    in_all = ("Together they have {}.", f"{first}+{second}+{third}")
    ask = t.pick("needed", "needed", "sum", "third", "average", "more")
    if ask == "needed":
        story.tell(wants, *facts)
        story.ask(
            f"How many more {noun} are [still needed|still missing|needed to reach the goal]?",
            two,
            three,
            in_all,
            ("{} more are needed.", f"{goal}-{total}"),
        )
        return story
    facts[0] = f"{a} {did} {first} {noun}."
    story.distractors.pop()
    story.tell(*facts)
    if ask == "sum":
        story.ask(f"How many {noun} did they {base} [together|in all|altogether]?", two, three, in_all)
    elif ask == "third":
        story.ask(f"How many {noun} did {c} {base}?", two, three)
    elif ask == "average":
        if total % 3:
            raise Unsuitable("no whole average")
        story.ask(f"How many {noun} is that on average for the three?", two, three, in_all, ("It is {}.", f"{total}/3"))
    else:
        if third <= first:
            raise Unsuitable("not more")
        story.ask(f"How many more {noun} did {c} {base} than {a}?", two, three, ("{} more.", f"{third}-{first}"))
    return story
