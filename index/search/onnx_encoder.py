"""Texts to vectors by an ONNX graph, with neither torch nor transformers loaded.

In: a directory with `model.onnx`, which takes one text's token ids and gives its unit vector, and `tokenizer.json`, which
truncates. Out: a vector a text. llama-index's HuggingFaceEmbedding would need a SentenceTransformer: sentence-transformers 6
loads a module of ours only with trust_remote_code, and importing it costs eight seconds and 300 MB at every start.

Texts go through the graph one by one, on one thread each: on two cores that is a third faster than batches (no padding, no
threads waiting for one another), takes less memory, and keeps a text's vector independent of its neighbours, which in int8
would shift each other's scale (measured: down to a cosine of 0.995).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from llama_index.core.base.embeddings.base import BaseEmbedding
from numpy.typing import NDArray
from pydantic import PrivateAttr
from tokenizers import Tokenizer

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
INPUT = "input_ids"
BATCH = 64  # texts that llama-index hands over at once

Vector = NDArray[np.float32]


class OnnxEncoder:
    """A loaded graph with its tokenizer; safe to call from several threads."""

    def __init__(self, directory: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.tokenizer = Tokenizer.from_file(str(directory / TOKENIZER_FILE))
        self.session = onnxruntime.InferenceSession(
            str(directory / MODEL_FILE), options, providers=["CPUExecutionProvider"]
        )
        self.pool = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="embedding")

    def encode(self, text: str) -> Vector:
        """One text to its unit vector. What lies beyond the model's window is not read."""
        outputs: list[Any] = self.session.run(None, {INPUT: token_ids(self.tokenizer, text)})
        vector: Vector = outputs[0][0]
        return vector

    def encode_all(self, texts: Sequence[str]) -> list[Vector]:
        """n texts to n unit vectors, in their order, on all cores."""
        return list(self.pool.map(self.encode, texts))


def token_ids(tokenizer: Tokenizer, text: str) -> NDArray[np.int64]:
    """One text to what the graph takes: one row of ids."""
    return np.array([tokenizer.encode(text).ids], np.int64)


class OnnxEmbedding(BaseEmbedding):
    """An OnnxEncoder as llama-index knows it, putting the model's prompt before each question and each text."""

    query_instruction: str
    text_instruction: str
    _encoder: OnnxEncoder = PrivateAttr()

    def __init__(self, directory: Path, query_instruction: str, text_instruction: str) -> None:
        super().__init__(
            model_name=directory.name,
            embed_batch_size=BATCH,
            query_instruction=query_instruction,
            text_instruction=text_instruction,
        )
        self._encoder = OnnxEncoder(directory)

    @classmethod
    def class_name(cls) -> str:
        """What llama-index calls it."""
        return "OnnxEmbedding"

    def _get_query_embedding(self, query: str) -> list[float]:
        return _floats(self._encoder.encode(self.query_instruction + query))

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return _floats(self._encoder.encode(self.text_instruction + text))

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [
            _floats(vector) for vector in self._encoder.encode_all([self.text_instruction + text for text in texts])
        ]


def _floats(vector: Vector) -> list[float]:
    values: list[float] = vector.tolist()
    return values
