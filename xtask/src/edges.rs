//! Which crate may depend on which: the architecture, held by a test.

/// Every crate of the workspace with those it may use. A new edge is a deliberate edit here and in ARCHITECTURE.md.
pub(crate) const ALLOWED: &[(&str, &[&str])] = &[
    ("nakai-types", &[]),
    ("nakai-config", &[]),
    ("nakai-morph", &[]),
    ("nakai-encoder", &[]),
    (
        "nakai-models",
        &["nakai-types", "nakai-encoder", "nakai-governance", "nakai-llm"],
    ),
    ("nakai-entities", &["nakai-types", "nakai-morph"]),
    ("nakai-time", &["nakai-types", "nakai-entities"]),
    (
        "nakai-search",
        &["nakai-types", "nakai-text", "nakai-morph", "nakai-encoder"],
    ),
    (
        "nakai-grounding",
        &[
            "nakai-types",
            "nakai-morph",
            "nakai-encoder",
            "nakai-entities",
            "nakai-time",
        ],
    ),
    (
        "nakai-evaluation",
        &[
            "nakai-types",
            "nakai-morph",
            "nakai-bundle",
            "nakai-encoder",
            "nakai-entities",
            "nakai-time",
            "nakai-search",
            "nakai-grounding",
            "nakai-nlp",
        ],
    ),
    ("nakai-llm", &["nakai-types", "nakai-config", "nakai-telemetry"]),
    ("nakai-scripted", &[]),
    ("nakai-text", &[]),
    ("nakai-documents", &["nakai-config", "nakai-text"]),
    ("nakai-ports", &["nakai-types"]),
    ("nakai-api", &["nakai-types"]),
    ("nakai-governance", &["nakai-types"]),
    ("nakai-telemetry", &["nakai-types"]),
    (
        "nakai-bundle",
        &["nakai-types", "nakai-text", "nakai-ports", "nakai-config"],
    ),
    (
        "nakai-knowledge",
        &[
            "nakai-types",
            "nakai-ports",
            "nakai-config",
            "nakai-encoder",
            "nakai-search",
        ],
    ),
    (
        "nakai-nlp",
        &[
            "nakai-types",
            "nakai-ports",
            "nakai-bundle",
            "nakai-morph",
            "nakai-encoder",
            "nakai-entities",
            "nakai-time",
            "nakai-telemetry",
        ],
    ),
    (
        "nakai-dialogue",
        &[
            "nakai-types",
            "nakai-text",
            "nakai-ports",
            "nakai-bundle",
            "nakai-llm",
            "nakai-grounding",
            "nakai-telemetry",
        ],
    ),
    (
        "nakai-store",
        &["nakai-types", "nakai-ports", "nakai-config", "nakai-telemetry"],
    ),
    (
        "nakai-rpc",
        &["nakai-types", "nakai-ports", "nakai-config", "nakai-telemetry"],
    ),
    (
        "nakai-gateway",
        &[
            "nakai-types",
            "nakai-ports",
            "nakai-api",
            "nakai-config",
            "nakai-governance",
            "nakai-llm",
            "nakai-telemetry",
        ],
    ),
    ("nakai-testkit", &[]),
];

/// Crates that may use every other one.
pub(crate) const ROOTS: &[&str] = &["nakai", "xtask"];

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, process::Command};

    use serde_json::Value;

    use super::*;

    /// The workspace's own normal and build dependencies, by crate.
    fn edges() -> BTreeMap<String, Vec<String>> {
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
        let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
        let packages = metadata["packages"].as_array().unwrap();
        let ours: Vec<String> = packages.iter().map(name).collect();
        let uses = |package: &Value| {
            let dependencies = package["dependencies"].as_array().unwrap().iter();
            let shipped = dependencies.filter(|d| d["kind"] != "dev").map(name);
            shipped.filter(|d| ours.contains(d)).collect()
        };
        packages.iter().map(|package| (name(package), uses(package))).collect()
    }

    #[test]
    fn crates_depend_only_on_what_the_architecture_allows() {
        for (package, uses) in edges() {
            if ROOTS.contains(&package.as_str()) {
                continue;
            }
            let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == package) else {
                panic!("`{package}` is not in the list of allowed edges; say there what it may use");
            };
            for used in uses {
                assert!(allowed.contains(&used.as_str()), "`{package}` must not use `{used}`");
            }
        }
    }

    #[test]
    fn the_list_names_only_crates_that_exist() {
        let edges = edges();
        for (package, allowed) in ALLOWED {
            assert!(edges.contains_key(*package), "`{package}` is listed and does not exist");
            assert!(
                allowed.iter().all(|used| edges.contains_key(*used)),
                "`{package}` lists a crate that does not exist"
            );
        }
    }
}
