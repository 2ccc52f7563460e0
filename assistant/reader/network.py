"""The reader network at work: a question to its likeliest forms.

In: a question and whether something was asked before. Out: forms with their probability, likeliest first, by a beam search over
the two graphs in `assistant/reader/model/`. What is no form of the language is left out, so every form that is given can be read.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from assistant.reader.characters import characters, number_of, numbers
from assistant.reader.form import Form, FormError, Span
from assistant.reader.tokens import form_of

MODEL = Path(__file__).parent / "model"
LONGEST = 500
MOST_STEPS = 90
WIDTH = 8  # forms kept at each step
SURE = 0.97  # a first form of this probability has no rival worth looking for
MOST_READ = 8192  # readings that are kept, about 2 KB each
FAINTEST = 7.0  # a form so much less likely (in logarithms) than the best is not written on: it is no rival
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Read:
    """A form of a question, its spans in the question as typed, and how likely it is."""

    form: Form
    probability: float


@dataclass
class _Beam:
    """A form half written: its words and stretches, and its log-probability."""

    tokens: list[str | Span] = field(default_factory=list)
    score: float = 0.0
    done: bool = False


class ReaderNetwork:
    """The loaded graphs. Safe to call from many threads."""

    def __init__(self, directory: Path = MODEL) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        load = [str(directory / name) for name in ("encode.onnx", "step.onnx")]
        self._encode, self._step = (
            onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"]) for path in load
        )
        self._alphabet = number_of((directory / "alphabet.txt").read_text("utf-8"))
        self._words: list[str] = json.loads((directory / "words.json").read_text("utf-8"))
        self._index = {word: i for i, word in enumerate(self._words)}
        ends = np.load(directory / "ends.npz")
        self._end_weight, self._end_bias = ends["weight"], ends["bias"]
        shapes = {i.name: i.shape for i in self._step.get_inputs()}
        self._past = {name: (shape[1], shape[3]) for name, shape in shapes.items() if name.startswith("past_")}
        # Names are put short before, so many ask the same: of other departments, and of this one again.
        self._read = lru_cache(MOST_READ)(self._forms)
        self._cross = [name for name in shapes if name.startswith("cross_")]

    def read(self, question: str, follows: bool = False, width: int = WIDTH) -> Sequence[Read]:
        """The likeliest forms of a question, likeliest first; empty where none can be read."""
        return self._read(question, follows, width)

    def _forms(self, question: str, follows: bool, width: int) -> Sequence[Read]:
        plain = characters(question[:LONGEST])
        if not plain.text:
            return []
        outputs: list[Any] = self._encode.run(None, {"ids": np.array([numbers(plain.text, self._alphabet)], np.int64)})
        kept = dict(zip([o.name for o in self._encode.get_outputs()], outputs, strict=True))
        first = self._search(kept, follows, 1)
        found = (
            first if (first and math.exp(first[0].score) >= SURE) or width == 1 else self._search(kept, follows, width)
        )
        reads = []
        for beam in found:
            try:
                form = form_of([_typed(t, plain.origins) if isinstance(t, Span) else t for t in beam.tokens])
            except FormError:
                continue
            reads.append(Read(form, math.exp(beam.score)))
        return reads

    def _search(self, kept: dict[str, Any], follows: bool, width: int) -> list[_Beam]:
        beams, done = [_Beam()], list[_Beam]()
        past = {name: np.zeros((1, heads, 0, size), np.float32) for name, (heads, size) in self._past.items()}
        for step in range(MOST_STEPS):
            feed = self._inputs(beams, step, follows, kept) | past
            word_scores, start_scores, states, *new = self._step.run(None, feed)
            options = []
            for row, beam in enumerate(beams):
                options += [(beam.score + score, row, token) for token, score in
                            self._options(word_scores[row], start_scores[row], states[row], kept, width)]  # fmt: skip
            options.sort(key=lambda option: -option[0])
            least = max([options[0][0], *(b.score for b in done)]) - FAINTEST
            options = [option for option in options if option[0] >= least]
            rows, following = list[int](), list[_Beam]()
            for score, row, token in options[: width * 2]:
                longer = _Beam([*beams[row].tokens, token], score)
                if token == "<stop>":  # noqa: S105, a word of the network
                    done.append(longer)
                elif len(following) < width:
                    following.append(longer)
                    rows.append(row)
            best = sorted((b.score for b in done), reverse=True)[:width]
            if not following or (len(best) == width and best[-1] >= following[0].score):
                break
            beams = following
            past = {name.replace("new_", "past_"): values[rows] for name, values in
                    zip([o.name for o in self._step.get_outputs()[3:]], new, strict=True)}  # fmt: skip
        return sorted(done, key=lambda b: -b.score)[:width]

    def _inputs(self, beams: Sequence[_Beam], step: int, follows: bool, kept: dict[str, Any]) -> dict[str, Any]:
        begin, stretch = len(self._words), len(self._words) + 1
        words, starts, ends = [], [], []
        for beam in beams:
            last = beam.tokens[-1] if beam.tokens else None
            span = last if isinstance(last, Span) else None
            words.append([stretch if span else begin if last is None else self._index[last]])
            starts.append([span.start if span else -1])
            ends.append([span.end - 1 if span else -1])
        return {
            "words": np.array(words, np.int64), "starts": np.array(starts, np.int64), "ends": np.array(ends, np.int64),
            "first": np.array(step, np.int64), "flag": np.full(len(beams), int(follows), np.int64),
            "memory": kept["memory"], "start_keys": kept["start_keys"], "start_bias": kept["start_bias"], **{name: kept[name] for name in self._cross},
        }  # fmt: skip

    def _options(self, words: Floats, starts: Floats, state: Floats, kept: dict[str, Any],
                 width: int) -> list[tuple[str | Span, float]]:  # fmt: skip
        """The likeliest next words and stretches with their log-probabilities. Positions count from <begin>."""
        both = _log_softmax(np.concatenate([words, starts]))
        options: list[tuple[str | Span, float]] = []
        for index in np.argsort(-both)[: width + 1]:
            if index < len(words):
                options.append((self._words[index], float(both[index])))
                continue
            start = int(index) - len(words)
            if not 0 < start < len(starts) - 1:
                continue
            query = self._end_weight @ np.concatenate([state, kept["memory"][0, start]]) + self._end_bias
            scores = kept["end_keys"][0, start:-1] @ query / math.sqrt(len(query)) + kept["end_bias"][0, start:-1]
            ends = _log_softmax(scores)
            for offset in np.argsort(-ends)[: max(1, width // 2)]:
                options.append((Span(start, start + int(offset) + 1), float(both[index] + ends[offset])))
        return options


def _typed(span: Span, origins: tuple[int, ...]) -> Span:
    """A stretch of the network's positions as one of the question."""
    return Span(origins[span.start - 1], origins[span.end - 2] + 1)


def _log_softmax(scores: Floats) -> Floats:
    shifted = scores - scores.max()
    logs: Floats = shifted - np.log(np.exp(shifted).sum())
    return logs


@lru_cache(maxsize=1)
def load_network() -> ReaderNetwork:
    """The shipped network, loaded once."""
    return ReaderNetwork()
