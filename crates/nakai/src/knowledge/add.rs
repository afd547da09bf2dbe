use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use nakai_bundle::{MAX_FILE_BYTES, load_folder};
use nakai_config::{Problem, ProblemCode, Problems, Severity};
use nakai_documents::Document;
use nakai_types::Language;

use super::reader;
use crate::{
    cli::KnowledgeAdd,
    output::{complain, say},
};

/// An article that is ready to be written.
struct NewArticle {
    path: PathBuf,
    content: String,
}

/// Why a file makes no article.
struct Refusal {
    code: ProblemCode,
    what: String,
}

impl Refusal {
    fn new(code: ProblemCode, what: impl Into<String>) -> Self {
        Self {
            code,
            what: what.into(),
        }
    }

    fn of(self, file: &Path) -> Problem {
        Problem {
            severity: Severity::Error,
            code: Some(self.code),
            file: file.display().to_string(),
            line: 0,
            column: 0,
            key: String::new(),
            what: self.what,
            cure: self.code.cure().to_owned(),
        }
    }
}

/// Makes an article of each file and writes them all; or writes none, and says what is wrong with each that makes none.
pub(super) async fn run(options: &KnowledgeAdd) -> Result<()> {
    if !options.bot.join("bot.yaml").is_file() {
        bail!(
            "{} is no bundle: it has no bot.yaml; make one with `nakai bot new`, or name another folder with `--bot`",
            options.bot.display()
        );
    }
    if options.title.is_some() && options.files.len() > 1 {
        bail!(
            "`--title` is for one file, and there are {}; leave it out, or add them one by one",
            options.files.len()
        );
    }
    let limit = Duration::from_secs(options.seconds);
    let mut problems = Problems::default();
    let mut articles: Vec<NewArticle> = Vec::new();
    for file in &options.files {
        let article = match reader::text_of(file, limit).await? {
            Ok(document) => article(file, &document, options),
            Err(unreadable) => Err(Refusal::new(unreadable.code(), unreadable.to_string())),
        };
        match article {
            Ok(article) if articles.iter().any(|other| other.path == article.path) => {
                let what = format!("another file also makes {}", article.path.display());
                problems.push(Refusal::new(ProblemCode::ArticleNameTaken, what).of(file));
            }
            Ok(article) => articles.push(article),
            Err(refusal) => problems.push(refusal.of(file)),
        }
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    for NewArticle { path, content } in &articles {
        let folder = path.parent().unwrap_or(&options.bot);
        fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
        fs::write(path, content).with_context(|| format!("{} can't be written", path.display()))?;
        say(format_args!("{}", path.display()));
    }
    // A bundle may have had problems before; whoever adds to it wants to know.
    load_folder(&options.bot)?;
    Ok(())
}

/// Makes an article of a file's text.
fn article(file: &Path, document: &Document, options: &KnowledgeAdd) -> Result<NewArticle, Refusal> {
    let text = document.markdown.trim();
    if document.markdown.starts_with("---\n") {
        let what = "it begins with a head of its own";
        return Err(Refusal::new(ProblemCode::ArticleHasHead, what));
    }
    for note in &document.notes {
        complain(format_args!("{}: {note}", file.display()));
    }
    let name = file_name(file);
    let language = options.language.unwrap_or_else(|| language_of(text));
    let title = options.title.as_ref().or(document.title.as_ref()).unwrap_or(&name);
    let path = options.bot.join("knowledge").join(format!("{name}.{language}.md"));
    if path.exists() {
        let what = format!("{} exists", path.display());
        return Err(Refusal::new(ProblemCode::ArticleExists, what));
    }
    // Texts of JSON are texts of YAML, whatever they contain.
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut content = format!("---\ntitle: {}\nlanguage: {language}\n", quoted(title));
    if let Some(source) = &options.source {
        content.push_str(&format!("source: {}\n", quoted(source)));
    }
    if options.audience != "public" {
        content.push_str(&format!("audience: {}\n", quoted(&options.audience)));
    }
    content.push_str(&format!("---\n\n{text}\n"));
    if content.len() as u64 > MAX_FILE_BYTES {
        let what = format!("its text has {} MB, and 8 MB are the most", content.len() / 1_000_000);
        return Err(Refusal::new(ProblemCode::FileTooLarge, what));
    }
    Ok(NewArticle { path, content })
}

fn language_of(text: &str) -> Language {
    let is_kana = |c: char| matches!(c, '\u{3040}'..='\u{30ff}');
    if text.chars().any(is_kana) {
        Language::Ja
    } else {
        Language::En
    }
}

/// The file's name as the name of an article: without ending, and without what paths and addresses do not like.
fn file_name(file: &Path) -> String {
    let stem = file
        .file_stem()
        .map(|stem| stem.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let kept: String = stem
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '-' })
        .collect();
    let name = kept.trim_matches('-');
    if name.is_empty() {
        "article".to_owned()
    } else {
        name.to_owned()
    }
}
