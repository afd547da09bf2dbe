//! What a bot says: its replies with every wording compiled, and which wording comes next.

use std::{collections::HashMap, sync::Arc};

use nakai_bundle::model::{Localised, ReplyDefinition};
use nakai_types::{ConversationId, Language};

use crate::{
    builtin::{self, Builtin},
    templates::{Templates, Text},
    text::digest,
};

/// A reply of one bot, valid for that bot only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReplyId(usize);

/// One reply.
pub(crate) struct CompiledReply {
    pub(crate) name: Arc<str>,
    ja: Vec<Text>,
    en: Vec<Text>,
    pub(crate) choices: Localised<Vec<String>>,
}

impl CompiledReply {
    /// The wordings in `language`, or in the other one if there are none.
    pub(crate) fn wordings(&self, language: Language) -> &[Text] {
        let (first, second) = match language {
            Language::Ja => (&self.ja, &self.en),
            Language::En => (&self.en, &self.ja),
        };
        if first.is_empty() { second } else { first }
    }
}

/// All replies of one bot, with the program's own.
pub(crate) struct Replies {
    list: Vec<CompiledReply>,
    by_name: HashMap<Arc<str>, ReplyId>,
    builtin: Vec<ReplyId>,
}

impl Replies {
    /// Compiles the replies of a bundle. The error names the reply.
    pub(crate) fn compile<'a>(
        definitions: impl IntoIterator<Item = (&'a String, &'a ReplyDefinition)>,
        templates: &mut Templates,
    ) -> Result<Self, String> {
        let mut replies = Self {
            list: Vec::new(),
            by_name: HashMap::new(),
            builtin: Vec::new(),
        };
        for (name, definition) in definitions {
            let mut compile = |wordings: &[String]| {
                wordings
                    .iter()
                    .map(|wording| templates.compile(wording))
                    .collect::<Result<Vec<Text>, _>>()
                    .map_err(|error| format!("reply `{name}`: {error}"))
            };
            let (ja, en) = (compile(&definition.ja)?, compile(&definition.en)?);
            replies.add(CompiledReply {
                name: name.as_str().into(),
                ja,
                en,
                choices: definition.choices.clone(),
            });
        }
        for reply in Builtin::ALL {
            let id = replies.resolve(reply.name(), templates)?;
            replies.builtin.push(id);
        }
        Ok(replies)
    }

    fn add(&mut self, reply: CompiledReply) -> ReplyId {
        let id = ReplyId(self.list.len());
        self.by_name.insert(Arc::clone(&reply.name), id);
        self.list.push(reply);
        id
    }

    /// Finds a reply by its name: the bundle's, else the program's own wording for that name.
    pub(crate) fn resolve(&mut self, name: &str, templates: &mut Templates) -> Result<ReplyId, String> {
        if let Some(id) = self.by_name.get(name) {
            return Ok(*id);
        }
        let Some(wording) = builtin::wording(name) else {
            return Err(format!("there is no reply `{name}`"));
        };
        let [ja, en] = wording.map(|(_, text)| {
            templates
                .compile(text)
                .map_err(|error| format!("reply `{name}`: {error}"))
        });
        Ok(self.add(CompiledReply {
            name: name.into(),
            ja: vec![ja?],
            en: vec![en?],
            choices: Localised::default(),
        }))
    }

    /// Gives one of the program's own replies.
    pub(crate) fn builtin(&self, reply: Builtin) -> ReplyId {
        self.builtin[reply as usize]
    }

    /// Gives a reply.
    pub(crate) fn get(&self, id: ReplyId) -> &CompiledReply {
        &self.list[id.0]
    }
}

/// Which of `count` wordings comes next: never `last`, otherwise as good as random, and always the same for the same turn.
pub(crate) fn next_wording(
    count: usize,
    last: Option<u16>,
    name: &str,
    conversation: ConversationId,
    sequence: u64,
) -> usize {
    if count < 2 {
        return 0;
    }
    let digest = digest([
        conversation.as_bytes().as_slice(),
        &sequence.to_le_bytes(),
        name.as_bytes(),
    ]);
    // FNV's low bits are weak; the high half is well mixed.
    let chance = |choices: usize| usize::try_from(digest >> 32).unwrap_or_default() % choices;
    match last.map(usize::from).filter(|last| *last < count) {
        Some(last) => (last + 1 + chance(count - 1)) % count,
        None => chance(count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wording_never_repeats_the_one_before_and_all_are_used() {
        let conversation = ConversationId::from_bytes([7; 16]);
        for count in 2..6 {
            let mut last = None;
            let mut used = vec![0; count];
            for sequence in 0..200 {
                let next = next_wording(count, last, "greeting", conversation, sequence);
                assert_ne!(last, Some(u16::try_from(next).unwrap()));
                assert_eq!(next, next_wording(count, last, "greeting", conversation, sequence));
                used[next] += 1;
                last = Some(u16::try_from(next).unwrap());
            }
            assert!(used.iter().all(|times| *times > 200 / count / 3), "{used:?}");
        }
    }
}
