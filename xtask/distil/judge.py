"""Judges encoders by what a simple classifier makes of ten examples an intent: `python judge.py DATA ENCODER…`."""

import sys

import numpy as np
from sklearn.linear_model import LogisticRegression

from encoder_file import Encoder
from network import encode
from texts import Sets

EXAMPLES, ASKED, SEEDS = 10, 3000, 3
SHARPNESS, RIDGE = 4.0, 0.1


def accuracies(vectors, intents, seed):
    """Of the nearest example, of logistic regression, and of kernel ridge regression with a Gaussian kernel."""
    order = np.random.default_rng(seed).permutation(len(intents))
    names, numbers = np.unique(np.array(intents), return_inverse=True)
    seen = np.zeros(len(names), int)
    known, asked = [], []
    for number in order:
        seen[numbers[number]] += 1
        (known if seen[numbers[number]] <= EXAMPLES else asked).append(number)
    asked = asked[:ASKED]
    right = numbers[asked]
    cosines, among = vectors[asked] @ vectors[known].T, vectors[known] @ vectors[known].T
    regression = LogisticRegression(C=20, max_iter=300).fit(vectors[known], numbers[known])
    targets = np.eye(len(names))[numbers[known]]
    kernel = np.exp(SHARPNESS * (among - 1)) + RIDGE * np.eye(len(known))
    scores = np.exp(SHARPNESS * (cosines - 1)) @ np.linalg.solve(kernel, targets)
    answers = numbers[known][cosines.argmax(axis=1)], regression.predict(vectors[asked]), scores.argmax(axis=1)
    return [float((answer == right).mean()) for answer in answers]


def main():
    folder, *paths = sys.argv[1:]
    sets = Sets(folder)
    rows = {
        "BANKING77": list(sets.rows("intent/en/banking77/train.csv")),
        "HWU64": list(sets.rows("intent/en/hwu64/*.jsonl")),
        "L3": list(sets.rows("intent/ja/asdc_topics/L3_dev.csv")),
    }
    for path in paths:
        encoder = Encoder(path)
        for name, of_set in rows.items():
            vectors = encode(encoder.weights, encoder.table, [encoder.cut(row["text"]) for row in of_set])
            intents = [row.get("intent") or row["topic"] for row in of_set]
            found = np.mean([accuracies(vectors, intents, seed) for seed in range(SEEDS)], axis=0)
            print(path, name, "nearest {:.3f} regression {:.3f} kernel {:.3f}".format(*found), flush=True)


if __name__ == "__main__":
    main()
