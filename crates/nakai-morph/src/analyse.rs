use crate::{
    Dictionary, Morpheme,
    dictionary::{ClassRule, Connections},
};

/// The characters that are analysed together. Longer text is cut, at the end of a sentence if there is one, which bounds memory.
const WINDOW: usize = 2048;

/// A run of more characters than this after its first is not one unknown word (MeCab's `max-grouping-size`).
const LONGEST_GROUP: usize = 24;

/// The context of the beginning and the end of a text.
const EDGE: u16 = 0;

/// No node.
const NONE: u32 = u32::MAX;

/// The buffers of an analysis. They grow to what the longest text needed, within bounds, so that keeping a workspace (one for each
/// thread) makes analysis free of allocation. Nothing of a text is left in it but numbers.
#[derive(Debug, Default)]
pub struct Workspace {
    characters: Vec<Character>,
    nodes: Vec<Node>,
    /// For each position in the window, the last node that ends there.
    ends: Vec<u32>,
    lefts: Vec<Left>,
    /// For each left context, the best way to reach it from the position in work.
    best: Vec<Best>,
    path: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Character {
    /// Where it starts in the text.
    start: usize,
    code: u16,
    class: u8,
}

/// A word at a place.
#[derive(Debug, Clone, Copy)]
struct Node {
    word: u32,
    /// The least cost of all ways from the beginning to the end of this node.
    cost: i32,
    /// The node before it on the way of least cost.
    previous: u32,
    /// The next node that ends where this one does.
    next: u32,
    /// The characters of the word, without white space before it.
    start: u16,
    end: u16,
    context: u16,
}

/// A node that ends at the position in work.
#[derive(Debug, Clone, Copy)]
struct Left {
    cost: i32,
    node: u32,
    context: u16,
}

#[derive(Debug, Clone, Copy, Default)]
struct Best {
    /// For which position this was computed; 0 for none.
    position: u32,
    cost: i32,
    node: u32,
}

impl Dictionary {
    /// Appends the morphemes of a text to `out`: the way of least cost through all words that the text may consist of, as MeCab
    /// finds it. Takes any text, in time linear in its length; white space is in no morpheme. Each line is read on its own.
    pub fn analyse(&self, text: &str, workspace: &mut Workspace, out: &mut Vec<Morpheme>) {
        let mut at = 0;
        while let Some(rest) = text.get(at..)
            && !rest.is_empty()
        {
            let window = window(rest);
            Analysis {
                dictionary: self,
                workspace,
            }
            .run(window, at, out);
            at += window.len();
        }
    }
}

/// The beginning of a text that is analysed at once: a line, or as much of it as fits, up to the end of a sentence or a phrase.
fn window(text: &str) -> &str {
    let (mut sentence, mut phrase) = (0, 0);
    for (count, (at, c)) in text.char_indices().enumerate() {
        if count == WINDOW {
            let end = [sentence, phrase, at].into_iter().find(|end| *end > 0).unwrap_or(at);
            return text.get(..end).unwrap_or(text);
        }
        match c {
            '\n' => return text.get(..=at).unwrap_or(text),
            '。' | '！' | '？' | '!' | '?' => sentence = at + c.len_utf8(),
            '、' | ' ' | '\u{3000}' => phrase = at + c.len_utf8(),
            _ => {}
        }
    }
    text
}

struct Analysis<'a> {
    dictionary: &'a Dictionary,
    workspace: &'a mut Workspace,
}

