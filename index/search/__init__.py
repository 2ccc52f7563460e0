"""The search over texts: embeddings, Chroma, BM25."""
