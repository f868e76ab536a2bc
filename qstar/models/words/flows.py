"""Stories of one quantity, drawn step by step: where it comes from, what happens to it, what is asked at the end.

Each stage is drawn from what fits the world (things, money, people, liters), so that the same question comes after
many different stories.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qstar.models.words.story import Story, Teller, Unsuitable, fill, register, whole
from qstar.models.words.vocabulary import KIN

_LARGEST = 5000


@dataclass(frozen=True)
class Stage:
    """A sentence with the numbers {a} and {b}, and its steps: (line with {} for the calculation, expression).

    In expressions `x` is the quantity before, `y` the result of the step before in this stage. `a` and `b` give the
    ranges of the numbers; None: {a} divides x.
    """

    text: str
    steps: tuple[tuple[str, str], ...] = ()
    a: tuple[int, int] | None = (2, 12)
    b: tuple[int, int] = (2, 12)


@dataclass(frozen=True)
class Flow:
    """What may happen to one kind of quantity; `drawn` draws the names for a story."""

    drawn: Callable[[Teller], dict[str, str]]
    sources: tuple[Stage, ...]
    events: tuple[Stage, ...]
    ends: tuple[Stage, ...]


def _told(flow: Flow, t: Teller) -> Story:
    names = flow.drawn(t)
    story, steps, x, named = Story(), [], "0", False
    events = t.rng.permutation(len(flow.events))[: t.pick(0, 1, 1, 1, 2)]
    stages = [t.pick(*flow.sources), *(flow.events[i] for i in events), t.pick(*flow.ends)]
    for stage in stages:
        a = t.number(*stage.a) if stage.a is not None else t.divisor(int(x), 2, min(12, int(x) // 2))
        numbers = {"a": str(a), "b": str(t.number(*stage.b))}
        text, y = stage.text, ""
        if stage is not stages[0] and "{who}" not in stages[0].text and "{he}" in text and not named:
            text, named = text.replace("{he}", "{who}", 1), True  # a story that began without its person
        text = fill(text, {**names, **numbers})
        for line, expression in stage.steps:
            for name, number in {**numbers, "x": x, "y": y}.items():
                expression = expression.replace(name, number)
            y = str(whole(expression, _LARGEST))
            if expression != y:  # "x" alone: the story only tells it
                steps.append((fill(line, names), expression))
        x = y or x
        if stage is stages[-1]:
            *facts, question = t.phrase(text).split(" / ")
            story.tell(*facts)
        else:
            story.tell(text)
    if not 0 < len(steps) <= 5:
        raise Unsuitable("nothing to calculate, or too much")
    story.ask(question, *steps)
    return story


def _flow(name: str, flow: Flow) -> None:
    """Registers a scenario that tells of one kind of quantity."""
    register(name, lambda t: _told(flow, t))


def _somebody(t: Teller) -> dict[str, str]:
    """Who, and how the next sentences speak of them."""
    person = t.person()
    mine = t.chance(0.2)
    friend = t.pick(str(t.person()), f"{'my' if mine else person.his} {t.new(*KIN)}")
    names = {"friend": friend, "other": str(t.person())}
    if mine:
        return {**names, "who": "I", "he": "I", "does": "do", "his": "my", "s": "", "has": "have"}
    return {**names, "who": str(person), "he": person.he, "does": "does", "his": person.his, "s": "s", "has": "has"}


def _with_things(*kinds: str) -> Callable[[Teller], dict[str, str]]:
    def drawn(t: Teller) -> dict[str, str]:
        thing = t.thing(*kinds)
        containers = t.new("boxes", "bags", "packs", "baskets", "jars", "trays", "bowls", "packets", "cases", "crates")
        return {**_somebody(t), "things": thing.many, "thing": thing.one, "boxes": containers}

    return drawn


_NUMBER, _MANY = (2, 20), (5, 90)

# ---------------------------------------------------------------- things

_GET_THINGS = (
    Stage("{who} {has} {a} {things}.", (("", "a"),), a=_MANY),
    Stage("{who} {has} {a} {boxes} [with|of] {b} {things} [each|in each].", (("There are {} {things}.", "a*b"),)),
    Stage("There are {a} {boxes} with {b} {things} in each.", (("There are {} {things}.", "a*b"),)),
    Stage("{who} [bought|got] {a} {boxes}. Each [of them |]holds {b} {things}.", (("That is {} {things}.", "a*b"),)),
    Stage(
        "{who} got {b} {things} from each of {his} {a} [friends|cousins|classmates].",
        (("That is {} {things}.", "a*b"),),
    ),
    Stage(
        "{who} [got|bought] {a} {things} on [Monday|Saturday] and {b} [more |]on [Tuesday|Sunday].",
        (("[That is|Together] {} {things}.", "a+b"),),
        a=_MANY,
        b=_MANY,
    ),
    Stage(
        "{who} [found|collected|bought] {a} {things} [a|each|every] day for {b} days.",
        (("That is {} {things}.", "a*b"),),
    ),
    Stage(
        "{who} and {other} [brought|put together] {a} {things} each.", (("Together {} {things}.", "2*a"),), a=_NUMBER
    ),
    Stage(
        "{who} {has} {a} {things} and {friend} gives {b} more.",
        (("{he} {has} {} {things}.", "a+b"),),
        a=_MANY,
        b=_NUMBER,
    ),
    Stage(
        "[One|A] [half|part] of the table has {a} {things}, the other {b}.",
        (("Together {} {things}.", "a+b"),),
        a=_NUMBER,
        b=_NUMBER,
    ),
)
_CHANGE_THINGS = (
    Stage("{he} give{s} {a} [of them |]to {friend}.", (("Left are {}.", "x-a"),), a=_NUMBER),
    Stage("[Then|Later] {he} give{s} away {a}[ of them|].", (("[Left are {}|{} are left].", "x-a"),), a=_NUMBER),
    Stage("[Then|Later|On the way] {he} lose{s} {a}[ {things}|].", (("[Left are {}|{} are left].", "x-a"),), a=_NUMBER),
    Stage(
        "{a} [of the {things} |of them |]are [broken|damaged|bad|thrown away|missing].",
        (("{} are [good|left].", "x-a"),),
    ),
    Stage("{he} sell{s} {a} of them.", (("Left are {}.", "x-a"),), a=_NUMBER),
    Stage("{friend} takes {a}.", (("Left are {}.", "x-a"),), a=_NUMBER),
    Stage("[Then|Later] {he} get{s} {a} more[ from {friend}|].", (("Now there are {}.", "x+a"),), a=_NUMBER),
    Stage("{friend} brings {a} more.", (("Now there are {}.", "x+a"),), a=_NUMBER),
    Stage(
        "{friend} [brings|adds] {a} more {boxes} with {b} {things} each.",
        (("More: {}.", "a*b"), ("Now there are {}.", "x+y")),
    ),
    Stage(
        "{he} give{s} {a} {things} to each of {b} [friends|children|neighbors].",
        (("{he} give{s} away {}.", "a*b"), ("Left are {}.", "x-y")),
        a=(2, 6),
        b=(2, 8),
    ),
    Stage("{he} give{s} [half|one half] of them [away|to {friend}].", (("[Left are|The other half is] {}.", "x/2"),)),
    Stage(
        "{he} [use|sell]{s} [a third|one third] of them.",
        (("A third is {}.", "x/3"), ("Left are {}.", "x-y")),
    ),
    Stage(
        "{he} give{s} [a quarter|one fourth] of them to {friend}.",
        (("A quarter is {}.", "x/4"), ("Left are {}.", "x-y")),
    ),
)
_ASK_THINGS = (
    Stage("How many {things} [are left|are there now|{does} {he} have now|{does} {he} have in the end]?"),
    Stage("How many {things} [are there|{does} {he} have] [now|then|at the end]?"),
    Stage(
        "{he} share{s} [what is left|the {things}|them] [equally|evenly] [among|with|between] {a} [friends|children|people]. "
        "/ How many {things} does each [of them |]get?",
        (("Each gets {}.", "x/a"),),
        a=None,
    ),
    Stage(
        "{he} put{s} [what is left|the {things}|them|all of them] into [bags|bundles|rows|piles] of {a}. "
        "/ How many [of those|of these] are there?",
        (("That is {}.", "x/a"),),
        a=None,
    ),
    Stage(
        "[Each|Every|One] {thing} [costs|is worth] {a} dollars. / [How much|How many dollars] are [they|the {things}] worth?",
        (("They are worth ${}.", "x*a"),),
    ),
    Stage(
        "{he} need{s} {a} {things}[ in all|]. / How many more {things} {does} {he} need?",
        (("[{} more|{} are missing].", "a-x"),),
        a=(20, 150),
    ),
    Stage(
        "{he} sell{s} [the rest|all of them|them] for {a} dollars each. / How much [money |]{does} {he} [get|earn|make]?",
        (("That brings ${}.", "x*a"),),
    ),
    Stage(
        "{other} has {a} {things}. / How many more {things} than {other} {does} {he} have?",
        (("The difference is {}.", "x-a"),),
        a=_NUMBER,
    ),
)
_flow("flow_of_toys", Flow(_with_things("toy"), _GET_THINGS, _CHANGE_THINGS, _ASK_THINGS))
_flow("flow_at_school", Flow(_with_things("school"), _GET_THINGS, _CHANGE_THINGS, _ASK_THINGS))
_flow(
    "flow_of_food",
    Flow(
        _with_things("food"),
        (
            *_GET_THINGS,
            Stage("{who} [made|baked|cooked] {a} {things}.", (("", "a"),), a=_MANY),
            Stage("{who} [made|filled] {a} trays of {b} {things}.", (("That is {} {things}.", "a*b"),)),
        ),
        (
            *_CHANGE_THINGS,
            Stage("[Then|At once] {he} eat{s} {a} of them.", (("[Left are {}|{} are left].", "x-a"),)),
            Stage("{friend} [eats|has eaten] {a}.", (("[Left are {}|{} are left].", "x-a"),)),
            Stage(
                "{a} [guests|people|children] eat {b} each.",
                (("They eat {}.", "a*b"), ("Left are {}.", "x-y")),
                a=(2, 6),
                b=(2, 6),
            ),
            Stage("[A dog|The dog] [eats|steals] {a}.", (("[Left are {}|{} are left].", "x-a"),)),
        ),
        _ASK_THINGS,
    ),
)

# ---------------------------------------------------------------- money

_flow(
    "flow_of_money",
    Flow(
        _somebody,
        (
            Stage("{who} {has} [${a}|{a} dollars].", (("", "a"),), a=(20, 200)),
            Stage(
                "{who} earn{s} {a} dollars [a|per|every|each] day. {he} work{s} {b} days.",
                (("{he} earn{s} ${}.", "a*b"),),
                a=(5, 60),
            ),
            Stage(
                "{who} [work|babysit]{s} {b} hours for {a} dollars an hour.", (("{he} earn{s} ${}.", "a*b"),), a=(5, 30)
            ),
            Stage(
                "{who} {has} {a} dollars and get{s} {b} [dollars more|more] from {friend}.",
                (("{he} {has} ${}.", "a+b"),),
                a=_MANY,
                b=_MANY,
            ),
            Stage(
                "{who} sell{s} {a} [old books|toys|plants] for {b} dollars each.",
                (("{he} get{s} ${}.", "a*b"),),
                a=(4, 40),
            ),
        ),
        (
            Stage(
                "{he} spend{s} {a} dollars on [food|a book|a gift|a shirt|gas|a ticket].",
                (("Left are ${}.", "x-a"),),
                a=_NUMBER,
            ),
            Stage("[Then|Later] {he} [lose|pay]{s} {a} dollars.", (("Left are ${}.", "x-a"),), a=_NUMBER),
            Stage("{friend} gives {a} dollars [more|to help].", (("That makes ${}.", "x+a"),), a=_NUMBER),
            Stage("{he} give{s} half of it to {friend}.", (("Left are ${}.", "x/2"),)),
            Stage("{he} spend{s} a third of it.", (("A third is ${}.", "x/3"), ("Left are ${}.", "x-y"))),
        ),
        (
            Stage("How much [money |][is left|{does} {he} have left|{does} {he} have now]?"),
            Stage(
                "{he} want{s} a [bike|phone|coat|camera] for {a} dollars. / How much [money |][is missing|{does} {he} still need|more {does} {he} need]?",
                (("${} are missing.", "a-x"),),
                a=(50, 400),
            ),
            Stage(
                "{he} share{s} it equally with friends, so that {a} people get the same. / How much does each get?",
                (("Each gets ${}.", "x/a"),),
                a=None,
            ),
            Stage(
                "A [ticket|toy|ball|plant] costs {a} dollars. / How many can {he} buy?",
                (("{he} can buy {}.", "x/a"),),
                a=None,
            ),
        ),
    ),
)

# ---------------------------------------------------------------- people and liquids


def _crowd(t: Teller) -> dict[str, str]:
    people = t.pick("children", "people", "guests", "visitors", "students", "players", "dancers")
    place = t.pick("hall", "room", "museum", "gym", "park", "library", "cafe", "tent", "pool")
    return {"things": people, "place": place}


_flow(
    "flow_of_people",
    Flow(
        _crowd,
        (
            Stage("[There are {a} {things}|{a} {things} are] in the {place}.", (("", "a"),), a=_MANY),
            Stage(
                "[In the {place} there are|The {place} has] {a} tables. {b} {things} sit at each[ table|].",
                (("{} {things} are there.", "a*b"),),
            ),
            Stage("{a} groups of {b} {things} come to the {place}.", (("{} {things} come.", "a*b"),)),
            Stage(
                "{a} {things} come to the {place} in the morning and {b} in the afternoon.",
                (("{} {things} come.", "a+b"),),
                a=_MANY,
                b=_MANY,
            ),
            Stage(
                "{a} {things} from one town and {b} from another meet in the {place}.",
                (("{} {things} meet.", "a+b"),),
                a=_MANY,
                b=_MANY,
            ),
        ),
        (
            Stage(
                "[Then|After an hour] {a} [of them |{things} |]leave.", (("[{} stay|Left are {}].", "x-a"),), a=_NUMBER
            ),
            Stage("{a} [of them |]go home[ early|].", (("[{} stay|Left are {}].", "x-a"),), a=_NUMBER),
            Stage("[Then|Later] {a} more [come|arrive|join them].", (("Now there are {}.", "x+a"),), a=_NUMBER),
            Stage(
                "[Then|Later] {a} cars with {b} {things} each arrive.",
                (("{} more come.", "a*b"), ("Now there are {}.", "x+y")),
                b=(2, 5),
            ),
            Stage("Half of them [leave|go home].", (("{} stay.", "x/2"),)),
        ),
        (
            Stage("How many {things} are [there|in the {place}] [now|then|in the end]?"),
            Stage(
                "[They|The {things}] form [groups|teams] of {a}. / How many [groups|teams] are there?",
                (("That makes {}.", "x/a"),),
                a=None,
            ),
            Stage(
                "[Each of them|Everybody] gets {a} [cookies|balloons|pencils|cards]. / How many are needed?",
                (("{} are needed.", "x*a"),),
            ),
            Stage(
                "There are {a} chairs. / How many more chairs [are needed|do they need]?",
                (("{} more.", "x-a"),),
                a=_NUMBER,
            ),
            Stage(
                "There are {a} seats. / How many seats [are free|stay empty]?", (("{} are free.", "a-x"),), a=(30, 200)
            ),
        ),
    ),
)


def _stuff(t: Teller) -> dict[str, str]:
    unit, stuff, place = t.pick(
        ("liters", "water", "barrel"),
        ("gallons", "paint", "bucket"),
        ("pounds", "flour", "sack"),
        ("kilograms", "rice", "bin"),
        ("cups", "milk", "can"),
        ("liters", "juice", "bowl"),
        ("pounds", "sand", "truck"),
        ("meters", "rope", "roll"),
        ("feet", "wire", "roll"),
        ("yards", "cloth", "roll"),
    )
    return {**_somebody(t), "unit": unit, "stuff": stuff, "place": place}


_flow(
    "flow_of_stuff",
    Flow(
        _stuff,
        (
            Stage("[There are|A {place} holds|In a {place} there are] {a} {unit} of {stuff}.", (("", "a"),), a=_MANY),
            Stage("{who} {has} {a} {unit} of {stuff}.", (("", "a"),), a=_MANY),
            Stage(
                "{who} [buy{s}|get{s}|bring{s}] {a} [bags|cans|pieces] of {b} {unit} of {stuff} each.",
                (("That is {} {unit}.", "a*b"),),
            ),
            Stage(
                "{who} put{s} {a} {unit} of {stuff} into a {place} and then {b} more.",
                (("[That is|Together] {} {unit}.", "a+b"),),
                a=_MANY,
                b=_NUMBER,
            ),
        ),
        (
            Stage("{he} use{s} {a} {unit}[ of it|].", (("Left are {} {unit}.", "x-a"),), a=_NUMBER),
            Stage("{a} {unit} [are lost|are sold|are taken out].", (("Left are {} {unit}.", "x-a"),), a=_NUMBER),
            Stage(
                "{friend} uses {a} {unit} a day for {b} days.",
                (("That is {} {unit}.", "a*b"), ("Left are {} {unit}.", "x-y")),
                a=(2, 5),
                b=(2, 6),
            ),
            Stage("{he} add{s} {a} {unit}[ more|].", (("Now it is {} {unit}.", "x+a"),), a=_NUMBER),
            Stage("Half of it is [used|sold|given away].", (("Left are {} {unit}.", "x/2"),)),
        ),
        (
            Stage("How many {unit} [of {stuff} |][are left|are there now|{does} {he} have now]?"),
            Stage(
                "{he} divide{s} it into parts of {a} {unit}. / How many parts are there?",
                (("That is {} parts.", "x/a"),),
                a=None,
            ),
            Stage(
                "It costs {a} dollars for each of the {unit}. / How much is all of it worth?",
                (("It is worth ${}.", "x*a"),),
            ),
            Stage(
                "{a} people share it equally. / How many {unit} does each get?",
                (("Each gets {} {unit}.", "x/a"),),
                a=None,
            ),
            Stage(
                "{he} need{s} {a} {unit}. / How many {unit} are missing?",
                (("{} {unit} are missing.", "a-x"),),
                a=(30, 150),
            ),
        ),
    ),
)
