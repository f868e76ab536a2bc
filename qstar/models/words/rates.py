"""Scenarios of rates: speed, work, machines, flow, time, and amounts per day or person."""

from __future__ import annotations

from qstar.models.words.money import given, mixed, someone, worth
from qstar.models.words.story import Story, Teller, Unsuitable, scenario

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


@scenario
def travel_speed(t: Teller) -> Story:
    """Speed, distance, time of one traveller, in one or two parts."""
    first, who = someone(t)
    story = Story()
    go, went, _, low, high = t.pick(
        ("drive", "drove", "car", 20, 75),
        ("ride", "rode", "bicycle", 6, 20),
        ("walk", "walked", "", 2, 5),
        ("run", "ran", "", 4, 10),
        ("drive", "drove", "truck", 20, 60),
        ("sail", "sailed", "boat", 5, 30),
    )
    unit = t.pick("miles", "miles", "kilometers")
    v, u = t.number(low, high), t.number(low, high)
    h, k = t.number(2, 9), t.number(2, 8)
    kind = t.pick("distance", "time", "speed", "two", "two", "left", "left time", "average", "other", "back")
    speed = f"{v} {unit} [per|an] hour"
    story.distract(
        f"The [trip|journey] [starts|began] at {t.number(6, 11)} in the morning.",
        f"{who} took {t.number(2, 5)} bottles of water along.",
        f"Last {t.pick('week', 'month', 'year')} {who} {went} {t.number(20, 200)} {unit}.",
    )
    dist = (f"[{who.He} goes|The distance is|That is] {{}} {unit}.", f"{v}*{h}")
    if kind == "distance":
        story.tell(t.pick(f"{first} {went} [at|with] a speed of {speed}.", f"{first} can {go} {speed}."))
        story.ask(
            t.pick(
                f"How many {unit} does {who.he} [cover|go] in {h} hours?",
                f"How far does {who.he} get in {h} hours?",
                f"If {who.he} keeps going for {h} hours, how many {unit} is that?",
            ),
            dist,
        )
    elif kind == "time":
        story.tell(
            t.pick(
                f"{first} [has to|wants to|must] {go} {v * h} {unit}.",
                f"It is {v * h} {unit} to the [next town|lake|coast|camp], and {first} wants to go there.",
            )
        )
        story.ask(
            given(
                t,
                story,
                t.pick(
                    f"{who.he} goes {speed}", f"{who.his} speed is {speed}", f"in one hour {who.he} covers {v} {unit}"
                ),
                f"How many hours does it take {who.him}?",
            ),
            ("It takes {} hours.", f"{v * h}/{v}"),
        )
    elif kind == "speed":
        story.tell(
            t.pick(
                f"{first} {went} {v * h} {unit} in {h} hours.",
                f"It took {first} {h} hours to {go} {v * h} {unit}.",
                f"In {h} hours, {first} {went} {v * h} {unit}.",
            )
        )
        if t.chance(0.5):
            story.ask(
                f"[What was {who.his} speed in {unit} per hour|How many {unit} [an|per] hour is that|How many {unit} did {who.he} {go} each hour]?",
                (f"[An hour brings|In one hour {who.he} goes|The speed is] {{}} {unit}.", f"{v * h}/{h}"),
            )
        else:
            story.ask(
                f"[At the same speed, |At this speed, ]how far would {who.he} get in {k} hours?",
                (f"In one hour {who.he} goes {{}} {unit}.", f"{v * h}/{h}"),
                (f"In {k} hours that is {{}} {unit}.", f"{k}*{v}"),
            )
    elif kind in ("two", "average"):
        story.tell(
            t.pick(
                f"{first} {went} for {h} hours at {v} {unit} per hour and [then|after that] for {k} hours at {u} {unit} per hour.",
                f"[For the first|In the first] {h} hours {first} {went} {v} {unit} an hour. Then {who.he} went on for {k} hours at {u} {unit} an hour.",
                f"On the first day {first} {went} {h} hours at {v} {unit} an hour, and on the second day {k} hours at {u} {unit} an hour.",
            )
        )
        a, b = (
            (f"[The first part is|First {who.he} goes] {{}} {unit}.", f"{h}*{v}"),
            (f"[The second part is|Then {who.he} goes] {{}} {unit}.", f"{k}*{u}"),
        )
        if kind == "average":
            if (h * v + k * u) % (h + k):
                raise Unsuitable("no whole average")
            story.ask(
                f"What was {who.his} average speed in {unit} per hour?",
                a,
                b,
                (f"Together {{}} {unit}.", f"{h * v}+{k * u}"),
                ("[It took|In all] {} hours.", f"{h}+{k}"),
                (f"The average is {{}} {unit} per hour.", f"{h * v + k * u}/{h + k}"),
            )
        else:
            story.ask(
                t.pick(
                    f"How many {unit} did {who.he} {go} [in all|in total|altogether]?",
                    f"How many {unit} long was the whole trip?",
                ),
                a,
                b,
                (f"[In total|Together that is] {{}} {unit}.", f"{h * v}+{k * u}"),
            )
    elif kind in ("left", "left time"):
        total = v * (h + k)
        story.tell(
            t.pick(
                f"{first} is on a trip of {total} {unit}.",
                f"The trip to the [city|beach|mountains] is {total} {unit} long.",
            ),
            t.pick(
                f"So far {first} [has gone|went] {h} hours at {speed}.",
                f"{first} has been on the way for {h} hours, going {speed}.",
            ),
        )
        steps = [(f"{who.He} has gone {{}} {unit}.", f"{h}*{v}"), (f"{{}} {unit} are left.", f"{total}-{h * v}")]
        if kind == "left":
            story.ask(f"How many {unit} [are left|are still to go|does {who.he} still have to go]?", *steps)
        else:
            story.ask(
                "[At the same speed, |]how many more hours [will it take|does it take]?",
                *steps,
                ("That takes {} hours.", f"{total - h * v}/{v}"),
            )
    elif kind == "other":
        if u == v:
            u += 1
        other = t.person()
        fast, slow = max(u, v), min(u, v)
        story.tell(
            f"{other} [goes|travels] {fast} {unit} [per|an] hour[, and|, while| and] {first} [goes|travels] {slow}{f' {unit} an hour' if t.chance(0.5) else ''}."
        )
        if t.chance(0.6):
            story.ask(
                t.pick(
                    f"After {h} hours, how many {unit} is {other} ahead if both start together?",
                    f"How much farther does {other} get in {h} hours?",
                ),
                (f"Each hour {other} gains {{}} {unit}.", f"{fast}-{slow}"),
                (f"In {h} hours that is {{}} {unit}.", f"{h}*{fast - slow}"),
            )
        else:
            story.ask(
                f"If they start at the same place and go in opposite directions, how far apart are they after {h} hours?",
                (f"Each hour the gap grows by {{}} {unit}.", f"{fast}+{slow}"),
                (f"After {h} hours it is {{}} {unit}.", f"{h}*{fast + slow}"),
            )
    else:
        d = v * h
        if d % k:
            raise Unsuitable("no whole speed")
        story.tell(
            f"{first} {went} [to the lake|to town|to a friend] at {speed}, which took {h} hours.",
            f"[The way back took|Going back took] {k} hours [on the same road|by the same way].",
        )
        story.ask(
            f"[What was {who.his} speed on the way back|How fast did {who.he} go on the way back], in {unit} per hour?",
            dist,
            (f"The speed back was {{}} {unit} per hour.", f"{d}/{k}"),
        )
    return story


