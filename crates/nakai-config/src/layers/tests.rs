use std::{io::Write as _, net::SocketAddr};

use serde::{Deserialize, Serialize};

use super::*;
use crate::Secret;

#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Config {
    gateway: Gateway,
    store: Store,
    providers: BTreeMap<String, Provider>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Gateway {
    /// Where it listens.
    #[schemars(with = "String")]
    listen: SocketAddr,
    requests_per_minute: u32,
    origins: Vec<String>,
    key: Option<Secret>,
}

impl Default for Gateway {
    fn default() -> Self {
        Self {
            listen: ([127, 0, 0, 1], 3000).into(),
            requests_per_minute: 60,
            origins: Vec::new(),
            key: None,
        }
    }
}

#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Store {
    #[default]
    Memory,
    Sqlite,
}

#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Provider {
    model: String,
    api_key: Option<Secret>,
}

fn layers(file: &str, variables: &[(&str, &str)]) -> Layers<Config> {
    Layers::new("NAKAI")
        .file(Source::parse("nakai.yaml", file).unwrap())
        .environment(variables.iter().copied())
}

fn problems(layers: Layers<Config>) -> Vec<String> {
    layers
        .load()
        .expect_err("it has problems")
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn each_layer_wins_over_those_before_it() {
    let file = "gateway:\n  listen: 127.0.0.1:1\n  requests_per_minute: 1\n  origins: [a]\n";
    let variables = [
        ("NAKAI__GATEWAY__LISTEN", "127.0.0.1:2"),
        ("NAKAI__GATEWAY__REQUESTS_PER_MINUTE", "2"),
        ("NAKAI__PROVIDERS__OPENAI__MODEL", "5"),
        ("HOME", "/"),
    ];
    let settings = layers(file, &variables)
        .set("--listen", "gateway.listen", "127.0.0.1:3")
        .load()
        .unwrap();
    assert_eq!(settings.value.gateway.listen.port(), 3);
    assert_eq!(settings.value.gateway.requests_per_minute, 2);
    assert_eq!(settings.value.gateway.origins, ["a"]);
    assert_eq!(settings.value.providers["openai"].model, "5");
    assert_eq!(
        settings.to_yaml().unwrap(),
        r#"gateway:
  key: null
  listen: "127.0.0.1:3"  # --listen
  origins: ["a"]  # nakai.yaml:4:12
  requests_per_minute: 2  # NAKAI__GATEWAY__REQUESTS_PER_MINUTE
providers:
  openai:
    api_key: null
    model: "5"  # NAKAI__PROVIDERS__OPENAI__MODEL
store: "memory"
"#
    );
    assert_eq!(settings.to_json().unwrap()["origins"]["gateway.listen"], "--listen");
}

#[test]
fn what_is_shown_reads_back_as_the_same_settings() {
    let settings = layers("store: sqlite\ngateway: {origins: ['a: b', \"c\\\"d\"]}", &[])
        .load()
        .unwrap();
    let yaml = settings.to_yaml().unwrap();
    assert_eq!(
        layers(&yaml, &[]).load().unwrap().value.gateway.origins,
        ["a: b", "c\"d"]
    );
}

#[test]
fn a_list_from_the_environment_is_yaml_and_a_text_is_taken_as_it_is() {
    let settings = layers(
        "",
        &[
            ("NAKAI__GATEWAY__ORIGINS", "[a, 'b c']"),
            ("NAKAI__GATEWAY__KEY", "*no: [yaml"),
        ],
    )
    .load()
    .unwrap();
    assert_eq!(settings.value.gateway.origins, ["a", "b c"]);
    assert_eq!(settings.value.gateway.key.unwrap().expose(), "*no: [yaml");
}

#[test]
fn every_problem_names_its_file_variable_or_flag() {
    let layers = layers(
        "gateway:\n  listne: x\n  key: 7\nstore: sqlit\n",
        &[
            ("NAKAI__GATEWAY__REQUESTS_PER_MINUTE", "many"),
            ("NAKAI__GATEWAY__ORIGINS", "[a"),
            ("NAKAI__GATWAY__LISTEN", "x"),
            ("NAKAI__GATEWAY__LISTN", "x"),
            ("NAKAI__GATEWAY__KEY_FILE", "/no/such/file"),
        ],
    )
    .set("--set gateway.prot", "gateway.prot", "1");
    let expected = [
        "error: NAKAI__GATEWAY__LISTN: there is no such setting; did you mean `NAKAI__GATEWAY__LISTEN`?",
        "error: gateway.origins: brackets or commas do not match (from NAKAI__GATEWAY__ORIGINS); close every `[` and `{`, put a comma \
         between items, and put a text that begins with a bracket in quotes",
        "error: NAKAI__GATWAY__LISTEN: there is no such setting; did you mean `NAKAI__GATEWAY__LISTEN`?",
        "error: gateway.prot: there is no such setting (from --set gateway.prot); use one of `gateway.key`, `gateway.listen`, `gateway.origins`, \
         `gateway.requests_per_minute`, `providers.NAME.api_key`, `providers.NAME.model`, `store`",
        "nakai.yaml:2:3: error: gateway.listne: unknown key; did you mean `listen`? the others are `key`, `origins`, `requests_per_minute`",
        "nakai.yaml:3:8: error: gateway.key: a text is expected, not a number; put it in quotes",
        "error: gateway.requests_per_minute: a whole number is expected, not a text (from NAKAI__GATEWAY__REQUESTS_PER_MINUTE)",
        "nakai.yaml:4:8: error: store: `sqlit` is not one of the allowed values; did you mean `sqlite`? the others are `memory`",
    ];
    let mut found = problems(layers);
    assert!(found[0].starts_with("error: gateway.key: the file /no/such/file can't be read (entity not found) (from NAKAI__GATEWAY__KEY_FILE)"), "{found:#?}");
    found.remove(0);
    assert_eq!(found, expected);
}

#[test]
fn what_only_the_type_knows_names_the_variable_too() {
    assert_eq!(
        problems(layers("", &[("NAKAI__GATEWAY__LISTEN", "here")])),
        ["error: gateway.listen: invalid socket address syntax (from NAKAI__GATEWAY__LISTEN)"]
    );
}

#[test]
fn a_secret_comes_from_a_file_and_is_never_shown() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"s3cret\n").unwrap();
    let path = file.path().to_str().unwrap();
    let settings = layers("", &[("NAKAI__PROVIDERS__OPENAI__API_KEY_FILE", path)])
        .load()
        .unwrap();
    assert_eq!(
        settings.value.providers["openai"].api_key.as_ref().unwrap().expose(),
        "s3cret"
    );
    let shown = settings.to_yaml().unwrap();
    assert!(
        shown.contains("api_key: \"***\"  # NAKAI__PROVIDERS__OPENAI__API_KEY_FILE"),
        "{shown}"
    );
    assert!(!format!("{shown}{:?}{}", settings.value, settings.to_json().unwrap()).contains("s3cret"));

    let both = layers("", &[("NAKAI__GATEWAY__KEY", "x"), ("NAKAI__GATEWAY__KEY_FILE", path)]);
    assert_eq!(
        problems(both),
        [
            "error: gateway.key: the secret is also in NAKAI__GATEWAY__KEY (from NAKAI__GATEWAY__KEY_FILE); set one of the two variables"
        ]
    );
}

#[test]
fn problems_that_other_crates_find_get_their_place() {
    let settings = layers("gateway:\n  origins: [a, b]\n", &[("NAKAI__STORE", "sqlite")])
        .load()
        .unwrap();
    let mut found = Problems::default();
    found.error("gateway.origins[1]", "bad", "");
    found.error("store", "bad", "");
    settings.locate(&mut found);
    assert_eq!(
        found.to_string(),
        "nakai.yaml:2:16: error: gateway.origins[1]: bad\nerror: store: bad (from NAKAI__STORE)\n"
    );
}
