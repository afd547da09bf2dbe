use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::*;
use crate::Secret;

/// What the program does.
#[derive(Serialize, JsonSchema)]
struct Config {
    /// The front door.
    #[serde(default)]
    gateway: Gateway,
    /// What is kept where; a | in a cell.
    store: Store,
    /// Models.
    providers: BTreeMap<String, Provider>,
    /// Steps, in order.
    steps: Vec<Step>,
}

#[derive(Serialize, JsonSchema)]
#[serde(default)]
struct Gateway {
    /// Where it
    /// listens.
    listen: String,
    /// How sure it must be.
    #[schemars(range(min = 0.0, max = 1.0))]
    threshold: f32,
    /// The key.
    key: Option<Secret>,
}

impl Default for Gateway {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:3000".into(),
            threshold: 0.4,
            key: None,
        }
    }
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema is used")]
enum Store {
    /// Forgets.
    Memory,
    /// Keeps.
    Sqlite,
}

/// A model.
#[derive(Serialize, JsonSchema)]
struct Provider {
    /// Its name.
    model: String,
}

/// One step.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema is used")]
enum Step {
    /// Says something.
    Say(String),
    /// Does it again.
    Repeat(Vec<Step>),
}

#[test]
fn settings_are_a_table_with_variables_and_defaults() {
    let table = Schema::of::<Config>().settings_table("NAKAI");
    let rows: Vec<&str> = table.lines().skip(2).filter(|row| !row.contains("repeat")).collect();
    assert_eq!(
        rows,
        [
            "| `gateway.key` | The key. | `NAKAI__GATEWAY__KEY` or `…_FILE` | secret | none |",
            "| `gateway.listen` | Where it listens. | `NAKAI__GATEWAY__LISTEN` | a text | `127.0.0.1:3000` |",
            "| `gateway.threshold` | How sure it must be. | `NAKAI__GATEWAY__THRESHOLD` | a number, 0 to 1 | `0.4` |",
            "| `providers.NAME.model` | Its name. | `NAKAI__PROVIDERS__NAME__MODEL` | a text |  |",
            "| `steps[].say` |  | – | a text |  |",
            "| `store` | What is kept where; a \\| in a cell. | `NAKAI__STORE` | `memory`, `sqlite` |  |",
        ],
        "{table}"
    );
}

#[test]
fn types_are_sections_that_link_to_each_other() {
    let mut shown = BTreeSet::new();
    let text = Schema::of::<Config>().sections("config.yaml", 2, &mut shown);
    let expected = "\
## config.yaml

What the program does.

| Key | Meaning | Type | Default |
|---|---|---|---|
| `gateway` | The front door. | [Gateway](#gateway) | see there |
| `providers` | Models. | names with: [Provider](#provider) | must be given |
| `steps` | Steps, in order. | list of: [Step](#step) | must be given |
| `store` | What is kept where; a \\| in a cell. | `memory`, `sqlite` | must be given |
";
    assert!(text.starts_with(expected), "{text}");
    for section in [
        "\n### Gateway\n",
        "\n### Provider\n\nA model.\n",
        "\n### Step\n\nOne step.\n",
        "| `repeat` | Does it again. | list of: [Step](#step) |",
    ] {
        assert!(text.contains(section), "{section} in {text}");
    }
    assert!(!text.contains("### Store") && !text.contains("### Secret"), "{text}");
    assert_eq!(
        Schema::of::<Provider>()
            .sections("p", 2, &mut shown)
            .matches("##")
            .count(),
        1
    );
}

#[test]
fn the_json_schema_reads_back() {
    let schema = Schema::of::<Config>();
    let json: Json = serde_json::from_str(&schema.to_json()).unwrap();
    assert_eq!(json, schema.root);
    assert_eq!(json["$schema"], "https://json-schema.org/draft/2020-12/schema");
}
