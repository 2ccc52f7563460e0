"""A trained network to the two int8 graphs that the product runs.

`python -m tools.reader.export --from DIR --to DIR`: encode.onnx (a question to what the steps need of it, once) and step.onnx (one
step of writing), with the alphabet beside them.
"""

from __future__ import annotations

import argparse
import json
import logging
import warnings
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from assistant.reader.tokens import VOCABULARY
from tools.reader.base import start
from tools.reader.network import Reader

OPSET = 17


class Encode(nn.Module):
    """ids [1,N] to memory, start and end keys [1,N,D], start and end biases [1,N], and keys and values of each layer."""

    def __init__(self, model: Reader) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor) -> tuple[Tensor, ...]:
        decoder = self.model.decoder
        states = self.model.encoder(input_ids=ids).last_hidden_state
        memory = decoder.memory_norm(states)
        kept = [t for layer in decoder.layers for t in layer.cross.keys_values(memory)]
        edges = decoder.edges(memory)
        return (memory, decoder.start_key(memory), decoder.end_key(memory), edges[..., 0], edges[..., 1], *kept)


class Step(nn.Module):
    """One step of B forms: the last word or stretch of each, and what was kept of the steps before."""

    def __init__(self, model: Reader) -> None:
        super().__init__()
        self.decoder = model.decoder

    def forward(self, words: Tensor, starts: Tensor, ends: Tensor, first: Tensor, flag: Tensor, memory: Tensor,
                start_keys: Tensor, start_bias: Tensor, *kept: Tensor) -> tuple[Tensor, ...]:  # fmt: skip
        d = self.decoder
        layers = len(d.layers)
        cross, past = kept[: 2 * layers], kept[2 * layers :]
        x = d.inputs(words, starts, ends, memory.expand(words.shape[0], -1, -1), first, flag)
        new = []
        for i, layer in enumerate(d.layers):
            keys, values = layer.own.keys_values(layer.norms[0](x))
            keys, values = torch.cat([past[2 * i], keys], 2), torch.cat([past[2 * i + 1], values], 2)
            new += [keys, values]
            x = d.block(layer, x, (keys, values), (cross[2 * i], cross[2 * i + 1]), None, None)
        state = d.norm(x)[:, 0]
        begins = d.start_query(state) @ start_keys[0].transpose(0, 1) / (state.shape[-1] ** 0.5) + start_bias
        return (d.word_out(state), begins, state, *new)


def load(source: Path) -> tuple[str, Reader]:
    """The alphabet and the network that a training left in a directory."""
    shape = json.loads((source / "shape.json").read_text())
    letters, encoder = start(shape["layers"])
    model = Reader(encoder, encoder.config.hidden_size, shape["decoder"])
    model.load_state_dict(torch.load(source / "reader.pt", weights_only=True))
    return letters, model


def export(source: Path, target: Path) -> None:
    letters, model = load(source)
    target.mkdir(parents=True, exist_ok=True)
    graphs(model, target)
    _quantize(target)
    end_query = model.decoder.end_query
    weight, bias = end_query.weight.detach().numpy(), end_query.bias.detach().numpy()
    np.savez(target / "ends.npz", weight=weight.astype(np.float32), bias=bias.astype(np.float32))
    (target / "alphabet.txt").write_text(letters, "utf-8")
    (target / "words.json").write_text(json.dumps(VOCABULARY), "utf-8")


def graphs(model: Reader, target: Path) -> None:
    """Write encode.fp32.onnx and step.fp32.onnx."""
    model.eval()
    decoder = model.decoder
    count, heads = len(decoder.layers), decoder.layers[0].own.heads
    ids = torch.tensor([[1, 5, 6, 7, 8, 2]])
    width = model.encoder.config.hidden_size
    names = [f"cross_{kind}_{i}" for i in range(count) for kind in ("keys", "values")]
    past_names = [f"past_{kind}_{i}" for i in range(count) for kind in ("keys", "values")]
    new_names = [f"new_{kind}_{i}" for i in range(count) for kind in ("keys", "values")]
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        outputs = Encode(model).eval()(ids)
        flat = ("memory", "start_keys", "end_keys", "start_bias", "end_bias")
        torch.onnx.export(
            Encode(model).eval(),
            (ids,),
            str(target / "encode.fp32.onnx"),
            input_names=["ids"],
            output_names=[*flat, *names],
            opset_version=OPSET,
            dynamo=False,
            dynamic_axes={"ids": {1: "n"}, **{k: {1: "n"} for k in flat}, **{k: {2: "n"} for k in names}},
        )
        past = [torch.zeros(2, heads, 3, width // heads) for _ in past_names]
        one = torch.zeros(2, 1, dtype=torch.long)
        arguments = (
            one + 3,
            one - 1,
            one - 1,
            torch.tensor(3),
            torch.zeros(2, dtype=torch.long),
            outputs[0],
            outputs[1],
            outputs[3],
            *outputs[5:],
            *past,
        )
        torch.onnx.export(
            Step(model).eval(), arguments, str(target / "step.fp32.onnx"), opset_version=OPSET, dynamo=False,
            input_names=["words", "starts", "ends", "first", "flag", "memory", "start_keys", "start_bias", *names, *past_names],
            output_names=["word_scores", "start_scores", "state", *new_names],
            dynamic_axes={**{k: {0: "b"} for k in ("words", "starts", "ends", "flag", "word_scores", "start_scores", "state")},
                          "memory": {1: "n"}, "start_keys": {1: "n"}, "start_bias": {1: "n"}, **{k: {2: "n"} for k in names},
                          **{k: {0: "b", 2: "t"} for k in past_names}, **{k: {0: "b", 2: "u"} for k in new_names}},
        )  # fmt: skip


def _quantize(target: Path) -> None:
    from onnxruntime.quantization import quantize_dynamic

    logging.getLogger().setLevel(logging.ERROR)
    for name in ("encode", "step"):
        quantize_dynamic(target / f"{name}.fp32.onnx", target / f"{name}.onnx", per_channel=True)
        (target / f"{name}.fp32.onnx").unlink()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="source", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    a = parser.parse_args()
    export(a.source, a.to)