@scenario
def trip_distances(t: Teller) -> Story:
    """Several trips, both ways, days; what is missing."""
    first, who = someone(t)
    story = Story()
    unit = t.pick("miles", "kilometers", "blocks", "miles")
    a, b, c = t.number(2, 40), t.number(2, 40), t.number(2, 40)
    d = t.number(2, 7)
    verb, past = t.pick(("walks", "walked"), ("runs", "ran"), ("rides", "rode"), ("drives", "drove"))
    base = {"walks": "walk", "runs": "run", "rides": "ride", "drives": "drive"}[verb]
    p, q, r = t.pick(
        ("school", "the library", "the park"),
        ("work", "the gym", "the store"),
        ("the market", "the bank", "the post office"),
        ("the lake", "the farm", "the station"),
    )
    kind = t.pick("three", "three", "round", "round", "missing", "goal", "more", "week", "first")
    story.distract(
        f"It takes {who.him} {t.number(10, 90)} minutes.",
        f"{who.His} friend lives {t.number(2, 30)} {unit} away.",
        f"{who.He} {past} past {t.number(2, 9)} shops.",
    )
    if kind == "three":
        two = t.chance(0.4)
        story.tell(
            t.pick(
                f"{first} {past} {a} {unit} to {p}{' and then' if two else ','} {b} {unit} to {q}{'' if two else f', and {c} {unit} to {r}'}.",
                f"{first} {past} {a} {unit} on Monday{' and' if two else ','} {b} {unit} on Tuesday{'' if two else f', and {c} {unit} on Friday'}.",
            )
        )
        story.ask(
            f"How many {unit} did {who} {base} [in all|in total|altogether]?",
            (f"[In total|Together that is] {{}} {unit}.", f"{a}+{b}" + ("" if two else f"+{c}")),
        )
    elif kind in ("round", "week"):
        story.tell(
            t.pick(
                f"{first} lives {a} {unit} from {p} and {verb} there and back {d} days a week.",
                f"It is {a} {unit} from {first}'s home to {p}. {who.He} {verb} there and back on {d} days a week.",
                f"{d} days a week {first} {verb} to {p}, which is {a} {unit} away, and back home again.",
            )
        )
        day = (f"[There and back|A round trip] is {{}} {unit}.", f"2*{a}")
        week = (f"A week has {{}} {unit}.", f"{d}*{2 * a}")
        if kind == "round":
            story.ask(f"How many {unit} [does {who.he} {base}|is that] [each|per|a|in one] week?", day, week)
        else:
            w = t.number(2, 10)
            story.ask(
                f"How many {unit} [does {who.he} {base}|is that] in {w} weeks?",
                day,
                week,
                (f"In {w} weeks that is {{}} {unit}.", f"{w}*{d * 2 * a}"),
            )
    elif kind == "missing":
        story.tell(
            t.pick(
                f"{first} {past} {a + b + c} {unit} in three days.",
                f"In 3 days, {first} {past} {a + b + c} {unit}[ in all|].",
            ),
            f"[The first day it was|On the first day {who.he} {past}] {a} {unit} and on the second[ day|] {b}.",
        )
        story.ask(
            f"How many {unit} did {who.he} {base} on the third day?",
            (f"In two days it was {{}} {unit}.", f"{a}+{b}"),
            (f"On the third day {who.he} {past} {{}} {unit}.", f"{a + b + c}-{a + b}"),
        )
    elif kind == "goal":
        story.tell(
            f"{first} [wants|plans|hopes] to {base} {a + b + c} {unit} this week.",
            t.pick(
                f"{who.He} {past} {a} {unit} on Monday and {b} on Tuesday.",
                f"So far {who.he} {past} {a} {unit} and {b} {unit}.",
            ),
        )
        story.ask(
            f"How many {unit} [are left|does {who.he} still have to {base}]?",
            (f"{who.He} has done {{}} {unit}.", f"{a}+{b}"),
            (f"{{}} {unit} are left.", f"{a + b + c}-{a + b}"),
        )
    elif kind == "more":
        k = t.number(1, 15)
        other = t.person()
        word = t.pick("more", "more", "fewer") if a > k else "more"
        theirs = f"{a}+{k}" if word == "more" else f"{a}-{k}"
        story.tell(
            f"{first} {past} {a} {unit}.", f"{other} {past} {k} {unit[:-1] if k == 1 else unit} {word} than {who}."
        )
        story.ask(
            f"How many {unit} did they {base} [together|in all]?",
            (f"{other} {past} {{}} {unit}.", theirs),
            (f"[Together that is|In all] {{}} {unit}.", f"{a}+{worth(theirs)}"),
        )
    else:
        story.tell(
            f"{first} {past} some {unit} in the morning and {b} {unit} in the afternoon.",
            f"[In all|Altogether] {who.he} {past} {a + b} {unit}.",
        )
        story.ask(
            f"How many {unit} did {who.he} {base} in the morning?",
            (f"In the morning {who.he} {past} {{}} {unit}.", f"{a + b}-{b}"),
        )
    return story


