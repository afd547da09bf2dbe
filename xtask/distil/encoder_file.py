"""The encoder's file: reads it, cuts texts with its pieces, and writes it with other weights.

The layout is told in `crates/nakai-encoder/src/format.rs`, the cutting follows `pieces.rs`.
"""

import unicodedata
from functools import cached_property
from pathlib import Path

import numpy as np

DIMENSION, BRANCH, FEATURES, HIDDEN = 512, 256, 1280, 320
WINDOWS = [(2, 0), (3, 1), (5, 2)]
MATRICES = [
    *[(f"proj{width}", DIMENSION, BRANCH) for width, _ in WINDOWS],
    *[(f"w1_{width}", width * BRANCH, BRANCH) for width, _ in WINDOWS],
    *[(f"w2_{width}", width * BRANCH, BRANCH) for width, _ in WINDOWS],
    ("cnn_W", FEATURES, DIMENSION),
    ("d0", DIMENSION, HIDDEN),
    ("d1", HIDDEN, HIDDEN),
    ("p1", DIMENSION, HIDDEN),
    ("d2", HIDDEN, DIMENSION),
    ("p3", HIDDEN, DIMENSION),
    ("d3", DIMENSION, DIMENSION),
]
VECTORS = [
    *[(f"{name}{width}", BRANCH) for name in ("proj_b", "ln_g", "ln_b", "b1_", "b2_") for width, _ in WINDOWS],
    ("ln_g", FEATURES),
    ("ln_b", FEATURES),
    ("cnn_b", DIMENSION),
]
UNKNOWN, BEGIN, END, SPECIAL = 0, 1, 2, 3
MAX_CHARS, MAX_PIECES = 1024, 256


class Encoder:
    """`table` is pieces × DIMENSION, `weights` holds the matrices and vectors by name, all in 32-bit numbers."""

    def __init__(self, path):
        self.bytes = Path(path).read_bytes()
        count, length = (int(number) for number in np.frombuffer(self.bytes, "<u4", 2, 12))
        self.at = 20

        def take(kind, number):
            numbers = np.frombuffer(self.bytes, kind, number, self.at)
            self.at += numbers.nbytes
            return numbers

        ends = take("<u4", count)
        self.scores = take("<f4", count).tolist()
        self.steps = take("<f4", count)
        self.table_at = self.at
        packed = take("u1", count * DIMENSION * 5 // 8).reshape(count, -1)
        low = packed[:, : DIMENSION // 2]
        numbers = np.stack([low & 15, low >> 4], 2).reshape(count, DIMENSION)
        numbers |= np.unpackbits(packed[:, DIMENSION // 2 :], axis=1, bitorder="little") << 4
        self.table = (numbers.astype(np.float32) - 15.5) * self.steps[:, None]
        text = take("u1", length).tobytes()
        self.pieces = [text[start:end].decode() for start, end in zip([0, *ends[:-1]], ends)]
        self.matrices_at = self.at
        self.weights = {}
        for name, rows, columns in MATRICES:
            steps = take("<f4", columns)
            self.weights[name] = take("i1", rows * columns).reshape(rows, columns) * steps
        for name, number in VECTORS:
            self.weights[name] = take("<f4", number)

    def quantised(self, rows, steps):
        """Rows as the file can hold them, given what one step of each is worth."""
        return (np.clip(np.round(rows / steps[:, None] + 15.5), 0, 31) - 15.5) * steps[:, None]

    def with_weights(self, table, weights):
        """The bytes of this encoder's file with another table and other weights. The steps of the rows stay."""
        numbers = np.clip(np.round(table / self.steps[:, None] + 15.5), 0, 31).astype(np.uint8)
        low = (numbers[:, 0::2] & 15) | ((numbers[:, 1::2] & 15) << 4)
        fifth = np.packbits(numbers >> 4, axis=1, bitorder="little")
        file = bytearray(self.bytes[: self.table_at])
        file += np.concatenate([low, fifth], axis=1).tobytes()
        file += self.bytes[len(file) : self.matrices_at]
        for name, _, _ in MATRICES:
            matrix = np.asarray(weights[name], np.float32)
            steps = np.maximum(np.abs(matrix).max(axis=0) / 127, np.finfo(np.float32).tiny).astype("<f4")
            file += steps.tobytes() + np.round(matrix / steps).astype(np.int8).tobytes()
        for name, _ in VECTORS:
            file += np.asarray(weights[name], "<f4").tobytes()
        assert len(file) == len(self.bytes)
        return bytes(file)

    @cached_property
    def _numbers(self):
        return {piece: number for number, piece in enumerate(self.pieces) if number >= SPECIAL}

    @cached_property
    def _beginnings(self):
        return {piece[:end] for piece in self._numbers for end in range(1, len(piece) + 1)}

    @cached_property
    def _unknown(self):
        return min(self.scores) - 10

    def cut(self, text):
        """The numbers of a text's most probable pieces between those for its beginning and its end."""
        text = _prepared(text)
        best = [(0.0, 0, UNKNOWN)] + [(-np.inf, 0, UNKNOWN)] * len(text)
        for start in range(len(text)):
            score = best[start][0]
            single = False
            for end in range(start + 1, len(text) + 1):
                if text[start:end] not in self._beginnings:
                    break
                piece = self._numbers.get(text[start:end])
                if piece is not None:
                    single |= end == start + 1
                    if score + self.scores[piece] > best[end][0]:
                        best[end] = (score + self.scores[piece], start, piece)
            if not single and score + self._unknown > best[start + 1][0]:
                best[start + 1] = (score + self._unknown, start, UNKNOWN)
        cut = []
        end = len(text)
        while end > 0:
            _, start, piece = best[end]
            if piece != UNKNOWN or not cut or cut[-1] != UNKNOWN:
                cut.append(piece)
            end = start
        known = any(piece != UNKNOWN and self.pieces[piece] != "▁" for piece in cut)
        return [BEGIN, *cut[::-1][:MAX_PIECES], END] if known else []


def _prepared(text):
    prepared, space = [], True
    for character in unicodedata.normalize("NFKC", text)[:MAX_CHARS]:
        kind = unicodedata.category(character)
        if kind == "Cf":
            continue
        if character.isspace() or kind == "Cc":
            space = True
            continue
        prepared.append("▁" * space + character.lower())
        space = False
    return "".join(prepared)
