"""The sentences in which a name is put: plain, plural, as a photograph, in a style or a colour."""
TEMPLATES = [
    "a photo of a {}", "a photo of the {}", "a picture of a {}", "an image of a {}", "photo of a {}", "a {}", "the {}",
    "one {}", "a close-up photo of a {}", "a good photo of a {}", "a small {}", "a big {}", "{} photo", "picture of {}",
    "a blurry photo of a {}", "a cropped photo of a {}", "there is a {} in the picture", "a bright photo of a {}",
    "my {}", "a {} outside",
]
PLURAL_TEMPLATES = ["{}", "photos of {}", "some {}", "many {}", "two {}", "a photo of {}", "pictures of {}"]
COLOUR_TEMPLATES = ["a {} {}", "{} {}", "a photo of a {} {}"]
EMOJI_TEMPLATES = ["{}", "an emoji of a {}", "a drawing of a {}", "{} emoji", "{} icon"]

COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white")

STYLES = {"photo": None, "art_painting": "x:painting", "cartoon": "x:cartoon drawing", "sketch": "x:sketch"}
"""Folders of PACS -> concept of the style."""
STYLE_NAMES = {
    "x:painting": ["painting", "art painting", "artwork"],
    "x:cartoon drawing": ["cartoon", "cartoon drawing", "comic"],
    "x:sketch": ["sketch", "pencil sketch", "line drawing", "black and white drawing"],
    "x:emoji": ["emoji", "icon", "clip art", "symbol drawing"],
    **{f"x:colour {colour}": [colour, f"{colour} color", f"something {colour}"] for colour in COLOURS},
}
"""Concepts that say how something looks and nothing about what it is."""
STYLE_TEMPLATES = {
    "x:painting": ["a painting of a {}", "{} painting", "an artwork of a {}"],
    "x:cartoon drawing": ["a cartoon of a {}", "cartoon {}", "a drawing of a {}"],
    "x:sketch": ["a sketch of a {}", "{} sketch", "a pencil drawing of a {}", "a line drawing of a {}"],
}


def colour_concept(colour: str) -> str:
    return f"x:colour {colour}"


def emoji_captions(record: dict) -> list[str]:
    """Plain sentences about a drawing; `record` as in emojibase."""
    label, tags = record["label"].lower(), [tag for tag in record["tags"] if tag.isascii()]
    sentences = [template.format(label) for template in EMOJI_TEMPLATES]
    if len(tags) > 1:
        sentences += [", ".join(tags[:4]), f"{label}, {', '.join(tags[:3])}"]
    return list(dict.fromkeys(sentences))