@scenario
def reading_pace(t: Teller) -> Story:
    """Pages per day: time to finish, pages left, needed pace, total."""
    first, who = someone(t)
    story = Story()
    n, d, k = t.number(5, 60), t.number(3, 15), t.number(2, 9)
    pages = n * d
    done = t.number(1, d - 2)
    book = t.pick("book", "novel", "storybook", "comic book", "history book", "textbook")
    kind = t.pick("days", "left", "left days", "pace", "rest pace", "total", "books", "two", "percent")
    has = t.pick(
        f"{first} is reading a {book} [with|of|that has] {pages} pages.",
        f"{first}'s {book} has {pages} pages.",
        f"There are {pages} pages in the {book} that {first} is reading.",
    )
    reads = t.pick(
        f"{who.he} reads {n} pages [a|per|each|every] day",
        f"every day {who.he} [finishes|reads] {n} pages",
        f"{who.he} reads {n} pages every evening",
    )
    story.distract(
        f"The {book} has {t.number(5, 20)} chapters.",
        f"The {book} cost ${t.number(5, 25)}.",
        f"{who.He} owns {t.number(5, 60)} other books.",
    )
    read = (f"[{who.He} has read|So far {who.he} read] {{}} pages.", f"{done}*{n}")
    left = ("{} pages are left.", f"{pages}-{done * n}")
    if kind == "days":
        story.tell(has)
        story.ask(
            given(t, story, reads, f"How many days does {who.he} need [for it|to finish it|to read it all]?"),
            ("It takes {} days.", f"{pages}/{n}"),
        )
    elif kind in ("left", "left days"):
        story.tell(has, reads + ".")
        if kind == "left":
            story.ask(f"How many pages are left after {done} day{'s' if done > 1 else ''}?", read, left)
        else:
            story.tell(f"{who.He} has [already|] read for {done} day{'s' if done > 1 else ''}.")
            story.ask(
                "How many more days does it take [to finish|]?",
                read,
                left,
                ("That takes {} days.", f"{pages - done * n}/{n}"),
            )
    elif kind == "pace":
        story.tell(
            t.pick(
                f"{first} read a {book} of {pages} pages in {d} days, the same number each day.",
                f"{first} [wants|has] to finish {pages} pages in {d} days, with equally many each day.",
            )
        )
        story.ask("How many pages [a|per] day is that?", ("That is {} pages a day.", f"{pages}/{d}"))
    elif kind == "rest pace":
        start = t.number(5, 90)
        story.tell(
            t.pick(
                f"{first} has a {book} of {pages + start} pages and has read {start} of them.",
                f"A {book} has {pages + start} pages, and {first} has finished {start}.",
            )
        )
        story.ask(
            given(
                t,
                story,
                f"{who.he} [must|wants to] [finish|read] the rest in {d} days",
                f"How many pages a day should {who.he} read?",
            ),
            ("{} pages are left.", f"{pages + start}-{start}"),
            ("That is {} pages a day.", f"{pages}/{d}"),
        )
    elif kind == "total":
        m = t.number(5, 60)
        story.tell(
            t.pick(
                f"{first} read {n} pages a day for {d} days and then {m} pages a day for {k} days.",
                f"For {d} days {first} read {n} pages each day. On the next {k} days {who.he} read {m} pages each day.",
            )
        )
        story.ask(
            f"How many pages did {who.he} read [in all|altogether|]?",
            (f"In the first {d} days {who.he} read {{}} pages.", f"{d}*{n}"),
            (f"Then {who.he} read {{}} pages.", f"{k}*{m}"),
            ("In all {} pages.", f"{d * n}+{k * m}"),
        )
    elif kind == "books":
        story.tell(
            f"{first} reads {d} pages in an hour." if t.chance(0.5) else f"In one hour {first} can read {d} pages."
        )
        each, h = t.number(20, 60), 0
        h = each
        story.ask(
            given(
                t, story, f"{who.he} reads {k} books of {each * d} pages each", f"How many hours does {who.he} need?"
            ),
            ("The books have {} pages.", f"{k}*{each * d}"),
            ("That takes {} hours.", f"{k * h * d}/{d}"),
        )
    elif kind == "two":
        other, m = t.person(), t.number(5, 60)
        if m == n:
            m += 1
        fast, slow = max(n, m), min(n, m)
        story.tell(
            f"{other} reads {fast} pages a day and {first} reads {slow}."
            if t.chance(0.5)
            else f"{first} reads {slow} pages [a|each] day, while {other} reads {fast} [pages a day|pages]."
        )
        if t.chance(0.5):
            story.ask(
                f"How many more pages does {other} read in {d} days?",
                (f"Each day {other} reads {{}} more pages.", f"{fast}-{slow}"),
                (f"In {d} days that is {{}} pages.", f"{d}*{fast - slow}"),
            )
        else:
            story.ask(
                f"How many pages do they read together in {d} days?",
                ("Each day they read {} pages.", f"{fast}+{slow}"),
                (f"In {d} days that is {{}} pages.", f"{d}*{fast + slow}"),
            )
    else:
        pc = t.pick(10, 20, 25, 40, 50, 60, 75)
        if pages * pc % 100:
            raise Unsuitable("no whole pages")
        part = pages * pc // 100
        story.tell(has, f"{who.He} has read {pc}% of [it|the pages].")
        if t.chance(0.4):
            story.ask(f"How many pages has {who.he} read?", (f"{who.He} has read {{}} pages.", f"{pages}*{pc}/100"))
        else:
            story.ask(
                "How many pages are [left|still to read]?",
                (f"{who.He} has read {{}} pages.", f"{pages}*{pc}/100"),
                ("{} pages are left.", f"{pages}-{part}"),
            )
    return story


