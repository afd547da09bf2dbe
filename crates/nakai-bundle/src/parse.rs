//! From files to values, each with the source that knows where it is written.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use nakai_config::{Problem, ProblemCode, Problems, Schema, Severity, Source, read_plainly};
use nakai_types::{BotRef, Language, Version};
use serde::de::DeserializeOwned;

use crate::{
    Bundle,
    files::{FileKind, Files},
    model::{
        Article, ArticleFrontMatter, BotFile, EntitiesFile, FlowsFile, IntentsFile, Prompt, RepliesFile, TestsFile,
        ToolsFile,
    },
};

/// The schemas of all file kinds.
pub(crate) struct Schemas {
    pub(crate) bot: Schema,
    pub(crate) intents: Schema,
    pub(crate) entities: Schema,
    pub(crate) flows: Schema,
    pub(crate) replies: Schema,
    pub(crate) tests: Schema,
    pub(crate) article: Schema,
    pub(crate) tools: Schema,
}

/// Made once: bundles have many files.
pub(crate) static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| Schemas {
    bot: Schema::of::<BotFile>(),
    intents: Schema::of::<IntentsFile>(),
    entities: Schema::of::<EntitiesFile>(),
    flows: Schema::of::<FlowsFile>(),
    replies: Schema::of::<RepliesFile>(),
    tests: Schema::of::<TestsFile>(),
    article: Schema::of::<ArticleFrontMatter>(),
    tools: Schema::of::<ToolsFile>(),
});

/// A file that reads as `T`.
#[derive(Debug)]
pub(crate) struct Parsed<T> {
    pub(crate) source: Source,
    pub(crate) content: T,
}

/// All files of a bundle that can be read.
#[derive(Debug, Default)]
pub(crate) struct ParsedFiles {
    pub(crate) bot: Option<Parsed<BotFile>>,
    pub(crate) intents: Vec<Parsed<IntentsFile>>,
    pub(crate) entities: Option<Parsed<EntitiesFile>>,
    pub(crate) flows: Vec<Parsed<FlowsFile>>,
    pub(crate) replies: Vec<Parsed<RepliesFile>>,
    pub(crate) tests: Vec<Parsed<TestsFile>>,
    pub(crate) articles: Vec<Parsed<Article>>,
    pub(crate) tools: Option<Parsed<ToolsFile>>,
    pub(crate) prompts: Vec<Prompt>,
    /// Kinds of which a file can't be read, so that nobody can say which names are missing.
    pub(crate) broken: BTreeSet<FileKind>,
}

impl ParsedFiles {
    /// Reads every file; pushes what is wrong with each by itself.
    pub(crate) fn read(files: &Files, problems: &mut Problems) -> Self {
        let mut parsed = Self::default();
        for (path, content) in files.iter() {
            let Some(kind) = FileKind::of(path) else {
                problems.push(whole_file(
                    path,
                    "a bundle has no such file",
                    "remove it, or move it out of the folder",
                ));
                continue;
            };
            let reads = match kind {
                FileKind::Bot => {
                    parsed.bot = read(path, content, &SCHEMAS.bot, problems);
                    parsed.bot.is_some()
                }
                FileKind::Entities => {
                    parsed.entities = read(path, content, &SCHEMAS.entities, problems);
                    parsed.entities.is_some()
                }
                FileKind::Intents => keep(&mut parsed.intents, read(path, content, &SCHEMAS.intents, problems)),
                FileKind::Flows => keep(&mut parsed.flows, read(path, content, &SCHEMAS.flows, problems)),
                FileKind::Replies => keep(&mut parsed.replies, read(path, content, &SCHEMAS.replies, problems)),
                FileKind::Tests => keep(&mut parsed.tests, read(path, content, &SCHEMAS.tests, problems)),
                FileKind::Article => keep(&mut parsed.articles, read_article(path, content, problems)),
                FileKind::Tools => {
                    parsed.tools = read(path, content, &SCHEMAS.tools, problems);
                    parsed.tools.is_some()
                }
                FileKind::Prompt => keep(&mut parsed.prompts, read_prompt(path, content, problems)),
            };
            if !reads {
                parsed.broken.insert(kind);
            }
        }
        if files.get("bot.yaml").is_none() {
            problems.push(whole_file(
                "bot.yaml",
                "is missing",
                "add it: a bundle is a folder with a `bot.yaml`",
            ));
        }
        parsed
    }

    /// Puts everything into one value. Gives `None` if there is no `bot.yaml` that can be read.
    pub(crate) fn into_bundle(self, version: Version) -> Option<Bundle> {
        let bot = self.bot?.content;
        Some(Bundle {
            bot_ref: BotRef {
                name: bot.name.clone(),
                version,
            },
            bot,
            intents: self.intents.into_iter().flat_map(|file| file.content.intents).collect(),
            entities: self.entities.map(|file| file.content.entities).unwrap_or_default(),
            flows: self.flows.into_iter().flat_map(|file| file.content.flows).collect(),
            replies: self.replies.into_iter().flat_map(|file| file.content.replies).collect(),
            articles: self.articles.into_iter().map(|file| file.content).collect(),
            prompts: self.prompts,
            tools: self.tools.map(|file| file.content).unwrap_or_default(),
            tests: self.tests.into_iter().flat_map(|file| file.content.tests).collect(),
        })
    }
}

