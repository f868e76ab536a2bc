"""Short problems as people type them: in the first person, about families, kitchens, schools, weather, pets.

A row is one problem with its numbers left open. Where the scenarios of the other modules vary the numbers and the
unknown of one story, this one varies the stories: many ways in which a difference, a sum or a product is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qstar.models.words.story import Person, Story, Teller, register, whole
from qstar.models.words.vocabulary import KIN

_SENTENCE = re.compile(r"(?<=[.?!]) (?=[^ ])")
_VARIABLE = re.compile(r"[a-z]\d?")

Slot = tuple[int, int] | tuple[str, ...] | str


@dataclass(frozen=True)
class Row:
    """A problem: its sentences, the last one the question, and its steps.

    Attributes:
        text: with `[a|b]` for choices, {a} to {e} for numbers, and {who}, {he}, {his}, {other}, {things}, {food}, ...
        steps: (line with {} for the calculation, expression in a to e and r1, r2, ... for the results before).
        slots: the range of a number, both ends possible, or an expression in the other numbers; those not named are
            from 2 to 40. Or words of which one is drawn.
    """

    text: str
    steps: tuple[tuple[str, str], ...]
    slots: dict[str, Slot]


def row(text: str, *steps: tuple[str, str], **slots: Slot) -> Row:
    return Row(text, steps, slots)


def _told(one: Row, t: Teller) -> Story:
    who, other = t.person(), t.person()
    filled = _names(t, who, other)
    derived = {name: slot for name, slot in one.slots.items() if isinstance(slot, str)}
    numbers = {name for name in "abcde" if f"{{{name}}}" in one.text}
    for name in sorted((numbers | set(one.slots)) - set(derived)):
        match one.slots.get(name, (2, 40)):
            case int(low), int(high):
                filled[name] = str(t.number(low, high))
            case words:
                filled[name] = t.pick(*words)
    for name, expression in derived.items():
        filled[name] = str(whole(_put(expression, filled)))
    steps = []
    for i, (line, expression) in enumerate(one.steps, 1):
        written = _put(expression, filled)
        filled[f"r{i}"] = str(whole(written))
        steps.append((line.format("{}", **filled), written))
    *facts, question = _SENTENCE.split(t.phrase(one.text).format(**filled))
    story = Story()
    story.tell(*facts)
    story.distract(
        f"{who if '{who}' in one.text else 'My ' + t.pick(*KIN)} has {t.number(2, 9)} cousins.",
        f"It is {t.pick('the', 'already the')} {t.number(4, 20)}th of {t.pick('May', 'June', 'October', 'March')}.",
        f"It took {t.number(5, 55)} minutes.",
    )
    story.ask(question, *steps)
    return story


def _names(t: Teller, who: Person, other: Person) -> dict[str, str]:
    return {
        "who": str(who),
        "he": who.he,
        "him": who.him,
        "his": who.his,
        "other": str(other),
        "kin": t.pick(*KIN),
        "things": str(t.thing("toy", "school")),
        "food": str(t.thing("food")),
        "animals": str(t.thing("animal")),
        "plants": str(t.thing("plant")),
        "clothes": str(t.thing("clothing")),
        "goods": str(t.thing("goods")),
        "boxes": str(t.thing("container")),
    }


def _put(expression: str, filled: dict[str, str]) -> str:
    return _VARIABLE.sub(lambda found: filled[found[0]], expression)


def _everyday(name: str, *rows: Row) -> None:
    """Registers a scenario that tells one of the rows."""
    register(name, lambda t: _told(t.pick(*rows), t))


# ---------------------------------------------------------------- one purse, one plate, one shelf of the fridge


_everyday(
    "my_purse",
    row(
        "I [had|took|brought] {a} [dollars|euros] [to the market|with me|to the fair|]. I [spent|paid|gave away] {b} "
        "[on a book|for lunch|on a toy|for the bus|]. How [much money is|much is|many do I have] left?",
        ("{} are left.", "a-b"),
        a=(10, 90),
    ),
    row(
        "[Yesterday|Today|Last week] I had {a} dollars[ in my pocket|]. [A pizza|A new ball|The haircut|My ticket|A cup "
        "of tea and a cake] cost me {b} dollars. How much [money|] do I [still have|have now]?",
        ("I still have {} dollars.", "a-b"),
        a=(12, 99),
    ),
    row(
        "My {kin} gave me {a} dollars and I [already|] had {b}. How much [money|] do I have [now|in all]?",
        ("I have {} dollars.", "a+b"),
    ),
    row(
        "I paid with a {a} dollar [bill|note] for [something|a toy|a meal] that costs {b} dollars. How much [change|money] "
        "do I get back?",
        ("I get back {} dollars.", "a-b"),
        a=(20, 100),
    ),
    row(
        "[A game|A jacket|A bike] costs {a} dollars, but I only have {b}. How [much|many dollars] [more|] do I [need|"
        "still need|lack]?",
        ("{} dollars are missing.", "a-b"),
        a=(20, 99),
    ),
    row(
        "After I [spent|paid] {a} dollars [at the shop|for shoes|on food] I had {b} dollars left. How much [money|] did "
        "I have [before|at first|when I came in]?",
        ("Before, it was {}.", "a+b"),
    ),
    row(
        "I found {a} dollars in my coat, my {kin} gave me {b} and then I bought [ice cream|flowers|a comic] for {c}. "
        "How much of it do I have left?",
        ("I got {}.", "a+b"),
        ("{} are left.", "r1-c"),
        c=(2, 20),
    ),
    row(
        "I had {a} dollars. I [gave|lent] {b} dollars to my {kin} and lost {c} dollars [on the way|]. How much [money|] [do "
        "I have|is] left?",
        ("Gone are {}.", "b+c"),
        ("{} are left.", "a-r1"),
        a=(20, 99),
        b=(2, 19),
        c=(2, 19),
    ),
)

_everyday(
    "eaten_up",
    row(
        "There [were|are] {a} {food} [on the plate|in the fridge|on the table|in the kitchen]. {who} ate {b} [of them|]. "
        "How many {food} are [left|still there]?",
        ("{} are left.", "a-b"),
        b=(2, 15),
    ),
    row(
        "My {kin} made {a} {food}. We ate {b} [for breakfast|for lunch|on the first day] and {c} [in the evening|later|for "
        "dinner]. How many [{food} |]are left?",
        ("We ate {}.", "b+c"),
        ("{} are left.", "a-r1"),
        b=(2, 15),
        c=(2, 15),
        a=(15, 60),
    ),
    row(
        "{who} and {other} ate {food}. {who} had {a} and {other} had {b}. How many did they eat [together|altogether|in "
        "all]?",
        ("They ate {}.", "a+b"),
        a=(2, 20),
        b=(2, 20),
    ),
    row(
        "Of the {a} {food} [we bought|in the bag|I brought], {b} were [rotten|bad|broken|squashed]. How many were [good|"
        "fine|all right]?",
        ("{} were good.", "a-b"),
        b=(2, 12),
        a=(10, 80),
    ),
    row(
        "Only {a} {food} are left after [the party|dinner|the guests] because {b} were eaten. How many were there [at "
        "first|before]?",
        ("There were {}.", "a+b"),
    ),
    row(
        "{who} eats {a} {food} [every day|a day]. How many does {he} eat in {b} [days|days in a row]?",
        ("{he} eats {}.", "a*b"),
        a=(2, 9),
        b=(2, 30),
    ),
    row(
        "We have {a} {food} and eat {b} [every day|a day]. [For how many days|How many days] [are they enough|will they "
        "last|do they last]?",
        ("They last {} days.", "a/b"),
        b=(2, 9),
        c=(2, 12),
        a="b*c",
    ),
)

_everyday(
    "who_is_here",
    row(
        "There are {a} [pupils|children|people] in [my class|our class|the room|the club]. {b} of them are [absent|at home|"
        "sick|late|away] [today|this week|]. How many are [here|present|there]?",
        ("{} are here.", "a-b"),
        a=(12, 60),
        b=(2, 11),
    ),
    row(
        "[An orchestra|A team|A theater group|A camp] has {a} [women|girls] and {b} [men|boys]. {c} [of them|] [cannot come|"
        "have a cold|stayed at home|are on holiday]. How many [play|take part|come|are there]?",
        ("Together they are {}.", "a+b"),
        ("{} are there.", "r1-c"),
        a=(5, 40),
        b=(5, 40),
        c=(2, 9),
    ),
    row(
        "We invited {a} [people|guests|friends|neighbors] but {b} [did not come|stayed away|said no]. How many [came|were "
        "there]?",
        ("{} came.", "a-b"),
        a=(12, 80),
        b=(2, 11),
    ),
    row(
        "{a} [children|people|tourists] [waited|stood] in line. {b} [went home|gave up|left] and then {c} [more|others] "
        "came. How many [wait|stand there|are in line] now?",
        ("{} stayed.", "a-b"),
        ("Now there are {}.", "r1+c"),
        a=(12, 60),
        b=(2, 11),
    ),
    row(
        "At noon there were {a} [swimmers|people|kids] in the pool. {b} [climbed out|left] and {c} [jumped in|came]. How "
        "many are in the pool [now|then]?",
        ("{} stayed.", "a-b"),
        ("Now there are {}.", "r1+c"),
        a=(12, 60),
        b=(2, 11),
    ),
    row(
        "In a [hotel|school|house] there are {a} [rooms|doors|windows]. {b} [of them|] are {x}. How many are "
        "not[ {x}|]?",
        ("{} are not.", "a-b"),
        a=(20, 90),
        b=(2, 19),
        x=("open", "locked", "empty", "dark", "clean"),
    ),
    row(
        "{a} [students|members|workers] are in the [club|company|group], {b} of them {x}. How many [of them do not|do not {x}]?",
        ("{} do not.", "a-b"),
        a=(20, 90),
        b=(2, 19),
        x=("wear glasses", "live far away", "have a dog", "smoke", "eat meat"),
    ),
)

_everyday(
    "family_years",
    row(
        "My {x} is {a} [years old|] and I am {b}. How [much|many years] [older is my {x}|younger am I]?",
        ("It is {} years.", "a-b"),
        x=("mother", "uncle", "aunt", "teacher", "neighbor"),
        a=(25, 80),
        b=(5, 19),
    ),
    row(
        "{who} is {a} years old. {his} {kin} is {b} years older. How old is {his} {kin}?",
        ("The age is {}.", "a+b"),
        a=(4, 40),
        b=(2, 40),
    ),
    row(
        "{who} is {a}. {other} is {b} years younger. How old is {other}?",
        ("{other} is {}.", "a-b"),
        a=(15, 80),
        b=(2, 14),
    ),
    row("How old will {who} be in {b} years if {he} is {a} now?", ("{he} will be {}.", "a+b")),
    row("I am {a} years old. How old was I {b} years ago?", ("I was {}.", "a-b"), a=(12, 80), b=(2, 11)),
    row(
        "{who} was born in {a}. How old [is|was] {he} in {b}?",
        ("{he} is {}.", "b-a"),
        a=(1940, 1999),
        b=(2000, 2030),
    ),
    row(
        "{who} is {a} years old and {other} is {b} times as old. How old is {other}?",
        ("{other} is {}.", "b*a"),
        a=(3, 15),
        b=(2, 5),
    ),
    row(
        "Our [house|church|school|bridge] was built {a} years ago and the {x} {b} years [later|after that]. How old is the "
        "{x}?",
        ("It is {} years old.", "a-b"),
        x=("tower", "barn", "road", "hall"),
        a=(40, 200),
        b=(5, 39),
    ),
)

_everyday(
    "pay_for_all",
    row(
        "[A bus ticket|One ride|A cup of coffee|A meal|The entrance] costs {a} dollars. [What do|How much do|How many dollars "
        "do] {b} [people|friends|of us|children] pay [in all|altogether|]?",
        ("They pay {} dollars.", "a*b"),
        a=(2, 30),
        b=(2, 12),
    ),
    row(
        "{a} [people|cousins|students] went to [the zoo|the museum|a concert]. Each [of them|one|] paid {b} dollars. How "
        "much [was it|did they pay] [together|in all]?",
        ("That is {} dollars.", "a*b"),
        a=(2, 30),
        b=(2, 25),
    ),
    row(
        "[One|A] [liter of milk|meter of cloth|pound of cheese|kilo of rice|bottle of juice] is {a} dollars. What [do|would] {b} cost?",
        ("It costs {}.", "a*b"),
        a=(2, 20),
        b=(2, 20),
    ),
    row(
        "[A shirt|A lamp|A bag] was {a} dollars. Now it is {b} dollars [cheaper|less]. What does it cost now?",
        ("Now it costs {}.", "a-b"),
        a=(20, 99),
        b=(2, 18),
    ),
    row(
        "[The price of|] [a ticket|bread|a train ride] went up from {a} to {b} dollars. [By how much|How much more is it]?",
        ("It went up by {}.", "b-a"),
        a=(2, 30),
        b=(31, 70),
    ),
)

_everyday(
    "on_the_way",
    row(
        "A [bus|train|ship|plane] left with {a} [people|passengers] on board. At {b} stops {c} people got on [each time|at "
        "each stop]. How many people [are|were] on it [then|in the end|at last]?",
        ("At the stops {} got on.", "b*c"),
        ("Then there are {}.", "a+r1"),
        a=(3, 50),
        b=(2, 9),
        c=(2, 9),
    ),
    row(
        "An elevator stops at {b} floors, and {c} [people|guests] get in at every floor. It was empty [at first|before]. How "
        "many people are in it?",
        ("There are {} people.", "b*c"),
        b=(2, 7),
        c=(2, 6),
    ),
    row(
        "From our house to the [lake|station|school] it is {a} [kilometers|miles]. I have [walked|gone|cycled] {b} [already|]."
        " How far is it [still|from here]?",
        ("It is still {}.", "a-b"),
        a=(10, 60),
        b=(2, 9),
    ),
    row(
        "{who} [drove|rode] {a} [miles|kilometers] in the morning and {b} in the afternoon. How [far|many] [was it|did {he} "
        "go] [in all|altogether]?",
        ("It was {}.", "a+b"),
        a=(5, 99),
        b=(5, 99),
    ),
    row(
        "{who} [runs|swims|walks] {a} [laps|rounds] on [Monday|Tuesday] and {b} times as many on [Friday|Sunday]. How many "
        "are that [on both days|together]?",
        ("On the second day it is {}.", "a*b"),
        ("Together they are {}.", "a+r1"),
        a=(2, 30),
        b=(2, 5),
    ),
    row(
        "The [trip|way] takes {a} minutes by bus and {b} minutes by {x}. How much [faster|quicker] is the {x}?",
        ("It saves {} minutes.", "a-b"),
        x=("car", "bike", "tram", "train"),
        a=(30, 90),
        b=(5, 29),
    ),
    row(
        "[The film|The lesson|The concert] [lasts|takes] {a} minutes. {b} minutes are [over|gone]. How long [does it still go "
        "on|is it still|until the end]?",
        ("It is still {} minutes.", "a-b"),
        a=(45, 150),
        b=(5, 40),
    ),
)

_everyday(
    "half_and_twice",
    row(
        "Half of the {a} {things} [in the box|on the shelf|I have] are [red|new|broken|mine]. How many are that?",
        ("Half are {}.", "a/2"),
        b=(2, 50),
        a="b*2",
    ),
    row(
        "Half of the {a} [tickets|cakes|flowers|newspapers] [were sold|went] [in the morning|on the first day] and {c} [more|] "
        "[later|after lunch|on the second day]. How many [remain|were not sold|are still there]?",
        ("First {} were sold.", "a/2"),
        ("Then {} were sold.", "r1+c"),
        ("{} remain.", "a-r2"),
        b=(12, 60),
        a="b*2",
        c=(2, 11),
    ),
    row(
        "{who} has {a} {things}. {other} has twice as many. How many [do they have together|do both have in all]?",
        ("{other} has {}.", "2*a"),
        ("Together they have {}.", "a+r1"),
    ),
    row(
        "{who} [picked|collected|washed] {a} {food} and {his} {kin} half as many. How many [did they pick|are that] [together|"
        "in all]?",
        ("Half as many are {}.", "a/2"),
        ("Together they are {}.", "a+r1"),
        b=(2, 40),
        a="b*2",
    ),
    row(
        "[On Saturday|Yesterday|In May] I [wrote|solved|painted] {a} [letters|problems|pictures] and [on Sunday|today|in June] "
        "[twice|two times] as many. How many [were|are] that [in all|altogether]?",
        ("The second time it was {}.", "2*a"),
        ("In all it was {}.", "a+r1"),
    ),
    row(
        "A third of the {a} [guests|seats|eggs|apples] [came by bus|are taken|are brown|are green]. How many [is|are] that?",
        ("A third is {}.", "a/3"),
        b=(2, 30),
        a="b*3",
    ),
    row(
        "I gave half of my {a} {things} to {who} and {c} to {other}. How many [did I keep|do I have now|do I still have]?",
        ("{who} got {}.", "a/2"),
        ("I gave away {}.", "r1+c"),
        ("I kept {}.", "a-r2"),
        b=(8, 50),
        a="b*2",
        c=(2, 7),
    ),
)

_everyday(
    "filled_into",
    row(
        "[A farmer|A cook|Our neighbor|My {kin}] [has|made|collected] {a} {food} and [puts|packs] {b} [in|into] [each|every] {x}. "
        "How many {x}s [are needed|does it make|are full]?",
        ("It makes {}.", "a/b"),
        x=("bag", "jar", "basket", "tray", "bowl"),
        b=(2, 12),
        c=(2, 15),
        a="b*c",
    ),
    row(
        "{a} {things} are [shared|divided] [fairly|equally|evenly] by {b} [children|friends|kids]. How many does each [child|"
        "one] get?",
        ("Each gets {}.", "a/b"),
        b=(2, 12),
        c=(2, 15),
        a="b*c",
    ),
    row(
        "{who} [fills|packs] {b} {boxes} with {a} {food} each. How many {food} are that?",
        ("That is {}.", "b*a"),
        a=(2, 30),
        b=(2, 15),
    ),
    row(
        "There are {b} {boxes} with {a} {things} in each. {c} {things} are [taken out|missing|lost]. How many are [there|left]"
        " [now|]?",
        ("There were {}.", "b*a"),
        ("Now there are {}.", "r1-c"),
        a=(4, 30),
        b=(2, 12),
        c=(2, 7),
    ),
    row(
        "{who} planted {b} rows of {a} {plants} and {c} more [by the door|in pots]. How many did {he} plant?",
        ("In rows there are {}.", "b*a"),
        ("In all there are {}.", "r1+c"),
        a=(2, 20),
        b=(2, 9),
    ),
    row(
        "{who} had {a} {things}, lost {b}, and shared the rest [evenly|equally] among {c} [friends|cousins]. How many did each "
        "get?",
        ("The rest is {}.", "a-b"),
        ("Each got {}.", "r1/c"),
        b=(2, 9),
        c=(2, 6),
        d=(2, 9),
        a="c*d+b",
    ),
    row(
        "[We need|The class needs] {a} [chairs|cups|plates] [for the party|]. {b} are [there|already there]. [They come in packs "
        "of|A pack has] {c}. How many packs do we [buy|have to buy|need]?",
        ("{} are missing.", "a-b"),
        ("That is {} packs.", "r1/c"),
        b=(2, 19),
        c=(2, 10),
        d=(2, 9),
        a="c*d+b",
    ),
)

_everyday(
    "before_that",
    row(
        "{who} had some {things}. [Then|] {other} gave {him} {b} [more|] and now {he} has {a}. How many did {he} have before?",
        ("Before, {he} had {}.", "a-b"),
        a=(22, 99),
        b=(2, 21),
    ),
    row(
        "I [gave|lent] {b} {things} to my {kin}. Now I have {a}. How many did I have [before|at first]?",
        ("Before, I had {}.", "a+b"),
    ),
    row(
        "After {b} {animals} ran away, the farmer had {a} [left|]. How many [were there|did he have] [at first|before]?",
        ("There were {}.", "a+b"),
    ),
    row(
        "[This morning|At first] there were {a} {food}. Now there are only {b}. How many are [gone|missing]?",
        ("{} are gone.", "a-b"),
        a=(20, 80),
        b=(2, 19),
    ),
    row(
        "There were {a} [birds|crows|ducks] [on the roof|in the tree|on the pond]. Some [flew away|flew off] and {b} [are "
        "left|stayed]. How many flew [away|off]?",
        ("{} flew away.", "a-b"),
        a=(15, 60),
        b=(2, 14),
    ),
    row(
        "I had {b} {things}. My {kin} [gave me|sent me] some [more|]. Now I have {a}. How many did I get?",
        ("I got {}.", "a-b"),
        a=(30, 90),
        b=(2, 29),
    ),
    row(
        "[A number of|Some] [people|children] were on [a bus|a boat|the ice]. {b} [got off|left], and {c} [got on|came]. Now "
        "there are {a}. How many were there at first?",
        ("Without those who came there are {}.", "a-c"),
        ("At first there were {}.", "r1+b"),
        a=(20, 60),
        b=(2, 15),
        c=(2, 15),
    ),
)

_everyday(
    "more_and_less",
    row(
        "{who} has {a} {things} and {other} has {b}. How many more does {who} have [than {other}|]?",
        ("{who} has {} more.", "a-b"),
        a=(21, 90),
        b=(2, 20),
    ),
    row(
        "{who} has {a} {things}. {other} has {b} more. How many does {other} have?",
        ("{other} has {}.", "a+b"),
    ),
    row(
        "{who} has {a} {things}, which is {b} more than {other} has. How many does {other} have?",
        ("{other} has {}.", "a-b"),
        a=(21, 90),
        b=(2, 20),
    ),
    row(
        "{who} has {a} {things}, {b} fewer than {other}. How many does {other} have?",
        ("{other} has {}.", "a+b"),
    ),
    row(
        "[The red|The old|My] [rope|ribbon|board] is {a} [meters|inches|feet] long, [the blue one|the new one|yours] is {b} "
        "[shorter|less]. How long [are both together|are they together]?",
        ("The other one is {}.", "a-b"),
        ("Together they are {}.", "a+r1"),
        a=(20, 90),
        b=(2, 18),
    ),
    row(
        "The [tower|tree|mountain|wall] is {a} meters high, the [church|house|hill] {b} meters. [What is the difference|By how "
        "much do they differ]?",
        ("The difference is {}.", "a-b"),
        a=(40, 300),
        b=(5, 39),
    ),
    row(
        "[Today|In summer] it is {a} degrees, [yesterday|in winter] it was {b} [degrees|]. How much [warmer|hotter] is it [now|]?",
        ("It is {} degrees warmer.", "a-b"),
        a=(20, 40),
        b=(2, 19),
    ),
    row(
        "{who} [weighs|lifts|carries] {a} pounds, {other} {b} pounds more. How [much|many pounds] are that together?",
        ("{other} has {}.", "a+b"),
        ("Together that is {}.", "a+r1"),
        a=(20, 120),
    ),
)

_everyday(
    "day_after_day",
    row(
        "{who} [earns|gets|saves] {a} dollars [a|every|each|per] {x}. How much [is that|does {he} have] after {b} {x}s?",
        ("That is {}.", "a*b"),
        x=("day", "week", "month", "hour"),
        a=(2, 40),
        b=(2, 20),
    ),
    row(
        "I [drink|use|need] {a} [cups|glasses|spoons] [a day|every day]. How many are that in a week?",
        ("In a week it is {}.", "a*7"),
        a=(2, 12),
    ),
    row(
        "[A candle|A battery|A bag of flour] lasts {a} {x}. How [long|many {x}] do {b} [of them|] last?",
        ("They last {} {x}.", "a*b"),
        x=("days", "hours", "weeks"),
        a=(2, 20),
        b=(2, 12),
    ),
    row(
        "Our [hens|chickens] lay {a} eggs [a day|every day]. We [eat|use] {b} of them. How many are left [over|] after {c} days?",
        ("{} are left every day.", "a-b"),
        ("After all days it is {}.", "r1*c"),
        a=(8, 30),
        b=(2, 7),
        c=(2, 10),
    ),
    row(
        "{who} [learns|writes|knits] {a} [words|lines|rows] a day for {b} days. {he} wants to [reach|do] {c}. How many are "
        "[missing|still missing]?",
        ("It has been {}.", "a*b"),
        ("{} are missing.", "c-r1"),
        a=(2, 12),
        b=(2, 7),
        c=(85, 200),
    ),
    row(
        "It rained for {a} days in [June|April] and {b} days in [July|May]. How many days did it rain [in both months|"
        "altogether]?",
        ("It rained {} days.", "a+b"),
        a=(2, 30),
        b=(2, 30),
    ),
    row(
        "[A month|November|September] has 30 days. It [snowed|rained] on {a} of them. How many days were dry?",
        ("{} days were dry.", "30-a"),
        a=(3, 25),
    ),
)

_everyday(
    "what_is_asked",
    row(
        "There are {a} {animals} and {b} {plants} [in the garden|on the farm]. {c} {animals} [run away|are sold]. How many "
        "{animals} are [there|left]?",
        ("{} are left.", "a-c"),
        a=(12, 60),
        c=(2, 11),
    ),
    row(
        "{who} bought {a} {food} and {b} {goods}. {he} gave {c} {food} to {other}. How many {food} does {he} have [left|now]?",
        ("{he} has {}.", "a-c"),
        a=(12, 60),
        c=(2, 11),
    ),
    row(
        "In {b} [hours|minutes], {who} [made|folded|sorted] {a} {things}. [Then|Later] {he} [lost|sold] {c} of them. How many "
        "does {he} have?",
        ("{he} has {}.", "a-c"),
        a=(12, 80),
        c=(2, 11),
        b=(2, 9),
    ),
    row(
        "A [farm|zoo] has {a} {animals}. Each one eats {b} [kilos|pounds|buckets] a day. There are {c} [workers|visitors]. How "
        "[much|many] do the {animals} eat a day?",
        ("They eat {}.", "a*b"),
        a=(2, 40),
        b=(2, 9),
    ),
    row(
        "{who} had {a} {things} and {b} {clothes}. Now {he} has {c} {things}. How many {things} [are gone|did {he} lose]?",
        ("{} are gone.", "a-c"),
        a=(30, 80),
        c=(2, 29),
    ),
    row(
        "Each of {a} [tables|boats|cars] has room for {b} [people|persons]. {c} people are [coming|there]. How many [seats|"
        "places] [are there|are there in all]?",
        ("There are {} seats.", "a*b"),
        a=(2, 15),
        b=(2, 8),
    ),
)
