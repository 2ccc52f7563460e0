"""No network at run time: the switches of every library of ours that would otherwise reach out, in one place.

Called at the top of `index/__init__.py`, before any of those libraries is imported, since most read their switch once.
What the user has set is kept. NLTK_DATA and TIKTOKEN_CACHE_DIR are left unset on purpose: llama-index carries both caches
and points to them itself only while the variables are absent.
"""

from __future__ import annotations

import os

SWITCHES = {
    "HF_HUB_OFFLINE": "1",  # transformers and sentence-transformers look a model up on the hub
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",  # gradio.Blocks() phones home
    "ANONYMIZED_TELEMETRY": "False",  # Chroma
    "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime reports each model it loads, some nine seconds later
    "OTEL_SDK_DISABLED": "true",  # Chroma brings OpenTelemetry
    "RAY_USAGE_STATS_ENABLED": "0",  # Ray's head node reports its use; one that is started elsewhere has to be told there
    "RAY_ENABLE_AUTO_CONNECT": "0",  # Ray, where it has lost its cluster, starts one of its own here
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",  # no network: forking after a parallel tokenizer warns and may lock up
}


def go_offline() -> None:
    """Set each switch that the environment does not already hold."""
    for name, value in SWITCHES.items():
        os.environ.setdefault(name, value)