/// Reads files that were checked before into a bundle: a few times as fast as [`ParsedFiles::read`], without places and without
/// checks. Gives `None` if a file can't be read, to be told why by the other way.
pub(crate) fn read_checked(files: &Files, version: Version) -> Option<Bundle> {
    let bot: BotFile = read_plainly(files.get("bot.yaml")?)?;
    let mut bundle = Bundle {
        bot_ref: BotRef {
            name: bot.name.clone(),
            version,
        },
        bot,
        intents: BTreeMap::new(),
        entities: BTreeMap::new(),
        flows: BTreeMap::new(),
        replies: BTreeMap::new(),
        articles: Vec::new(),
        prompts: Vec::new(),
        tools: ToolsFile::default(),
        tests: Vec::new(),
    };
    for (path, content) in files.iter() {
        match FileKind::of(path)? {
            FileKind::Bot => {}
            FileKind::Entities => bundle.entities = read_plainly::<EntitiesFile>(content)?.entities,
            FileKind::Intents => bundle.intents.extend(read_plainly::<IntentsFile>(content)?.intents),
            FileKind::Flows => bundle.flows.extend(read_plainly::<FlowsFile>(content)?.flows),
            FileKind::Replies => bundle.replies.extend(read_plainly::<RepliesFile>(content)?.replies),
            FileKind::Tests => bundle.tests.extend(read_plainly::<TestsFile>(content)?.tests),
            FileKind::Tools => bundle.tools = read_plainly(content)?,
            FileKind::Prompt => bundle.prompts.push(Prompt {
                name: prompt_name(path).into(),
                template: std::str::from_utf8(content).ok()?.into(),
            }),
            FileKind::Article => {
                let (head, body) = split_head(std::str::from_utf8(content).ok()?)?;
                let (path, _) = article_path(path);
                let front_matter = read_plainly(head.as_bytes())?;
                bundle.articles.push(Article {
                    path: path.into(),
                    front_matter,
                    body: body.into(),
                });
            }
        }
    }
    Some(bundle)
}

fn read<T: DeserializeOwned>(
    path: &str,
    content: &[u8],
    schema: &Schema,
    problems: &mut Problems,
) -> Option<Parsed<T>> {
    let source = Source::from_bytes(path, content)
        .map_err(|found| problems.append(found))
        .ok()?;
    let content = source.read_as(schema, problems)?;
    Some(Parsed { source, content })
}

fn read_article(path: &str, content: &[u8], problems: &mut Problems) -> Option<Parsed<Article>> {
    let Ok(text) = std::str::from_utf8(content) else {
        problems.push(not_utf8(path));
        return None;
    };
    let Some((head, body)) = split_head(text) else {
        let cure = "begin it with a line `---`, then `title:` and `language:`, then a line `---`";
        problems.push(whole_file(path, "the article has no head", cure));
        return None;
    };
    let source = Source::parse_from_line(path, head, 2)
        .map_err(|found| problems.append(found))
        .ok()?;
    let front_matter: ArticleFrontMatter = source.read_as(&SCHEMAS.article, problems)?;
    let (path, language) = article_path(path);
    if language.is_some_and(|language| language != front_matter.language) {
        let mut found = Problems::default();
        found.error(
            "language",
            format!(
                "the head says `{}`, the name of the file another language",
                front_matter.language
            ),
            "rename the file, or change `language:`",
        );
        source.locate(&mut found);
        problems.append(found);
    }
    Some(Parsed {
        content: Article {
            path: path.into(),
            front_matter,
            body: body.into(),
        },
        source,
    })
}

fn read_prompt(path: &str, content: &[u8], problems: &mut Problems) -> Option<Prompt> {
    let Ok(text) = std::str::from_utf8(content) else {
        problems.push(not_utf8(path));
        return None;
    };
    Some(Prompt {
        name: prompt_name(path).into(),
        template: text.strip_prefix('\u{feff}').unwrap_or(text).into(),
    })
}

/// Takes `front_desk` out of `prompts/front_desk.j2`.
fn prompt_name(file: &str) -> &str {
    let name = file.strip_prefix("prompts/").unwrap_or(file);
    name.strip_suffix(".j2").unwrap_or(name)
}

/// Keeps a file if it can be read; says whether it can.
fn keep<T>(files: &mut Vec<T>, file: Option<T>) -> bool {
    let reads = file.is_some();
    files.extend(file);
    reads
}

/// Splits an article into the lines between its `---` and the text below.
fn split_head(text: &str) -> Option<(&str, &str)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let is_rule = |line: &str| line.trim_end() == "---";
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().filter(|line| is_rule(line))?;
    let mut end = first.len();
    for line in lines {
        if is_rule(line) {
            return Some((&text[first.len()..end], &text[end + line.len()..]));
        }
        end += line.len();
    }
    None
}

/// Takes `baths/hours` and the language out of `knowledge/baths/hours.en.md`.
fn article_path(file: &str) -> (&str, Option<Language>) {
    let path = file.strip_prefix("knowledge/").unwrap_or(file);
    let path = path.strip_suffix(".md").unwrap_or(path);
    for language in Language::ALL {
        if let Some(path) = path
            .strip_suffix(language.code())
            .and_then(|path| path.strip_suffix('.'))
        {
            return (path, Some(language));
        }
    }
    (path, None)
}

fn not_utf8(path: &str) -> Problem {
    let code = ProblemCode::TextEncodingUnknown;
    coded_file(code, path, "the file is not UTF-8", code.cure())
}

/// A problem with a file as a whole that has a code of its own.
pub(crate) fn coded_file(code: ProblemCode, file: &str, what: impl Into<String>, cure: impl Into<String>) -> Problem {
    Problem {
        code: Some(code),
        ..whole_file(file, what, cure)
    }
}

/// A problem with a file as a whole.
pub(crate) fn whole_file(file: &str, what: impl Into<String>, cure: impl Into<String>) -> Problem {
    Problem {
        severity: Severity::Error,
        code: None,
        file: file.into(),
        line: 0,
        column: 0,
        key: String::new(),
        what: what.into(),
        cure: cure.into(),
    }
}
