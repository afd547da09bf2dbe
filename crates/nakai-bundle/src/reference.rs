use std::collections::BTreeSet;

use crate::parse::SCHEMAS;

/// The JSON Schemas of all file kinds, for editors: file name and content.
pub fn schemas() -> Vec<(&'static str, String)> {
    let schemas = &*SCHEMAS;
    [
        ("article.json", &schemas.article),
        ("bot.json", &schemas.bot),
        ("entities.json", &schemas.entities),
        ("flows.json", &schemas.flows),
        ("intents.json", &schemas.intents),
        ("replies.json", &schemas.replies),
        ("tests.json", &schemas.tests),
        ("tools.json", &schemas.tools),
    ]
    .map(|(name, schema)| (name, schema.to_json()))
    .into()
}

/// The page of the reference about bundles, in Markdown.
pub fn reference() -> String {
    let schemas = &*SCHEMAS;
    let mut page = INTRODUCTION.to_owned();
    let mut shown = BTreeSet::new();
    for (heading, schema) in [
        ("`bot.yaml`", &schemas.bot),
        ("`intents/*.yaml`", &schemas.intents),
        ("`entities.yaml`", &schemas.entities),
        ("`flows/*.yaml`", &schemas.flows),
        ("`replies/*.yaml`", &schemas.replies),
        ("`knowledge/**/*.md`", &schemas.article),
        ("`tools.yaml`", &schemas.tools),
        ("`tests/*.yaml`", &schemas.tests),
    ] {
        page.push_str(&schema.sections(heading, 2, &mut shown));
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

const INTRODUCTION: &str = "\
# Bot bundles

A bot is a folder of YAML and Markdown files. `nakai bot check` says everything that is wrong with it, with file, line, column and
cure; an unknown key is an error. The version of a bot is the SHA-256 of its archive: the same files are the same version on every
machine, whatever their line ends and dates.

Files and folders whose name begins with a dot are left out, and so is `README.md` at the top. A file holds at most 8 MiB, a bundle
64 MiB.

";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_a_bundle_has_a_meaning() {
        for line in reference().lines().filter(|line| line.starts_with("| `")) {
            let meaning = line.split(" | ").nth(1).unwrap_or_default();
            assert!(!meaning.trim().is_empty(), "{line}");
        }
    }

    #[test]
    fn every_link_of_the_reference_leads_to_a_section() {
        let page = reference();
        let sections: BTreeSet<String> = page
            .lines()
            .filter_map(|line| line.strip_prefix("### "))
            .map(str::to_lowercase)
            .collect();
        for link in page.split("](#").skip(1) {
            let target = link.split(')').next().unwrap_or_default();
            assert!(sections.contains(target), "{target}");
        }
    }
}