@scenario
def machine_output(t: Teller) -> Story:
    """Machines or workers make things per hour."""
    story = Story()
    x = t.thing("goods", "toy", "school", "clothing")
    maker = t.pick("machine", "machine", "worker", "robot", "printer", "baker")
    if maker == "baker":
        x = t.thing("food")
    unit = t.pick("hour", "minute", "day")
    r, n, h = t.number(2, 60), t.number(2, 12), t.number(2, 12)
    place = {"baker": "bakery", "printer": "workshop"}.get(maker, "factory")
    kind = t.pick("one", "all", "all", "time", "needed", "broken", "two kinds", "rate", "order")
    makes = t.pick(
        f"A {maker} [makes|can make|produces] {r} {x} [per|each|every|in one] {unit}.",
        f"In one {unit}, a {maker} [makes|finishes] {r} {x}.",
    )
    has = t.pick(
        f"[A|The] {place} has {n} [such|of these] {maker}s.", f"{n} such {maker}s [work|run] at the same time."
    )
    hourly = (f"[Each|Every|In one] {unit} they make {{}} {x}.", f"{n}*{r}")
    story.distract(
        f"The {place} is {t.number(5, 60)} years old.",
        f"Another {place} makes {t.number(20, 300)} {x} a week.",
        f"Each of the {x} weighs {t.number(2, 20)} ounces.",
    )
    if kind == "one":
        story.tell(makes)
        if t.chance(0.5):
            story.ask(
                f"How many {x} does it make in {h} {unit}s?"
                if maker in ("machine", "robot", "printer")
                else f"How many {x} does the {maker} make in {h} {unit}s?",
                (f"In {h} {unit}s that is {{}} {x}.", f"{h}*{r}"),
            )
        else:
            story.ask(
                f"How many {unit}s does it take to make {h * r} {x}?", (f"It takes {{}} {unit}s.", f"{h * r}/{r}")
            )
    elif kind == "all":
        story.tell(makes)
        story.ask(
            given(
                t,
                story,
                f"a {place} has {n} such {maker}s",
                f"How many {x} [are made|can be made|do they make] in {h} {unit}s?",
            ),
            hourly,
            (f"In {h} {unit}s they make {{}} {x}.", f"{h}*{n * r}"),
        )
    elif kind in ("time", "order"):
        story.tell(makes, has)
        goal = n * r * h
        if kind == "time":
            story.ask(
                t.pick(
                    f"How many {unit}s do they need for {goal} {x}?",
                    f"If {goal} {x} are ordered, how many {unit}s does that take?",
                ),
                hourly,
                (f"That takes {{}} {unit}s.", f"{goal}/{n * r}"),
            )
        else:
            have = t.number(3, 200)
            story.tell(f"A shop orders {goal + have} {x}, and {have} of them are ready.")
            story.ask(
                f"How many {unit}s will the rest take?",
                hourly,
                ("{} are still to be made.", f"{goal + have}-{have}"),
                (f"That takes {{}} {unit}s.", f"{goal}/{n * r}"),
            )
    elif kind == "needed":
        story.tell(makes)
        story.ask(
            f"How many {maker}s are needed to make {n * r * h} {x} in {h} {unit}s?",
            (f"[One makes|Each makes] {{}} {x} in that time.", f"{h}*{r}"),
            (f"{{}} {maker}s are needed.", f"{n * r * h}/{h * r}"),
        )
    elif kind == "broken":
        out = t.number(1, n - 1)
        story.tell(
            makes,
            f"A {place} has {n} [such {maker}s], but {out} {'is' if out == 1 else 'are'} {'absent today' if maker in ('worker', 'baker') else '[out of order|not working today]'}.",
        )
        story.ask(
            f"How many {x} are made in {h} {unit}s?",
            ("{} of them work.", f"{n}-{out}"),
            (f"Each {unit} they make {{}} {x}.", f"{n - out}*{r}"),
            (f"In {h} {unit}s they make {{}} {x}.", f"{h}*{(n - out) * r}"),
        )
    elif kind == "two kinds":
        q = t.number(2, 60)
        if q == r:
            q += 1
        big, small = max(q, r), min(q, r)
        story.tell(f"An old {maker} makes {small} {x} per {unit} and a new one makes {big}.")
        if t.chance(0.5):
            story.ask(
                f"How many {x} do [both|the two] make together in {h} {unit}s?",
                (f"Each {unit} they make {{}} {x}.", f"{small}+{big}"),
                (f"In {h} {unit}s that is {{}} {x}.", f"{h}*{small + big}"),
            )
        else:
            story.ask(
                f"How many more {x} does the new one make in {h} {unit}s?",
                (f"Each {unit} it makes {{}} more.", f"{big}-{small}"),
                (f"In {h} {unit}s that is {{}} {x}.", f"{h}*{big - small}"),
            )
    else:
        story.tell(
            t.pick(
                f"{n} {maker}s make {n * r * h} {x} in {h} {unit}s.",
                f"In {h} {unit}s, {n} {maker}s make {n * r * h} {x}.",
            )
        )
        story.ask(
            f"How many {x} does [one|each] {maker} make [per|in one] {unit}?",
            (f"[Each|One] makes {{}} {x} in {h} {unit}s.", f"{n * r * h}/{n}"),
            (f"[Per|In one] {unit} that is {{}} {x}.", f"{r * h}/{h}"),
        )
    return story


@scenario
def filling_tank(t: Teller) -> Story:
    """Filling and emptying."""
    story = Story()
    what = t.pick("tank", "pool", "barrel", "bathtub", "water tower", "pond", "vat", "rain barrel")
    unit = t.pick("gallons", "liters")
    time = t.pick("minute", "hour")
    r, n = t.number(3, 60), t.number(2, 30)
    out = t.number(1, r - 1)
    have = t.number(5, 300)
    kind = t.pick("fill", "part", "leak", "leak time", "drain", "two", "rate", "amount")
    story.distract(
        f"The {what} is {t.number(2, 20)} feet [long|wide|deep].",
        f"The hose is {t.number(5, 60)} feet long.",
        f"Another {what} holds {t.number(50, 900)} {unit}.",
    )
    fills = t.pick(
        f"A [hose|pipe|pump] puts {r} {unit} of water into a {what} [per|each|every] {time}.",
        f"Water flows into a {what} at {r} {unit} [per|each] {time}.",
    )
    if kind == "fill":
        story.tell(
            *mixed(t, f"A {what} holds {r * n} {unit}.", f"A [hose|pipe] delivers {r} {unit} [per|every] {time}.")
        )
        story.ask(
            f"How many {time}s does it take to fill the empty {what}?", (f"It takes {{}} {time}s.", f"{r * n}/{r}")
        )
    elif kind == "part":
        story.tell(
            f"A {what} [holds|can hold] {r * n + have} {unit} and [has|contains] {have} {unit} [now|of water|in it].",
            f"A [pump|hose] adds {r} {unit} [per|every|each] {time}.",
        )
        story.ask(
            f"How many {time}s [does it take to fill it up|are needed to fill it]?",
            (f"{{}} {unit} are missing.", f"{r * n + have}-{have}"),
            (f"That takes {{}} {time}s.", f"{r * n}/{r}"),
        )
    elif kind in ("leak", "leak time"):
        story.tell(
            fills,
            f"At the same time, {out} {unit[:-1] if out == 1 else unit} [leak out|are lost|flow out] [per|every] {time}."
            if out > 1
            else f"At the same time, 1 {unit[:-1]} leaks out every {time}.",
        )
        gain = (f"[Each|Every] {time} it gains {{}} {unit}.", f"{r}-{out}")
        if kind == "leak":
            story.ask(
                f"How many {unit} are in [it|the {what}] after {n} {time}s[ if it was empty at first|, starting from empty]?",
                gain,
                (f"After {n} {time}s that is {{}} {unit}.", f"{n}*{r - out}"),
            )
        else:
            story.ask(
                f"If it holds {n * (r - out)} {unit}, how many {time}s does it take to fill it?",
                gain,
                (f"It takes {{}} {time}s.", f"{n * (r - out)}/{r - out}"),
            )
    elif kind == "drain":
        total = r * n + have
        story.tell(
            f"A {what} [contains|has|holds] {total} {unit} of water.",
            f"[Every|Each] {time} {r} {unit} [flow out|are taken out|are used].",
        )
        if t.chance(0.5):
            story.ask(
                f"How many {unit} are left after {n} {time}s?",
                (f"{{}} {unit} are gone.", f"{n}*{r}"),
                (f"{{}} {unit} are left.", f"{total}-{n * r}"),
            )
        else:
            story.ask(
                f"After how many {time}s are {have} {unit} left?",
                (f"{{}} {unit} must flow out.", f"{total}-{have}"),
                (f"That takes {{}} {time}s.", f"{n * r}/{r}"),
            )
    elif kind == "two":
        q = t.number(2, 50)
        story.tell(
            f"[Two pipes fill a {what}|A {what} is filled by two pipes].",
            f"One [brings|delivers] {r} {unit} [per|each] {time} and the other {q}.",
        )
        if t.chance(0.5):
            story.ask(
                f"How many {time}s do they need together for {n * (r + q)} {unit}?",
                (f"Together they bring {{}} {unit} each {time}.", f"{r}+{q}"),
                (f"That takes {{}} {time}s.", f"{n * (r + q)}/{r + q}"),
            )
        else:
            story.ask(
                f"How many {unit} flow in during {n} {time}s?",
                (f"Together they bring {{}} {unit} each {time}.", f"{r}+{q}"),
                (f"In {n} {time}s that is {{}} {unit}.", f"{n}*{r + q}"),
            )
    elif kind == "rate":
        story.tell(
            t.pick(
                f"It takes {n} {time}s to fill a {what} of {r * n} {unit}.",
                f"A {what} of {r * n} {unit} is filled in {n} {time}s.",
            )
        )
        story.ask(f"How many {unit} flow in [per|each] {time}?", (f"Each {time} {{}} {unit} flow in.", f"{r * n}/{n}"))
    else:
        story.tell(fills, f"[At the start|At first] there were {have} {unit} in it.")
        story.ask(
            f"How many {unit} are in it after {n} {time}s?",
            (f"{{}} {unit} flow in.", f"{n}*{r}"),
            (f"Then it holds {{}} {unit}.", f"{have}+{n * r}"),
        )
    return story


