"""The texts that the encoder is taught with: of the public sets, those under CC BY, CC0, MIT, Apache and BSD licences.

Sets under share-alike licences (HINT3, XQuAD, JSQuAD, JaQuAD, xSID and others) are not used.
"""

import csv
import json
import random
import re
from pathlib import Path

import numpy as np

# Texts as long as this or longer are left out, in characters.
LONGEST = 400


class Sets:
    """The public sets in a folder."""

    def __init__(self, folder):
        self.folder = Path(folder)

    def rows(self, pattern):
        """The rows of all files whose paths match, files in the order of their names."""
        for path in sorted(self.folder.glob(pattern)):
            with path.open(encoding="utf-8", newline="") as file:
                yield from csv.DictReader(file) if path.suffix == ".csv" else map(json.loads, file)

    def english(self):
        """Texts by set, none twice in a set."""
        texts = {
            "clinc150": [row["text"] for row in self.rows("intent/en/clinc150/*train.csv")],
            "hwu64": [row["text"] for row in self.rows("intent/en/hwu64/*.jsonl")],
            "banking77": [row["text"] for row in self.rows("intent/en/banking77/train.csv")],
            "snips": [row["text"].strip() for row in self.rows("intent/en/snips2017/*.jsonl")],
            "nlupp": [row["text"] for row in self.rows("intent/en/nlupp/*.jsonl")],
            "faq": [
                text
                for row in self.rows("retrieval/en/dstc9_faq_kb.jsonl")
                for text in (row["question"], *sentences(row["answer"]))
            ],
            "abcd": self._abcd(),
            "personal": [
                text for row in self.rows("pii/en/presidio_synth_v2.jsonl") for text in sentences(row["full_text"])
            ],
            "recognizers": [row["Input"] for row in self.rows("entities/en/recognizers_text/*.jsonl")],
            "duckling": [text for row in self.rows("entities/en/duckling_corpus.jsonl") for text in row["texts"]],
            "injections": [
                text
                for name in ("*/train", "cyberseceval_en", "giskard_prompt_injections", "piguard_valid", "xstest")
                for row in self.rows(f"injection/{name}.jsonl")
                for text in sentences(row.get("text") or row.get("prompt") or "")
            ],
        }
        return {name: _usable(of_set) for name, of_set in texts.items()}

    def japanese(self):
        """Texts, none twice."""
        texts = [row["text"] for row in self.rows("intent/ja/asdc_topics/*_train.csv")]
        texts += [
            text
            for row in self.rows("dialogues/ja/asdc_hotel_booking.jsonl")
            for said in _strings(row)
            if re.search("[ぁ-ん]", said)
            for text in sentences(said)
        ]
        texts += [row["Input"] for row in self.rows("entities/ja/recognizers_text/*.jsonl")]
        texts += [text for row in self.rows("entities/ja/duckling_corpus.jsonl") for text in row["texts"]]
        return _usable(texts)

    def _abcd(self):
        folder = self.folder / "dialogues/en/abcd"
        files = {name: json.loads((folder / f"{name}.json").read_text("utf-8")) for name in ("abcd_sample", "guidelines", "kb", "ontology")}
        said = [text for talk in files.pop("abcd_sample") for speaker, text in talk["original"] if speaker != "action"]
        return [text for part in (*said, *_strings(list(files.values()))) for text in sentences(part)]


def sentences(text):
    parts = re.split(r"(?<=[.!?])\s+|(?<=[。！？])", re.sub(r"\s+", " ", text))
    return [part.strip() for part in parts if 3 < len(part.strip()) < 300]


def augmented(texts, encoder, number, seed):
    """Texts made of others: runs of their words, two joined or crossed, words left out, words put in from the encoder's vocabulary. Then
    the words of the vocabulary alone."""
    dice = random.Random(seed)
    vocabulary = [
        (piece[1:], score)
        for piece, score in zip(encoder.pieces, encoder.scores)
        if re.fullmatch("▁[a-z]{2,}", piece)
    ]
    # Flatter than how often words occur: rare ones are what the texts lack.
    shares = [float(np.exp(0.6 * score)) for _, score in vocabulary]
    words = iter(dice.choices([word for word, _ in vocabulary], shares, k=8 * number))

    def some():
        found = dice.choice(texts).split()
        if len(found) > 25:
            start = dice.randrange(len(found) - 20)
            found = found[start : start + dice.randint(4, 20)]
        return found

    made = []
    while len(made) < number:
        kind, one, other = dice.random(), some(), some()
        if kind < 0.15:
            start = dice.randrange(len(one))
            one = one[start : start + dice.randint(2, 8)]
        elif kind < 0.30:
            one = one[: dice.randint(1, len(one))] + other[dice.randrange(len(other)) :]
        elif kind < 0.40:
            one = one + other
        elif kind < 0.55:
            one = [word for word in one if dice.random() > 0.2]
        elif kind < 0.90:
            share = dice.choice([0.15, 0.3, 0.5])
            one = [next(words) if dice.random() < share else word for word in one]
        else:
            one = [next(words) for _ in range(dice.choice([1, 1, 2, 3, 4]))]
        if one:
            made.append(" ".join(one))
    return _usable(made + [word for word, _ in vocabulary if len(word) > 2])


def _usable(texts):
    return [text for text in dict.fromkeys(texts) if 0 < len(text) < LONGEST]


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)
