use std::collections::BTreeMap;

use nakai_config::{ProblemCode, Problems};
use nakai_types::Language;

use super::{locate, name_of, names::Names};
use crate::{model::Article, parse::Parsed};

/// Checks all of `knowledge/`.
pub(super) fn check(files: &[Parsed<Article>], names: &Names<'_>, problems: &mut Problems) {
    let mut by_path: BTreeMap<&str, BTreeMap<Language, &Parsed<Article>>> = BTreeMap::new();
    for file in files {
        locate(file, problems, |article, found| {
            let head = &article.front_matter;
            if head.title.trim().is_empty() {
                found.error("title", "the title is blank", "write it as a customer would put it");
            }
            if article.body.trim().is_empty() {
                found.coded(
                    ProblemCode::FileEmpty,
                    "",
                    "the article has no text",
                    "write it below the head",
                );
            }
            if !names.languages.is_empty() && !names.languages.contains(&head.language) {
                found.warn(
                    "language",
                    format!("the bot does not speak {}", name_of(head.language)),
                    format!(
                        "remove the article, or add `{}` to `languages` in bot.yaml",
                        head.language
                    ),
                );
            }
            if head
                .source
                .as_ref()
                .is_some_and(|source| !source.starts_with("https://") && !source.starts_with("http://"))
            {
                found.error(
                    "source",
                    "customers can't follow this link",
                    "write an address that begins with `https://`",
                );
            }
            if let Some(first) = by_path
                .entry(&file.content.path)
                .or_default()
                .insert(head.language, file)
            {
                let what = format!(
                    "the article `{}` in {} is also in {}",
                    article.path,
                    name_of(head.language),
                    first.source.file()
                );
                found.error(
                    "",
                    what,
                    "remove one of the two, or name the language in their file names",
                );
            }
        });
    }
    for versions in by_path.values() {
        let Some(file) = versions.values().next() else { continue };
        for language in names
            .languages
            .iter()
            .filter(|language| !versions.contains_key(language))
        {
            locate(file, problems, |article, found| {
                let what = format!("there is no version in {}", name_of(*language));
                found.warn("", what, format!("add knowledge/{}.{language}.md", article.path));
            });
        }
    }
}
