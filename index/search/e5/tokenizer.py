"""The container's vocabulary to a `tokenizers` tokenizer.

In: unigram pieces with scores and one replacement per code point. Out: the XLM-RoBERTa tokenizer that e5 was trained with,
truncating at the model's window. The replacements become a SentencePiece
"precompiled charsmap", the one form in which `tokenizers` applies many of them quickly: the length of a double-array trie
(the Darts layout), the trie, then the replacements, each ended by a zero byte.
"""

from __future__ import annotations

import base64
import itertools
import json
import struct
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from index.search.e5.container import Vocabulary

MASK = "<mask>"
END = 0  # the label under which a trie node keeps its value; no UTF-8 text but NUL holds this byte
LEAF = 1 << 31
HAS_LEAF = 1 << 8
OFFSET_SHIFT = 10
OFFSET_LIMIT = 1 << 21
BLOCK = 256  # one place for each label

Trie = dict[int, Any]


def build_tokenizer(vocabulary: Vocabulary, window: int) -> Tokenizer:
    """The tokenizer, cutting off at `window` tokens, special ones included."""
    tokenizer = Tokenizer.from_str(json.dumps(_specification(vocabulary), ensure_ascii=False))
    tokenizer.enable_truncation(window)
    return tokenizer


def _specification(vocabulary: Vocabulary) -> dict[str, Any]:
    metaspace = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": _special_tokens(vocabulary),
        "normalizer": _normalizer(vocabulary),
        "pre_tokenizer": metaspace,
        "post_processor": _template(vocabulary),
        "decoder": metaspace,
        "model": {
            "type": "Unigram",
            "unk_id": vocabulary.unknown,
            "vocab": vocabulary.pieces,
            "byte_fallback": False,
        },
    }


def _special_tokens(vocabulary: Vocabulary) -> list[dict[str, Any]]:
    names = [piece for piece, _ in vocabulary.pieces]
    ids = [vocabulary.bos, vocabulary.pad, vocabulary.eos, vocabulary.unknown]
    ids += [names.index(MASK)] if MASK in names else []
    flags = {"single_word": False, "rstrip": False, "normalized": False, "special": True}
    return [{"id": id_, "content": names[id_], "lstrip": names[id_] == MASK, **flags} for id_ in ids]


def _normalizer(vocabulary: Vocabulary) -> dict[str, Any]:
    charsmap = base64.b64encode(charsmap_of(vocabulary.rules)).decode()
    steps = [
        {"type": "NFC"},  # the container has rules for single code points only, so a letter and its accent join first
        {"type": "Precompiled", "precompiled_charsmap": charsmap},
        {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
    ]
    return {"type": "Sequence", "normalizers": steps}


def _template(vocabulary: Vocabulary) -> dict[str, Any]:
    bos, eos = (vocabulary.pieces[id_][0] for id_ in (vocabulary.bos, vocabulary.eos))
    begin, end = ({"SpecialToken": {"id": name, "type_id": 0}} for name in (bos, eos))
    first, second = ({"Sequence": {"id": name, "type_id": 0}} for name in "AB")
    ids = {bos: vocabulary.bos, eos: vocabulary.eos}
    return {
        "type": "TemplateProcessing",
        "single": [begin, first, end],
        "pair": [begin, first, end, end, second, end],
        "special_tokens": {name: {"id": name, "ids": [id_], "tokens": [name]} for name, id_ in ids.items()},
    }


def charsmap_of(rules: dict[int, str]) -> bytes:
    """Given the replacement of each code point, return SentencePiece's precompiled charsmap. NUL cannot be replaced."""
    replacements, starts, keys = bytearray(), {}, {}
    for code_point, replacement in rules.items():
        if code_point == END:
            continue
        if replacement not in starts:
            starts[replacement] = len(replacements)
            replacements += replacement.encode() + b"\0"
        keys[chr(code_point).encode()] = starts[replacement]
    units = double_array(keys)
    return struct.pack("<I", units.nbytes) + units.tobytes() + bytes(replacements)


def double_array(keys: dict[bytes, int]) -> np.ndarray:
    """Given byte strings and their values, return the units of a Darts trie that finds them.

    A node at place p whose children stand at base ^ label keeps p ^ base as its offset. No two nodes share a base, or a
    search could stray into another's children. Instead of packing nodes tightly, each one that branches has a block of 256
    places to itself, and those that only hold a value share blocks: a megabyte, but no search for room.
    """
    units = {0: 0}
    blocks = (block * BLOCK for block in itertools.count(1))
    value_places = (block + place for block in blocks for place in range(BLOCK))
    pending: list[tuple[Trie, int, int]] = [(_trie(keys), 0, 0)]
    while pending:
        node, place, label = pending.pop()
        base = next(value_places) if node.keys() == {END} else next(blocks)
        offset = place ^ base
        if offset >= OFFSET_LIMIT:
            raise ValueError(f"{len(keys)} keys: too many for a double array")
        units[place] = offset << OFFSET_SHIFT | (HAS_LEAF if END in node else 0) | label
        for child, below in node.items():
            if child == END:
                units[base] = LEAF | below
            else:
                pending.append((below, base ^ child, child))
    array = np.zeros((max(units) // BLOCK + 1) * BLOCK, "<u4")
    array[list(units)] = list(units.values())
    return array


def _trie(keys: dict[bytes, int]) -> Trie:
    root: Trie = {}
    for key, value in keys.items():
        node = root
        for byte in key:
            node = node.setdefault(byte, {})
        node[END] = value
    return root