@scenario
def daily_habits(t: Teller) -> Story:
    """Habits counted per day or week: steps, calories, push-ups, cups, words, emails."""
    first, who = someone(t)
    story = Story()
    do, does, x, low, high = t.pick(
        ("do", "does", "push-ups", 5, 60),
        ("walk", "walks", "steps", 500, 9000),
        ("drink", "drinks", "cups of water", 2, 12),
        ("type", "types", "words", 30, 900),
        ("burn", "burns", "calories", 50, 600),
        ("practice", "practices", "minutes", 10, 90),
        ("write", "writes", "letters", 2, 20),
        ("solve", "solves", "math problems", 3, 40),
        ("swim", "swims", "laps", 4, 50),
        ("bake", "bakes", "loaves of bread", 3, 60),
        ("collect", "collects", "eggs", 4, 60),
        ("milk", "milks", "cows", 4, 40),
        ("deliver", "delivers", "newspapers", 10, 120),
        ("answer", "answers", "emails", 5, 60),
        ("sew", "sews", "buttons", 6, 90),
        ("plant", "plants", "trees", 3, 40),
        ("draw", "draws", "pictures", 2, 15),
    )
    past = {"do": "did", "drink": "drank", "write": "wrote", "swim": "swam", "draw": "drew", "sew": "sewed"}.get(
        do, do + ("d" if do.endswith("e") else "ed")
    )
    step = 100 if low >= 500 else 1
    a, b = t.number(low, high, step), t.number(low, high, step)
    d, w = t.number(2, 6), t.number(2, 9)
    kind = t.pick("week", "weeks", "mixed", "mixed", "rate", "goal", "more", "grow", "morning", "days")
    story.distract(
        f"{who} started with this {t.number(2, 11)} months ago.",
        f"{who.His} {t.pick('sister', 'friend')} {does} {t.number(low, high, step)} {x}[ a day|].",
        f"{who.He} gets up at {t.number(5, 9)} every day.",
    )
    daily = t.pick(f"{first} {does} {a} {x} [a|each|every|per] day", f"[Each|Every] day {first} {does} {a} {x}")
    if kind == "week":
        story.tell(daily + ".")
        story.ask(
            f"How many {x} does {who} {do} [in a week|per week|in one week]?",
            (f"In a week that is {{}} {x}.", f"7*{a}"),
        )
    elif kind == "weeks":
        story.tell(
            t.pick(
                f"{first} {does} {a} {x} a day on {d} days [a|of the|each] week.",
                f"On {d} days a week, {first} {does} {a} {x}.",
            )
        )
        story.ask(
            f"How many {x} does {who} {do} in {w} weeks?",
            (f"A week has {{}} {x}.", f"{d}*{a}"),
            (f"In {w} weeks that is {{}} {x}.", f"{w}*{d * a}"),
        )
    elif kind == "mixed":
        story.tell(
            t.pick(
                f"{first} {does} {a} {x} on each weekday and {b} on [each day of the weekend].",
                f"From Monday to Friday {first} {does} {a} {x} a day, [and|but] on Saturday and Sunday {b} a day.",
            )
        )
        story.ask(
            f"How many {x} does {who} {do} in a whole week?",
            (f"Weekdays: {{}} {x}.", f"5*{a}"),
            (f"Weekend: {{}} {x}.", f"2*{b}"),
            ("[In all|Together] {}.", f"{5 * a}+{2 * b}"),
        )
    elif kind == "rate":
        n = t.number(2, 30)
        story.tell(
            t.pick(
                f"{first} {past} {a * n} {x} in {n} days, the same number each day.",
                f"In {n} days {first} {past} {a * n} {x}, equally many each day.",
            )
        )
        if t.chance(0.5):
            story.ask(
                f"How many {x} did {who.he} {do} [per|each] day?",
                (f"Each day {who.he} {past} {{}} {x}.", f"{a * n}/{n}"),
            )
        else:
            story.ask(
                f"How many {x} would that be in {w} days?",
                (f"Each day {who.he} {past} {{}} {x}.", f"{a * n}/{n}"),
                (f"In {w} days that is {{}} {x}.", f"{w}*{a}"),
            )
    elif kind in ("goal", "days"):
        n = t.number(2, 15)
        done = t.number(low, high, step)
        story.tell(
            f"{first} [wants|plans|hopes] to {do} {a * n + done} {x}[ this month|].",
            f"{who.He} has [already|] {'done' if do == 'do' else 'finished'} {done}[ of them|].",
        )
        rest = (f"{{}} {x} are left.", f"{a * n + done}-{done}")
        if kind == "goal":
            story.ask(
                given(
                    t,
                    story,
                    f"{who.he} {does} {a} each day" + (" from now on" if t.chance(0.5) else ""),
                    "How many more days does it take?",
                ),
                rest,
                ("That takes {} days.", f"{a * n}/{a}"),
            )
        else:
            story.ask(
                f"How many {x} per day must {who.he} {do} to reach this in {n} days?",
                rest,
                (f"That is {{}} {x} a day.", f"{a * n}/{n}"),
            )
    elif kind == "more":
        other, n = t.person(), t.number(2, 14)
        if a == b:
            b += step
        big, small = max(a, b), min(a, b)
        story.tell(f"{first} {does} {small} {x} a day[, and|, while| and] {other} {does} {big}.")
        story.ask(
            f"How many more {x} does {other} {do} in {n} days?",
            ("Each day it is {} more.", f"{big}-{small}"),
            (f"In {n} days that is {{}} {x}.", f"{n}*{big - small}"),
        )
    elif kind == "grow":
        up = t.number(1, max(2, low // 2), 1 if step == 1 else 50)
        story.tell(
            f"On Monday {first} {past} {a} {x}.",
            f"[Every day after that|Each following day] {who.he} {past} {up} more than [on the day before|the day before].",
        )
        i = t.number(1, 4)
        now = a
        worked = []
        for day in DAYS[1 : i + 1]:
            worked.append((f"On {day} it was {{}}.", f"{now}+{up}"))
            now += up
        story.ask(f"How many {x} did {who.he} {do} on {DAYS[i]}?", *worked)
    else:
        story.tell(
            t.pick(
                f"{first} {does} {a} {x} in the morning and {b} in the evening [each|every] day.",
                f"Every morning {first} {does} {a} {x}, and every evening {who.he} {does} {b} {x}.",
            )
        )
        n = t.number(2, 10)
        story.ask(
            f"How many {x} does {who} {do} in {n} days?",
            (f"A day has {{}} {x}.", f"{a}+{b}"),
            (f"In {n} days that is {{}} {x}.", f"{n}*{a + b}"),
        )
    return story


@scenario
def minutes_spent(t: Teller) -> Story:
    """Minutes and hours of several activities."""
    first, who = someone(t)
    story = Story()
    one, two, three = t.pick(
        ("homework", "chores", "piano practice"),
        ("breakfast", "the bus ride", "a shower"),
        ("cooking", "cleaning", "shopping"),
        ("math", "reading", "drawing"),
        ("a movie", "a game", "dinner"),
        ("running", "swimming", "stretching"),
    )
    a, b, c = t.number(5, 90, 5), t.number(5, 90, 5), t.number(5, 60)
    n = t.number(2, 12)
    kind = t.pick("total", "left", "hours", "each", "missing", "week", "count", "more")
    spends = t.pick(
        f"{first} [spends|spent] {a} minutes on {one} and {b} minutes on {two}.",
        f"{one} took {first} {a} minutes and {two} took {b} minutes.",
        f"{first} needed {a} minutes for {one} and {b} for {two}.",
    )
    story.distract(
        f"{first} was {t.number(2, 15)} minutes late."
        if first == str(who)
        else f"{who.He} was {t.number(2, 15)} minutes late.",
        f"{who.He} slept for {t.number(6, 10)} hours.",
    )
    both = ("[Together that is|Both take] {} minutes.", f"{a}+{b}")
    if kind == "total":
        story.tell(spends, f"[Then|After that] {three} took {c} minutes.")
        story.ask("How many minutes did all of this take [in total|]?", ("In all {} minutes.", f"{a}+{b}+{c}"))
    elif kind == "left":
        h = t.number(2, 5)
        story.tell(
            f"{first} had {h} hours of free time.",
            spends.replace(first, who.he) if not spends.startswith(first) else spends.replace(first, who.He, 1),
        )
        story.ask(
            "How many minutes [are|were] left?",
            (f"{h} hours are {{}} minutes.", f"{h}*60"),
            both,
            ("{} minutes are left.", f"{h * 60}-{a + b}"),
        )
    elif kind == "hours":
        m = t.number(10, 90, 5)
        if m * n % 30:
            raise Unsuitable("no handy number of hours")
        story.tell(
            t.pick(
                f"{first} practices {m} minutes [a|each|every] day.",
                f"[Each|Every] day {first} spends {m} minutes on {one}.",
                f"One lesson of {first} lasts {m} minutes, and {who.he} has one each day.",
            )
        )
        story.ask(
            f"How many hours is that in {n} days?",
            (f"In {n} days that is {{}} minutes.", f"{n}*{m}"),
            ("That is {} hours.", f"{n * m}/60"),
        )
    elif kind == "each":
        x = t.thing("toy", "goods", "clothing")
        story.tell(
            t.pick(
                f"It takes {first} {c} minutes to [make|paint|repair|pack] one {x.one}.",
                f"{first} needs {c} minutes for each {x.one}.",
            )
        )
        story.ask(
            t.pick(f"How many minutes do {n} {x} take?", f"How many minutes does {who.he} need for {n} {x}?"),
            (f"{n} {x} take {{}} minutes.", f"{n}*{c}"),
        )
    elif kind == "missing":
        story.tell(
            f"{one}, {two} and {three} took {first} {a + b + c} minutes.", f"{one} took {a} minutes and {two} {b}."
        )
        story.ask(
            f"How many minutes did {three} take?",
            ("The two took {} minutes.", f"{a}+{b}"),
            (f"{three} took {{}} minutes.", f"{a + b + c}-{a + b}"),
        )
    elif kind == "week":
        d = t.number(2, 6)
        story.tell(
            t.pick(
                f"On {d} days a week {first} spends {a} minutes on {one} and {b} minutes on {two}.",
                f"{first} spends {a} minutes a day on {one} and {b} minutes a day on {two}, {d} days a week.",
            )
        )
        story.ask(
            "How many minutes [is that|are spent] [per|in a] week?",
            ("A day has {} minutes.", f"{a}+{b}"),
            ("In a week {} minutes.", f"{d}*{a + b}"),
        )
    elif kind == "count":
        h = t.number(2, 8)
        if h * 60 % c:
            raise Unsuitable("does not come out even")
        x = t.thing("toy", "goods", "clothing")
        story.tell(f"{first} needs {c} minutes [for|to make|to clean] one {x.one}.")
        story.ask(
            f"How many {x} can {who.he} finish in {h} hours?",
            (f"{h} hours are {{}} minutes.", f"{h}*60"),
            (f"That is {{}} {x}.", f"{h * 60}/{c}"),
        )
    else:
        k = t.number(2, 4)
        story.tell(
            t.pick(
                f"{first} spent {a} minutes on {one} and {k} times as long on {two}.",
                f"{one} took {first} {a} minutes, and {two} took {k} times as long.",
            )
        )
        if t.chance(0.5):
            story.ask(
                "How many minutes [was|is] that [in all|altogether]?",
                (f"{two} took {{}} minutes.", f"{k}*{a}"),
                ("In all {} minutes.", f"{a}+{k * a}"),
            )
        else:
            story.ask(
                f"How many minutes longer did {two} take than {one}?",
                (f"{two} took {{}} minutes.", f"{k}*{a}"),
                ("That is {} minutes longer.", f"{k * a}-{a}"),
            )
    return story


@scenario
def recipe_amounts(t: Teller) -> Story:
    """Amounts per person or batch."""
    first, who = someone(t)
    story = Story()
    dish, x, unit = t.pick(
        ("soup", "potatoes", ""),
        ("pancakes", "eggs", ""),
        ("bread", "flour", "cups of "),
        ("cookies", "sugar", "cups of "),
        ("lemonade", "lemons", ""),
        ("rice pudding", "milk", "cups of "),
        ("salad", "tomatoes", ""),
        ("pasta", "cheese", "ounces of "),
        ("punch", "juice", "cups of "),
        ("stew", "carrots", ""),
    )
    amount = unit + x
    p, r = t.number(2, 8), t.number(2, 9)
    k = t.number(2, 9)
    kind = t.pick("scale", "scale", "people", "left", "missing", "each", "two")
    needs = t.pick(
        f"A recipe of {dish} for {p} people [uses|needs|calls for] {p * r} {amount}.",
        f"{first} uses {p * r} {amount} to make {dish} for {p} people.",
        f"For {p} servings of {dish}, {first} needs {p * r} {amount}.",
    )
    story.distract(f"It cooks for {t.number(10, 60)} minutes.", f"{first} has {t.number(2, 9)} bowls.")
    one = (f"[One person needs|Each serving takes] {{}} {amount}.", f"{p * r}/{p}")
    if kind == "scale":
        story.tell(needs)
        story.ask(
            f"How many {amount} are needed for {k * 2} people?",
            one,
            (f"For {k * 2} people that is {{}} {amount}.", f"{k * 2}*{r}"),
        )
    elif kind == "people":
        story.tell(needs)
        story.ask(
            f"For how many people are {k * r} {amount} enough?", one, ("That is enough for {} people.", f"{k * r}/{r}")
        )
    elif kind in ("left", "missing"):
        story.tell(f"One batch of {dish} takes {r} {amount}.")
        if kind == "left":
            have = r * k + t.number(1, 30)
            story.tell(f"{first} has {have} {amount} and makes {k} batches.")
            story.ask(
                f"How many {amount} are left?",
                (f"The batches take {{}} {amount}.", f"{k}*{r}"),
                (f"{{}} {amount} are left.", f"{have}-{k * r}"),
            )
        else:
            have = t.number(1, r * k - 1)
            story.tell(
                f"{first} wants to make {k} batches but has only {have} {amount}."
                if have > 1 or not unit
                else f"{first} wants to make {k} batches."
            )
            if have == 1:
                raise Unsuitable("singular")
            story.ask(
                f"How many more {amount} does {who.he} need?",
                (f"The batches take {{}} {amount}.", f"{k}*{r}"),
                ("{} more are needed.", f"{k * r}-{have}"),
            )
    elif kind == "each":
        story.tell(f"{first} plans {r} {amount} for each [guest|person|child].")
        n = t.number(3, 30)
        story.ask(
            given(t, story, f"{n} guests are coming", f"How many {amount} does {who.he} need?"),
            (f"{who.He} needs {{}} {amount}.", f"{n}*{r}"),
        )
    else:
        q, m = t.number(2, 9), t.number(2, 9)
        story.tell(f"A batch of {dish} takes {r} {amount}, and a cake takes {q}.")
        story.ask(
            f"How many {amount} does {first if t.chance(0.5) else 'a baker'} need for {k} batches and {m} cakes?",
            ("The batches take {}.", f"{k}*{r}"),
            ("The cakes take {}.", f"{m}*{q}"),
            (f"In all {{}} {amount}.", f"{k * r}+{m * q}"),
        )
    return story


@scenario
def fuel_use(t: Teller) -> Story:
    """Miles per gallon and the cost of a trip."""
    first, _ = someone(t)
    story = Story()
    car = t.pick("car", "truck", "van", "motorcycle", "bus")
    m, g, p = t.number(8, 45), t.number(2, 20), t.number(2, 6)
    kind = t.pick("distance", "gallons", "cost", "cost", "rate", "left", "scale")
    goes = t.pick(
        f"{first}'s {car} [goes|travels|runs|gets] {m} miles [per|on one|on a] gallon[ of gas|].",
        f"A {car} needs one gallon of gas for every {m} miles.",
    )
    used = ("[The trip takes|That takes] {} gallons.", f"{m * g}/{m}")
    story.distract(
        f"The {car} is {t.number(2, 15)} years old.",
        f"The trip takes {t.number(2, 9)} hours.",
        f"There are {t.number(2, 5)} people in the {car}.",
    )
    if kind == "distance":
        story.tell(goes)
        story.ask(f"How [many miles|far] can it go [on|with] {g} gallons?", ("It can go {} miles.", f"{g}*{m}"))
    elif kind == "gallons":
        story.tell(goes)
        story.ask(f"How many gallons are [needed|used] for [a trip of |]{m * g} miles?", used)
    elif kind == "cost":
        story.tell(goes, f"[Gas costs|The price of gas is] ${p} [per|a] gallon.")
        story.ask(
            t.pick(
                f"How much does the gas for [a trip of |]{m * g} miles cost?",
                f"If the trip is {m * g} miles long, how much does the gas cost?",
            ),
            used,
            ("The gas costs ${}.", f"{g}*{p}"),
        )
    elif kind == "rate":
        story.tell(f"{first}'s {car} used {g} gallons of gas for {m * g} miles.")
        story.ask("How many miles per gallon is that?", ("That is {} miles per gallon.", f"{m * g}/{g}"))
    elif kind == "left":
        extra = t.number(1, 15)
        story.tell(goes, f"There are {g + extra} gallons in its tank.")
        story.ask(
            f"How many gallons are left after [a trip of |]{m * g} miles?", used, ("{} are left.", f"{g + extra}-{g}")
        )
    else:
        k = t.number(2, 15)
        story.tell(f"A {car} [can go|goes] {m * g} miles on {g} gallons of gas.")
        story.ask(
            f"How far can it go on {k} gallons?",
            ("On one gallon it goes {} miles.", f"{m * g}/{g}"),
            (f"On {k} gallons it goes {{}} miles.", f"{k}*{m}"),
        )
    return story


@scenario
def steady_growth(t: Teller) -> Story:
    """Height, weight or numbers that change by the same amount each week, month or year."""
    story = Story()
    owner = t.person()
    what, unit = t.pick(
        (f"{owner}'s sunflower", "inches"),
        ("a young tree", "centimeters"),
        (f"{owner}'s puppy", "pounds"),
        ("a bamboo plant", "inches"),
        (f"{owner}'s hair", "centimeters"),
        ("a snowman", "centimeters"),
        (f"{owner}'s bean plant", "centimeters"),
        ("a candle", "centimeters"),
    )
    time = "hour" if what in ("a snowman", "a candle") else t.pick("week", "month")
    is_, grows, down = (
        ("weighs", "gains", False)
        if unit == "pounds"
        else ("is", "loses" if time == "hour" else "grows", time == "hour")
    )
    tall = "" if unit == "pounds" else (" long" if "hair" in what else " tall")
    r, n, start = t.number(2, 12), t.number(2, 15), t.number(3, 60)
    if down:
        start += r * n
    end = start - r * n if down else start + r * n
    sign = "-" if down else "+"
    change = (f"In {n} {time}s it {grows} {{}} {unit}.", f"{n}*{r}")
    kind = t.pick("end", "end", "time", "rate", "first")
    rate = t.pick(f"It {grows} {r} {unit} [each|every|per|a] {time}.", f"[Each|Every] {time} it {grows} {r} {unit}.")
    story.distract(f"{owner} is {t.number(6, 15)} years old.", f"{owner} has {t.number(2, 9)} others like it.")
    if kind in ("end", "time"):
        story.tell(f"{what} {is_} {start} {unit}{tall}.", rate)
        if kind == "end":
            verb = "will it weigh" if unit == "pounds" else "will it be"
            story.ask(
                f"How many {unit}{tall} {verb} after {n} {time}s?",
                change,
                (f"Then it {is_} {{}} {unit}{tall}.", f"{start}{sign}{n * r}"),
            )
        else:
            clause = "does it weigh" if unit == "pounds" else "is it"
            story.ask(
                f"After how many {time}s {clause} {end} {unit}{tall}?",
                (f"The change is {{}} {unit}.", f"{max(start, end)}-{min(start, end)}"),
                (f"That takes {{}} {time}s.", f"{n * r}/{r}"),
            )
    elif kind == "rate":
        story.tell(
            f"{what} {'weighed' if is_ == 'weighs' else 'was'} {start} {unit}{tall}[ at first|].",
            f"After {n} {time}s it {'weighed' if is_ == 'weighs' else 'was'} {end} {unit}{tall}.",
        )
        story.ask(
            f"How many {unit} did it {'gain' if grows == 'gains' else 'lose' if down else 'grow'} [per|each] {time}, if it was the same every time?",
            (f"The change is {{}} {unit}.", f"{max(start, end)}-{min(start, end)}"),
            (f"Each {time} it was {{}} {unit}.", f"{n * r}/{n}"),
        )
    else:
        story.tell(
            f"{what} {is_} {end} {unit}{tall} now.",
            f"[For|Over] the last {n} {time}s it {'gained' if grows == 'gains' else 'lost' if down else 'grew'} {r} {unit} [each|every|per] {time}.",
        )
        story.ask(
            f"How many {unit}{tall} was it {n} {time}s ago?"
            if tall
            else f"How many {unit} did it weigh {n} {time}s ago?",
            (f"The change is {{}} {unit}.", f"{n}*{r}"),
            (f"Before it was {{}} {unit}.", f"{end}{'+' if down else '-'}{n * r}"),
        )
    return story


@scenario
def farm_produce(t: Teller) -> Story:
    """What animals or trees yield in a day, of which some is kept and the rest sold."""
    first, who = someone(t)
    story = Story()
    source, yields, x, per = t.pick(
        ("hens", "lays", "eggs", "day"),
        ("cows", "gives", "liters of milk", "day"),
        ("apple trees", "bears", "pounds of apples", "year"),
        ("beehives", "yields", "jars of honey", "year"),
        ("goats", "gives", "cups of milk", "day"),
        ("rose bushes", "bears", "roses", "week"),
        ("tomato plants", "bears", "tomatoes", "week"),
    )
    n, r, p, d = t.number(3, 30), t.number(2, 12), t.number(1, 8), t.number(2, 9)
    total = n * r
    kept = t.number(2, total - 1)
    rest = total - kept
    story.tell(
        t.pick(
            f"{first} [has|keeps|owns] {n} {source}, and each of them {yields} {r} {x} [a|per|every] {per}.",
            f"[Each|Every] {per}, each of {first}'s {n} {source} {yields} {r} {x}.",
            f"There are {n} {source} on the land of {first}. Each of them {yields} {r} {x} [a|per|every] {per}.",
        )
    )
    story.distract(
        f"{who.His} neighbor has {t.number(2, 40)} {source}.",
        f"The land has been in the family for {t.number(10, 90)} years.",
    )
    whole = (f"[In all there are|That makes] {{}} {x} a {per}.", f"{n}*{r}")
    keeps = t.pick(
        f"{who} [keeps|uses] {kept} {x} for {who.his} family each {per}",
        f"every {per} {who} gives {kept} {x} away",
        f"each {per} {kept} {x} go to {who.his} relatives",
    )
    left = (f"[Left are|That leaves] {{}} {x}.", f"{total}-{kept}")
    kind = t.pick("all", "days", "left", "sold", "sold", "earned")
    if kind == "all":
        story.ask(f"How many {x} is that [a|each|per] {per}?", whole)
    elif kind == "days":
        story.ask(
            f"How many {x} does {who} get in {d} {per}s?", whole, (f"In {d} {per}s that is {{}}.", f"{d}*{total}")
        )
    elif kind == "left":
        story.ask(given(t, story, keeps, f"How many {x} are left [each|every] {per}?"), whole, left)
    else:
        story.tell(keeps + ".", f"The [rest|others] are sold for ${p} each.")
        money = ("They bring ${}.", f"{rest}*{p}")
        if kind == "sold":
            story.ask(f"How much [money|] does {who} [make|earn] [each|every|per] {per}?", whole, left, money)
        else:
            many = (f"In {d} {per}s that is ${{}}.", f"{d}*{rest * p}")
            story.ask(f"How much [money|] does {who} [make|earn] in {d} {per}s?", whole, left, money, many)
    return story
