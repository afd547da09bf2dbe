use std::collections::HashMap;

use anyhow::{Context, bail};
use nakai_morph::format;

use super::lexicon::Lexicon;

/// The classes of characters: sets of categories, of which the first says how unknown words are made.
pub(super) struct Classes {
    /// The class of each code point.
    table: Vec<u8>,
    rules: Vec<[u8; 16]>,
}

/// A category of `char.def`.
struct Category {
    kind: u32,
    invoke: u8,
    group: u8,
    length: u8,
    /// The first of the words that stand for unknown ones.
    unknown: u32,
}

impl Classes {
    /// Reads `char.def` (categories with `invoke group length`, then code points with their categories) and `unk.def`.
    pub(super) fn parse(characters: &str, unknown: &str, lexicon: &mut Lexicon) -> anyhow::Result<Self> {
        let mut categories: HashMap<&str, Category> = HashMap::new();
        let mut classes = Self {
            table: vec![0; format::CODE_POINTS],
            rules: Vec::new(),
        };
        let mut known: Vec<Vec<&str>> = Vec::new();
        let lines = characters
            .lines()
            .map(|line| line.split('#').next().unwrap_or_default());
        let lines: Vec<Vec<&str>> = lines.map(|line| line.split_whitespace().collect()).collect();
        for fields in lines
            .iter()
            .filter(|fields| fields.first().is_some_and(|first| !first.starts_with("0x")))
        {
            let [name, invoke, group, length] = fields[..] else {
                bail!("`{}` is no category", fields.join(" "))
            };
            let words: Vec<Vec<&str>> = unknown
                .lines()
                .map(|line| line.split(',').collect::<Vec<_>>())
                .filter(|fields| fields.first() == Some(&name))
                .map(|fields| fields.into_iter().skip(1).collect())
                .collect();
            let category = Category {
                kind: 1 << categories.len(),
                invoke: invoke.parse()?,
                group: group.parse()?,
                length: length.parse()?,
                unknown: lexicon.add_unknown(&words)?,
            };
            categories.insert(name, category);
        }
        classes.class(&["DEFAULT"], &categories, &mut known)?;
        for fields in lines
            .iter()
            .filter(|fields| fields.first().is_some_and(|first| first.starts_with("0x")))
        {
            let (range, names) = fields.split_first().context("a line is empty")?;
            let (first, last) = range.split_once("..").unwrap_or((range, range));
            let class = classes.class(names, &categories, &mut known)?;
            classes
                .table
                .get_mut(code_point(first)?..=code_point(last)?)
                .context("beyond the basic plane")?
                .fill(class);
        }
        Ok(classes)
    }

    /// The number of a class, which is made if it is new.
    fn class<'t>(
        &mut self,
        names: &[&'t str],
        categories: &HashMap<&str, Category>,
        known: &mut Vec<Vec<&'t str>>,
    ) -> anyhow::Result<u8> {
        if let Some(number) = known.iter().position(|class| class == names) {
            return Ok(u8::try_from(number)?);
        }
        let all: Option<Vec<&Category>> = names.iter().map(|name| categories.get(name)).collect();
        let all = all.with_context(|| format!("`{}` has a category that is not defined", names.join(" ")))?;
        let first = all.first().context("a character has no category")?;
        let [k0, k1, k2, k3] = all
            .iter()
            .fold(0, |kinds, category| kinds | category.kind)
            .to_le_bytes();
        let [w0, w1, w2, w3] = first.unknown.to_le_bytes();
        let space = u8::from(names.contains(&"SPACE"));
        self.rules.push([
            k0,
            k1,
            k2,
            k3,
            first.invoke,
            first.group,
            first.length,
            space,
            w0,
            w1,
            w2,
            w3,
            0,
            0,
            0,
            0,
        ]);
        known.push(names.to_vec());
        Ok(u8::try_from(known.len() - 1)?)
    }

    pub(super) fn table(&self) -> Vec<u8> {
        self.table.clone()
    }

    pub(super) fn rules(&self) -> Vec<u8> {
        self.rules.concat()
    }
}

fn code_point(text: &str) -> anyhow::Result<usize> {
    let digits = text
        .strip_prefix("0x")
        .with_context(|| format!("`{text}` is no code point"))?;
    Ok(usize::from_str_radix(digits, 16)?)
}
