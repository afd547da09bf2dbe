"""The forward pass of `crates/nakai-encoder/src/network.rs` in JAX, of many texts side by side in one row of pieces."""

from collections import deque

import jax
import jax.numpy as jnp
import numpy as np

from encoder_file import BRANCH, DIMENSION, WINDOWS

# As many empty places stand between texts as a branch sees at most on one side, so that no text sees its neighbour.
GAP = 2
EPSILON = 1e-12


def packed(cuts, places, texts):
    """Cuts in one row: piece of each place (-1 for none), text of each place (`texts` for none), length of each text."""
    pieces = np.full(places, -1, np.int32)
    of_text = np.full(places, texts, np.int32)
    lengths = np.ones(texts, np.float32)
    at = GAP
    for text, cut in enumerate(cuts):
        pieces[at : at + len(cut)] = cut
        of_text[at : at + len(cut)] = text
        lengths[text] = max(len(cut), 1)
        at += len(cut) + GAP
    return pieces, of_text, lengths


def _normalised(rows):
    centred = rows - rows.mean(axis=1, keepdims=True)
    return centred * jax.lax.rsqrt((centred**2).mean(axis=1, keepdims=True) + EPSILON)


def _convolution(rows, matrix, width, before):
    product = rows @ matrix.reshape(width, BRANCH, BRANCH).transpose(1, 0, 2).reshape(BRANCH, width * BRANCH)
    product = jnp.pad(product, ((before, width - 1 - before), (0, 0)))
    length = rows.shape[0]
    parts = [jax.lax.slice(product, (n, n * BRANCH), (n + length, (n + 1) * BRANCH)) for n in range(width)]
    return sum(parts)


def forward(w, rows, of_text, lengths, texts):
    """Vectors of texts, texts × DIMENSION, of the rows that stand for their pieces, places × DIMENSION (zeros for none)."""
    filled = (of_text < texts).astype(jnp.float32)[:, None]

    def all_branches(name):
        return jnp.concatenate([w[f"{name}{width}"] for width, _ in WINDOWS], axis=-1)

    starts = _normalised(rows @ all_branches("proj") + all_branches("proj_b"))
    starts = (starts * all_branches("ln_g") + all_branches("ln_b")) * filled
    features = [rows]
    for branch, (width, before) in enumerate(WINDOWS):
        start = starts[:, branch * BRANCH : (branch + 1) * BRANCH]
        first = _convolution(start, w[f"w1_{width}"], width, before) + w[f"b1_{width}"]
        hidden = (jax.nn.relu(first) + start) * filled
        second = _convolution(hidden, w[f"w2_{width}"], width, before) + w[f"b2_{width}"]
        features.append(jax.nn.relu(second) + hidden)
    features = _normalised(jnp.concatenate(features, axis=1)) * filled
    sums = jax.ops.segment_sum(features, of_text, num_segments=texts + 1)[:texts]
    lengths = lengths[:, None]
    mean = (sums * w["ln_g"] + lengths * w["ln_b"]) @ w["cnn_W"] + lengths * w["cnn_b"]
    mean = mean * jax.lax.rsqrt(lengths)
    y = jax.nn.relu(jax.nn.relu(mean @ w["d0"]) @ w["d1"] + mean @ w["p1"])
    vectors = jnp.tanh(jax.nn.relu(y @ w["d2"]) @ w["d3"] + y @ w["p3"])
    return vectors * jax.lax.rsqrt(jnp.maximum((vectors**2).sum(axis=1, keepdims=True), EPSILON))


_forward = jax.jit(forward, static_argnums=4)


def encode(weights, table, cuts, places=8192, texts=512):
    """The vectors of cuts."""
    vectors = np.zeros((len(cuts), DIMENSION), np.float32)
    waiting = deque(sorted((n for n, cut in enumerate(cuts) if cut), key=lambda n: len(cuts[n])))
    while waiting:
        batch, used = [], GAP
        while waiting and len(batch) < texts and used + len(cuts[waiting[0]]) + GAP <= places:
            used += len(cuts[waiting[0]]) + GAP
            batch.append(waiting.popleft())
        pieces, of_text, lengths = packed([cuts[number] for number in batch], places, texts)
        rows = table[np.maximum(pieces, 0)] * (pieces >= 0)[:, None]
        vectors[batch] = _forward(weights, rows, of_text, lengths, texts)[: len(batch)]
    return vectors
