"""Laws of pictures, their classes and what is done to them."""
import gzip
import json
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from data.captions import add_captions, load_captions, read_captioned, read_retold
from data.shards import MOST_BYTES, decode, encode, read_index, read_pictures, write_pack
from images.augment import augment, to_floats
from images.stronger import mix, rand_augment
from laws.common import RNG
from text.concepts import Concepts
from text.wordnet import WordNet


def shards_give_back_what_went_in() -> bool:
    pictures = [RNG.integers(0, 256, (8, 8, 3), dtype=np.uint8) for _ in range(5)]
    data = [encode(Image.fromarray(picture)) for picture in pictures]
    with tempfile.TemporaryDirectory() as folder:
        write_pack(Path(folder), [("tf_flowers", "rose", f"{i}.jpg", one) for i, one in enumerate(data)])
        entries = read_index(Path(folder))
        whole = all(file.stat().st_size <= MOST_BYTES for file in Path(folder).glob("*.bin"))
        return whole and list(read_pictures(Path(folder), entries)) == data and decode(data[0]).shape == (8, 8, 3)


def classes_find_their_synsets() -> bool:
    naming = Concepts(WordNet())
    found = [naming.named("airplanes"), naming.named("Crab"), naming.food("apple_pie"), naming.grocery("Oat-Milk")]
    fine, broad = naming.grocery("Apple/Pink-Lady"), naming.grocery("Apple")
    if broad not in naming.table[fine].parents or naming.grocery("Banana/Banana") != naming.grocery("Banana"):
        return False
    dog = naming.emoji({"label": "Dog face", "tags": ["pet"], "subgroup": "animal-mammal"})
    return found[0] == "n02691156" and found[1] == "n01976957" and "n02084071" in naming.table[dog].parents and all(found)


def augmentation_keeps_shape_and_range() -> bool:
    pictures = augment(to_floats(RNG.integers(0, 256, (12, 64, 64, 3), dtype=np.uint8)), RNG.random(12) < 0.5, 48, RNG)
    pictures = rand_augment(pictures, 2, 1.0, RNG)
    mixed, partner, own = mix(pictures, 0.5, 0.5, RNG)
    inside = 0 <= float(mixed.min()) and float(mixed.max()) <= 1 and bool(((own >= 0) & (own <= 1)).all())
    return inside and mixed.shape == (12, 3, 48, 48) and len(partner) == 12


def sentences_of_measured_pictures_are_left_out() -> bool:
    """By Flickr's number, by a sentence that is the same; a picture of which only one thing is said has nothing to compare."""
    pictures = {"11.jpg": ["One cat .", "A cat sits ."], "22.jpg": ["A dog .", "Dog runs ."], "33.jpg": ["A red car .", "The car ."], "44.jpg": ["Snow .", "Snow ."]}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "image_splits").mkdir()
        (folder / "raw").mkdir()
        (folder / "image_splits" / "train_images.txt").write_text("\n".join(pictures) + "\n")
        for i in range(5):
            lines = "".join(f"{own[i % 2]}\n" for own in pictures.values())
            (folder / "raw" / f"train.{i + 1}.en.gz").write_bytes(gzip.compress(lines.encode()))
        (folder / "captions.tsv").write_text("path\tcaption\nphotos/22_ab.jpg\tPuppies .\nphotos/55_ab.jpg\ta red car .\n")
        return read_retold(folder, folder / "captions.tsv") == [["One cat", "A cat sits"]]


def further_photographs_of_which_a_measured_ones_sentence_is_told_are_left_out() -> bool:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "captions.tsv").write_text("path\tcaption\nphotos/1.jpg\tA red car .\n")
        (folder / "own.csv").write_text('a.jpg,"A dog, running\nfast ."\nb.jpg,a red car\na.jpg,Dog .\n')
        images, annotations = [{"id": 7, "file_name": "a.jpg"}], [{"image_id": 7, "caption": "A dog, running\nfast ."}, {"image_id": 7, "caption": "Dog ."}]
        (folder / "own.json").write_text(json.dumps({"images": images, "annotations": annotations}))
        return all(read_captioned(folder / own, folder / "captions.tsv") == {"a.jpg": ["A dog, running fast", "Dog"]} for own in ("own.csv", "own.json"))


def what_is_no_list_of_captions_is_refused() -> bool:
    refused = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "captions.tsv").write_text("path\tcaption\n")
        for file, content in (("three.csv", "a.jpg,A dog,3\n"), ("list.json", "[1, 2]"), ("broken.json", "{"), ("other.json", '{"images": []}')):
            (folder / file).write_text(content)
            try:
                read_captioned(folder / file, folder / "captions.tsv")
            except ValueError as error:
                refused.append(file in str(error))
    return refused == [True] * 4


def further_captions_go_by_name_and_replace_none() -> bool:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        add_captions(folder, {"images/a.jpg": ["A dog"]})
        add_captions(folder, {"more/b.jpg": ["Snow"], "a.jpg": ["A dog"]})
        try:
            add_captions(folder, {"other/a.jpg": ["A cat"]})
        except ValueError as error:
            return "a.jpg" in str(error) and load_captions(folder) == {"a.jpg": ["A dog"], "b.jpg": ["Snow"]}
    return False


def what_a_folder_lacks_is_named() -> bool:
    with tempfile.TemporaryDirectory() as name:
        try:
            read_retold(Path(name), Path(__file__))
        except ValueError as error:
            return "train_images.txt" in str(error) and "train.5.en.gz" in str(error)
    return False


LAWS = (
    shards_give_back_what_went_in, classes_find_their_synsets, augmentation_keeps_shape_and_range,
    sentences_of_measured_pictures_are_left_out, further_photographs_of_which_a_measured_ones_sentence_is_told_are_left_out,
    what_is_no_list_of_captions_is_refused, further_captions_go_by_name_and_replace_none, what_a_folder_lacks_is_named,
)
