"""Stories drawn as graphs of quantities, after iGSM (arXiv 2407.20311): each may be another chain of thoughts.

The scenarios of the other modules vary the numbers and the unknown of one story. Here a world says only how its
quantities are told; how they derive from one another, which of them the question needs, and in which order they are
told is drawn. A solution calculates what the question needs and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qstar.models.words.story import Story, Teller, Unsuitable, fill, register, whole
from qstar.models.words.vocabulary import KIN, KINDS

_TIMES = {2: "twice", 3: "[three|3] times", 4: "[four|4] times", 5: "[five|5] times"}
_PARTS = {2: "half", 3: "[a|one] third", 4: "[a quarter|one fourth]", 5: "[a|one] fifth"}
_MOST_STEPS = 4
_TOLD = (2, 60)  # the range of what is told outright
_LARGEST = 3000


@dataclass(frozen=True)
class Conversion:
    """What a quantity is turned into: cost, packs, shares. `fact` tells {n}; `written` has {} for the calculation."""

    fact: str
    question: str
    operator: str
    written: str


@dataclass(frozen=True)
class World:
    """How the quantities of several holders are told.

    Texts have `[a|b]` for choices, and these slots: {h} a holder, {g} the one it is compared with, {all} several of
    them, {n} a number, {k} "twice" or "half", {what} one of the texts from `count` to `minus`; and what `drawn` draws
    for the whole story. Texts that do not fit a world are empty.

    Attributes:
        holders: draws so many.
        written: a step's line, {} for the calculation.
        compared: {h} after "than" and "as".
        both: what two holders are together, after "as many as".
        gains, losses: sentences with {n} after which {h} has more or less; `asks_now` asks after them.
    """

    holders: Callable[[Teller, int], list[str]]
    says: str
    asks: str
    written: str
    asks_all: str = ""
    asks_more: str = ""
    says_all: str = ""
    compared: str = "{h}"
    count: str = "{n} {things}"
    more: str = "{n} more [{things} |]than {g}"
    fewer: str = "{n} fewer [{things} |]than {g}"
    times: str = "{k} as many [{things} |]as {g}"
    plus: str = "{n} more than {k} as many [{things} |]as {g}"
    minus: str = "{n} [fewer|less] than {k} as many [{things} |]as {g}"
    both: str = "as many [{things} |]as {g} [together|combined|put together]"
    gains: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()
    asks_now: str = ""
    conversions: tuple[Conversion, ...] = ()
    drawn: Callable[[Teller], dict[str, str]] = lambda t: {}


@dataclass(frozen=True)
class _Quantity:
    """What a holder has, by a calculation from the quantities that it needs, or told outright."""

    holder: str
    value: int
    calculation: str = ""
    needs: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Fact:
    """A sentence, and the quantity that it tells."""

    text: str
    of: int


class _Weaver:
    """Draws one story of a world."""

    def __init__(self, world: World, t: Teller) -> None:
        self.world, self.t = world, t
        self.names = world.drawn(t)
        self.quantities: list[_Quantity] = []
        self.facts: list[_Fact] = []
        self.events: list[str] = []  # told after the facts

    def story(self) -> Story:
        world, t = self.world, self.t
        for holder in world.holders(t, t.pick(2, 2, 2, 3, 3, 4)):
            self._another(holder)
        changed = self._change() if world.asks_now and t.chance(0.3) else None
        question, calculation, written, asked = self._question(changed)
        needed = self._needed(asked)
        steps = [self._step(i) for i in sorted(needed) if self.quantities[i].calculation]
        steps += [(written, calculation)] if calculation else []
        if len(steps) > _MOST_STEPS:
            raise Unsuitable("too long")
        facts = [fact for fact in self.facts if fact.of in needed or t.chance(0.4)]
        if t.chance(0.2):
            facts = [facts[i] for i in t.rng.permutation(len(facts))]
        story = Story()
        story.tell(*_joined([t.phrase(fact.text) for fact in facts], t), *self.events)
        story.ask(question, *steps)
        return story

    # ------------------------------------------------------------ quantities

    def _another(self, holder: str) -> None:
        """One more holder: told outright, or by the others."""
        world, t = self.world, self.t
        me = len(self.quantities)
        if not me or t.chance(0.2):
            value = t.number(*_TOLD)
            self.quantities.append(_Quantity(holder, value))
            self._tell(holder, world.count, n=value)
            return
        other = t.number(0, me - 1)
        there, known = self.quantities[other].holder, self.quantities[other].value
        k, n = t.pick(2, 2, 2, 3, 3, 4, 5), t.number(2, 30)
        kinds = ["more", "fewer", "times", "part", "more", "fewer", "times", "plus", "minus"]
        kinds += ["more of other", "fewer of other", "times of other"]
        kinds += ["both"] * (me > 1) + ["total"] * (2 * bool(world.says_all))
        match t.pick(*kinds):
            case "both":
                two = self._some(2)
                self._derive(holder, "+".join(str(self.quantities[i].value) for i in two), two)
                g = " and ".join(self._put(world.compared, h=self.quantities[i].holder) for i in two)
                self._say(holder, self._put(world.both, h=holder, g=g))
            case "total":
                before = [quantity.value for quantity in self.quantities]
                total = sum(before) + t.number(*_TOLD)
                self._derive(holder, "-".join(map(str, (total, *before))), tuple(range(me)))
                everybody = _listed([quantity.holder for quantity in self.quantities])
                what = self._put(world.count, h="", n=total)
                self.facts.append(_Fact(self._put(world.says_all, all=everybody, what=what), me))
            case kind:
                calculation, text = {
                    "more": (f"{known}+{n}", world.more),
                    "fewer": (f"{known}-{n}", world.fewer),
                    "times": (f"{k}*{known}", world.times),
                    "part": (f"{known}/{k}", world.times),
                    "plus": (f"{k}*{known}+{n}", world.plus),
                    "minus": (f"{k}*{known}-{n}", world.minus),
                    "more of other": (f"{known}-{n}", world.more),
                    "fewer of other": (f"{known}+{n}", world.fewer),
                    "times of other": (f"{known}/{k}", world.times),
                }[kind]
                self._derive(holder, calculation, (other,))
                h, g = (there, holder) if kind.endswith("of other") else (holder, there)
                self._tell(h, text, g, n=n, k=(_PARTS if kind == "part" else _TIMES)[k])

    def _derive(self, holder: str, calculation: str, needs: tuple[int, ...]) -> None:
        self.quantities.append(_Quantity(holder, whole(calculation, _LARGEST), calculation, needs))

    def _tell(self, h: str, text: str, g: str = "", **slots: object) -> None:
        self._say(h, self._put(text, h=h, g=self._put(self.world.compared, h=g), **slots))

    def _say(self, h: str, what: str) -> None:
        self.facts.append(_Fact(self._put(self.world.says, h=h, what=what), len(self.quantities) - 1))

    def _some(self, count: int) -> tuple[int, ...]:
        return tuple(sorted(int(i) for i in self.t.rng.permutation(len(self.quantities))[:count]))

    def _change(self) -> int:
        """Somebody gets or loses some; the index of the quantity after it."""
        world, t = self.world, self.t
        whose = t.number(0, len(self.quantities) - 1)
        before = self.quantities[whose]
        text = t.pick(*world.gains, *world.losses)
        n = t.number(2, 40 if text in world.gains else min(40, before.value - 1))
        self._derive(before.holder, f"{before.value}{'+' if text in world.gains else '-'}{n}", (whose,))
        self.events.append(self._put(text, h=before.holder, n=n))
        return len(self.quantities) - 1

    # ------------------------------------------------------------ question and solution

    def _question(self, changed: int | None) -> tuple[str, str, str, tuple[int, ...]]:
        """The question, its own calculation and line (both empty: none is needed), and what the answer needs."""
        world, t, quantities = self.world, self.t, self.quantities
        if changed is not None:
            if world.conversions and t.chance(0.3):
                return self._converted(changed)
            return self._put(world.asks_now, h=quantities[changed].holder), "", "", (changed,)
        kinds = ["one", "one"] + ["all", "two"] * bool(world.asks_all) + ["more"] * bool(world.asks_more)
        match t.pick(*kinds, *["converted"] * bool(world.conversions)):
            case "one":
                derived = [i for i, quantity in enumerate(quantities) if quantity.calculation]
                if not derived:
                    raise Unsuitable("all is told")
                i = t.pick(*derived, derived[-1])
                return self._put(world.asks, h=quantities[i].holder), "", "", (i,)
            case "converted":
                return self._converted(t.number(0, len(quantities) - 1))
            case "more":
                i, j = sorted(self._some(2), key=lambda i: -quantities[i].value)
                if quantities[i].value == quantities[j].value:
                    raise Unsuitable("no difference")
                g = self._put(world.compared, h=quantities[j].holder)
                question = self._put(world.asks_more, h=quantities[i].holder, g=g)
                return question, f"{quantities[i].value}-{quantities[j].value}", "The difference is {}.", (i, j)
            case kind:
                among = self._some(len(quantities) if kind == "all" else 2)
                everybody = _listed([quantities[i].holder for i in among])
                if len(among) == len(quantities) and "they" in self.names and t.chance(0.5):
                    everybody = self.names["they"]
                calculation = "+".join(str(quantities[i].value) for i in among)
                return self._put(world.asks_all, all=everybody), calculation, "[Together|In all] {}.", among

    def _converted(self, i: int) -> tuple[str, str, str, tuple[int, ...]]:
        quantity, conversion = self.quantities[i], self.t.pick(*self.world.conversions)
        n = (
            self.t.number(2, 12)
            if conversion.operator == "*"
            else self.t.divisor(quantity.value, 2, min(30, quantity.value // 2))
        )
        self.events.append(self._put(conversion.fact, h=quantity.holder, n=n))
        question, written = (self._put(text, h=quantity.holder) for text in (conversion.question, conversion.written))
        return question, f"{quantity.value}{conversion.operator}{n}", written, (i,)

    def _needed(self, asked: tuple[int, ...]) -> set[int]:
        needed: set[int] = set()
        left = list(asked)
        while left:
            if (i := left.pop()) not in needed:
                needed.add(i)
                left += self.quantities[i].needs
        return needed

    def _step(self, i: int) -> tuple[str, str]:
        return self._put(self.world.written, h=self.quantities[i].holder), self.quantities[i].calculation

    def _put(self, text: str, **slots: object) -> str:
        return fill(text, {**slots, **self.names})


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]])


def _joined(sentences: list[str], t: Teller) -> list[str]:
    """Now and then two short sentences as one."""
    told: list[str] = []
    for sentence in sentences:
        if told and len(told[-1]) + len(sentence) < 110 and t.chance(0.25):
            if sentence.startswith(("The ", "On ", "In ", "There ", "A ", "My ")):
                sentence = sentence[0].lower() + sentence[1:]
            told[-1] = told[-1].rstrip(".") + t.pick(", and ", " and ", ", while ", "; ") + sentence
        else:
            told.append(sentence)
    return told


# ---------------------------------------------------------------- worlds


def _people(t: Teller, count: int) -> list[str]:
    """Names, and once in a while "My sister"."""
    kin = [f"my {t.new(*KIN)}" for _ in range(t.number(1, min(2, count)))] if t.chance(0.15) else []
    return [str(t.person()) for _ in range(count - len(kin))] + kin


def _of(*holders: str) -> Callable[[Teller, int], list[str]]:
    return lambda t, count: [t.new(*holders) for _ in range(count)]


def _things(*kinds: str, **names: str) -> Callable[[Teller], dict[str, str]]:
    def drawn(t: Teller) -> dict[str, str]:
        thing = t.thing(*kinds)
        return {"things": thing.many, "thing": thing.one, "who": str(t.person()), "friend": str(t.person()), **names}

    return drawn


def _doing(*nouns: str) -> Callable[[Teller], dict[str, str]]:
    """One of the plurals, or of a kind of things; somebody who deals with them."""

    def drawn(t: Teller) -> dict[str, str]:
        noun = t.pick(*nouns)
        who = f"my {t.new(*KIN)}" if t.chance(0.3) else str(t.person())
        return {"things": t.thing(noun).many if noun in KINDS else noun, "who": who}

    return drawn


def _kinds_of(*kinds: str) -> Callable[[Teller, int], list[str]]:
    return lambda t, count: [t.thing(*kinds).many for _ in range(count)]


def _woven(name: str, *worlds: World) -> None:
    """Registers a scenario that tells of one of the worlds."""

    register(name, lambda t: _Weaver(t.pick(*worlds), t).story())


_COST = Conversion(
    "[Each|Every|One] {thing} costs {n} dollars.",
    "How [many dollars|much money|much] [do|did] {h}'s {things} cost[ in all| in total|]?",
    "*",
    "They cost ${}.",
)
_PACKED = Conversion(
    "{h} [puts|packs|sorts] the {things} into [bags|boxes|bundles] of {n}.",
    "How many [bags|boxes|bundles] [are there|does {h} need|does {h} fill]?",
    "/",
    "That is {}.",
)
_SHARED = Conversion(
    "{h} [shares|divides] the {things} [equally|evenly] [among|between] {n} [friends|children|people].",
    "How many {things} does each [of them |]get?",
    "/",
    "Each gets {}.",
)

_woven(
    "woven_belongings",
    *(
        World(
            _people,
            f"{{h}} {verb} {{what}}{place}.",
            f"How many {{things}} {asked[0]} {{h}} {asked[1]}?",
            f"{{h}} {verb} {{}}[ {{things}}|].",
            asks_all=f"How many {{things}} {asked[2]} {{all}} {asked[1]} [in all|altogether|in total|together]?",
            asks_more=f"How many more {{things}} {asked[0]} {{h}} {asked[1]} than {{g}}?",
            says_all=f"[Together|In total], {{all}} {verb_all} {{what}}.",
            gains=gains,
            losses=losses,
            asks_now=now,
            conversions=conversions,
            drawn=_things(*kinds, they="they"),
        )
        for verb, verb_all, place, asked, kinds, gains, losses, now, conversions in (
            (
                *("has", "have", "", ("does", "have", "do"), ("toy", "school", "clothing")),
                ("[Then|Later|One day] {h} [gets|buys|is given|finds] {n} [more|new] {things}.",),
                (
                    "[Then|Later|Now] {h} [loses|gives away|sells|breaks] {n} of them.",
                    "[Then|Later] {h} gives {n} {things} to {friend}.",
                ),
                "How many {things} does {h} have [now|then|in the end]?",
                (_COST, _PACKED, _SHARED),
            ),
            (
                *(
                    "[picked|gathered]",
                    "[picked|gathered]",
                    "[| in the garden]",
                    ("did", "pick", "did"),
                    ("food", "plant"),
                ),
                ("[In the evening|Later|Then] {h} picked another {n}.",),
                ("{n} of those that {h} picked were [bad|rotten|spoiled] and [thrown away|had to go].",),
                "How many {things} [does {h} have|are there for {h}] now?",
                (_PACKED, _SHARED),
            ),
            (
                *("[baked|made|prepared]", "[made|baked]", "", ("did", "make", "did"), ("food",)),
                ("Then {h} made {n} more.",),
                ("{n} of {h}'s {things} were eaten[ by the dog| at once|].", "{friend} ate {n} of what {h} made."),
                "How many {things} of {h}'s are [left|there now]?",
                (_COST,),
            ),
            (*("[bought|got]", "bought", "", ("did", "buy", "did"), ("toy", "school", "goods")), (), (), "", (_COST,)),
            (
                *("sold", "sold", "[ this week|]", ("did", "sell", "did"), ("toy", "food", "plant")),
                (),
                (),
                "",
                (_COST,),
            ),
            (*("[found|collected]", "found", "[| at the beach]", ("did", "find", "did"), ("toy",)), (), (), "", ()),
            (*("[painted|drew]", "painted", "", ("did", "paint", "did"), ("school", "toy")), (), (), "", ()),
            (*("[counted|saw]", "counted", "", ("did", "count", "did"), ("animal", "plant")), (), (), "", ()),
        )
    ),
)

_woven(
    "woven_places",
    *(
        World(
            _of(*(f"the {place}" for place in places.split(","))),
            says,
            "How many {things} are [there |]in {h}?",
            "There are {} {things} in {h}.",
            asks_all="How many {things} are [there |]in {all} [together|in all|altogether]?",
            asks_more="How many more {things} are [there |]in {h} than {g}?",
            says_all="There are {what} in {all} together.",
            compared="in {h}",
            gains=("[Then|Later] somebody [brings|puts] {n} more {things} into {h}.",),
            losses=(
                "[Then|Later] {n} {things} are taken [out of|from] {h}.",
                "{n} of the {things} in {h} [are sold|break].",
            ),
            asks_now="How many {things} are in {h} [now|then|after that]?",
            drawn=_things(*kinds.split()),
        )
        for places, kinds, says in (
            ("kitchen,hall,living room,office,attic,basement,garage", "goods", "There are {what} in {h}."),
            (
                "red box,blue box,green box,small box,big box,old box",
                "toy school",
                "[There are|I count] {what} in {h}.",
            ),
            ("first bag,second bag,third bag,paper bag,big bag", "food toy", "{h} [holds|contains|has] {what}."),
            ("left field,right field,barn,yard,meadow,stable", "animal", "[There are|You can see] {what} in {h}."),
            ("front garden,back garden,park,greenhouse,yard", "plant", "{h} has {what}."),
            ("first classroom,second classroom,library,art room,gym", "school goods", "There are {what} in {h}."),
        )
    ),
)

_woven(
    "woven_kinds",
    *(
        World(
            _kinds_of(*kinds.split()),
            says,
            asks,
            "There are {} {h}.",
            asks_more="How many more {h} than {g} are there?",
            count="{n} {h}",
            more="{n} more {h} than {g}",
            fewer="{n} fewer {h} than {g}",
            times="{k} as many {h} as {g}",
            plus="{n} more {h} than {k} the number of {g}",
            minus="{n} fewer {h} than {k} the number of {g}",
            both="as many {h} as {g} together",
            drawn=lambda t: {"who": str(t.person())},
        )
        for kinds, says, asks in (
            (
                "animal",
                "[There are {what} on the farm|The farm has {what}|The farmer keeps {what}].",
                "How many {h} are there?",
            ),
            (
                "food",
                "[The shop has {what}|There are {what} in the shop].",
                "How many {h} [does the shop have|are there]?",
            ),
            ("school", "[The teacher ordered {what}|There are {what} in the closet].", "How many {h} are there?"),
            ("toy", "{who} has {what}.", "How many {h} does {who} have?"),
            (
                "plant",
                "[The garden has {what}|There are {what} in the garden].",
                "How many {h} are [there|in the garden]?",
            ),
            ("clothing", "[The store sold {what}|There are {what} in the store].", "How many {h} are there?"),
            ("goods", "[There are {what} in the house|The family owns {what}].", "How many {h} are there?"),
            ("food", "{who} [bought|brought] {what} [for the party|].", "How many {h} did {who} [buy|bring]?"),
        )
    ),
)

_COLORS = _of("red", "blue", "green", "yellow", "white", "black", "purple", "orange", "brown", "pink")
_woven(
    "woven_colors",
    *(
        World(
            _COLORS,
            says,
            "How many {h} {things} are there?",
            "There are {} {h} {things}.",
            asks_all="How many {all} {things} are there [in all|together]?",
            asks_more="How many more {h} {things} than {g} {things} are there?",
            count="{n} {h} {things}",
            more="{n} more {h} {things} than {g} ones",
            fewer="{n} fewer {h} {things} than {g} ones",
            times="{k} as many {h} {things} as {g} ones",
            plus="{n} more {h} {things} than {k} the number of {g} ones",
            minus="{n} fewer {h} {things} than {k} the number of {g} ones",
            both="as many {h} {things} as {g} ones together",
            gains=("Then {n} more {h} {things} [are added|come|are bought].",),
            losses=("{n} {h} {things} are [taken away|lost|sold|given away].",),
            asks_now="How many {h} {things} are there [now|then]?",
            drawn=_things(*kinds),
        )
        for kinds, says in (
            (("toy",), "[There are {what} in a jar|{who} has {what}|A bag holds {what}]."),
            (("clothing",), "[There are {what} in the closet|{who} owns {what}|The shop has {what}]."),
            (("plant",), "[There are {what} in the garden|The gardener planted {what}]."),
        )
    ),
)

_DAYS = _of(*(f"on {day}" for day in "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()))
_MONTHS = _of(*(f"in {month}" for month in "January March April May June July August October".split()))
_woven(
    "woven_days",
    *(
        World(
            days,
            f"[{{h}} {{who}} {past} {{what}}|{{who}} {past} {{what}} {{h}}].",
            f"How many {{things}} did {{who}} {base} {{h}}?",
            "{h} it was {}[ {things}|].",
            asks_all=f"How many {{things}} did {{who}} {base} {{all}} [together|in all|altogether]?",
            asks_more=f"How many more {{things}} did {{who}} {base} {{h}} than {{g}}?",
            says_all=f"{{who}} {past} {{what}} {{all}} [together|in all].",
            drawn=_doing(*things),
        )
        for past, base, things, days in (
            ("[sold|made]", "make", ("food", "goods", "clothing"), _DAYS),
            ("[read|finished]", "read", ("comic books", "books", "stories"), _MONTHS),
            ("[wrote|sent]", "write", ("letters", "text messages", "cards"), _DAYS),
            ("[walked|ran|drove|rode]", "travel", ("miles", "kilometers"), _DAYS),
            ("[planted|watered]", "take care of", ("plant",), _DAYS),
            ("[practiced for|spent at the piano]", "practice", ("minutes",), _DAYS),
            ("[washed|repaired]", "do", ("cars", "bikes", "windows"), _DAYS),
            ("[fed|saw]", "see", ("animal",), _DAYS),
        )
    ),
)

_woven(
    "woven_money",
    *(
        World(
            _people,
            f"{{h}} {verb} {{what}}.",
            f"How much [money |]{asked[0]} {{h}} {asked[1]}?",
            f"{{h}} {verb} ${{}}.",
            asks_all=f"How much [money |]{asked[2]} {{all}} {asked[1]} [in all|together|in total]?",
            asks_more=f"How much more [money |]{asked[0]} {{h}} {asked[1]} than {{g}}?",
            says_all=f"{{all}} {verb_all} {{what}} [together|in all].",
            count="[${n}|{n} dollars]",
            more="[${n}|{n} dollars] more than {g}",
            fewer="[${n}|{n} dollars] less than {g}",
            times="{k} as much [money |]as {g}",
            plus="[${n}|{n} dollars] more than {k} as much as {g}",
            minus="[${n}|{n} dollars] less than {k} as much as {g}",
            both="as much as {g} together",
            gains=gains,
            losses=losses,
            asks_now=now,
            drawn=lambda t: {"they": "they", "friend": str(t.person())},
        )
        for verb, verb_all, asked, gains, losses, now in (
            (
                *("has", "have", ("does", "have", "do")),
                ("[Then|Today] {h} [gets|earns|finds] ${n}[ more|].", "{friend} gives {h} {n} dollars."),
                ("[Then|Later] {h} [spends|pays|loses] [${n}|{n} dollars].", "{h} lends {friend} {n} dollars."),
                "How much [money |]does {h} have [now|left|in the end]?",
            ),
            ("[earned|made]", "earned", ("did", "earn", "did"), (), (), ""),
            ("[spent|paid]", "spent", ("did", "spend", "did"), (), (), ""),
            ("saved", "saved", ("did", "save", "did"), (), (), ""),
            ("[gave|donated]", "gave", ("did", "give", "did"), (), (), ""),
        )
    ),
)

_GOODS = (
    "jacket,shirt,book,ball,lamp,chair,ticket,bag,toy,hat,watch,cake,pizza,umbrella,game,blanket,scarf,plant,backpack"
)
_woven(
    "woven_prices",
    World(
        _of(*(f"{'an' if good[0] in 'aeiou' else 'a'} {good}" for good in _GOODS.split(","))),
        "{h} costs {what}.",
        "How much [does {h} cost|is {h}]?",
        "{h} costs ${}.",
        asks_all="How much [do {all} cost [together|in all]|do you pay for {all} together]?",
        asks_more="How much more does {h} cost than {g}?",
        count="[${n}|{n} dollars]",
        more="[${n}|{n} dollars] more than {g}",
        fewer="[${n}|{n} dollars] less than {g}",
        times="{k} as much as {g}",
        plus="[${n}|{n} dollars] more than {k} as much as {g}",
        minus="[${n}|{n} dollars] less than {k} as much as {g}",
        both="as much as {g} together",
        gains=("The price of {h} goes up by ${n}.",),
        losses=("[Now|Today] the price of {h} is ${n} lower.",),
        asks_now="How much does {h} cost now?",
    ),
)


def _measure(
    holders: Callable[[Teller, int], list[str]], unit: str, more: str, less: str, much: str, ask: str
) -> World:
    """Lengths, weights, durations, ages: "{n} meters longer than", "twice as long as"."""
    return World(
        holders,
        "{h} {what}.",
        f"{ask} {{h}}?",
        f"{{h}}: {{}} {unit}.",
        asks_more=f"How many {unit} {more} is {{h}} than {{g}}?",
        count=f"is {{n}} {unit} {much}",
        more=f"is {{n}} {unit} {more} than {{g}}",
        fewer=f"is {{n}} {unit} {less} than {{g}}",
        times=f"is {{k}} as {much} as {{g}}",
        plus=f"is {{n}} {unit} {more} than {{k}} as {much} as {{g}}",
        minus=f"is {{n}} {unit} {less} than {{k}} as {much} as {{g}}",
        both=f"is as {much} as {{g}} together",
    )


_woven(
    "woven_measures",
    _measure(
        _of("the red rope", "the blue rope", "the white rope", "the old rope", "the new rope"),
        *("meters", "longer", "shorter", "long", "How [long is|many meters long is]"),
    ),
    _measure(
        _of("the oak", "the pine", "the birch", "the tower", "the church", "the school", "the house", "the crane"),
        *("feet", "[taller|higher]", "[shorter|lower]", "[tall|high]", "How [tall|high] is"),
    ),
    _measure(_people, "years", "older", "younger", "old", "How old is"),
    _measure(_people, "inches", "taller", "shorter", "tall", "How tall is"),
    _measure(
        _of("the first film", "the second film", "the last film", "the play", "the show", "the concert", "the lesson"),
        *("minutes", "longer", "shorter", "long", "How [long is|many minutes long is]"),
    ),
    _measure(
        _of("the box", "the bag", "the dog", "the cat", "the suitcase", "the bike", "the table", "the barrel"),
        *("pounds", "heavier", "lighter", "heavy", "How [heavy is|many pounds is]"),
    ),
    _measure(
        _of("the first road", "the second road", "the river", "the path", "the canal", "the trail"),
        *("miles", "longer", "shorter", "long", "How long is"),
    ),
)

_woven(
    "woven_people_in_places",
    *(
        World(
            _of(*(f"{at} {place}" for place in places.split(","))),
            says,
            "How many {things} are [there |]{h}?",
            "{} {things} are {h}.",
            asks_all="How many {things} are [there |]{all} [together|in all]?",
            asks_more="How many more {things} are [there |]{h} than {g}?",
            says_all="There are {what} {all} together.",
            gains=("[Then|Later] {n} more {things} [arrive|come in|appear] {h}.",),
            losses=("[Then|Later] {n} of the {things} {h} [leave|go home|go away].",),
            asks_now="How many {things} are {h} [now|then]?",
            conversions=(
                Conversion(
                    "[The {things} {h}|Those {h}] form [groups|teams] of {n}.",
                    "How many [groups|teams] are there?",
                    "/",
                    "There are {}.",
                ),
                Conversion(
                    "[The {things} {h}|Those {h}] get {n} [cookies|tickets|balloons|pencils] each.",
                    "How many is that [in all|altogether]?",
                    "*",
                    "That is {}.",
                ),
            ),
            drawn=_doing(*people.split(",")),
        )
        for at, places, people, says in (
            (
                "in",
                "the first class,the second class,the third class,the choir,the band",
                "children,girls,boys,pupils",
                "There are {what} {h}.",
            ),
            (
                "on",
                "the first train,the second train,the boat,the plane,the ferry",
                "people,passengers,tourists",
                "{h} there are {what}.",
            ),
            (
                "in",
                "the museum,the cinema,the restaurant,the cafe,the zoo,the pool",
                "visitors,people,guests",
                "There are {what} {h}.",
            ),
            (
                "at",
                "the concert,the parade,the fair,the party,the wedding",
                "people,children,guests",
                "{h} [there are|you meet] {what}.",
            ),
        )
    ),
)
