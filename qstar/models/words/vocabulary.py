"""Names and nouns of word problems."""

from __future__ import annotations

SMALL = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

FEMALE = tuple(
    "Anna Mary Lucy Emma Olivia Sara Lily Grace Mia Zoe Nina Julia Rosa Clara Amy Beth Carol Dana Ella Fatima Gina Hana "
    "Irene Jane Kate Laura Maya Nora Priya Rachel Sofia Tina Uma Vera Wendy Yara Zara Amina Chloe Diana Elena Leila "
    "Megan Naomi Paula Ruth Susan Tara Alice Betty Helen Joan Kim Linda Molly Penny Robin Sandra Tanya Violet".split()
)
MALE = tuple(
    "Tom John Ben Sam Max Leo David Mark Paul Peter Jack Adam Carlos Omar Ali Ivan Hugo Oscar Liam Noah Ethan Lucas "
    "Henry Jacob Kevin Luis Mike Nick Owen Pablo Ravi Sean Tim Victor Will Yusuf Aaron Bob Charlie Dan Eric Frank "
    "George Harry Isaac James Kyle Larry Marco Nathan Pedro Randy Steve Tony Walter Andre Bill Chris Dennis Fred".split()
)

KIN = tuple("brother sister mother father uncle aunt cousin neighbor friend grandmother".split())

# kind -> (singular, plural)
KINDS: dict[str, tuple[tuple[str, str], ...]] = {}


def _kind(name: str, words: str) -> None:
    """`words`: singulars, each with /plural where it is not made by adding s; _ stands for a space."""
    pairs = []
    for word in words.split():
        one, _, many = word.replace("_", " ").partition("/")
        pairs.append((one, many or one + "s"))
    KINDS[name] = tuple(pairs)


_kind(
    "toy",
    "marble toy_car sticker doll ball balloon puzzle robot kite yo-yo/yo-yos trading_card block toy_soldier top "
    "action_figure stuffed_animal bead shell stamp coin postcard seashell rock comic_book magnet badge",
)
_kind(
    "school",
    "pencil pen notebook eraser crayon marker ruler book folder sheet_of_paper/sheets_of_paper textbook paper_clip "
    "glue_stick binder highlighter paintbrush/paintbrushes worksheet poster bookmark",
)
_kind(
    "food",
    "apple orange banana cookie muffin cupcake sandwich/sandwiches donut pear peach/peaches plum bagel pancake "
    "candy/candies lollipop egg roll potato/potatoes tomato/tomatoes carrot strawberry/strawberries cherry/cherries "
    "lemon mango/mangoes grape walnut chocolate brownie pie waffle pretzel croissant meatball dumpling jelly_bean",
)
_kind(
    "animal",
    "chicken cow sheep/sheep goat horse duck rabbit pig cat dog goldfish/goldfish hen turkey parrot puppy/puppies kitten",
)
_kind(
    "plant",
    "rose tulip daisy/daisies sunflower tree bush/bushes lily/lilies orchid seedling fern cactus/cacti rose_bush/rose_bushes",
)
_kind("container", "box/boxes bag basket crate carton jar tray pack packet bucket bin drawer shelf/shelves case bowl")
_kind("clothing", "shirt hat scarf/scarves sock jacket sweater dress/dresses belt glove cap T-shirt skirt")
_kind(
    "goods",
    "chair table lamp mug plate candle pillow blanket basket towel vase clock picture_frame umbrella bottle cup",
)
