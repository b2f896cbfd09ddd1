"""Turns an encoder's codes so that they are uncorrelated and of like size, by changing its last layer alone."""
import torch
from torch import Tensor

from model import Encoder

FLOOR = 1e-4
"""Directions that vary less than this share of the greatest are not stretched further: they hold rounding errors."""


@torch.no_grad()
def whiten(encoder: Encoder, batches: list[Tensor], power: float) -> None:
    """Changes `encoder` in place: codes c become V diag(v ** -power) V' (c - mean), V and v of their covariance.

    `batches` are standardised pictures. Power 0.5 whitens, 0.25 goes half the way, 0 only subtracts the mean. Leaves the encoder in evaluation mode.
    """
    encoder.eval()
    codes = torch.cat([encoder(batch) for batch in batches]).double().cpu()
    mean = codes.mean(0)
    centred = codes - mean
    values, vectors = torch.linalg.eigh(centred.T @ centred / max(len(codes) - 1, 1))
    values = values.clamp_min(float(values[-1]) * FLOOR).clamp_min(1e-12)
    turn = (vectors * values**-power) @ vectors.T

    layer, norm = encoder.code, encoder.norm
    deviation = (norm.running_var + norm.eps).sqrt().double().cpu()
    weight = turn @ (layer.weight.flatten(1).double().cpu() / deviation[:, None])
    bias = turn @ ((layer.bias - norm.running_mean).double().cpu() / deviation - mean)
    layer.weight.copy_(weight.view_as(layer.weight))
    layer.bias.copy_(bias)
    norm.running_mean.zero_()
    norm.running_var.fill_(1 - norm.eps)


@torch.no_grad()
def settle(encoder: Encoder, batches: list[Tensor]) -> None:
    """Sets the normalisation layers' means and variances to those of `batches`, all weighing the same."""
    layers = [layer for layer in encoder.modules() if isinstance(layer, torch.nn.BatchNorm2d)]
    momenta = [layer.momentum for layer in layers]
    for layer in layers:
        layer.reset_running_stats()
        layer.momentum = None
    encoder.train()
    for batch in batches:
        encoder(batch)
    for layer, momentum in zip(layers, momenta):
        layer.momentum = momentum
