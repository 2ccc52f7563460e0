"""The reader network: a character encoder from multilingual-e5-small and a small decoder that writes forms.

Each step of the decoder chooses a word of the form vocabulary or a stretch of the question: first its start, from the step's
state, then its end, from that state and the start's encoding. So a stretch is one step.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from assistant.reader.tokens import VOCABULARY

DECODER_FEED_FORWARD = 1024
MOST_STEPS = 96
BLOCKED = -1e4
EDGE_WEIGHT = 1.0  # of the loss that teaches where stretches begin and end


class Attention(nn.Module):
    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.query, self.key = nn.Linear(width, width), nn.Linear(width, width)
        self.value, self.out = nn.Linear(width, width), nn.Linear(width, width)

    def split(self, x: Tensor) -> Tensor:
        return x.view(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)

    def keys_values(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return self.split(self.key(x)), self.split(self.value(x))

    def forward(self, x: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None) -> Tensor:
        queries = self.split(self.query(x))
        scores = queries @ keys.transpose(-1, -2) / math.sqrt(queries.shape[-1])
        if mask is not None:
            scores = scores + mask
        weights = functional.dropout(scores.softmax(-1), self.dropout, self.training)
        mixed = (weights @ values).transpose(1, 2).reshape(x.shape[0], x.shape[1], -1)
        return self.out(mixed)


class Layer(nn.Module):
    """Pre-norm: self-attention over what is written, attention to the question, feed-forward."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.own, self.cross = Attention(width, heads, dropout), Attention(width, heads, dropout)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(3))
        self.up, self.down = nn.Linear(width, DECODER_FEED_FORWARD), nn.Linear(DECODER_FEED_FORWARD, width)
        self.drop = nn.Dropout(dropout)


