"""The shipped int8 graphs back to a network that can learn on.

`python -m tools.reader.thaw --from assistant/reader/model --to DIR`: writes DIR/reader.pt and DIR/shape.json, for
`python -m tools.reader.train --start DIR`. What int8 rounded away is lost; a few hundred steps of training win it back.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper

from tools.reader.base import start
from tools.reader.export import graphs
from tools.reader.network import Reader

GRAPHS = ("encode", "step")


def thaw(source: Path, target: Path) -> None:
    """Raises ValueError, naming it, where a weight of the network is in neither graph."""
    found = {name: onnx.load(str(source / f"{name}.onnx")) for name in GRAPHS}
    layers = _layers(found["encode"], "model.encoder.encoder.layer.")
    decoder_layers = _layers(found["step"], "decoder.layers.")
    _, encoder = start(layers)
    torch.manual_seed(0)
    model = Reader(encoder, encoder.config.hidden_size, decoder_layers)
    for weights in model.parameters():  # all different, so that each is known again in the graphs by its values
        torch.nn.init.normal_(weights)
    own = model.state_dict()
    names = _names(model)
    missing = set(own)
    for name, graph in found.items():
        for initializer, values in _values(graph).items():
            if (name, initializer) in names:
                weight, turned = names[name, initializer]
                own[weight].copy_(torch.from_numpy((values.T if turned else values).copy()))
                missing.discard(weight)
    ends = np.load(source / "ends.npz")
    for kind in ("weight", "bias"):
        own[f"decoder.end_query.{kind}"].copy_(torch.from_numpy(ends[kind]))
        missing.discard(f"decoder.end_query.{kind}")
    if missing:
        raise ValueError(f"no graph of {source} holds {', '.join(sorted(missing))}")
    target.mkdir(parents=True, exist_ok=True)
    torch.save(own, target / "reader.pt")
    words = json.loads((source / "words.json").read_text("utf-8"))
    (target / "shape.json").write_text(json.dumps({"layers": layers, "decoder": decoder_layers, "words": words}))


def _layers(graph: onnx.ModelProto, prefix: str) -> int:
    names = (i.name for i in graph.graph.initializer)
    return 1 + max(int(name.removeprefix(prefix).split(".")[0]) for name in names if name.startswith(prefix))


def _names(model: Reader) -> dict[tuple[str, str], tuple[str, bool]]:
    """What the weights are called in the graphs: (graph, initializer) to (weight, whether it stands there transposed)."""
    own = {name: values.numpy() for name, values in model.state_dict().items()}
    known = {values.tobytes(): (name, False) for name, values in own.items()}
    known |= {values.T.tobytes(): (name, True) for name, values in own.items() if values.ndim == 2}
    found = {}
    with tempfile.TemporaryDirectory() as directory:
        graphs(model, Path(directory))
        for graph in GRAPHS:
            for initializer in onnx.load(f"{directory}/{graph}.fp32.onnx").graph.initializer:
                weight = known.get(numpy_helper.to_array(initializer).tobytes())
                if weight is not None:
                    found[graph, initializer.name] = weight
                    found[graph, f"{initializer.name}_Transposed"] = (weight[0], not weight[1])
    return found


def _values(graph: onnx.ModelProto) -> dict[str, NDArray[np.float32]]:
    """The weights of a graph by name, the int8 ones multiplied out."""
    stored = {i.name: numpy_helper.to_array(i) for i in graph.graph.initializer}
    found = {name: values for name, values in stored.items() if values.dtype == np.float32}
    for name, values in stored.items():
        if name.endswith("_quantized"):
            plain = name.removesuffix("_quantized")
            zero = stored[f"{plain}_zero_point"].astype(np.float32)
            found[plain] = (values.astype(np.float32) - zero) * stored[f"{plain}_scale"]
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="source", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    a = parser.parse_args()
    thaw(a.source, a.to)
