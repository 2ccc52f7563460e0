"""Whether a vector directory can be used, tried in a process of its own.

In: a store directory. Out: how many vectors it holds, or what is wrong. In a process of its own, since a damaged HNSW file
ends whoever reads it with a segmentation fault (measured with Chroma 1.5.9). That process loads Chroma alone, while its
parent loads the model.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

FOLDER = "chroma"  # in the store directory
COLLECTION = "chunks"
SAMPLE, PAGE = 500, 50  # vectors that are read, and how many of them at a time
LENGTHS = (0.5, 2.0)  # of a vector, which is 1 where the model normalises; what is damaged has absurd ones
SECONDS = 120
START = "import sys; from index.search.vector_probe import report; report(sys.argv[1])"


class Probe:
    """A try that has begun."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._process: subprocess.Popen[str] | None = None
        if (directory / FOLDER).exists():  # to try one that is not there would make it
            self._process = subprocess.Popen(  # noqa: S603, ourselves
                [sys.executable, "-c", START, str(directory)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, text=True, cwd=Path(__file__).parents[2],
            )  # fmt: skip

    def fault(self, wanted: int) -> str | None:
        """What is wrong with the vectors, of which there should be as many or more; None where nothing is."""
        count = 0
        if self._process is not None:
            try:
                said = self._process.communicate(timeout=SECONDS)[0]
                found = json.loads(said.splitlines()[-1]) if said.strip() else {}
            except (subprocess.TimeoutExpired, ValueError):
                self._process.kill()
                self._process.communicate()
                found = {}
            if "count" not in found:
                return f"已损坏（{found.get('fault', '读取时崩溃')}）"
            count = found["count"]
        return f"不全（有{count}条，应有{wanted}条）" if count < wanted else None


# --- in the process that tries -----------------------------------------------------------------------------------
def report(directory: str) -> None:
    """Print what `count_vectors` finds, as JSON."""
    try:
        found: dict = {"count": count_vectors(Path(directory))}
    except BaseException as error:  # Chroma's Rust core raises classes that are no Exception
        found = {"fault": (str(error).splitlines() or [type(error).__name__])[0][:200]}
    print(json.dumps(found))


def count_vectors(directory: Path) -> int:
    """How many vectors there are. Raises where they cannot be read, found, or are no vectors of ours."""
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    client = chromadb.PersistentClient(
        path=str(directory / FOLDER), settings=ChromaSettings(anonymized_telemetry=False)
    )
    if COLLECTION not in [one.name for one in client.list_collections()]:
        return 0
    collection = client.get_collection(COLLECTION, embedding_function=None)
    count = collection.count()
    if not count:
        return 0
    vectors = []
    for offset in range(0, count, max(PAGE, count // (SAMPLE // PAGE))):
        page = collection.get(limit=PAGE, offset=offset, include=["embeddings"])
        if page["embeddings"] is None or len(page["embeddings"]) != len(page["ids"]) or not page["ids"]:
            raise ValueError("向量缺失")
        vectors += list(page["embeddings"])
    if not all(LENGTHS[0] < math.hypot(*map(float, vector)) < LENGTHS[1] for vector in vectors):
        raise ValueError("向量的值不对")
    if not collection.query(query_embeddings=list(map(float, vectors[0])), n_results=1, include=[])["ids"][0]:
        raise ValueError("查不到最近的向量")
    return count
