//! What encoders from packages make of texts. The packages are large and not part of the repository: a test of one needs its file, named
//! by an environment variable, and says so where there is none.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "what is shared by tests may fail them, and say what they skip"
)]

mod provider;

use std::path::Path;

use nakai_encoder::{SentenceEncoder, dot};
use nakai_models::{KNOWN, add, list, open};

fn vector(encoder: &dyn SentenceEncoder, text: &str) -> Vec<f32> {
    let mut vector = Vec::new();
    encoder.encode(text, &mut vector);
    assert_eq!(vector.len(), encoder.dimension());
    vector
}

/// Adds the package named by the variable, opens its encoder and compares its vectors with `golden.json`.
fn check(id: &str, variable: &str, least: f32) {
    let model = KNOWN.iter().find(|model| model.id == id).unwrap();
    let Ok(package) = std::env::var(variable) else {
        println!("skipped: `{}`, then {variable}=FILE", model.fetch());
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    assert!(add(Path::new(&package), directory.path()).unwrap().missing.is_empty());
    assert_eq!(list(directory.path())[0].model, model);
    let encoder = open(directory.path(), id).unwrap();
    assert_eq!((encoder.id(), encoder.dimension()), (id, model.dimension));

    let golden: serde_json::Value = serde_json::from_str(include_str!("golden.json")).unwrap();
    for row in golden[id].as_array().unwrap() {
        let text = row["text"].as_str().unwrap();
        let published: Vec<f32> = row["vector"]
            .as_array()
            .unwrap()
            .iter()
            .map(|number| number.as_f64().unwrap() as f32)
            .collect();
        let likeness = dot(&vector(&*encoder, text), &published);
        println!("{text}: {likeness}");
        assert!(likeness > least, "{text}: {likeness}");
    }
    for text in ["", " \n", "\u{3000}"] {
        assert!(vector(&*encoder, text).iter().all(|number| *number == 0.0), "{text:?}");
    }
    for unit in ["a", "あ", "e\u{301}", "👍", "1"] {
        let long = vector(&*encoder, &unit.repeat(1_000_000 / unit.len()));
        assert!((dot(&long, &long) - 1.0).abs() < 1e-3, "{unit}");
    }
    let texts = ["hello", "", "where is my order"];
    let batch = encoder.encode_batch(&texts, 2);
    for (text, of_batch) in texts.iter().zip(batch.chunks(encoder.dimension())) {
        assert_eq!(of_batch, vector(&*encoder, text));
    }
}

/// Golden: a forward pass in NumPy over the published weights with all bits.
#[test]
fn minilm_is_near_the_published_encoder() {
    check("all-minilm-l6-v2", "NAKAI_TEST_MINILM", 0.995);
}

/// Golden: what the library in the package makes of the texts as queries.
#[test]
fn e5_is_near_the_library_of_its_package() {
    check("multilingual-e5-small", "NAKAI_TEST_E5", 0.99);
}
