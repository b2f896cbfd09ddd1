"""Laws that the recipe rests on, checked by hand after a change; no data and no training needed, under a minute.

    python3 check.py

Needs the shipped model folder (..) and npm's packages. Prints one line a law, ends with 1 where one is broken.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from data.shards import MOST_BYTES, decode, encode, read_index, read_pictures, write_pack
from folding import fold
from images.augment import augment, standardise, to_floats
from images.stronger import mix, rand_augment
from loose_words import word_loss
from losses import concept_loss, label_loss, said_loss, sigmoid_concept_loss, smoothing_loss
from start import load_towers, settle_norms, shape_of
from storage import quantise
from team import Team
from text.bpe import learn, save
from text.concepts import Concepts
from text.encoded import encode as encode_texts
from text.said import SaidWords
from text.tokenizer import CONTEXT, Tokenizer, words
from text.wordnet import WordNet
from told import NOTHING, Told
from towers import Clip, Shape, unit
from winograd import hasten
from word_start import start_from_words

HERE = Path(__file__).resolve().parent
STARTER = HERE.parent
WORDS = STARTER.parent / "words" / "semblance.100d.txt.gz"
CLOSE = 1e-3
RNG = np.random.default_rng(5)


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


def pieces_are_those_of_the_file() -> bool:
    """The numbers are those of @huggingface/transformers, which verify.mjs compares."""
    tokenizer = Tokenizer(STARTER)
    text = tokenizer.encode("a photo of a cat") == [24012, 320, 873, 546, 320, 924, 24013]
    cut = words("It's 99 naïve cafés!") == ["it", "'s", "9", "9", "naïve", "cafés", "!"]
    return text and cut and len(tokenizer.encode("a " * 99)) == CONTEXT


def a_vocabulary_can_be_learnt() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        save(learn({"low": 5, "lower": 2, "newest": 6, "widest": 3}, 20), Path(folder))
        return len(Tokenizer(Path(folder)).pieces("newest")) == 1


def padding_and_order_change_no_text() -> bool:
    net, tokenizer = _small_net(), Tokenizer(STARTER)
    texts = ["cat", "a photo of a very small dog", "two cats", "dog small very a of photo a"]
    apart = torch.cat([net.text(torch.tensor([tokenizer.encode(text)])) for text in texts])
    together = net.text(encode_texts(tokenizer, texts, 20))
    return bool((together - apart).abs().max() < CLOSE and (apart[1] - apart[3]).abs().max() < CLOSE)


def folding_changes_nothing() -> bool:
    net, pixels = _small_net(), torch.randn(4, 3, 64, 64)
    settle_norms(net, [torch.randn(16, 3, 64, 64)])
    net.image.nuisance.copy_(torch.linalg.qr(torch.randn(net.shape.head, 4))[0])
    return bool((fold(net).image(pixels) - net.image(pixels)).abs().max() < CLOSE)


def a_warm_start_equals_the_files() -> bool:
    """Torch's network against ONNX Runtime on the shipped files, before and after the normalisation layers are set."""
    net = Clip(shape_of(STARTER)).eval()
    load_towers(net, STARTER)
    pixels, pieces = torch.randn(4, 3, 64, 64), torch.tensor([Tokenizer(STARTER).encode("two dogs on a beach")])
    pictures, texts = _run_onnx("vision_model", pixels), _run_onnx("text_model", pieces)
    first = (net.image(pixels) - pictures).abs().max()
    settle_norms(net, [standardise(to_floats(RNG.integers(0, 256, (16, 64, 64, 3), dtype=np.uint8)))])
    later = (net.image(pixels) - pictures).abs().max()
    text = (net.text(pieces) - texts).abs().max()
    print(f"     greatest differences: pictures {first:.1e}, with settled layers {later:.1e}, text {text:.1e}")
    return bool(max(first, later, text) < CLOSE)


