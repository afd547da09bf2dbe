use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use nakai_bundle::load_folder;
use nakai_config::Problems;
use nakai_types::Language;

use crate::{cli::KnowledgeAdd, output::say};

/// Larger files are refused before they are read.
const MAX_MEGABYTES: u64 = 50;

/// An article that is ready to be written.
struct NewArticle {
    path: PathBuf,
    content: String,
}

pub(super) fn run(options: &KnowledgeAdd) -> Result<()> {
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
    let mut problems = Problems::default();
    let mut articles: Vec<NewArticle> = Vec::new();
    for file in &options.files {
        match article(file, options) {
            Ok(article) if articles.iter().any(|other| other.path == article.path) => {
                let what = format!("another file also makes {}", article.path.display());
                problems.error(file.display().to_string(), what, "rename one of the two");
            }
            Ok(article) => articles.push(article),
            Err((what, cure)) => problems.error(file.display().to_string(), what, cure),
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

/// Makes an article of a file; else says what is wrong, and how to mend it.
fn article(file: &Path, options: &KnowledgeAdd) -> Result<NewArticle, (String, String)> {
    let extension = file
        .extension()
        .map(|extension| extension.to_string_lossy().to_lowercase());
    let text = match extension.as_deref() {
        Some("md" | "markdown" | "txt") => read(file)?,
        Some("html" | "htm") => markdown(&read(file)?)?,
        _ => {
            let cure = "save it as Markdown (`.md`), HTML (`.html`) or plain text (`.txt`)";
            return Err(("articles can't be made of such files".to_owned(), cure.to_owned()));
        }
    };
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    if text.starts_with("---\n") {
        let cure = "it is an article already: copy it into the folder `knowledge` of the bundle";
        return Err(("it begins with a head of its own".to_owned(), cure.to_owned()));
    }
    if text.trim().is_empty() {
        return Err((
            "it has no text".to_owned(),
            "leave it out, or save it with its text".to_owned(),
        ));
    }
    let name = file_name(file);
    let language = options.language.unwrap_or_else(|| language_of(&text));
    let title = options
        .title
        .clone()
        .or_else(|| first_heading(&text))
        .unwrap_or_else(|| name.clone());
    let path = options.bot.join("knowledge").join(format!("{name}.{language}.md"));
    if path.exists() {
        let cure = "remove that article, or give the file another name";
        return Err((format!("{} exists", path.display()), cure.to_owned()));
    }
    // Texts of JSON are texts of YAML, whatever they contain.
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut content = format!("---\ntitle: {}\nlanguage: {language}\n", quoted(&title));
    if let Some(source) = &options.source {
        content.push_str(&format!("source: {}\n", quoted(source)));
    }
    if options.audience != "public" {
        content.push_str(&format!("audience: {}\n", quoted(&options.audience)));
    }
    content.push_str(&format!("---\n\n{}\n", text.trim()));
    Ok(NewArticle { path, content })
}

/// Reads a text file that is not too large.
fn read(file: &Path) -> Result<String, (String, String)> {
    let unreadable = |error: std::io::Error| {
        let cure = "check that the file exists and may be read".to_owned();
        (format!("it can't be read ({error})"), cure)
    };
    let megabytes = fs::metadata(file).map_err(unreadable)?.len() / 1_000_000;
    if megabytes >= MAX_MEGABYTES {
        let cure = format!("cut it into parts of less than {MAX_MEGABYTES} MB, one for each subject");
        return Err((format!("it has {megabytes} MB, which is too much for an article"), cure));
    }
    let bytes = fs::read(file).map_err(unreadable)?;
    String::from_utf8(bytes).map_err(|_| ("it is no text in UTF-8".to_owned(), "save it in UTF-8".to_owned()))
}

/// What a reader sees of a page.
fn markdown(html: &str) -> Result<String, (String, String)> {
    let converter = htmd::HtmlToMarkdown::builder()
        .skip_tags(vec![
            "head", "script", "style", "nav", "header", "footer", "noscript", "template", "svg",
        ])
        .build();
    let cure = "save the page as plain text instead".to_owned();
    converter
        .convert(html)
        .map_err(|error| (format!("the page can't be read ({error})"), cure))
}

fn language_of(text: &str) -> Language {
    let is_kana = |c: char| matches!(c, '\u{3040}'..='\u{30ff}');
    if text.chars().any(is_kana) {
        Language::Ja
    } else {
        Language::En
    }
}

/// The first heading of a Markdown text.
fn first_heading(text: &str) -> Option<String> {
    let heading = text
        .lines()
        .find(|line| line.starts_with("# ") || line.starts_with("## "))?;
    let heading = heading.trim_start_matches('#').trim();
    (!heading.is_empty()).then(|| heading.to_owned())
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
