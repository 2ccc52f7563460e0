"""The container to a directory that can be loaded.

In: an open container. Out, in an empty directory: an int8 ONNX graph for `index.search.onnx_encoder`, or, where that cannot be
made, a genuine SentenceTransformer directory in fp32. int8 per channel answers a question in a sixth of fp32's time at a
cosine of 0.997; torch's own dynamic int8 drops to 0.981, and fp16 is slower on a CPU.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from index.search.e5.container import Container
from index.search.e5.tokenizer import MASK, build_tokenizer
from index.search.onnx_encoder import INPUT, MODEL_FILE, TOKENIZER_FILE, OnnxEncoder, Vector, token_ids

if TYPE_CHECKING:
    import torch
    from tokenizers import Tokenizer
    from transformers import BertConfig, BertModel

ONNX_OPSET = 17
LEAST_AGREEMENT = 0.99  # cosine of int8 to fp32; 0.997 is usual, and a processor whose int8 sums overflow falls below

# Of several lengths, so that a graph that has kept the length of the first, which it is traced with, is found out.
SAMPLES = (
    "query: 行政运行预算是多少",
    "passage: 2024年一般公共预算基本支出表，办公费，合计 12.50 万元，其中基本支出 12.50 万元，项目支出 0.00 万元。",
    "passage: 负责全县水资源的统一管理和监督，组织实施取水许可和水资源有偿使用制度，指导节约用水，承担防汛抗旱的日常工作。",
    "passage: 三公经费",
)


def save_onnx(container: Container, directory: Path) -> None:
    """Write the int8 graph and its tokenizer. Raises RuntimeError when it does not agree with fp32."""
    tokenizer = build_tokenizer(container.vocabulary, container.sizes.positions)
    encoder = _pooled(_bert(container))
    traced = directory / "fp32.onnx"
    _export(encoder, tokenizer, traced)
    _quantize(traced, directory / MODEL_FILE)
    traced.unlink()
    tokenizer.save(str(directory / TOKENIZER_FILE), pretty=False)
    _check_agreement(encoder, directory)


def save_sentence_transformer(container: Container, directory: Path, query_prompt: str, text_prompt: str) -> None:
    """Write Transformer, mean Pooling and Normalize in fp32, with the two prompts."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import PreTrainedTokenizerFast

    bare = directory / "bare"
    _bert(container).save_pretrained(bare)
    names = [piece for piece, _ in container.vocabulary.pieces]
    words = container.vocabulary
    PreTrainedTokenizerFast(
        tokenizer_object=build_tokenizer(words, container.sizes.positions),
        bos_token=names[words.bos],
        eos_token=names[words.eos],
        cls_token=names[words.bos],
        sep_token=names[words.eos],
        pad_token=names[words.pad],
        unk_token=names[words.unknown],
        mask_token=MASK if MASK in names else None,
        model_max_length=container.sizes.positions,
        model_input_names=["input_ids", "attention_mask"],
    ).save_pretrained(bare)
    transformer = Transformer(str(bare), max_seq_length=container.sizes.positions)
    model = SentenceTransformer(
        modules=[transformer, Pooling(container.sizes.hidden, "mean"), Normalize()],
        device="cpu",
        prompts={"query": query_prompt, "passage": text_prompt, "document": text_prompt},
        similarity_fn_name="cosine",
    )
    model.save(str(directory), create_model_card=False)
    for file in bare.iterdir():
        file.unlink()
    bare.rmdir()


def _bert(container: Container) -> BertModel:
    import torch
    from transformers import BertModel

    model = BertModel(_configuration(container))
    model.load_state_dict({name: torch.from_numpy(values) for name, values in container.state().items()})
    return model.eval()


def _configuration(container: Container) -> BertConfig:
    from transformers import BertConfig

    sizes = container.sizes
    return BertConfig(
        vocab_size=sizes.vocabulary,
        hidden_size=sizes.hidden,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads,
        intermediate_size=sizes.feed_forward,
        max_position_embeddings=sizes.positions,
        type_vocab_size=sizes.token_types,
        layer_norm_eps=float(f"{sizes.epsilon:.3g}"),  # stored as fp32: 9.99999996e-13 is 1e-12
        pad_token_id=0,
        hidden_act="gelu",
    )


def _pooled(bert: BertModel) -> torch.nn.Module:
    """The encoder with e5's mean pooling and normalization behind it, for one text at a time: nothing padded, no mask."""
    import torch

    class Pooled(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bert = bert

        def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
            tokens = self.bert(input_ids=input_ids).last_hidden_state
            return torch.nn.functional.normalize(tokens.mean(1), dim=-1)

    return Pooled().eval()


def _export(encoder: torch.nn.Module, tokenizer: Tokenizer, file: Path) -> None:
    import torch

    ids = torch.from_numpy(token_ids(tokenizer, SAMPLES[0]))
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns of each Python branch; _check_agreement finds those that matter
        torch.onnx.export(
            encoder,
            (ids,),
            str(file),
            input_names=[INPUT],
            output_names=["embedding"],
            dynamic_axes={INPUT: {1: "tokens"}},
            opset_version=ONNX_OPSET,
            dynamo=False,  # the exporter by torch.export needs onnxscript, and gains nothing here
        )


def _quantize(traced: Path, file: Path) -> None:
    import logging

    from onnxruntime.quantization import quantize_dynamic

    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)  # it advises a preprocessing that brings nothing here
    try:
        quantize_dynamic(traced, file, per_channel=True)
    finally:
        root.setLevel(level)


def _check_agreement(encoder: torch.nn.Module, directory: Path) -> None:
    reduced = OnnxEncoder(directory)
    for text in SAMPLES:
        cosine = float(reduced.encode(text) @ _in_full(encoder, reduced.tokenizer, text))
        if not cosine > LEAST_AGREEMENT:
            raise RuntimeError(f"int8 and fp32 agree on {text!r} only to a cosine of {cosine:.4f}")


def _in_full(encoder: torch.nn.Module, tokenizer: Tokenizer, text: str) -> Vector:
    import torch

    with torch.no_grad():
        vector: Vector = encoder(torch.from_numpy(token_ids(tokenizer, text)))[0].numpy()
    return vector
