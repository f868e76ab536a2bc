"""Scenarios of money: buying, saving, wages, discounts, profit, bills, tickets."""

from __future__ import annotations

from qstar.models.words.story import Person, Story, Teller, Unsuitable, calculate, money, plain, scenario
from qstar.models.words.vocabulary import KIN

ROLES = (
    "teacher",
    "farmer",
    "student",
    "baker",
    "nurse",
    "gardener",
    "coach",
    "shopkeeper",
    "painter",
    "librarian",
    "customer",
    "woman",
    "man",
    "boy",
    "girl",
)
FEMALE_ROLES = {"woman", "girl", "sister", "mother", "aunt", "grandmother"}
MALE_ROLES = {"man", "boy", "brother", "father", "uncle"}


def someone(t: Teller) -> tuple[str, Person]:
    """How a story first mentions somebody ("Anna", "a teacher", "Tom's aunt"), and how it goes on ("the teacher")."""
    if t.chance(0.72):
        who = t.person()
        return str(who), who
    if t.chance(0.5):
        role = t.pick(*KIN)
        first = later = f"{t.person()}'s {role}"
    else:
        role = t.pick(*ROLES)
        first, later = f"a {role}", f"the {role}"
    if role in FEMALE_ROLES or (role not in MALE_ROLES and t.chance(0.5)):
        return first, Person(later, "she", "her", "her")
    return first, Person(later, "he", "him", "his")


def price(t: Teller, low: int, high: int, cents: float = 0.25) -> str:
    """Dollars as the text writes them after the $: mostly whole, with probability `cents` a multiple of 25 cents."""
    if t.chance(cents):
        return money(t.number(4 * low, 4 * high) * 25)[1:]
    return str(t.number(low, high))


def worth(expression: str) -> str:
    """The value of an expression, for the next step's expression."""
    return plain(calculate(expression))


def given(t: Teller, story: Story, clause: str, question: str) -> str:
    """Tells the clause ("she has 3 dogs") as the last fact, or now and then puts it in front of the question."""
    question = t.phrase(question)
    if t.chance(0.3):
        return f"If {clause}, {question[0].lower()}{question[1:]}"
    story.tell(clause + ".")
    return question


def mixed(t: Teller, *sentences: str) -> list[str]:
    """The sentences in any order."""
    return [sentences[i] for i in t.rng.permutation(len(sentences))]


def cents(amount: str | int) -> str:
    """As texts write it after the $: 2.5 is 2.50."""
    return f"{amount}0" if "." in str(amount) and str(amount)[-2] == "." else str(amount)


def handy(total: str | int, people: int) -> int:
    """`people`, if they can share an amount to the cent. Raises Unsuitable otherwise."""
    if calculate(f"{total}*100/{people}").denominator != 1:
        raise Unsuitable(f"{people} cannot share {total} to the cent")
    return people