impl Analysis<'_> {
    /// Analyses one window, which begins at byte `offset` of the text.
    fn run(&mut self, window: &str, offset: usize, out: &mut Vec<Morpheme>) {
        self.start(window);
        let length = self.workspace.characters.len();
        for position in 0..length {
            if self.gather(position) {
                self.extend(position);
            }
        }
        // White space at the end is in no word: the last words end before it.
        if let Some(end) = (0..=length).rev().find(|position| self.gather(*position)) {
            let last = self.best_left(end, EDGE).node;
            self.collect(last, window.len(), offset, out);
        }
    }

    fn start(&mut self, window: &str) {
        let Workspace {
            characters,
            nodes,
            ends,
            best,
            ..
        } = &mut *self.workspace;
        characters.clear();
        characters.extend(window.char_indices().map(|(start, c)| {
            let (code, class) = self.dictionary.character(c);
            Character { start, code, class }
        }));
        ends.clear();
        ends.resize(characters.len() + 1, NONE);
        best.clear();
        best.resize(self.dictionary.contexts(), Best::default());
        nodes.clear();
    }

    /// Gathers the nodes that end at a position, in the order in which MeCab compares them; says whether there are any.
    fn gather(&mut self, position: usize) -> bool {
        let Workspace { nodes, ends, lefts, .. } = &mut *self.workspace;
        lefts.clear();
        if position == 0 {
            lefts.push(Left {
                cost: 0,
                node: NONE,
                context: EDGE,
            });
        }
        let mut next = ends.get(position).copied().unwrap_or(NONE);
        while let Some(node) = nodes.get(next as usize) {
            lefts.push(Left {
                cost: node.cost,
                node: next,
                context: node.context,
            });
            next = node.next;
        }
        !lefts.is_empty()
    }

    /// Adds the words that begin at a position, after white space.
    fn extend(&mut self, position: usize) {
        let begin = self.skip_space(position);
        let Some(first) = self.workspace.characters.get(begin).copied() else {
            return;
        };
        let rule = self.dictionary.class_rule(first.class);
        let before = self.workspace.nodes.len();
        self.add_known(position, begin);
        let known = self.workspace.nodes.len() > before;
        if !known || rule.invoke {
            self.add_unknown(position, begin, rule);
        }
        self.link(before);
    }

    fn skip_space(&self, position: usize) -> usize {
        let rest = self.workspace.characters.get(position..).unwrap_or_default();
        position
            + rest
                .iter()
                .take_while(|c| self.dictionary.class_rule(c.class).space)
                .count()
    }

    fn add_known(&mut self, position: usize, begin: usize) {
        let dictionary = self.dictionary;
        let mut at = begin;
        let characters = std::mem::take(&mut self.workspace.characters);
        let codes = characters.get(begin..).unwrap_or_default().iter().map(|c| c.code);
        dictionary.prefixes(codes, |length, first_word| {
            at = begin + length;
            self.add(position, begin, at, first_word);
        });
        self.workspace.characters = characters;
    }

    /// Adds words of a class of characters, for what the dictionary does not have.
    fn add_unknown(&mut self, position: usize, begin: usize, rule: ClassRule) {
        let before = self.workspace.nodes.len();
        let mut group_end = None;
        if rule.group {
            let end = self.group(begin, rule);
            if end - begin <= 1 + LONGEST_GROUP {
                self.add(position, begin, end, rule.unknown);
            }
            group_end = Some(end);
        }
        for end in begin + 1..=begin + usize::from(rule.length) {
            if group_end == Some(end) {
                break;
            }
            self.add(position, begin, end, rule.unknown);
            if self.kinds(end) & rule.kinds == 0 {
                break;
            }
        }
        if self.workspace.nodes.len() == before {
            self.add(position, begin, begin + 1, rule.unknown);
        }
    }

    /// The end of the run of characters of one kind, or of its first part that is too long for a word. As in MeCab, each character
    /// needs a kind in common with the one before it.
    fn group(&self, begin: usize, rule: ClassRule) -> usize {
        let mut kinds = rule.kinds;
        let mut end = begin + 1;
        while end - begin <= 1 + LONGEST_GROUP && self.kinds(end) & kinds != 0 {
            kinds = self.kinds(end);
            end += 1;
        }
        end
    }

    fn kinds(&self, at: usize) -> u32 {
        self.workspace
            .characters
            .get(at)
            .map_or(0, |c| self.dictionary.class_rule(c.class).kinds)
    }

    /// Adds the words of one surface.
    fn add(&mut self, position: usize, begin: usize, end: usize, first_word: u32) {
        let narrow = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
        let mut number = first_word;
        loop {
            let word = self.dictionary.word(number);
            let best = self.best_left(position, word.context);
            self.workspace.nodes.push(Node {
                word: number,
                cost: best.cost + i32::from(word.cost),
                previous: best.node,
                next: NONE,
                start: narrow(begin),
                end: narrow(end),
                context: word.context,
            });
            if word.last {
                return;
            }
            number += 1;
        }
    }

    /// The cheapest way from the beginning to a word of this left context at the position whose nodes were gathered last.
    fn best_left(&mut self, position: usize, context: u16) -> Best {
        let Workspace { lefts, best, .. } = &mut *self.workspace;
        let stamp = u32::try_from(position).unwrap_or(u32::MAX - 1) + 1;
        if let Some(known) = best.get(usize::from(context))
            && known.position == stamp
        {
            return *known;
        }
        let found = cheapest(lefts, self.dictionary.connections(context), stamp);
        if let Some(slot) = best.get_mut(usize::from(context)) {
            *slot = found;
        }
        found
    }

    /// Hangs nodes on to the positions where they end. The order decides between ways of the same cost, and is MeCab's.
    fn link(&mut self, first: usize) {
        let Workspace { nodes, ends, .. } = &mut *self.workspace;
        for number in (first..nodes.len()).rev() {
            if let Some(node) = nodes.get_mut(number)
                && let Some(head) = ends.get_mut(usize::from(node.end))
            {
                node.next = *head;
                *head = u32::try_from(number).unwrap_or(NONE);
            }
        }
    }

    /// Appends the way that ends with a node.
    fn collect(&mut self, last: u32, window_len: usize, offset: usize, out: &mut Vec<Morpheme>) {
        let Workspace {
            characters,
            nodes,
            path,
            ..
        } = &mut *self.workspace;
        path.clear();
        let mut at = last;
        while let Some(node) = nodes.get(at as usize) {
            path.push(at);
            at = node.previous;
        }
        let byte = |at: u16| offset + characters.get(usize::from(at)).map_or(window_len, |c| c.start);
        out.extend(
            path.iter()
                .rev()
                .filter_map(|at| nodes.get(*at as usize))
                .map(|node| Morpheme {
                    start: byte(node.start),
                    end: byte(node.end),
                    word: node.word,
                    part_of_speech: self.dictionary.part_of_speech(node.context),
                }),
        );
    }
}

#[inline]
fn cheapest(lefts: &[Left], connections: Connections, position: u32) -> Best {
    let mut best = Best {
        position,
        cost: i32::MAX,
        node: NONE,
    };
    for left in lefts {
        let cost = left.cost.saturating_add(connections.cost(left.context));
        if cost < best.cost {
            (best.cost, best.node) = (cost, left.node);
        }
    }
    best
}

#[cfg(test)]
mod tests;
