"""A warm start: the towers of a finished model folder, for training them further.

The files hold int8 weights and no normalisation layers. The weights are widened, and each layer gets the mean and variance
of what it sees as its own, with the opposite scale and shift: the network computes what the files compute, and
goes on learning as if the layers had never been folded.
"""
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from checkpoint import load_checkpoint
from folding import finished, set_folded
from text.corpus import Corpus
from text.encoded import encode
from text.tokenizer import Tokenizer
from towers import Clip, Shape, unit

SMALLEST_VARIANCE = 1e-4
"""A channel that hardly varies is not stretched further."""


def shape_of(folder: Path) -> Shape:
    """The towers of a model folder of this recipe. Raises ValueError for another architecture."""
    config = json.loads((folder / "config.json").read_text())
    vision, text = config["vision_config"], config["text_config"]
    if vision.get("semblance_architecture") != "resnet":
        raise ValueError(f"expected a model that this recipe exported in {folder}, got {vision.get('model_type')}")
    return Shape(
        vocabulary=text["vocab_size"], end=Tokenizer(folder).end, px=vision["image_size"], widths=tuple(vision["widths"]),
        blocks=tuple(vision["blocks"]), stem=vision.get("stem", 48), head=vision["hidden_size"],
        dimension=config["projection_dim"], hidden=vision["projection_hidden_size"], word=text["hidden_size"],
        text_hidden=text["intermediate_size"], hubs=vision.get("hubs", 0),
    )


def load_network(path: Path) -> Clip:
    """The finished network of a model folder or of a checkpoint, in evaluation mode."""
    if not path.is_dir():
        return finished(load_checkpoint(path))
    net = Clip(shape_of(path))
    load_towers(net, path)
    return net.eval()


@torch.no_grad()
def load_towers(net: Clip, folder: Path, image: bool = True, text: bool = True) -> None:
    """Sets the towers' weights to those of the folder, or one tower's."""
    if image:
        set_folded(net.image, read_weights(folder / "onnx" / "vision_model.onnx"))
    if text:
        weights = read_weights(folder / "onnx" / "text_model.onnx")
        net.text.load_state_dict({name: weights[name] for name in net.text.state_dict()})
        net.logit_scale.fill_(json.loads((folder / "config.json").read_text())["logit_scale"])


def read_weights(path: Path) -> dict[str, Tensor]:
    """Constants of an exported tower by name, float32; what is stored small (storage.py) is widened."""
    stored = {item.name: numpy_helper.to_array(item) for item in onnx.load(str(path)).graph.initializer}
    widened = {}
    for name, value in stored.items():
        base, _, kind = name.rpartition("_")
        if kind in ("q8", "q32"):
            scale = stored[f"{base}_scale"]
            outputs = scale.reshape(-1, *[1] * (value.ndim - 1)) if scale.ndim == 1 else scale
            widened[base] = value.astype(np.float32) * outputs
        elif kind == "f16":
            widened[base] = value.astype(np.float32)
        elif kind not in ("scale", "zero"):
            widened[name] = value.copy()
    return {name: torch.from_numpy(value) for name, value in widened.items()}


@torch.no_grad()
def settle_norms(net: Clip, batches: list[Tensor]) -> None:
    """Gives every normalisation layer of the image tower the statistics of `batches` (standardised pixels) without
    changing what the network computes. Until then the first training step would change it completely."""
    seen: dict[nn.Module, list[Tensor]] = {}
    norms = [m for m in net.image.modules() if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d))]
    hooks = [n.register_forward_pre_hook(lambda module, inputs: seen.setdefault(module, []).append(_moments(inputs[0]))) for n in norms]
    net.image.eval()
    for batch in batches:
        net.image(batch)
    for hook in hooks:
        hook.remove()
    for norm in norms:
        mean, square = torch.stack(seen[norm]).mean(0)
        variance = (square - mean**2).clamp(min=SMALLEST_VARIANCE)
        norm.bias.add_(mean * norm.weight)
        norm.weight.mul_((variance + norm.eps).sqrt())
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)


def _moments(values: Tensor) -> Tensor:
    """Mean and mean square of each channel."""
    spots = [i for i in range(values.ndim) if i != 1]
    return torch.stack([values.mean(spots), (values**2).mean(spots)])


@torch.no_grad()
def start_heads(net: Clip, corpus: Corpus, tokenizer: Tokenizer, batches: list[Tensor]) -> None:
    """Classifier and teacher's head begin as the zero-shot classifiers that the towers already are, not at random: a row of a head is the text of
    its concept, seen through the projection's linear part, at the sharpness that the towers were trained with."""
    net.eval()
    sharpness = net.logit_scale.exp() / torch.cat([net.image(batch) for batch in batches]).norm(dim=1).mean()
    for head, concepts in ((net.classifier, corpus.concepts), (net.teacher, corpus.teacher)):
        if head is not None:
            texts = name_vectors(net, tokenizer, [corpus.names(concept)[0] for concept in concepts])
            texts -= texts.mean(0)
            head.weight.copy_(sharpness * texts @ net.image.project.linear.weight)
            head.bias.copy_(sharpness * texts @ net.image.project.linear.bias)


NAME_PROMPTS = "{}", "a photo of a {}"
TEXTS_AT_ONCE, NAME_CONTEXT = 256, 24


@torch.no_grad()
def name_vectors(net: Clip, tokenizer: Tokenizer, names: list[str]) -> Tensor:
    """Unit vectors [names, dimension] by the text tower."""
    return unit(sum(text_vectors(net, tokenizer, [prompt.format(name) for name in names], NAME_CONTEXT) for prompt in NAME_PROMPTS))


@torch.no_grad()
def text_vectors(net: Clip, tokenizer: Tokenizer, texts: list[str], context: int) -> Tensor:
    """Unit vectors [texts, dimension] by the text tower. `context`: pieces at which a text is cut."""
    parts = [texts[i : i + TEXTS_AT_ONCE] for i in range(0, len(texts), TEXTS_AT_ONCE)]
    return torch.cat([unit(net.text(encode(tokenizer, part, context))) for part in parts])