def a(noun: str) -> str:
    """With its indefinite article."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


@scenario
def shopping_trip(t: Teller) -> Story:
    """Several of two or three goods: total, change, difference, what the rest buys."""
    first, who = someone(t)
    story = Story()
    x, y = t.thing("school", "food", "clothing", "goods"), t.thing("school", "food", "clothing", "goods")
    n, m = t.number(2, 12), t.number(1, 9)
    p, q = price(t, 1, 15), price(t, 1, 20)
    kind = t.pick("total", "total", "change", "change", "difference", "third", "rest")
    shop = t.pick("store", "market", "shop", "supermarket", "mall")
    style = t.number(0, 4)
    if style == 0:
        each = " each" if m > 1 else ""
        story.tell(f"{first} [buys|bought|is buying] {n} {x} for ${p} each and {m} {y.of(m)} for ${q}{each}.")
    elif style == 1:
        story.tell(
            f"[At the {shop}, |At a {shop}, ]{a(x.one)} costs ${p} and {a(y.one)} costs ${q}.",
            f"{first} [buys|takes|wants] {n} {x} and {m} {y.of(m)}.",
        )
    elif style == 2:
        story.tell(
            f"{first} [goes|went] to the {shop} [and buys|to buy] {n} {x} and {m} {y.of(m)}.",
            *mixed(
                t, f"[Each|Every|One] {x.one} [costs|is] ${p}.", f"[Each|One|A single] {y.one} [costs|sells for] ${q}."
            ),
        )
    elif style == 3:
        story.tell(
            f"{first} [bought|picked out] {n} {x} at ${p} [each|apiece|per {x.one}].",
            f"{who.He} also [bought|got|took] {m} {y.of(m)} at ${q}{' each' if m > 1 else ''}.",
        )
    else:
        story.tell(
            f"The price of one {x.one} is ${p}, while one {y.one} [is|costs] ${q}.",
            f"{first} [has|puts] {n} {x} and {m} {y.of(m)} in {who.his} [cart|basket].",
        )
    story.distract(
        f"The {shop} [is|was] {t.number(2, 20)} [minutes|miles|blocks] away.",
        f"{who} already [has|had] {t.number(2, 20)} {x} at home.",
        f"{a(t.thing('goods', 'clothing').one)} [costs|would have cost] ${t.number(2, 40)}, but {who} [does|did] not need one.",
    )
    sx, sy = worth(f"{n}*{p}"), worth(f"{m}*{q}")
    steps = [(f"[The {x} cost|{n} {x} cost] ${{}}.", f"{n}*{p}")]
    if m == 1:
        sy = q
    else:
        steps.append((f"[The {y} cost|{m} {y} cost] ${{}}.", f"{m}*{q}"))
    if kind == "difference" and float(sx) > float(sy):
        story.ask(
            f"How much more does {who} [pay|spend] [for|on] the {x} than [for|on] the {y.of(m)}?",
            *steps,
            ("[The difference is|That is] ${}[ more|].", f"{sx}-{sy}"),
        )
        return story
    total = worth(f"{sx}+{sy}")
    steps.append(("[Together that is|In total|Altogether] ${}.", f"{sx}+{sy}"))
    if kind == "third":
        z = t.thing("food", "school", "goods")
        r = price(t, 1, 20)
        story.tell(f"{who.He} [also|then] [pays|paid|spends|spent] ${r} [on|for] {a(z.one)}.")
        steps[-1] = ("[Together that is|In total|Altogether] ${}.", f"{sx}+{sy}+{r}")
    if kind in ("change", "rest"):
        over = t.number(1, 30)
        paid = t.pick(10, 20, 50, 100, int(float(total)) + over)
        # a note that is too small makes the difference negative, and the numbers are drawn again
        ask = "change" if kind == "change" else "left"
        if ask == "change":
            clause = t.pick(
                f"{who.he} pays with ${paid}", f"{who.he} gives the cashier ${paid}", f"{who.he} hands over ${paid}"
            )
            question = (
                f"How much [change does {who.he} get|change should {who.he} get back|money does {who.he} get back]?"
            )
        else:
            clause = t.pick(
                f"{who.he} had ${paid} at first", f"{who.he} started with ${paid}", f"{who.his} wallet held ${paid}"
            )
            question = (
                f"How much money [does {who.he} have left|is left|remains] [afterwards|after paying|in the end|]?"
            )
        story.ask(
            given(t, story, clause, question),
            *steps,
            ("[That leaves|What is left is|Left are] ${}.", f"{paid}-{total}"),
        )
        return story
    story.ask(
        t.pick(
            f"How much [does|did|will] {who} [spend|pay] [in total|in all|altogether|]?",
            "What is the total cost?",
            f"How much money [does|did|will] {who} need [to pay for everything|for everything|for all of this]?",
            f"What did {who} pay [in all|in total]?",
        ),
        *steps,
    )
    return story


@scenario
def missing_price(t: Teller) -> Story:
    """A total is told, one price is asked."""
    first, who = someone(t)
    story = Story()
    x, y = t.thing("school", "food", "goods", "toy", "clothing"), t.thing("goods", "clothing", "food")
    n, p = t.number(2, 12), t.number(1, 25)
    q = t.number(2, 40)
    others = [count for count in range(2, 16) if count != n]
    kind = t.pick("one", "each", "each after", "each after", "other", "count", "change")
    if kind == "one":
        story.tell(
            t.pick(f"{first} [paid|spent] ${n * p} for {n} [identical|] {x}.", f"{n} {x} [cost|cost {first}] ${n * p}.")
        )
        story.ask(
            f"[How much does one {x.one} cost|What is the price of one {x.one}|How much was each {x.one}]?",
            (f"[One|Each] {x.one} costs ${{}}.", f"{n * p}/{n}"),
        )
    elif kind == "each":
        k = t.pick(*others)
        story.tell(
            t.pick(
                f"{n} {x} cost ${n * p}.",
                f"{first} bought {n} {x} for ${n * p}.",
                f"A store sells {n} {x} for ${n * p}.",
            )
        )
        story.ask(
            f"[At that price, |At this rate, |]how much [would|do|will] {k} {x} cost?",
            (f"[One|Each] {x.one} costs ${{}}.", f"{n * p}/{n}"),
            (f"{k} {x} cost ${{}}.", f"{k}*{p}"),
        )
    elif kind in ("each after", "other"):
        total = n * p + q
        lead = t.pick(
            f"{first} [spent|paid] ${cents(total)} on {n} {x} and {a(y.one)}.",
            f"{first} [bought|got] {n} {x} and {a(y.one)} for ${cents(total)}[ in all| altogether|].",
            f"{n} {x} and {a(y.one)} together cost ${cents(total)}.",
        )
        story.tell(lead)
        if kind == "other":
            clause = t.pick(f"each {x.one} cost ${p}", f"the {x} were ${p} each", f"one {x.one} cost ${p}")
            story.ask(
                given(
                    t,
                    story,
                    clause,
                    f"[How much did the {y.one} cost|What was the price of the {y.one}|How much was the {y.one}]?",
                ),
                (f"The {x} cost ${{}}.", f"{n}*{p}"),
                (f"The {y.one} cost ${{}}.", f"{total}-{n * p}"),
            )
        else:
            clause = t.pick(f"the {y.one} cost ${q}", f"the {y.one} was ${q}", f"the price of the {y.one} was ${q}")
            story.ask(
                given(
                    t,
                    story,
                    clause,
                    f"[How much did each {x.one} cost|What was the price of one {x.one}|How many dollars was each {x.one}]?",
                ),
                (f"The {x} cost ${{}}[ together|].", f"{total}-{q}"),
                (f"[Each|One] {x.one} cost ${{}}.", f"{total - q}/{n}"),
            )
    elif kind == "count":
        rest = t.number(0, p - 1) if t.chance(0.5) else q
        total = n * p + rest
        if rest == 0:
            story.tell(f"{first} has ${cents(total)}.", f"{a(x.one)} costs ${p}.")
            story.ask(f"How many {x} can {who.he} [buy|afford]?", (f"{who.He} can buy {{}} {x}.", f"{total}/{p}"))
        else:
            story.tell(*mixed(t, f"{first} had ${cents(total)}.", f"[Each|One] {x.one} [cost|was] ${p}."))
            story.tell(
                f"{first} bought [some|several|a few] {x} and had ${rest} left."
                if first == str(who)
                else f"[After buying some {x}, {who} had ${rest} left|{who} bought some {x} and kept ${rest}]."
            )
            story.ask(
                f"How many {x} did {who} buy?",
                (f"{who.He} spent ${{}}.", f"{total}-{rest}"),
                (f"{who.He} bought {{}} {x}.", f"{total - rest}/{p}"),
            )
    else:
        change = t.number(1, 20)
        story.tell(
            t.pick(
                f"{first} bought {n} {x} [with|and paid with] ${n * p + change} and got ${change} back.",
                f"{first} gave the cashier ${n * p + change} for {n} {x} and received ${change} in change.",
                f"[After paying|When {first} had paid] for {n} {x} out of ${n * p + change}, ${change} was left."
                if first == str(who)
                else f"{first} had ${n * p + change}, bought {n} {x}, and had ${change} left.",
            )
        )
        story.ask(
            f"[How much did each {x.one} cost|What was the price of a single {x.one}|How much is one {x.one}]?",
            (f"The {x} cost ${{}}.", f"{n * p + change}-{change}"),
            (f"[Each|One] {x.one} cost ${{}}.", f"{n * p}/{n}"),
        )
    story.distract(
        f"The shop has {t.number(20, 90)} {x} [on the shelf|in stock].",
        f"The {x} weigh {t.number(2, 9)} ounces each.",
        f"There were {t.number(2, 12)} people [in line|in the store].",
    )
    return story


@scenario
def saving_up(t: Teller) -> Story:
    """Saving up for something week by week."""
    first, who = someone(t)
    story = Story()
    goal = t.pick(
        "bicycle",
        "guitar",
        "phone",
        "video game",
        "tablet",
        "camera",
        "skateboard",
        "tent",
        "telescope",
        "pair of skates",
        "piano",
        "scooter",
    )
    rate, unit = t.number(2, 40), t.pick("week", "month", "day")
    k = t.number(2, 20)
    have = t.number(5, 120)
    spend = t.number(1, rate - 1) if rate > 2 else 1
    kind = t.pick("time", "time", "amount", "rate", "short", "net", "net time", "more")
    by = t.pick("washing cars", "walking dogs", "babysitting", "mowing lawns", "doing chores", "tutoring")
    cost = have + rate * k
    want = t.pick(
        f"{first} [wants|would like|plans|hopes] to buy a {goal} that costs ${cost}.",
        f"{first} is saving [up|money] for a {goal} [worth|priced at|that costs] ${cost}.",
        f"A {goal} costs ${cost}, and {first} wants [it|to buy it].",
    )
    has = t.pick(
        f"{who.he} [already has|has already saved|has] ${have}",
        f"so far {who.he} has ${have}",
        f"{who.he} got ${have} [for|on] {who.his} birthday",
    )
    puts = t.pick(
        f"{who.he} [saves|puts aside|sets aside|can save] ${rate} [each|every|a|per] {unit}",
        f"{who.he} earns ${rate} [each|every|a] {unit} by {by} and saves all of it",
        f"every {unit} {who.he} puts ${rate} [in|into] {who.his} [piggy bank|savings box|bank account]",
    )
    story.distract(
        f"{first} is {t.number(8, 16)} years old." if first == str(who) else f"{who} is {t.number(18, 60)} years old.",
        f"A friend, {t.person()}, has saved ${t.number(5, 90)}.",
        f"Last year the {goal} cost ${t.number(20, 400)}.",
    )
    if kind == "time":
        story.tell(want, has + ".")
        story.ask(
            given(
                t,
                story,
                puts,
                f"[How many {unit}s will it take {who.him} to have enough|How many {unit}s does {who.he} need to save|After how many {unit}s can {who.he} buy the {goal}]?",
            ),
            (f"{who.He} [still needs|needs another] ${{}}.", f"{cost}-{have}"),
            (f"[It takes|That takes] {{}} {unit}s.", f"{cost - have}/{rate}"),
        )
    elif kind == "amount":
        story.tell(has.replace(f"{who.he} ", f"{first} ", 1) + ".")
        story.ask(
            given(t, story, puts, f"How much [money|] will {who.he} have after {k} {unit}s?"),
            (f"In {k} {unit}s {who.he} saves ${{}}.", f"{k}*{rate}"),
            (f"[Then|In the end] {who.he} has ${{}}.", f"{have}+{k * rate}"),
        )
    elif kind == "rate":
        story.tell(want, has + ".")
        story.ask(
            given(
                t,
                story,
                f"{who.he} wants to [buy it|have the money] in {k} {unit}s",
                f"How much should {who.he} save [each|every|per] {unit}?",
            ),
            (f"{who.He} still needs ${{}}.", f"{cost}-{have}"),
            (f"[Each|Every] {unit} {who.he} [saves|must save] ${{}}.", f"{cost - have}/{k}"),
        )
    elif kind == "short":
        weeks = t.number(1, k - 1)
        story.tell(want, has + ".", puts + ".")
        story.ask(
            f"How much [more|] money [does {who.he} still need|is still missing] after {weeks} {unit}{'s' if weeks > 1 else ''}?",
            (f"[By then {who.he} saves|{who.He} puts aside] ${{}}.", f"{weeks}*{rate}"),
            (f"[With the ${have}|Altogether] {who.he} has ${{}}.", f"{have}+{weeks * rate}"),
            ("[Missing are|Still needed are] ${}.", f"{cost}-{have + weeks * rate}"),
        )
    elif kind in ("net", "net time"):
        story.tell(
            f"{first} [earns|makes|gets] ${rate} [a|per|every|each] {unit} [by|from] {by}[ and spends ${spend} of it on [snacks|bus tickets|books|food]|, of which {who.he} spends ${spend}|, but {who.he} spends ${spend} each {unit}]."
        )
        left = (f"[Each|Every] {unit} {who.he} saves ${{}}.", f"{rate}-{spend}")
        if kind == "net":
            story.ask(
                f"How much [money|] does {who.he} [save|have left|put aside] in {k} {unit}s?",
                left,
                (f"In {k} {unit}s [that is|{who.he} saves] ${{}}.", f"{k}*{rate - spend}"),
            )
        else:
            story.ask(
                given(
                    t,
                    story,
                    t.pick(
                        f"{who.he} wants a {goal} for ${k * (rate - spend)}", f"a {goal} costs ${k * (rate - spend)}"
                    ),
                    f"[How many {unit}s does it take {who.him} to save for the {goal}|How many {unit}s must {who.he} save]?",
                ),
                left,
                (f"It takes {{}} {unit}s.", f"{k * (rate - spend)}/{rate - spend}"),
            )
    else:
        other = t.person()
        less = t.number(1, 40)
        if less == rate:
            less += 1
        big, small = max(rate, less), min(rate, less)
        a_, b_ = (first, other) if rate > less else (str(other), first)
        story.tell(f"{a_} saves ${big} [a|each|per] {unit}[ and|, while| but] {b_} saves ${small} [a|each|per] {unit}.")
        later = who if rate > less else other
        story.ask(
            f"How much more [money|] will {later} [have saved|save] [after|in] {k} {unit}s?",
            (f"[Each|Every] {unit} {later} saves ${{}} more.", f"{big}-{small}"),
            (f"In {k} {unit}s that is ${{}}[ more|].", f"{k}*{big - small}"),
        )
    return story


@scenario
def wages(t: Teller) -> Story:
    """Pay per hour, over days and weeks, reverse too."""
    first, who = someone(t)
    story = Story()
    rate = price(t, 8, 40, 0.15)
    h, d, w = t.number(2, 10), t.number(2, 6), t.number(2, 12)
    kind = t.pick("day", "week", "week", "weeks", "hours", "rate", "rate", "saved", "raise")
    job = t.pick(
        "at a cafe",
        "in a bookstore",
        "at the library",
        "in a bakery",
        "at a garage",
        "at a pet shop",
        "on a farm",
        "as a cook",
        "as a tutor",
        "as a gardener",
    )
    works = t.pick(
        f"{first} works {job} and [earns|makes|is paid] ${rate} [an hour|per hour|for each hour].",
        f"{first} earns ${rate} [per|an] hour {job}.",
        f"{first} has a job {job} that pays ${rate} [an hour|per hour|for every hour].",
    )
    hours = t.pick(
        f"{who.he} works {h} hours [a|per|each] day, {d} days [a|per|each] week",
        f"{who.he} works {d} days a week for {h} hours [each day|a day]",
        f"on each of {d} days of the week {who.he} works {h} hours",
    )
    weekly = [(f"[A week has {{}} working hours|{who.He} works {{}} hours a week].", f"{h}*{d}")]
    pay = worth(f"{h * d}*{rate}")
    weekly.append((f"[That pays|{who.He} earns] ${{}} a week.", f"{h * d}*{rate}"))
    story.distract(
        f"{who} has worked there for {t.number(2, 15)} years.",
        f"{who.His} boss earns ${t.number(30, 60)} an hour.",
        f"It takes {who.him} {t.number(5, 50)} minutes to get to work.",
    )
    if kind == "day":
        story.tell(works)
        story.ask(
            given(
                t,
                story,
                t.pick(f"{who.he} works {h} hours on [Monday|Friday|Saturday]", f"{who.he} worked {h} hours yesterday"),
                f"How much [money|] does {who.he} [earn|make] [that day|on that day|]?",
            ),
            (f"{who.He} earns ${{}}.", f"{h}*{rate}"),
        )
    elif kind == "week":
        story.tell(works)
        story.ask(
            given(t, story, hours, f"How much [money|] does {who.he} [earn|make] [a|in a|per|in one] week?"), *weekly
        )
    elif kind == "weeks":
        story.tell(works)
        story.ask(
            given(
                t,
                story,
                hours,
                f"[How much does {who.he} earn in {w} weeks|What are {who.his} earnings for {w} weeks]?",
            ),
            *weekly,
            (f"In {w} weeks {who.he} earns ${{}}.", f"{w}*{pay}"),
        )
    elif kind == "hours":
        target = worth(f"{h * w}*{rate}")
        story.tell(works)
        story.ask(
            t.pick(
                f"How many hours does {who.he} [need to|have to] work to earn ${cents(target)}?",
                f"Last month {who.he} earned ${cents(target)}; how many hours did {who.he} work?",
                f"If {who.he} earned ${cents(target)}, how many hours did {who.he} work?",
            ),
            ("[That takes|It takes|That is] {} hours.", f"{target}/{rate}"),
        )
    elif kind == "rate":
        story.tell(
            t.pick(
                f"{first} earned ${cents(pay)} [last week|in one week] [working|for working] {h} hours a day for {d} days.",
                f"[Working|By working] {h} hours a day for {d} days, {first} earned ${cents(pay)}.",
                f"{first} worked {d} days for {h} hours each day and was paid ${cents(pay)} [in total|].",
            )
        )
        story.ask(
            f"How much [does|did] {who.he} [earn|make|get] [per|an] hour?",
            (f"{who.He} worked {{}} hours.", f"{h}*{d}"),
            ("[Each|One] hour pays ${}.", f"{pay}/{h * d}"),
        )
    elif kind == "saved":
        cost = t.number(5, 200)
        thing = t.pick("rent", "food", "a new coat", "a train ticket", "books")
        story.tell(works, hours + ".")
        story.ask(
            given(
                t,
                story,
                f"{who.he} spends ${cost} [a week on|each week on] {thing}"
                if thing in ("rent", "food")
                else f"{who.he} spends ${cost} of {who.his} pay for one week on {thing}",
                "How much [of the pay for one week|of one week's pay] is left?",
            ),
            *weekly,
            ("[Left are|That leaves] ${}.", f"{pay}-{cost}"),
        )
    else:
        more = t.number(1, 6)
        story.tell(
            works,
            t.pick(
                f"[Then|Now|This month] {who.he} gets a raise of ${more} [an|per] hour.",
                f"{who.His} boss raises {who.his} pay by ${more} [an|per] hour.",
            ),
        )
        new = worth(f"{rate}+{more}")
        story.ask(
            f"How much will {who.he} [earn|make] [now|after the raise] [for|in] {h * 2} hours?",
            (f"[Now {who.he} earns|An hour now pays] ${{}}.", f"{rate}+{more}"),
            (f"For {h * 2} hours that is ${{}}.", f"{h * 2}*{new}"),
        )
    return story


@scenario
def overtime(t: Teller) -> Story:
    """Overtime pay, and two jobs."""
    first, who = someone(t)
    story = Story()
    rate, more = t.number(8, 30), t.number(2, 15)
    if t.chance(0.55):
        usual, extra = t.number(20, 40, 5), t.number(2, 12)
        worked = usual + extra
        times = t.pick("rate", "rate", "rate", "one and a half", "twice", "plus")
        over = {
            "rate": str(rate + more),
            "plus": str(rate + more),
            "twice": str(2 * rate),
            "one and a half": worth(f"1.5*{rate}"),
        }[times]
        rule = {
            "rate": f"${cents(over)} [an hour|per hour] for overtime",
            "plus": f"${more} more for [each hour of overtime|every overtime hour]",
            "twice": "[twice|double] that for overtime",
            "one and a half": "1.5 times that for overtime",
        }[times]
        story.tell(
            t.pick(
                f"{first} [earns|gets|makes] ${rate} an hour for the first {usual} hours [of a week|each week] and {rule}.",
                f"[For up to|For the first] {usual} hours a week, {first} is paid ${rate} per hour, and {who.he} gets {rule}.",
            )
        )
        clause = t.pick(f"{who.he} worked {worked} hours [this|last] week", f"{who.he} works {worked} hours in a week")
        steps = [(f"[The regular hours|The first {usual} hours] pay ${{}}.", f"{usual}*{rate}")]
        steps.append(("[Overtime is|There are] {} [extra|overtime] hours.", f"{worked}-{usual}"))
        if times != "rate":
            steps.append(
                (
                    "An hour of overtime pays ${}.",
                    {"plus": f"{rate}+{more}", "twice": f"2*{rate}", "one and a half": f"1.5*{rate}"}[times],
                )
            )
        pay = worth(f"{extra}*{over}")
        if t.chance(0.3):
            steps = [*steps[1:], ("[The overtime pays|Overtime brings] ${}.", f"{extra}*{over}")]
            question = f"How much does {who.he} [earn|get] for [the|] overtime?"
        else:
            steps += [
                ("The overtime pays ${}.", f"{extra}*{over}"),
                ("[In total|Together that is] ${}.", f"{usual * rate}+{pay}"),
            ]
            question = f"[How much does {who.he} earn that week|What is {who.his} pay for the week|How much money does {who.he} make in all]?"
        story.ask(given(t, story, clause, question), *steps)
        story.distract(f"Overtime is allowed up to {t.number(14, 25)} hours.", f"{who} has {t.number(2, 9)} coworkers.")
        return story
    one, two = t.pick(
        ("washing dishes", "delivering newspapers"),
        ("walking dogs", "babysitting"),
        ("mowing lawns", "raking leaves"),
        ("teaching piano", "teaching singing"),
        ("painting fences", "cleaning windows"),
        ("tutoring", "stocking shelves"),
    )
    r, h, k = rate + more, t.number(2, 25), t.number(2, 25)
    steps = [
        (f"[From|By] {one} {who.he} earns ${{}}.", f"{h}*{rate}"),
        (f"[From|By] {two} {who.he} earns ${{}}.", f"{k}*{r}"),
    ]
    if t.chance(0.5):
        story.tell(
            f"{first} [has two jobs|works two jobs].",
            f"{who.He} earns ${rate} an hour {one} and ${r} an hour {two}.",
            f"[Last week|This week|In one week] {who.he} spent {h} hours {one} and {k} hours {two}.",
        )
    else:
        story.tell(
            f"{first} spent {h} hours {one} [at|for] ${rate} an hour[ and|. {who.He} also spent|, and then] {k} hours {two} [at|for] ${r} an hour."
        )
    total = h * rate + k * r
    kind = t.pick("total", "total", "left", "more", "hours")
    if kind == "total":
        story.ask(
            f"How much [did {who.he} earn|money did {who.he} make|did {who} make] [in all|altogether|in total]?",
            *steps,
            ("[In total|Together that is] ${}.", f"{h * rate}+{k * r}"),
        )
    elif kind == "left":
        cost = t.number(3, total - 1)
        story.ask(
            given(
                t,
                story,
                f"{who.he} [spent|paid] ${cost} [of that|of the money] [on|for] {t.pick('groceries', 'a phone bill', 'shoes', 'a present')}",
                f"How much [money|] [is left|does {who.he} have left]?",
            ),
            *steps,
            ("[Left are|That leaves] ${}.", f"{h * rate}+{k * r}-{cost}"),
        )
    elif kind == "more":
        if h * rate > k * r:
            story.ask(
                f"How much more did {who.he} earn {one} than {two}?",
                *steps,
                ("That is ${} more.", f"{h * rate}-{k * r}"),
            )
        else:
            story.ask(
                f"How much more did {who.he} earn {two} than {one}?",
                *steps,
                ("That is ${} more.", f"{k * r}-{h * rate}"),
            )
    else:
        story.ask(
            f"How many hours did {who.he} work [in all|in total|altogether]?",
            (f"{who.He} worked {{}} hours.", f"{h}+{k}"),
        )
    story.distract(
        f"{who} started working at the age of {t.number(15, 19)}.", f"{who.He} slept {t.number(6, 9)} hours a night."
    )
    return story


@scenario
def discount(t: Teller) -> Story:
    """Percent off, several things, saved money, coupon, and the price before."""
    first, _ = someone(t)
    story = Story()
    x = t.thing("clothing", "goods")
    pc = t.pick(5, 10, 15, 20, 25, 30, 40, 50, 60, 75)
    p = t.number(10, 200, 5) if t.chance(0.7) else t.number(20, 400, 20)
    n = t.number(2, 8)
    off = worth(f"{p}*{pc}/100")
    new = worth(f"{p}-{off}")
    kind = t.pick("price", "price", "saved", "several", "coupon", "before", "rate", "compare")
    sale = t.pick(
        f"{a(x.one)} [normally|usually|regularly] costs ${p}, but [today|this week|during a sale|now] it is {pc}% off.",
        f"[There is|A store has|A shop offers] a {pc}% discount on {a(x.one)} that [normally|usually|] costs ${p}.",
        f"{first} [buys|wants|found] {a(x.one)} [priced at|with a price of|that costs] ${p}, and [there is a|the store gives a|it has a] {pc}% discount.",
        f"The price of {a(x.one)} [was|is] ${p} [before|without] a discount of {pc}%.",
        f"During a sale, the price of {a(x.one)} is reduced by {pc}% from ${p}.",
    )
    discounted = [
        ("The discount is ${}.", f"{p}*{pc}/100"),
        (f"The {x.one} [costs|then costs|now costs] ${{}}.", f"{p}-{off}"),
    ]
    story.distract(
        f"The shop opens at {t.number(7, 11)} in the morning.",
        f"Last year the discount was {t.number(5, 45, 5)}%.",
        f"The shop has {t.number(5, 60)} {x}.",
    )
    if kind == "price":
        story.tell(sale)
        story.ask(
            t.pick(
                "[What is the sale price|What is the new price|How much does it cost now]?",
                "How much does a customer pay [for it|]?",
                f"How much is the {x.one} [after|with] the discount?",
            ),
            *discounted,
        )
    elif kind == "saved":
        story.tell(sale)
        story.ask(
            f"How much [money|] [is saved|does the buyer save|does one save] [on the {x.one}|by buying it now|]?",
            ("[The discount is|Saved are] ${}.", f"{p}*{pc}/100"),
        )
    elif kind == "several":
        story.tell(sale)
        story.ask(
            t.pick(
                f"How much [do|would|will] {n} {x} cost [with the discount|at the reduced price|after the discount]?",
                f"What is the total for {n} [such {x}|{x} with this discount]?",
            ),
            *discounted,
            (f"{n} {x} cost ${{}}.", f"{n}*{new}"),
        )
    elif kind == "coupon":
        c = t.number(1, 10)
        story.tell(sale)
        story.ask(
            f"[With|Using] a coupon for another ${c} off the reduced price, [what is the final price|how much does the {x.one} cost]?",
            *discounted,
            ("[With the coupon|In the end] it costs ${}.", f"{new}-{c}"),
        )
    elif kind == "before":
        d = t.number(2, 60)
        story.tell(
            t.pick(
                f"{first} [bought|got] {a(x.one)} for ${p}[ after| with] a discount of ${d}.",
                f"After ${d} was taken off, {a(x.one)} cost ${p}.",
            )
        )
        if t.chance(0.5):
            story.ask(
                f"[What was the original price|How much did the {x.one} cost before|What was the price without the discount]?",
                ("The price was ${}.", f"{p}+{d}"),
            )
        else:
            story.ask(
                f"[What would {n} {x} cost without the discount|How much would {n} {x} have cost at the old price]?",
                ("The old price was ${}.", f"{p}+{d}"),
                (f"{n} {x} cost ${{}}.", f"{n}*{p + d}"),
            )
    elif kind == "rate":
        story.tell(
            t.pick(
                f"The price of {a(x.one)} [dropped|fell|went down] from ${p} to ${cents(new)}.",
                f"{a(x.one)} that [used to cost|cost] ${p} is [now|] sold for ${cents(new)}.",
            )
        )
        story.ask(
            "[By what percent was it reduced|What is the discount in percent|How many percent is the discount]?",
            ("The price fell by ${}.", f"{p}-{new}"),
            ("That is {} percent.", f"{off}/{p}*100"),
        )
    else:
        m = t.number(2, 15)
        story.tell(
            f"At one store {a(x.one)} costs ${p} before a {pc}% discount.",
            f"At another store the same {x.one} costs ${cents(worth(f'{new}+{m}'))}[, with no discount|].",
        )
        story.ask(
            "How much [cheaper|less expensive] is it at the first store?",
            *discounted,
            ("It is ${} cheaper.", f"{worth(f'{new}+{m}')}-{new}"),
        )
    return story


@scenario
def taxes_and_tips(t: Teller) -> Story:
    """A restaurant bill or purchase with tip or tax, shared or not."""
    first, who = someone(t)
    story = Story()
    bill, pc = t.number(10, 200, t.pick(5, 10, 20)), t.pick(5, 8, 10, 15, 20, 25)
    people = t.number(2, 8)
    tip = worth(f"{bill}*{pc}/100")
    kind = t.pick("tip", "total", "total", "share", "change", "parts")
    if t.chance(0.6):
        word = "tip"
        story.tell(
            t.pick(
                f"{first} [had dinner|had lunch|ate] at a restaurant, and the bill [was|came to] ${bill}.",
                f"{'A group of friends has' if t.chance(0.5) else first + ' has'} a [restaurant|lunch|dinner] bill of ${bill}.",
                f"[A meal|A taxi ride|A haircut] [costs|cost] {first} ${bill}.",
            )
            if kind != "share"
            else f"{people} friends [ate out|had dinner together|went to a restaurant] and the bill was ${bill}."
        )
        add = t.pick(
            f"[A|A usual|The] tip of {pc}% [is|was] added.",
            f"[They|The guests] leave a {pc}% tip."
            if kind == "share"
            else f"{who.He} [leaves|adds|gives] a {pc}% tip.",
        )
    else:
        word = "tax"
        good = t.thing("goods", "clothing")
        story.tell(
            t.pick(
                f"{first} [buys|bought] {a(good.one)} for ${bill}.",
                f"The price of {a(good.one)} is ${bill} before tax.",
                f"{first} [has|had] groceries worth ${bill} in {who.his} cart.",
            )
            if kind != "share"
            else f"{people} [roommates|friends|cousins] [buy|bought] a present for ${bill}."
        )
        add = t.pick(f"The [sales|] tax is {pc}%.", f"A tax of {pc}% is added[ to the price|].")
    if kind == "parts" and word == "tip":
        x, y = t.number(8, 60), t.number(4, 40)
        total = x + y
        story = Story()
        story.tell(
            f"{first} ordered [a steak|pasta|a pizza|fish|soup] for ${x} and [dessert|drinks|a salad] for ${y}.", add
        )
        story.ask(
            f"How much [did {who.he} pay|does {who.he} pay] [in all|with the tip|including the tip]?",
            ("The food costs ${}.", f"{x}+{y}"),
            ("The tip is ${}.", f"{total}*{pc}/100"),
            ("[In total|Together] that is ${}.", f"{total}+{worth(f'{total}*{pc}/100')}"),
        )
        return story
    extra = (f"The {word} is ${{}}.", f"{bill}*{pc}/100")
    whole = worth(f"{bill}+{tip}")
    in_all = (f"With the {word} [it is|that is|the total is] ${{}}.", f"{bill}+{tip}")
    story.tell(add)
    if kind == "tip":
        story.ask(f"How much [money|] is the {word}?", extra)
    elif kind == "share":
        story.ask(
            t.pick(
                "How much does each [of them|person] pay [if they split the total equally|when the total is shared equally]?",
                "If they [split|share] everything equally, how much does each [one|person] pay?",
            ),
            extra,
            in_all,
            ("[Each pays|That is, for each person,] ${}.", f"{whole}/{handy(whole, people)}"),
        )
    elif kind == "change":
        paid = t.pick(20, 50, 100, 200, 250)
        story.ask(
            given(
                t,
                story,
                t.pick(f"{paid} dollars are handed over", f"the payment is made with ${paid}"),
                "How much change is [given back|due|returned]?",
            ),
            extra,
            in_all,
            ("The change is ${}.", f"{paid}-{whole}"),
        )
    else:
        story.ask(
            f"[How much is the total|What is the total|What is the full amount|How much has to be paid] [including the {word}|with the {word}|after the {word}]?",
            extra,
            in_all,
        )
    story.distract(
        f"The [place|shop] has {t.number(8, 40)} [tables|workers].",
        f"Parking costs ${t.number(2, 15)} an hour there, but nobody drove.",
    )
    return story


@scenario
def stand_profit(t: Teller) -> Story:
    """Selling cups, cookies, or crafts: income, costs, profit, and the reverse."""
    first, who = someone(t)
    story = Story()
    good, cup, supplies = t.pick(
        ("lemonade", "cup", "lemons and sugar"),
        ("iced tea", "glass", "tea and ice"),
        ("popcorn", "bag", "corn and oil"),
        ("soup", "bowl", "vegetables"),
        ("jam", "jar", "fruit and sugar"),
        ("honey", "jar", "new equipment"),
        ("lemonade", "glass", "cups and lemons"),
        ("fudge", "box", "sugar and butter"),
    )
    cups = cup + ("es" if cup in ("box", "glass") else "s")
    n, p = t.number(8, 80), price(t, 1, 6, 0.3)
    income = worth(f"{n}*{p}")
    cost = t.number(3, 40)
    kind = t.pick("profit", "profit", "count", "days", "two", "helper", "left", "price")
    sells = t.pick(
        f"{first} sells {good} for ${p} a {cup}",
        f"{first} [has|runs|opened] a small stand that sells {good} [at|for] ${p} [a|per] {cup}",
        f"a {cup} of {good} costs ${p} at the stand of {who if first == str(who) else first}",
    )
    sold = t.pick(
        f"[on Saturday|in one day|today|this morning] {who.he} sold {n} {cups}",
        f"{who.he} sold {n} {cups} [of it|]",
        f"people bought {n} {cups}",
    )
    paid = t.pick(
        f"{who.he} spent ${cost} on {supplies}",
        f"the supplies cost {who.him} ${cost}",
        f"{who.he} had to pay ${cost} for {supplies}",
    )
    takes = (f"[The sales bring|{who.He} takes in|The {cups} bring] ${{}}.", f"{n}*{p}")
    profit = ("[The profit is|That leaves] ${}.", f"{income}-{cost}")
    story.distract(
        f"The stand is open for {t.number(2, 9)} hours.",
        f"{t.number(2, 9)} of the customers came by bicycle.",
        f"Last year {who.he} sold {t.number(10, 90)} {cups}.",
    )
    if kind in ("profit", "helper", "left"):
        story.tell(sells + ".")
        facts = [paid, sold] if t.chance(0.5) else [sold, paid]
        story.tell(facts[0] + ".")
        if kind == "profit":
            story.ask(
                given(
                    t,
                    story,
                    facts[1],
                    f"[What is {who.his} profit|How much profit does {who.he} make|How much money did {who.he} make after the costs]?",
                ),
                takes,
                profit,
            )
        elif kind == "helper":
            k = t.number(2, 5)
            story.tell(facts[1] + ".")
            gain = worth(f"{income}-{cost}")
            story.ask(
                t.pick(
                    f"If the profit is shared equally by {k} [friends|people|children], how much does each get?",
                    f"{k} [friends|children] share the profit equally. How much does each [of them|] [get|receive]?",
                ),
                takes,
                profit,
                ("Each gets ${}.", f"{gain}/{handy(gain, k)}"),
            )
        else:
            had = t.number(max(cost, 10), cost + 60)
            story.tell(facts[1] + ".")
            rest = had - cost
            story.ask(
                f"If {who.he} had ${had} at first, how much [money|] does {who.he} have [now|in the end]?",
                (f"After buying the supplies {who.he} had ${{}}.", f"{had}-{cost}"),
                takes,
                (f"[Now|In the end] {who.he} has ${{}}.", f"{rest}+{income}"),
            )
    elif kind == "count":
        gain = worth(f"{income}-{cost}")
        story.tell(sells + ".", paid + ".")
        story.ask(
            t.pick(
                f"How many {cups} must {who.he} sell to make a profit of ${cents(gain)}?",
                f"{who.He} made a profit of ${cents(gain)}. How many {cups} did {who.he} sell?",
            ),
            ("The sales must bring ${}.", f"{gain}+{cost}"),
            (f"That takes {{}} {cups}.", f"{income}/{p}"),
        )
    elif kind == "days":
        d = t.number(2, 10)
        story.tell(sells + ".")
        story.ask(
            given(
                t,
                story,
                t.pick(
                    f"{who.he} sells {n} {cups} a day",
                    f"each day {n} {cups} are sold",
                    f"on average {n} {cups} are sold every day",
                ),
                f"How much [money|] [does {who.he} make|will {who.he} take in] [in|over|during] {d} days?",
            ),
            ("[A day brings|Each day brings] ${}.", f"{n}*{p}"),
            (f"{d} days bring ${{}}.", f"{d}*{income}"),
        )
    elif kind == "two":
        m = t.number(5, 70)
        more, less = ("Saturday", "Sunday") if n > m else ("Sunday", "Saturday")
        high, low = max(n, m), min(n, m)
        story.tell(
            sells + ".",
            f"[On Saturday {who.he} sold {n} {cups} and on Sunday {m}|{n} {cups} were sold on Saturday and {m} on Sunday].",
        )
        if t.chance(0.5):
            story.ask(
                f"How much [money|] did {who.he} make [in the two days|on both days together|that weekend]?",
                (f"{who.He} sold {{}} {cups}.", f"{n}+{m}"),
                ("They bring ${}.", f"{n + m}*{p}"),
            )
        else:
            story.ask(
                f"How much more [money|] did {who.he} make on {more} than on {less}?",
                (f"On {more} {who.he} sold {{}} more {cups}.", f"{high}-{low}"),
                ("They bring ${}.", f"{high - low}*{p}"),
            )
    else:
        gain = worth(f"{income}-{cost}")
        story.tell(
            t.pick(
                f"{first} made a profit of ${cents(gain)} by selling {n} {cups} of {good}, after spending ${cost} on {supplies}.",
                f"{first} spent ${cost} on {supplies}, sold {n} {cups} of {good}, and was left with a profit of ${cents(gain)}.",
            )
        )
        story.ask(
            f"[What was the price of a {cup}|How much did one {cup} cost|How much did {who.he} charge for each {cup}]?",
            ("The sales brought ${}.", f"{gain}+{cost}"),
            (f"[A|One] {cup} cost ${{}}.", f"{income}/{n}"),
        )
    return story


@scenario
def craft_profit(t: Teller) -> Story:
    """Made or bought pieces, sold for more: profit per piece, in all, per week, pieces for a goal."""
    first, who = someone(t)
    story = Story()
    x = t.thing("goods", "clothing", "toy")
    c = t.number(1, 30)
    g = t.number(1, 30)
    p = c + g
    n, w = t.number(2, 40), t.number(2, 12)
    kind = t.pick("each", "all", "all", "weeks", "goal", "cost", "batch", "left")
    verb = t.pick("makes", "buys")
    get = (
        f"{first} makes {x}, and the material for each costs ${c}"
        if verb == "makes"
        else f"{first} buys {x} for ${c} each"
    )
    story.tell(
        t.pick(
            f"{get}, and sells them for ${p} [each|apiece].",
            f"{get}. {who.He} sells [each of them|each {x.one}|them] for ${p}{'' if t.chance(0.5) else ' in the market'}.",
            f"It costs {first} ${c} to [make|get] {a(x.one)} that {who.he} [can sell|sells] for ${p}.",
            f"{a(x.one)} that costs {first} ${c} [can be sold|is sold] for ${p}.",
        )
    )
    gain = (f"[The profit on each is|Each {x.one} brings|{who.He} gains] ${{}}.", f"{p}-{c}")
    story.distract(
        f"{who.He} has done this for {t.number(2, 12)} years.",
        f"A rival sells {x} for ${t.number(3, 50)}.",
        f"Each {x.one} takes {t.number(10, 50)} minutes to pack.",
    )
    if kind == "each":
        story.ask(
            f"[What is the profit on one {x.one}|How much profit does {who.he} make on each {x.one}|How much does {who.he} gain per {x.one}]?",
            gain,
        )
    elif kind == "all":
        story.ask(
            given(
                t,
                story,
                t.pick(f"{who.he} sells {n} {x}", f"{n} {x} are sold", f"last month {who.he} sold {n} of them"),
                f"[How much profit does {who.he} make [in all|]|What is the total profit|How much does {who.he} earn after the costs]?",
            ),
            gain,
            (f"[In all|For {n} {x}] that is ${{}}.", f"{n}*{g}"),
        )
    elif kind == "weeks":
        story.ask(
            given(
                t,
                story,
                t.pick(f"{who.he} sells {n} {x} [a|each|every] week", f"{n} {x} are sold every week"),
                f"[What is {who.his} profit|How much profit does {who.he} make] [in|after|over] {w} weeks?",
            ),
            gain,
            ("A week brings ${}.", f"{n}*{g}"),
            (f"{w} weeks bring ${{}}.", f"{w}*{n * g}"),
        )
    elif kind == "goal":
        story.ask(
            t.pick(
                f"How many {x} must {who.he} sell to make a profit of ${n * g}?",
                f"{who.He} needs ${n * g} for a trip. How many {x} does {who.he} have to sell to earn this as profit?",
                f"If the total profit is ${n * g}, how many {x} were sold?",
            ),
            gain,
            (f"That takes {{}} {x}.", f"{n * g}/{g}"),
        )
    elif kind == "cost":
        total = n * c
        story.ask(
            f"If {who.he} spends ${cents(total)} on [them|this], how much [money|] does {who.he} [take in|get] when all of them are sold?",
            (f"{who.He} has {{}} {x}.", f"{total}/{c}"),
            ("The sales bring ${}.", f"{n}*{p}"),
        )
    elif kind == "batch":
        sold = t.number(1, n)
        if sold * p <= n * c:
            sold = n
        story = Story()
        story.tell(
            f"{first} [made|bought] {n} {x} [for|at a cost of] ${c} each.",
            f"{who.He} sold {sold} of them for ${p} each[ and gave the rest away|]."
            if sold < n
            else f"{who.He} sold all of them for ${p} each.",
        )
        story.ask(
            f"[How much profit did {who.he} make|What was {who.his} profit]?",
            (f"[The cost was|{who.He} paid] ${{}}.", f"{n}*{c}"),
            ("The sales brought ${}.", f"{sold}*{p}"),
            ("The profit is ${}.", f"{sold * p}-{n * c}"),
        )
    else:
        fee = t.number(1, 50)
        story.ask(
            given(
                t,
                story,
                t.pick(
                    f"{who.he} sold {n} {x} and paid ${fee} for a table at the fair",
                    f"a table at the fair cost ${fee} and {n} {x} were sold there",
                ),
                f"How much [money|profit] [was left|did {who.he} make] [after all costs|in the end]?",
            ),
            gain,
            (f"{n} {x} bring ${{}}.", f"{n}*{g}"),
            ("That leaves ${}.", f"{n * g}-{fee}"),
        )
    return story


@scenario
def splitting_bill(t: Teller) -> Story:
    """Friends share costs equally, or somebody pays more."""
    story = Story()
    one, k = t.person(), t.number(2, 9)
    x, y = t.number(5, 90), t.number(4, 60)
    kind = t.pick("two", "two", "one", "three", "reverse", "join", "paid", "back")
    place = t.pick(
        "a gift and a card",
        "pizza and drinks",
        "gas and food",
        "a cabin and food",
        "a boat and fishing gear",
        "dinner and a taxi",
        "a tent and snacks",
    )
    first, second = place.split(" and ")
    group = t.pick(
        f"{one} and {k - 1} friends" if k > 2 else f"{one} and a friend",
        f"{k} friends",
        f"{k} neighbors",
        f"{k} cousins",
        f"{k} roommates",
    )
    total = x + y
    story.distract(
        f"{one} is {t.number(15, 60)} years old.",
        f"They stayed for {t.number(2, 9)} hours.",
        f"Last time they paid ${t.number(20, 150)}.",
    )
    people = [] if not group.startswith(str(one)) else [("They are {} people.", f"1+{k - 1}" if k > 2 else "1+1")]
    each = ("Each [one|person] pays ${}.", f"{total}/{k}")
    if kind in ("one", "reverse"):
        share = t.number(2, 40)
        if kind == "one":
            story.tell(
                t.pick(
                    f"{group} [share|split] a bill of ${share * k} equally.",
                    f"{group} [shared|split] the cost of {first}, ${share * k}, equally.",
                )
            )
            story.ask("How much does each [person|of them|one] pay?", *people, ("Each pays ${}.", f"{share * k}/{k}"))
        else:
            story.tell(
                t.pick(
                    f"{group} [shared|split] a bill equally, and each paid ${share}.",
                    f"{group} each paid ${share} for {first}.",
                )
            )
            story.ask(
                "[How much was the bill|How much did they pay in all|What was the total]?",
                *people,
                ("The total is ${}.", f"{k}*{share}"),
            )
        return story
    story.tell(
        t.pick(
            f"{group} [paid|spent] ${x} [for|on] {first} and ${y} [for|on] {second}.",
            f"{group} went out together: {first} cost ${x} and {second} cost ${y}.",
            f"{group} bought {first} for ${x} and {second} for ${y}.",
        )
    )
    share_q = t.pick(
        "They split the cost equally. How much does each [person|of them|] pay?",
        "If they [share|split] everything equally, how much does each [person|one] pay?",
        "How much is each person's share if all pay the same?",
    )
    whole = ("[Together that is|In total it costs|The cost is] ${}.", f"{x}+{y}")
    if kind == "two":
        story.ask(share_q, whole, *people, (each[0], f"{total}/{handy(total, k)}"))
    elif kind == "three":
        z = t.number(3, 30)
        story.tell(t.pick(f"Parking cost another ${z}.", f"They also paid ${z} for tickets."))
        story.ask(share_q, (whole[0], f"{x}+{y}+{z}"), *people, (each[0], f"{total + z}/{handy(total + z, k)}"))
    elif kind == "join":
        m = t.number(1, 4)
        story.tell(
            f"{m} more {'person' if m == 1 else 'people'} [joined|came along] [and shared|to share] the cost equally with them."
        )
        story.ask(
            "How much does each person pay?",
            whole,
            ("[Now|] they are {} people.", f"{k}+{m}"),
            (each[0], f"{total}/{handy(total, k + m)}"),
        )
    elif kind == "paid":
        gift = t.number(2, total - 1)
        story.tell(
            t.pick(
                f"A voucher paid ${gift} of that, and they split the rest equally.",
                f"They used a coupon worth ${gift} and shared the remaining cost equally.",
            )
        )
        story.ask(
            "How much does each [person|of them|] pay?",
            whole,
            ("After that ${} is left to pay.", f"{total}-{gift}"),
            *people,
            (each[0], f"{total - gift}/{handy(total - gift, k)}"),
        )
    else:
        paid = t.pick(20, 50, 100, 150, 200)
        story.tell(f"They paid with ${paid}.")
        story.ask("How much change did they get?", whole, ("The change is ${}.", f"{paid}-{total}"))
    return story


@scenario
def pocket_money(t: Teller) -> Story:
    """Money that comes and goes in several events; what is left, what there was at first, one missing event."""
    first, who = someone(t)
    story = Story()
    have = t.number(5, 120)
    steps, amount, texts = [], have, []
    gains = [
        "[got|received] $%s for doing chores",
        "earned $%s [mowing a lawn|walking a dog|washing a car]",
        "found $%s [in a coat|on the street]",
        "got $%s from {his} [aunt|grandmother|father]",
        "was given $%s [for {his} birthday|as allowance]",
        "sold an old [bike|radio|game] for $%s",
    ]
    spends = [
        "spent $%s on [a movie ticket|a book|lunch|snacks|a toy|a shirt]",
        "bought [a book|a game|a cap|flowers|a ball|a sandwich] for $%s",
        "gave $%s to {his} [brother|sister|friend]",
        "paid $%s for [the bus|a museum ticket|a haircut|ice cream]",
        "lost $%s [on the way home|]",
        "donated $%s to [charity|an animal shelter]",
    ]
    used: set[str] = set()
    for _ in range(t.pick(1, 2, 2, 3)):
        plus = t.chance(0.45)
        change = t.number(1, 60) if plus else t.number(1, amount)
        template = t.pick(*[s for s in (gains if plus else spends) if s not in used])
        used.add(template)
        texts.append(template.replace("{his}", who.his) % change)
        steps.append((plus, change))
        amount += change if plus else -change
    if amount <= 0:
        have, amount = have + 5, amount + 5
    kind = t.pick("left", "left", "left", "first", "first", "missing", "spent")
    joined: list[str] = []
    i = 0
    while i < len(texts):
        if i + 1 < len(texts) and t.chance(0.4):
            joined.append(f"{texts[i]}[ and|, and then| and later] {texts[i + 1]}")
            i += 2
        else:
            joined.append(texts[i])
            i += 1
    start = t.pick(
        f"{first} [had|started with|has saved] ${have}.",
        f"[In {who.his} wallet|In a jar], {first} had ${have}.",
        f"There was ${have} in {first}'s [wallet|piggy bank|pocket].",
    )
    told = [
        f"{t.pick(who.He, f'Then {who.he}', f'Later {who.he}', f'The next day {who.he}') if n else who.He} {text}."
        for n, text in enumerate(joined)
    ]
    story.distract(
        f"{first} has {t.number(2, 6)} friends." if first == str(who) else f"{who.He} has {t.number(2, 6)} friends.",
        f"{who.His} sister has ${t.number(5, 90)}.",
        f"A video game costs ${t.number(20, 60)}.",
    )
    if kind == "spent":
        kind = "left"
    if kind == "left":
        story.tell(start, *told)
        worked, now = [], have
        for plus, change in steps:
            worked.append(
                (
                    f"[Then {who.he} has|{who.He} has|That makes] ${{}}."
                    if plus
                    else f"[Then {who.he} has|{who.He} has|That leaves] ${{}}.",
                    f"{now}{'+' if plus else '-'}{change}",
                )
            )
            now += change if plus else -change
        story.ask(
            f"How much money does {who.he} have [now|in the end|left]?"
            if not steps[-1][0]
            else f"How much money does {who.he} have [now|in the end|]?",
            *worked,
        )
    elif kind == "first":
        told[0] = f"{first} {joined[0]}." if t.chance(0.6) else f"{first} had some money and {joined[0]}."
        worked, now = [], amount
        for plus, change in reversed(steps):
            worked.append((f"Before that {who.he} had ${{}}.", f"{now}{'-' if plus else '+'}{change}"))
            now += -change if plus else change
        story.tell(*told)
        question = f"How much [money|] did {who.he} have [at first|in the beginning|to begin with|at the start]?"
        story.ask(
            given(
                t,
                story,
                t.pick(f"{who.he} has ${amount} now", f"{who.he} [had|was left with] ${amount} in the end"),
                question,
            ),
            *worked,
        )
    else:
        less = t.number(1, have - 1)
        got = t.number(1, 50)
        story.tell(start)
        if t.chance(0.5):
            story.tell(
                t.pick(
                    f"After [buying lunch|a visit to the zoo|shopping] {who.he} had ${have - less}[ left|].",
                    f"{who.He} [bought a present|bought some books|went to the fair] and has ${have - less} left.",
                )
            )
            story.ask(f"How much [money|] did {who.he} spend?", (f"{who.He} spent ${{}}.", f"{have}-{have - less}"))
        else:
            story.tell(
                f"{who.He} [spent|paid] ${less} [on|for] [lunch|a book|a present|stickers].",
                t.pick(
                    f"After {who.his} [uncle|grandmother|mother] gave {who.him} some money, {who.he} had ${have - less + got}.",
                    f"Then {who.he} got {who.his} allowance and had ${have - less + got}.",
                ),
            )
            story.ask(
                f"How much [money|] did {who.he} [get|receive]?",
                (f"After paying {who.he} had ${{}}.", f"{have}-{less}"),
                (f"{who.He} got ${{}}.", f"{have - less + got}-{have - less}"),
            )
    return story


@scenario
def ticket_prices(t: Teller) -> Story:
    """Tickets for adults and children."""
    story = Story()
    place = t.pick(
        "zoo",
        "museum",
        "circus",
        "movie theater",
        "water park",
        "concert",
        "fair",
        "aquarium",
        "school play",
        "football game",
    )
    a_, c = price(t, 5, 40, 0.1), price(t, 2, 20, 0.2)
    n, m = t.number(2, 60) if t.chance(0.4) else t.number(2, 6), t.number(2, 90) if t.chance(0.4) else t.number(2, 8)
    kids, kid = t.pick(("children", "child"), ("students", "student"), ("kids", "kid"))
    sa, sc = worth(f"{n}*{a_}"), worth(f"{m}*{c}")
    total = worth(f"{sa}+{sc}")
    kind = t.pick("total", "total", "change", "children", "adults", "children price", "more", "people")
    prices = t.pick(
        f"Tickets for the {place} cost ${a_} for adults and ${c} for {kids}",
        f"[At the {place}, an|An] adult ticket [costs|is] ${a_} and a {kid} ticket [costs|is] ${c}",
        f"The {place} charges ${a_} [per adult|for each adult] and ${c} [per {kid}|for each {kid}]",
        f"An adult pays ${a_} to get into the {place}, [while|but] a {kid} pays [only|] ${c}"
        if float(c) < float(a_)
        else f"An adult pays ${a_} and a {kid} pays ${c} to get into the {place}",
    )
    first, _ = someone(t)
    group = t.pick(
        f"a group of {n} adults and {m} {kids}",
        f"{n} adults and {m} {kids}",
        f"a family with {n} adults and {m} {kids}" if n < 7 and m < 9 else f"{m} {kids} and {n} adults",
    )
    visit = t.pick(
        f"{group} came [on Sunday|]",
        f"{first} buys tickets for {n} adults and {m} {kids}",
        f"there were {n} adults and {m} {kids}",
    )
    steps = [
        (f"[The adults pay|{n} adults pay] ${{}}.", f"{n}*{a_}"),
        (f"[The {kids} pay|{m} {kids} pay] ${{}}.", f"{m}*{c}"),
    ]
    story.distract(
        f"The {place} [is|was] open for {t.number(4, 12)} hours.",
        f"The trip there took {t.number(10, 90)} minutes.",
        f"Last year {t.number(20, 300)} tickets were sold there.",
    )
    whole = ("[Together that is|In total|Altogether] ${}.", f"{sa}+{sc}")
    if kind == "total":
        story.tell(prices + ".")
        story.ask(
            given(
                t,
                story,
                visit,
                "[How much do the tickets cost [in all|altogether|]|What is the total cost|How much [money|] is paid in all]?",
            ),
            *steps,
            whole,
        )
    elif kind == "change":
        paid = t.pick(50, 100, 200, int(float(total)) + t.number(1, 40))
        story.tell(prices + ".", visit + ".")
        story.ask(
            t.pick(
                f"How much change is there from ${paid}?",
                f"If ${paid} is [paid|handed over], how much [change|money] is given back?",
            ),
            *steps,
            whole,
            ("The change is ${}.", f"{paid}-{total}"),
        )
    elif kind in ("children", "adults"):
        story.tell(prices + ".")
        if kind == "children":
            story.tell(
                f"[In all|Altogether|One day], the {place} [took in|sold tickets for] ${cents(total)}[ and|, and] {n} adults came."
            )
            story.ask(
                f"How many {kids} [came|were there]?",
                steps[0],
                (f"The {kids} paid ${{}}.", f"{total}-{sa}"),
                (f"There were {{}} {kids}.", f"{sc}/{c}"),
            )
        else:
            story.tell(
                f"[A group|One group] paid ${cents(total)} [in all|altogether], and there were {m} {kids} in it."
            )
            story.ask(
                "How many adults were [there|in the group]?",
                steps[1],
                ("The adults paid ${}.", f"{total}-{sc}"),
                ("There were {} adults.", f"{sa}/{a_}"),
            )
    elif kind == "children price":
        story.tell(
            f"{n} adults and {m} {kids} [paid|pay] ${cents(total)} for tickets to the {place}.",
            f"An adult ticket [costs|is] ${a_}.",
        )
        story.ask(
            f"[How much does a {kid} ticket cost|What is the price of a {kid} ticket|How much does each {kid} pay]?",
            steps[0],
            (f"The {kids} pay ${{}}.", f"{total}-{sa}"),
            (f"Each {kid} pays ${{}}.", f"{sc}/{m}"),
        )
    elif kind == "more":
        story.tell(prices + ".", visit + ".")
        if float(sa) > float(sc):
            story.ask(f"How much more do the adults pay than the {kids}?", *steps, ("That is ${} more.", f"{sa}-{sc}"))
        else:
            story.ask(f"How much more do the {kids} pay than the adults?", *steps, ("That is ${} more.", f"{sc}-{sa}"))
    else:
        days = t.number(2, 9)
        story.tell(f"[Each|Every] day {n} adults and {m} {kids} visit the {place}.")
        if t.chance(0.5):
            story.ask(
                f"How many people visit it in {days} days?",
                ("[A day has|Each day there are] {} visitors.", f"{n}+{m}"),
                (f"In {days} days that is {{}}[ people|].", f"{days}*{n + m}"),
            )
        else:
            story.tell(f"[Each of them|Everybody|Every visitor] pays ${a_}.")
            story.ask(
                "How much [money|] is taken in [each|per] day?",
                ("There are {} visitors[ a day|].", f"{n}+{m}"),
                ("They pay ${}.", f"{n + m}*{a_}"),
            )
    return story


@scenario
def pack_prices(t: Teller) -> Story:
    """Prices of packs: per piece, cheaper one, number of packs needed and their cost."""
    first, who = someone(t)
    story = Story()
    x, box = t.thing("school", "food", "toy", "clothing"), t.thing("container")
    n, k, p = t.number(2, 24), t.number(2, 15), t.number(2, 25)
    k += k == n
    kind = t.pick("need", "need", "unit", "compare", "saving", "pieces", "afford", "gain")
    sold = t.pick(
        f"{x} [are sold|come] in {box} of {n}, and [each|one|a] {box.one} costs ${p}",
        f"{a(box.one)} of {n} {x} costs ${p}",
        f"a store sells {x} in {box} of {n} for ${p} [each|per {box.one}|a {box.one}]",
    )
    story.distract(
        f"The {box} weigh {t.number(2, 9)} pounds each.",
        f"{first} has {t.number(2, 30)} {x} at home, but those are [old|for a friend].",
        f"The store sold {t.number(20, 90)} {box} yesterday.",
    )
    if kind == "need":
        story.tell(sold + ".")
        needs = (f"[That takes|{who.He} needs] {{}} {box}.", f"{n * k}/{n}")
        story.ask(
            given(
                t,
                story,
                t.pick(
                    f"{first} needs {n * k} {x}",
                    f"{first} wants to buy {n * k} {x}",
                    f"{n * k} {x} are needed for [a party|a class|a fair|a club]",
                ),
                "[How much will they cost|What will that cost|How much money is needed|How much is that in all]?",
            ),
            needs,
            (f"{k} {box} cost ${{}}.", f"{k}*{p}"),
        )
    elif kind == "unit":
        cost = n * p
        story.tell(
            t.pick(
                f"{a(box.one)} [with|of] {n} {x} costs ${cost}.",
                f"{first} [pays|paid] ${cost} for {a(box.one)} of {n} {x}.",
            )
        )
        if t.chance(0.5):
            story.ask(
                f"How much does [one|each|a single] {x.one} cost?", (f"[One|Each] {x.one} costs ${{}}.", f"{cost}/{n}")
            )
        else:
            story.ask(
                f"At that price, how much [would|do] {k} {x} cost?",
                (f"[One|Each] {x.one} costs ${{}}.", f"{cost}/{n}"),
                (f"{k} {x} cost ${{}}.", f"{k}*{p}"),
            )
    elif kind == "compare":
        m = t.number(2, 30)
        q = p + t.number(1, 8)
        if m == n:
            m += 1
        story.tell(*mixed(t, f"Store A sells {n} {x} for ${n * p}.", f"Store B sells {m} {x} for ${m * q}."))
        story.ask(
            f"How much [cheaper|less] is one {x.one} at store A?",
            (f"At store A one {x.one} costs ${{}}.", f"{n * p}/{n}"),
            (f"At store B one {x.one} costs ${{}}.", f"{m * q}/{m}"),
            ("[The difference is|That is] ${}.", f"{q}-{p}"),
        )
    elif kind == "saving":
        single = t.number(2, 12)
        less = t.number(1, single * n - 1)
        cost = single * n - less
        story.tell(*mixed(t, f"[A single|One] {x.one} costs ${single}.", f"{a(box.one)} of {n} {x} costs ${cost}."))
        story.ask(
            t.pick(
                f"How much [does {first} save|is saved] by buying {a(box.one)} instead of {n} single {x}?",
                f"How much cheaper is the {box.one} than {n} single {x}?",
            ),
            (f"{n} single {x} cost ${{}}.", f"{n}*{single}"),
            ("[Saved are|The difference is] ${}.", f"{single * n}-{cost}"),
        )
    elif kind == "pieces":
        story.tell(sold + ".")
        story.ask(
            given(
                t,
                story,
                t.pick(f"{first} spent ${k * p} on {x}", f"{first} paid ${k * p} [for some {box}|in all]"),
                f"How many {x} did {who if t.chance(0.4) else who.he} [get|buy]?",
            ),
            (f"{who.He} bought {{}} {box}.", f"{k * p}/{p}"),
            (f"They hold {{}} {x}.", f"{k}*{n}"),
        )
    elif kind == "afford":
        budget = k * p + t.number(1, 9)
        rest = budget - k * p
        if rest >= p:
            budget, rest = k * p + 1, 1
        story.tell(sold + ".", f"{first} has ${budget} and buys {k} {box}.")
        story.ask(
            f"How much money does {who} have left?",
            (f"{k} {box} cost ${{}}.", f"{k}*{p}"),
            ("That leaves ${}.", f"{budget}-{k * p}"),
        )
    else:
        single = t.number(1, 12)
        if single * n <= p:
            single = p // n + 1
        story.tell(
            t.pick(
                f"{first} [buys|bought] {a(box.one)} of {n} {x} for ${p} and [sells|sold] [each {x.one}|every {x.one}] for ${single}.",
                f"{first} paid ${p} for {a(box.one)} of {n} {x}. {who.He} sold the {x} for ${single} each.",
            )
        )
        if t.chance(0.5):
            story.ask(
                "[How much profit was made|What was the profit|How much was gained]?",
                ("The sales bring ${}.", f"{n}*{single}"),
                ("The profit is ${}.", f"{n * single}-{p}"),
            )
        else:
            story.ask(
                f"How much profit [would|do] {k} [such|] {box} bring?",
                (f"A {box.one} sells for ${{}}.", f"{n}*{single}"),
                ("The profit on it is ${}.", f"{n * single}-{p}"),
                (f"{k} {box} bring ${{}}.", f"{k}*{n * single - p}"),
            )
    return story


@scenario
def raising_funds(t: Teller) -> Story:
    """A class or club raises money."""
    story = Story()
    group = t.pick(
        "class",
        "school band",
        "soccer team",
        "scout troop",
        "choir",
        "chess club",
        "drama club",
        "school",
        "swim team",
        "village library",
    )
    member = {
        "class": "students",
        "school": "students",
        "soccer team": "players",
        "swim team": "swimmers",
        "choir": "singers",
        "village library": "helpers",
    }.get(group, "members")
    n, each = t.number(4, 40), t.number(3, 30)
    a_, b = t.number(20, 400, 5), t.number(20, 400, 5)
    goal = a_ + b + t.number(10, 500, 5)
    kind = t.pick("need", "need", "sold", "each", "percent", "twice", "total", "wash")
    event = t.new("a bake sale", "a car wash", "a raffle", "a concert", "a book sale")
    other = t.new("a bake sale", "a car wash", "a raffle", "a concert", "a book sale")
    wants = t.pick(
        f"the {group} [wants|needs|hopes] to raise ${goal} for [a trip|new equipment|a party|charity]",
        f"the goal of the {group} is to raise ${goal}",
        f"${goal} is needed by the {group} for [a trip|new chairs]",
    )
    story.distract(
        f"There are {t.number(10, 40)} {member} in the {group}.",
        f"Last year the {group} raised ${t.number(50, 500, 5)}.",
        f"The sale lasted {t.number(2, 8)} hours.",
    )
    raised = t.pick(
        f"It [raised|made|earned] ${a_} [with|from] {event} and ${b} [with|from] {other}.",
        f"[So far|] {event} brought in ${a_} and {other} ${b}.",
    )
    both = ("[Together they raised|So far it has] ${}.", f"{a_}+{b}")
    if kind == "need":
        story.tell(wants + ".", raised)
        story.ask(
            t.pick(
                "How much [more|] money [is still needed|must still be raised]?",
                f"How much more does the {group} need to raise?",
            ),
            both,
            ("[Still missing are|It still needs] ${}.", f"{goal}-{a_ + b}"),
        )
    elif kind == "each":
        need = n * each
        story.distractors.pop(0)
        story.tell(
            f"The {group} [wants|needs] to raise ${need + a_} [for a trip|].",
            t.pick(
                f"{event} brought in ${a_}, and the {n} {member} [want to|will] raise the rest in equal parts.",
                f"It already has ${a_}. Its {n} {member} share the rest equally.",
            ),
        )
        story.ask(
            f"How much should each of the {member} [raise|bring in]?",
            ("[The rest is|Missing are] ${}.", f"{need + a_}-{a_}"),
            ("Each raises ${}.", f"{need}/{n}"),
        )
    elif kind == "sold":
        x = t.thing("food", "plant", "goods")
        p = t.number(2, 12)
        k = t.number(2, 20)
        story.distractors.pop(0)
        story.tell(
            t.pick(
                f"[Each|Every one] of the {n} {member} of the {group} sold {k} {x} [for|at] ${p} each [to raise money|].",
                f"{n} {member} of the {group} each sold {k} {x}. [Each|Every] {x.one} cost ${p}.",
            )
        )
        if t.chance(0.6):
            story.ask(
                "How much money [did they raise|was raised] [in all|altogether|in total|]?",
                (f"They sold {{}} {x}.", f"{n}*{k}"),
                ("They raised ${}.", f"{n * k}*{p}"),
            )
        else:
            g = n * k * p + t.number(5, 300, 5)
            story.ask(
                f"If they want to raise ${g}, how much is [still|] missing?",
                (f"They sold {{}} {x}.", f"{n}*{k}"),
                ("They raised ${}.", f"{n * k}*{p}"),
                ("Missing are ${}.", f"{g}-{n * k * p}"),
            )
    elif kind == "percent":
        pc = t.pick(10, 20, 25, 40, 50, 60, 75, 80, 90)
        goal = t.number(100, 2000, 20)
        got = worth(f"{goal}*{pc}/100")
        story.tell(
            t.pick(f"The {group} [wants|hopes] to raise ${goal}.", f"The {group} needs ${goal} for new equipment."),
            t.pick(
                f"[So far|After a week] it has raised {pc}% of [that|the money|this amount].",
                f"{event} brought in {pc}% of the money.",
            ),
        )
        if t.chance(0.5):
            story.ask("How much money [has been raised|is that]?", ("That is ${}.", f"{goal}*{pc}/100"))
        else:
            story.ask(
                "How much [more money|money] is still needed?",
                ("It has raised ${}.", f"{goal}*{pc}/100"),
                ("Missing are ${}.", f"{goal}-{got}"),
            )
    elif kind == "twice":
        word, k = t.pick(("twice", 2), ("3 times", 3), ("4 times", 4), ("half", 0))
        two = f"{k}*{a_}" if k else f"{a_}/2"
        story.tell(f"{event} of the {group} raised ${a_}[, and| and] {other} raised {word} as much.")
        story.ask(
            "How much [money|] was raised [in all|altogether|by both together]?",
            ("The second one raised ${}.", two),
            ("Together that is ${}.", f"{a_}+{worth(two)}"),
        )
    elif kind == "total":
        c = t.number(10, 200, 5)
        story.tell(f"The {group} made ${a_} with {event} and ${b} with {other}.", f"The costs were ${c}[ in all|].")
        story.ask(
            "How much [money|] [was left|remained] after the costs?",
            ("The two brought ${}.", f"{a_}+{b}"),
            ("[Left are|That leaves] ${}.", f"{a_ + b}-{c}"),
        )
    else:
        car, truck = t.number(4, 12), t.number(8, 25)
        m = t.number(2, 20)
        story.tell(
            f"At a car wash, the {group} [charges|charged] ${car} for each car and ${truck} for each truck.",
            f"It [washed|cleaned] {n} cars and {m} trucks.",
        )
        story.ask(
            "How much [money|] [did it raise|was raised|did the car wash bring in]?",
            ("The cars brought ${}.", f"{n}*{car}"),
            ("The trucks brought ${}.", f"{m}*{truck}"),
            ("In total ${}.", f"{n * car}+{m * truck}"),
        )
    return story


@scenario
def renting(t: Teller) -> Story:
    """A fixed fee and a price per day, hour, mile."""
    first, _ = someone(t)
    story = Story()
    thing, unit = t.pick(
        ("car", "day"),
        ("bicycle", "hour"),
        ("boat", "hour"),
        ("tent", "night"),
        ("room", "day"),
        ("truck", "mile"),
        ("taxi", "mile"),
        ("kayak", "hour"),
        ("hall", "hour"),
        ("pair of skis", "day"),
        ("scooter", "hour"),
        ("cabin", "night"),
    )
    fee, rate, n = t.number(3, 60), t.number(2, 45), t.number(2, 14)
    verb, units = ("ride in" if thing == "taxi" else "rent"), unit + "s"
    total = fee + rate * n
    kind = t.pick("total", "total", "time", "time", "rate", "share", "compare", "free")
    terms = t.pick(
        f"It costs ${fee} plus ${rate} [per|for each|for every|a] {unit} to {verb} a {thing}",
        f"{a(thing)} [can be rented for|costs] ${fee} [plus|and] ${rate} [for each|per|for every] {unit}"
        if thing != "taxi"
        else f"A taxi [costs|charges] ${fee} plus ${rate} [per|for each] {unit}",
        f"To {verb} a {thing}, one pays a [fixed|basic] fee of ${fee} and [another|] ${rate} [for each|per] {unit}",
    )
    use = (
        t.pick(f"{first} [uses|takes] it for {n} {units}", f"{first} [needs|keeps] the {thing} for {n} {units}")
        if unit != "mile"
        else f"{first} [travels|goes|rides] {n} miles [with it|in it|]"
    )
    steps = [(f"{n} {units} cost ${{}}.", f"{n}*{rate}"), ("With the fee that is ${}.", f"{n * rate}+{fee}")]
    story.distract(
        f"The {thing} is {t.number(2, 12)} years old.",
        f"The office is {t.number(2, 20)} blocks away.",
        f"Last year the fee was ${t.number(2, 50)}.",
    )
    if kind == "total":
        story.tell(terms + ".")
        story.ask(
            given(t, story, use, "[How much does it cost in all|What is the total cost|How much has to be paid]?"),
            *steps,
        )
    elif kind == "time":
        story.tell(terms + ".")
        story.ask(
            given(
                t,
                story,
                t.pick(
                    f"{first} paid ${cents(total)}",
                    f"the bill was ${cents(total)}",
                    f"{first} [had to pay|was charged] ${cents(total)}",
                ),
                f"For how many {units} was it used?" if unit != "mile" else "How many miles was the trip?",
            ),
            (f"The {units} cost ${{}}.", f"{total}-{fee}"),
            (f"That is {{}} {units}.", f"{rate * n}/{rate}"),
        )
    elif kind == "rate":
        story.tell(
            f"{first} paid ${cents(total)} to {verb} a {thing} for {n} {units}.",
            t.pick(f"This includes a fixed fee of ${fee}.", f"${fee} of that was a fixed fee."),
        )
        story.ask(
            f"[What is the price per {unit}|How much does each {unit} cost|How much does one {unit} cost]?",
            (f"The {units} cost ${{}}.", f"{total}-{fee}"),
            (f"One {unit} costs ${{}}.", f"{rate * n}/{n}"),
        )
    elif kind == "share":
        k = t.number(2, 8)
        story.tell(terms + ".", f"{k} friends [share|split] the cost [for|of] {n} {units} equally.")
        story.ask("How much does each [friend|of them] pay?", *steps, ("Each pays ${}.", f"{total}/{handy(total, k)}"))
    elif kind == "compare":
        flat = total + t.number(1, 40)
        story.tell(
            terms + ".", f"Another company [asks|charges|takes] ${cents(flat)} for {n} {units}, with no other fee."
        )
        story.ask(
            f"How much [cheaper|less] is the first offer for {n} {units}?",
            *steps,
            ("It is ${} cheaper.", f"{flat}-{total}"),
        )
    else:
        free = t.number(1, n - 1)
        over = n - free
        story.tell(
            f"[It costs|One pays|People pay] ${fee} to {verb} a {thing} for the first {free} {unit if free == 1 else units} and ${rate} for every {unit} after that.",
            use + ".",
        )
        story.ask(
            "[How much does it cost in all|What is the cost|How much is to be paid]?",
            (f"Extra {units}: {{}}.", f"{n}-{free}"),
            ("They cost ${}.", f"{over}*{rate}"),
            ("[In total|With the fee that is] ${}.", f"{fee}+{over * rate}"),
        )
    return story


@scenario
def subscriptions(t: Teller) -> Story:
    """Monthly and yearly prices."""
    first, who = someone(t)
    story = Story()
    what = t.pick(
        "gym membership",
        "music subscription",
        "phone plan",
        "magazine",
        "streaming service",
        "cable plan",
        "newspaper",
        "swimming club",
        "storage room",
        "parking spot",
    )
    p, m = price(t, 3, 60, 0.2), t.number(2, 11)
    kind = t.pick("year", "months", "saved", "reverse", "joining", "two", "raise", "years")
    pays = t.pick(
        f"{first} pays ${p} [a|per|each|every] month for a {what}.",
        f"A {what} costs {first} ${p} [a|per|each] month.",
        f"[Each|Every] month {first} pays ${p} for a {what}.",
    )
    yearly = worth(f"12*{p}")
    year = ("A year costs ${}.", f"12*{p}")
    story.distract(
        f"{who} earns ${t.number(1000, 4000, 50)} a month.",
        f"{t.number(20, 90)} people in {who.his} street have the same one.",
        f"{who.His} neighbor pays ${t.number(3, 60)} a month.",
    )
    if kind == "year":
        story.tell(pays)
        story.ask(f"How much [does {who.he} pay|is that|does it cost] [in a year|per year|in one year]?", year)
    elif kind == "months":
        story.tell(pays)
        story.ask(
            t.pick(
                f"How much will {who.he} [pay|spend] in {m} months?", f"After {m} months, how much has {who.he} paid?"
            ),
            (f"{m} months cost ${{}}.", f"{m}*{p}"),
        )
    elif kind == "saved":
        less = t.number(5, max(6, int(float(yearly)) // 2))
        flat = worth(f"{yearly}-{less}")
        story.tell(
            t.pick(
                f"A {what} costs ${p} a month or ${cents(flat)} [for a whole year|a year when paid at once].",
                f"{first} can pay ${p} a month or ${cents(flat)} a year for a {what}.",
            )
        )
        story.ask(
            t.pick(
                "How much is saved in a year by paying [once a year|for the whole year]?",
                "How much cheaper is the yearly [price|plan] for a full year?",
            ),
            ("Paid by the month, a year costs ${}.", f"12*{p}"),
            ("[Saved are|The difference is] ${}.", f"{yearly}-{flat}"),
        )
    elif kind == "reverse":
        story.tell(
            t.pick(
                f"{first} [pays|paid] ${cents(yearly)} a year for a {what}.",
                f"A {what} costs ${cents(yearly)} [a|per] year.",
            )
        )
        if t.chance(0.5):
            story.ask("How much is that [per|a|each] month?", ("A month costs ${}.", f"{yearly}/12"))
        else:
            story.ask(
                f"[At this price, |]how much do {m} months cost?",
                ("A month costs ${}.", f"{yearly}/12"),
                (f"{m} months cost ${{}}.", f"{m}*{p}"),
            )
    elif kind == "joining":
        fee = t.number(5, 80)
        story.tell(pays, t.pick(f"{who.He} also paid ${fee} [once|] to join.", f"Joining cost another ${fee}."))
        k = t.pick(12, m)
        span = "the first year" if k == 12 else f"the first {k} months"
        cost = worth(f"{k}*{p}")
        story.ask(
            f"How much does {who.he} pay [for|in] {span}[ altogether| in all|]?",
            (f"{k} months cost ${{}}.", f"{k}*{p}"),
            ("[With the fee|In all] that is ${}.", f"{cost}+{fee}"),
        )
    elif kind == "two":
        q = t.number(2, 40)
        other = t.pick("a game service", "a cooking box", "a yoga class", "a language course")
        story.tell(pays, f"{who.He} also pays ${q} [a|each|per] month for {other}.")
        s = worth(f"{p}+{q}")
        story.ask(
            f"How much does {who.he} pay for both [in|during] {m} months?",
            ("Both cost ${} a month.", f"{p}+{q}"),
            (f"{m} months cost ${{}}.", f"{m}*{s}"),
        )
    elif kind == "raise":
        up = t.number(1, 12)
        story.tell(
            pays,
            t.pick(
                f"After {m} months the monthly price [rises|goes up] once, by ${up}.",
                f"Once the first {m} months are over, each month costs ${up} more than before.",
            ),
        )
        one, new, rest = worth(f"{m}*{p}"), worth(f"{p}+{up}"), 12 - m
        story.ask(
            f"How much does {who.he} pay for the first year?",
            (f"The first {m} months cost ${{}}.", f"{m}*{p}"),
            ("[Then|After that] a month costs ${}.", f"{p}+{up}"),
            (f"The other {rest} month{'s cost' if rest > 1 else ' costs'} ${{}}.", f"(12-{m})*{new}"),
            ("In all ${}.", f"{one}+{worth(f'{rest}*{new}')}"),
        )
    else:
        k = t.number(2, 6)
        story.tell(pays)
        story.ask(
            f"How much [is that|does {who.he} pay] in {k} years?", year, (f"{k} years cost ${{}}.", f"{k}*{yearly}")
        )
    return story


@scenario
def bills_and_coins(t: Teller) -> Story:
    """Counting bills and coins."""
    first, who = someone(t)
    story = Story()
    bills = t.pick((5, 10), (10, 20), (5, 20), (2, 5), (1, 5), (20, 50), (10, 50), (1, 10))
    low, high = bills if t.chance(0.5) else bills[::-1]
    n, m = t.number(2, 15), t.number(2, 12)
    kind = t.pick("total", "total", "count", "spent", "quarters", "exchange")
    holds = t.pick(
        f"{first} has {n} ${low} bills and {m} ${high} bills.",
        f"There are {n} ${low} bills and {m} ${high} bills in {first}'s [wallet|drawer|box].",
        f"{first} counts {who.his} money and finds {n} bills of ${low} and {m} bills of ${high}.",
    )
    one, two = (
        (f"The ${low} bills are worth ${{}}.", f"{n}*{low}"),
        (f"The ${high} bills are worth ${{}}.", f"{m}*{high}"),
    )
    total = n * low + m * high
    story.distract(
        f"{who} has had the wallet for {t.number(2, 9)} years.", f"{who.His} friend has ${t.number(10, 90)}."
    )
    if kind == "total":
        story.tell(holds)
        story.ask(
            f"How much money [does {who.he} have|is that] [in all|altogether|in total|]?",
            one,
            two,
            ("Together that is ${}.", f"{n * low}+{m * high}"),
        )
    elif kind == "count":
        story.tell(
            f"{first} has ${cents(total)} in ${low} bills and ${high} bills.", f"{n} of the bills are ${low} bills."
        )
        story.ask(
            f"How many ${high} bills does {who.he} have?",
            one,
            ("The rest is ${}.", f"{total}-{n * low}"),
            (f"That is {{}} ${high} bills.", f"{m * high}/{high}"),
        )
    elif kind == "spent":
        cost = t.number(3, total - 1)
        story.tell(holds)
        story.ask(
            given(
                t,
                story,
                f"{who.he} spends ${cost} [on food|on clothes|in a shop|on a gift]",
                f"How much [money|] [is left|does {who.he} have left]?",
            ),
            one,
            two,
            ("That makes ${}.", f"{n * low}+{m * high}"),
            ("Left are ${}.", f"{total}-{cost}"),
        )
    elif kind == "quarters":
        coin, value = t.pick(("quarters", 25), ("dimes", 10), ("nickels", 5))
        k = t.number(4, 60)
        story.tell(
            f"{first} [has|saved|found] {k} {coin}[, which are worth {value} cents each|, each worth {value} cents]."
            if t.chance(0.7)
            else f"A jar holds {k} {coin}."
        )
        if t.chance(0.5):
            story.ask("How many cents is that [in all|]?", ("That is {} cents.", f"{k}*{value}"))
        else:
            story.ask(
                "How many dollars [is that|are they worth]?",
                ("That is {} cents.", f"{k}*{value}"),
                ("That is ${}.", f"{k * value}/100"),
            )
    else:
        if n * max(bills) % min(bills):
            raise Unsuitable("the bills do not come out even")
        story.tell(
            f"{first} [changes|exchanges] {n} ${max(low, high)} bills for ${min(low, high)} bills[ at the bank|]."
        )
        story.ask(
            f"How many ${min(low, high)} bills does {who.he} get?",
            ("They are worth ${}.", f"{n}*{max(low, high)}"),
            ("That is {} bills.", f"{n * max(low, high)}/{min(low, high)}"),
        )
    return story