class Decoder(nn.Module):
    def __init__(self, width: int, layers: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.words = nn.Embedding(len(VOCABULARY) + 2, width)  # and <begin>, <stretch>
        self.from_start, self.from_end = nn.Linear(width, width), nn.Linear(width, width)
        self.places = nn.Embedding(MOST_STEPS, width)
        self.flag = nn.Embedding(2, width)  # whether something was asked before
        self.layers = nn.ModuleList(Layer(width, heads, dropout) for _ in range(layers))
        self.norm, self.memory_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.word_out = nn.Linear(width, len(VOCABULARY))
        self.start_query, self.start_key = nn.Linear(width, width), nn.Linear(width, width)
        self.end_query, self.end_key = nn.Linear(2 * width, width), nn.Linear(width, width)
        self.edges = nn.Linear(width, 2)  # whether a character begins or ends any stretch of the form
        self.drop = nn.Dropout(dropout)

    @property
    def begin(self) -> int:
        return len(VOCABULARY)

    @property
    def stretch(self) -> int:
        return len(VOCABULARY) + 1

    def inputs(
        self, words: Tensor, starts: Tensor, ends: Tensor, memory: Tensor, first: Tensor | int, flag: Tensor
    ) -> Tensor:
        """words [B,T] (the stretch word where starts, ends >= 0), memory [B,N,D]."""
        width = memory.shape[-1]
        is_span = (words == self.stretch).unsqueeze(-1).to(memory.dtype)
        at = starts.clamp(min=0).unsqueeze(-1).expand(-1, -1, width)
        to = ends.clamp(min=0).unsqueeze(-1).expand(-1, -1, width)
        named = self.from_start(memory.gather(1, at)) + self.from_end(memory.gather(1, to))
        places = self.places(torch.arange(words.shape[1], device=words.device) + first)
        return self.words(words) + is_span * named + places + self.flag(flag).unsqueeze(1)

    def block(self, layer: Layer, x: Tensor, own: tuple[Tensor, Tensor], memory: tuple[Tensor, Tensor],
              causal: Tensor | None, padding: Tensor | None) -> Tensor:  # fmt: skip
        x = x + layer.drop(layer.own(layer.norms[0](x), *own, causal))
        x = x + layer.drop(layer.cross(layer.norms[1](x), *memory, padding))
        return x + layer.drop(layer.down(functional.gelu(layer.up(layer.norms[2](x)))))

    def forward(
        self, words: Tensor, starts: Tensor, ends: Tensor, memory: Tensor, padding: Tensor, flag: Tensor
    ) -> Tensor:
        """States [B,T,D] after each step; `padding` [B,N] is true where there is no character."""
        memory = self.memory_norm(memory)
        x = self.drop(self.inputs(words, starts, ends, memory, 0, flag))
        steps = words.shape[1]
        causal = torch.full((steps, steps), BLOCKED, device=x.device).triu(1)
        blocked = (padding.to(memory.dtype) * BLOCKED)[:, None, None, :]
        for layer in self.layers:
            own = layer.own.keys_values(layer.norms[0](x))
            x = self.block(layer, x, own, layer.cross.keys_values(memory), causal, blocked)
        return self.norm(x)

    def scores(self, states: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        """Scores over words [B,T,V] and over starts [B,T,N]."""
        memory = self.memory_norm(memory)
        starts = self.start_query(states) @ self.start_key(memory).transpose(-1, -2) / math.sqrt(memory.shape[-1])
        return self.word_out(states), starts + self.edges(memory)[..., 0].unsqueeze(1)

    def end_scores(self, states: Tensor, memory: Tensor, starts: Tensor) -> Tensor:
        """Scores over ends [B,T,N] of stretches that begin at starts [B,T]."""
        memory = self.memory_norm(memory)
        at = starts.clamp(min=0).unsqueeze(-1).expand(-1, -1, memory.shape[-1])
        query = self.end_query(torch.cat([states, memory.gather(1, at)], -1))
        scores = query @ self.end_key(memory).transpose(-1, -2) / math.sqrt(memory.shape[-1])
        return scores + self.edges(memory)[..., 1].unsqueeze(1)


class Reader(nn.Module):
    """Encoder and decoder. `encoder` is a BertModel whose embeddings are the alphabet's."""

    def __init__(self, encoder: nn.Module, width: int, layers: int = 2, heads: int = 6, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder, self.decoder = encoder, Decoder(width, layers, heads, dropout)

    def encode(self, ids: Tensor, padding: Tensor) -> Tensor:
        states: Tensor = self.encoder(input_ids=ids, attention_mask=(~padding).long()).last_hidden_state
        return states

    def loss(self, batch: dict[str, Tensor]) -> Tensor:
        """The mean negative log-likelihood a step of the forms of a batch."""
        memory = self.encode(batch["ids"], batch["padding"])
        states = self.decoder(batch["words"], batch["starts"], batch["ends"], memory, batch["padding"], batch["flag"])
        words, starts = self.decoder.scores(states, memory)
        blocked = batch["padding"].to(memory.dtype)[:, None, :] * BLOCKED
        both = torch.cat([words, starts + blocked], -1).float()
        target = batch["target"]  # a word, or V + start; -100 beyond the end
        first = functional.cross_entropy(both.flatten(0, 1), target.flatten(), ignore_index=-100, reduction="sum")
        is_span = target >= len(VOCABULARY)
        begins = (target - len(VOCABULARY)).clamp(min=0)
        ends = self.decoder.end_scores(states, memory, begins) + blocked
        places = torch.arange(memory.shape[1], device=memory.device)
        ends = ends.masked_fill(places[None, None, :] < begins.unsqueeze(-1), BLOCKED).float()
        edges = self.decoder.edges(self.decoder.memory_norm(memory))
        kept = ~batch["padding"]
        third = functional.binary_cross_entropy_with_logits(edges[kept], batch["edges"][kept])
        second = (
            functional.cross_entropy(ends[is_span], batch["end_target"][is_span], reduction="sum")
            if is_span.any()
            else 0.0
        )
        return (first + second) / (target >= 0).sum() + EDGE_WEIGHT * third
