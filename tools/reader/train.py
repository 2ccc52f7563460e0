"""Train the reader network on the lines of tools/reader/phrasings/.

`python -m tools.reader.train --out DIR [--layers 6] [--steps 9000]`: writes DIR/reader.pt and DIR/alphabet.txt, and prints after
every thousand steps how many held-out lines are read exactly. Two cores do some 8,000 steps an hour; docs/decisions.md tells how the
shipped weights came about.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from assistant.reader.characters import characters, number_of, numbers
from assistant.reader.form import Span, map_spans
from assistant.reader.tokens import INDEX, VOCABULARY, tokens_of
from tools.reader.augment import Augmenter
from tools.reader.base import start
from tools.reader.lines import PHRASINGS, Line, is_held_out, read_lines
from tools.reader.network import MOST_STEPS, Reader

LONGEST = 160  # characters of a training question
Sample = tuple[list[int], list[tuple[int, int, int]], bool]  # numbers; (word or -1, start, end); whether it follows


def sample_of(line: Line, alphabet: dict[str, int]) -> Sample | None:
    """A line as the network takes it; None where it is too long."""
    plain = characters(line.question)
    if len(plain.text) > LONGEST:
        return None
    place = {}
    for index, origin in enumerate(plain.origins):
        place.setdefault(origin, index)

    def moved(span: Span) -> Span:
        inside = [i for i, o in enumerate(plain.origins) if span.start <= o < span.end]
        return Span(inside[0], inside[-1] + 1) if inside else Span(0, 1)

    steps = []
    for token in tokens_of(map_spans(line.form, moved)):
        if isinstance(token, Span):
            steps.append((-1, token.start + 1, token.end))  # the sequence begins with <begin>; ends are inclusive
        else:
            steps.append((INDEX[token], -1, -1))
    return (numbers(plain.text, alphabet), steps, line.follows) if len(steps) < MOST_STEPS else None


def batch_of(samples: Sequence[Sample], begin: int, stretch: int) -> dict[str, Tensor]:
    longest, most = max(len(s[0]) for s in samples), max(len(s[1]) for s in samples)
    size = len(samples)
    ids, padding = np.zeros((size, longest), np.int64), np.ones((size, longest), bool)
    words, end_target = np.zeros((size, most), np.int64), np.zeros((size, most), np.int64)
    starts, ends = np.full((size, most), -1), np.full((size, most), -1)
    target = np.full((size, most), -100)
    edges = np.zeros((size, longest, 2), np.float32)
    flag = np.array([int(s[2]) for s in samples])
    for row, (numbered, steps, _) in enumerate(samples):
        ids[row, : len(numbered)] = numbered
        padding[row, : len(numbered)] = False
        words[row, 0] = begin
        for column, (word, begins, ending) in enumerate(steps):
            target[row, column] = word if word >= 0 else len(VOCABULARY) + begins
            end_target[row, column] = max(ending, 0)
            if word < 0:
                edges[row, begins, 0] = edges[row, ending, 1] = 1.0
            if column + 1 < most:
                words[row, column + 1] = word if word >= 0 else stretch
                starts[row, column + 1], ends[row, column + 1] = begins, ending
    found = {"ids": ids, "padding": padding, "words": words, "starts": starts, "ends": ends, "target": target,
             "end_target": end_target, "flag": flag, "edges": edges}  # fmt: skip
    return {name: torch.from_numpy(values) for name, values in found.items()}


class Batches(IterableDataset[dict[str, Tensor]]):
    """Variants of the lines without end, in batches of much the same length; each worker draws its own. `weights`: how often each
    line is drawn beside the others."""

    def __init__(
        self, lines: Sequence[Line], weights: Sequence[float], alphabet: dict[str, int], size: int, seed: int
    ) -> None:
        self.lines, self.weights, self.alphabet, self.size, self.seed = lines, weights, alphabet, size, seed

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        worker = get_worker_info()
        seed = self.seed + 1000 * (worker.id if worker else 0)
        augmenter, order = Augmenter(self.lines, seed), random.Random(seed)
        drawn = max(1024, 8 * self.size)
        while True:
            fresh = [augmenter.variant(line) for line in order.choices(self.lines, self.weights, k=drawn)]
            samples = [s for s in (sample_of(line, self.alphabet) for line in fresh) if s is not None]
            samples.sort(key=lambda s: len(s[0]) + order.random() * 6)
            chunks = [samples[i : i + self.size] for i in range(0, len(samples) - self.size + 1, self.size)]
            order.shuffle(chunks)
            for chunk in chunks:
                yield batch_of(chunk, len(VOCABULARY), len(VOCABULARY) + 1)


def weights_of(lines: Sequence[Line], fresh: Sequence[str]) -> list[float]:
    """So that lines of the fresh files (by stem) are drawn together as often as all others; all alike where none is fresh."""
    new = [line.source.split(":")[0] in fresh for line in lines]
    share = 1.0 if not any(new) else (len(new) - sum(new)) / sum(new)
    return [share if is_new else 1.0 for is_new in new]


@torch.no_grad()
def exact(model: Reader, samples: Sequence[Sample]) -> list[bool]:
    """Whether each sample is read exactly, choosing the likeliest step at each (teacher-forced, which is the same thing)."""
    model.eval()
    found = []
    device = model.decoder.words.weight.device
    for at in range(0, len(samples), 32):
        batch = batch_of(samples[at : at + 32], model.decoder.begin, model.decoder.stretch)
        batch = {name: values.to(device) for name, values in batch.items()}
        memory = model.encode(batch["ids"], batch["padding"])
        states = model.decoder(batch["words"], batch["starts"], batch["ends"], memory, batch["padding"], batch["flag"])
        words, begins = model.decoder.scores(states, memory)
        blocked = batch["padding"].float()[:, None, :] * -1e4
        chosen = torch.cat([words, begins + blocked], -1).argmax(-1)
        first = (batch["target"] - len(VOCABULARY)).clamp(min=0)
        ends = model.decoder.end_scores(states, memory, first) + blocked
        places = torch.arange(memory.shape[1], device=device)
        ends = ends.masked_fill(places[None, None] < first.unsqueeze(-1), -1e4).argmax(-1)
        is_span = batch["target"] >= len(VOCABULARY)
        right = (chosen == batch["target"]) & (~is_span | (ends == batch["end_target"]))
        found += (right | (batch["target"] < 0)).all(-1).tolist()
    model.train()
    return found


def train(
    out: Path,
    layers: int,
    steps: int,
    size: int,
    rates: tuple[float, float],
    seed: int,
    everything: bool,
    begin_with: Path | None = None,
    device: str = "cpu",
    workers: int = 0,
    decoder_layers: int = 2,
    fresh: Sequence[str] = (),
) -> None:
    torch.manual_seed(seed)
    lines = read_lines(sorted(PHRASINGS.glob("*.tsv")))
    held = [line for line in lines if is_held_out(line)]
    kept = lines if everything else [line for line in lines if not is_held_out(line)]
    print(f"{len(kept)} lines to learn from, {len(held)} held out", flush=True)
    letters, encoder = start(layers)
    alphabet = number_of(letters)
    model = Reader(encoder, encoder.config.hidden_size, decoder_layers)
    if begin_with is not None:
        warm_start(model, begin_with)
    model.to(device)
    out.mkdir(parents=True, exist_ok=True)
    (out / "alphabet.txt").write_text(letters, "utf-8")
    groups = [
        {"params": model.encoder.parameters(), "lr": rates[0]},
        {"params": model.decoder.parameters(), "lr": rates[1]},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98))
    warm = min(400, steps // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda i: min((i + 1) / warm, 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1, i / steps))))
    )
    batches = iter(
        DataLoader(Batches(kept, weights_of(kept, fresh), alphabet, size, seed), batch_size=None, num_workers=workers)
    )
    began, total = time.time(), torch.zeros((), device=device)
    held_samples = [s for s in (sample_of(line, alphabet) for line in held) if s is not None]
    model.train()
    for step in range(1, steps + 1):
        batch = {name: values.to(device, non_blocking=True) for name, values in next(batches).items()}
        kind = torch.device(device).type
        with torch.autocast(kind, dtype=torch.bfloat16):  # twice as fast where the processor knows it
            loss = model.loss(batch)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        total += loss.detach()
        if step % 100 == 0:
            print(f"step {step} loss {total.item() / 100:.4f} {time.time() - began:.0f} s", flush=True)
            total.zero_()
        if step % 1000 == 0 or step == steps:
            right = exact(model, held_samples)
            print(
                f"step {step}: {sum(right)} of {len(right)} held-out lines exact ({sum(right) / len(right):.1%})",
                flush=True,
            )
            torch.save(model.state_dict(), out / "reader.pt")
            (out / "shape.json").write_text(
                json.dumps({"layers": layers, "decoder": decoder_layers, "words": VOCABULARY})
            )


def warm_start(model: Reader, source: Path) -> None:
    """Load the weights of an earlier training, whose form vocabulary may have been smaller."""
    before: list[str] = json.loads((source / "shape.json").read_text())["words"]
    found = torch.load(source / "reader.pt", weights_only=True)
    own = model.state_dict()
    kept = [(i, before.index(word)) for i, word in enumerate(VOCABULARY) if word in before]
    for name, values in found.items():
        if name not in own:
            continue
        if own[name].shape == values.shape:
            own[name].copy_(values)
            continue
        for i, j in kept:
            own[name][i].copy_(values[j])
        for extra in range(own[name].shape[0] - len(VOCABULARY)):  # <begin>, <stretch>
            own[name][len(VOCABULARY) + extra].copy_(values[len(before) + extra])
    model.load_state_dict(own)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--steps", type=int, default=9000)
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--encoder-rate", type=float, default=1e-4)
    parser.add_argument("--decoder-rate", type=float, default=5e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, help="begin with the weights of an earlier training")
    parser.add_argument("--all", action="store_true", help="learn from the held-out lines too")
    parser.add_argument("--decoder-layers", type=int, default=2)
    parser.add_argument("--device", default="cpu", help="as PyTorch names it, such as cuda")
    parser.add_argument("--workers", type=int, default=0, help="processes that make the batches")
    parser.add_argument(
        "--fresh", nargs="+", default=[], metavar="FILE", help="files, by stem, half of what is learned from"
    )
    a = parser.parse_args()
    train(a.out, a.layers, a.steps, a.batch, (a.encoder_rate, a.decoder_rate), a.seed, a.all, a.start, a.device,
          a.workers, a.decoder_layers, a.fresh)  # fmt: skip


if __name__ == "__main__":
    main()