def a_team_shares_its_weights() -> bool:
    """A network that is laid out anew after the team was formed is refused: two processes would train two networks."""
    good, bad = _small_net(), _small_net()
    good.image.to(memory_format=torch.channels_last)
    Team(good, 2).start(lambda rank: None)
    late = Team(bad, 2)
    bad.image.to(memory_format=torch.channels_last)
    try:
        late.start(lambda rank: None)
    except RuntimeError:
        return True
    return False


def words_are_drawn_to_their_meaning() -> bool:
    anchors = unit(torch.randn(30, 16))
    concepts, shares = torch.tensor([[3, 7], [5, 2]]), torch.tensor([[0.8, 0.2], [1.0, 0.0]])
    there = unit((shares[:, :, None] * anchors[concepts]).sum(1))
    return bool(10 * word_loss(there, anchors, concepts, shares) < word_loss(there.flip(0), anchors, concepts, shares))


def rounding_is_small() -> bool:
    weights = RNG.standard_normal((8, 40)).astype(np.float32)
    small, scale = quantise(weights, 0)
    return small.dtype == np.int8 and np.abs(small * scale - weights).mean() < 0.01


def words_keep_their_angles() -> bool:
    net, tokenizer = _small_net(), Tokenizer(STARTER)
    start_from_words(net.text.token, tokenizer, WORDS, seed=1)
    vector = lambda word: unit(net.text.token.weight[tokenizer.pieces(word)[:1]])
    return float(vector("dog") @ vector("dogs").T) > float(vector("dog") @ vector("building").T)


def augmentation_keeps_shape_and_range() -> bool:
    pictures = augment(to_floats(RNG.integers(0, 256, (12, 64, 64, 3), dtype=np.uint8)), RNG.random(12) < 0.5, 48, RNG)
    pictures = rand_augment(pictures, 2, 1.0, RNG)
    mixed, partner, own = mix(pictures, 0.5, 0.5, RNG)
    inside = 0 <= float(mixed.min()) and float(mixed.max()) <= 1 and bool(((own >= 0) & (own <= 1)).all())
    return inside and mixed.shape == (12, 3, 48, 48) and len(partner) == 12


def losses_fall_where_scores_are_right() -> bool:
    relation = torch.tensor([[1, 2, 0, -1], [0, 0, 1, 0]], dtype=torch.int8)
    right, wrong = torch.where(relation > 0, 4.0, -4.0), torch.where(relation > 0, -4.0, 4.0)
    near = torch.tensor([[0, 0, 1.0, 0], [0.5, 0.5, 0, 0]])
    losses = [label_loss, concept_loss, lambda s, r: sigmoid_concept_loss(s, r, torch.tensor(0.0))]
    unknown = right.clone()
    unknown[0, 3] += 100  # what is unknown must not count
    same = all(abs(float(loss(unknown, relation) - loss(right, relation))) < CLOSE for loss in losses[::2])
    falls = all(loss(right, relation) < loss(wrong, relation) for loss in losses)
    return bool(same and falls and smoothing_loss(right, relation, near) > 0)


def rare_words_count_more() -> bool:
    said = SaidWords([["A dog runs.", "a dog"]] * 4 + [["a dog runs", "a wet cat"]] * 40 + [["a sea", "one"]] * 400)
    table = said.shares([["a wet dog", "wet"], ["zebra"], []])
    right = [said.words.index(word) for word in ("wet", "dog")]
    sums = np.allclose(table.sum(1), [1, 0, 0]) and table[0, right[0]] > table[0, right[1]] > 0 and "a" not in said.words
    logits, shown = torch.zeros(3, len(said.words)), torch.from_numpy(table)
    return bool(sums and said_loss(logits + 9 * shown, shown) < said_loss(logits, shown))


def a_picture_finds_its_own_sentences() -> bool:
    """A picture that stands where its sentences are loses less than one that stands elsewhere; the same sentences are one story."""
    net, tokenizer = _small_net(), Tokenizer(STARTER)
    told = Told([["a dog runs", "a dog"], ["a red car"], [], ["a dog runs", "a dog"]], net, tokenizer)
    stories = told.stories([["a dog"], [], ["a red car"]])
    net.image.project = torch.nn.Identity()
    places = {text: net.text(encode_texts(tokenizer, [text], 24))[0] for text in ("a dog", "a red car")}
    lost = lambda first, last: told.loss(net, torch.stack([places[first], places[first], places[last]]), torch.from_numpy(stories))
    return bool(len(told) == 3 and stories.tolist() == [0, NOTHING, 1] and lost("a dog", "a red car") < lost("a red car", "a dog"))


def quick_convolutions_are_pytorchs() -> bool:
    """Outputs and gradients of the blocks, whose sizes suit them, at 64 and (left to PyTorch) at 48 pixels."""
    shape = Shape(10, 9, widths=(32, 64), blocks=(1, 1), stem=8, head=32)
    usual, quick = Clip(shape), Clip(shape)
    quick.load_state_dict(usual.state_dict())
    if not hasten(quick):
        print("     cannot be built here: PyTorch's own are used")
        return True
    return all(_differ(usual, quick, torch.randn(9, 3, px, px)) < CLOSE for px in (64, 48))


def _differ(one: Clip, other: Clip, pixels: torch.Tensor) -> float:
    """The greatest difference of features and of gradients, each against the largest number of its kind."""
    greatest = 0.0
    with torch.enable_grad():
        found = [net.image.raw(pixels) for net in (one, other)]
        kinds = [found, *zip(*(torch.autograd.grad(raw.square().sum(), list(net.image.features.parameters())) for raw, net in zip(found, (one, other))))]
    for first, second in kinds:
        greatest = max(greatest, float((first - second).abs().max() / first.abs().max().clamp(min=1e-6)))
    return greatest


def _small_net() -> Clip:
    torch.manual_seed(2)
    tokenizer = Tokenizer(STARTER)
    images, texts = {"widths": (8, 16), "blocks": (1, 1), "stem": 8, "head": 32}, {"word": 128, "text_hidden": 64}
    return Clip(Shape(len(tokenizer.vocabulary), tokenizer.end, **images, **texts)).eval()


def _run_onnx(tower: str, values: torch.Tensor) -> torch.Tensor:
    """The shipped tower in onnxruntime-node."""
    script = """
        import { readFileSync } from 'node:fs';
        import { InferenceSession, Tensor } from 'onnxruntime-node';
        const { file, type, values, dims } = JSON.parse(readFileSync(0, 'utf8'));
        const session = await InferenceSession.create(file, { intraOpNumThreads: 1 });
        const data = type === 'int64' ? BigInt64Array.from(values, BigInt) : Float32Array.from(values);
        const out = Object.values(await session.run({ [session.inputNames[0]]: new Tensor(type, data, dims) }))[0];
        console.log(JSON.stringify({ data: [...out.data], dims: out.dims }));"""
    kind = "int64" if values.dtype == torch.int64 else "float32"
    job = {"file": str(STARTER / "onnx" / f"{tower}.onnx"), "type": kind, "dims": list(values.shape)}
    job["values"] = values.flatten().tolist()
    command = ["node", "--input-type=module", "-e", script]
    answer = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, check=True, cwd=HERE)
    out = json.loads(answer.stdout)
    return torch.tensor(out["data"]).view(out["dims"])


LAWS = (
    shards_give_back_what_went_in, classes_find_their_synsets, pieces_are_those_of_the_file, a_vocabulary_can_be_learnt,
    padding_and_order_change_no_text, folding_changes_nothing, a_warm_start_equals_the_files, a_team_shares_its_weights, words_are_drawn_to_their_meaning,
    rounding_is_small, words_keep_their_angles, augmentation_keeps_shape_and_range, losses_fall_where_scores_are_right,
    rare_words_count_more, a_picture_finds_its_own_sentences, quick_convolutions_are_pytorchs,
)


def main() -> int:
    torch.set_num_threads(1)
    broken = 0
    with torch.no_grad():
        for law in LAWS:
            good = law()
            broken += not good
            print(f"{'ok  ' if good else 'FAIL'} {law.__name__.replace('_', ' ')}", flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
