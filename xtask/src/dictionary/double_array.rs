use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
};

use anyhow::{Context, ensure};
use nakai_morph::format;

/// A trie over the characters of surfaces, as a double array.
pub(super) struct DoubleArray {
    slots: Vec<Slot>,
    codes: Vec<u16>,
}

#[derive(Clone, Copy)]
struct Slot {
    base: u32,
    parent: u32,
}

/// Builds the trie of surfaces with the number of each one's first word.
pub(super) fn build(surfaces: &[(String, u32)]) -> anyhow::Result<DoubleArray> {
    let codes = codes(surfaces)?;
    let mut keys = Vec::with_capacity(surfaces.len());
    for (surface, value) in surfaces {
        let key: Option<Vec<u16>> = surface.chars().map(|c| codes.get(c as usize).copied()).collect();
        keys.push((
            key.with_context(|| format!("`{surface}` has characters beyond the basic plane"))?,
            *value,
        ));
    }
    keys.sort();
    let mut builder = Builder {
        keys: &keys,
        slots: Vec::new(),
        free: BTreeSet::new(),
    };
    builder.grow(1);
    builder.take(0, 0);
    // Nodes with one child or none come last: they fit into any slot that the others left free.
    let (mut many, mut single) = (vec![(0, 0, 0..keys.len())], Vec::new());
    while let Some((node, depth, range)) = many.pop().or_else(|| single.pop()) {
        for work in builder.place(node, depth, range)? {
            if builder.has_one_child(&work) {
                single.push(work);
            } else {
                many.push(work);
            }
        }
    }
    Ok(DoubleArray {
        slots: builder.slots,
        codes,
    })
}

/// Numbers characters from 1, the most frequent first, so that siblings lie close together.
fn codes(surfaces: &[(String, u32)]) -> anyhow::Result<Vec<u16>> {
    let mut counts: HashMap<char, usize> = HashMap::new();
    for c in surfaces.iter().flat_map(|(surface, _)| surface.chars()) {
        *counts.entry(c).or_default() += 1;
    }
    let mut order: Vec<(char, usize)> = counts.into_iter().collect();
    order.sort_by_key(|(c, count)| (std::cmp::Reverse(*count), *c));
    let mut codes = vec![0; format::CODE_POINTS];
    for (at, (c, _)) in order.iter().enumerate() {
        *codes
            .get_mut(*c as usize)
            .context("a character beyond the basic plane")? = u16::try_from(at + 1)?;
    }
    Ok(codes)
}

impl DoubleArray {
    pub(super) fn nodes(&self) -> Vec<u8> {
        self.slots
            .iter()
            .flat_map(|slot| [slot.base.to_le_bytes(), slot.parent.to_le_bytes()])
            .flatten()
            .collect()
    }

    pub(super) fn codes(&self) -> Vec<u8> {
        self.codes.iter().flat_map(|code| code.to_le_bytes()).collect()
    }
}

/// Children of one node are placed among this many slots at the end of the array; what they leave free is filled by only children.
const RECENT: usize = 16_384;

struct Builder<'k> {
    keys: &'k [(Vec<u16>, u32)],
    slots: Vec<Slot>,
    free: BTreeSet<usize>,
}

/// A node whose children are still to be placed: its slot, its depth, and the keys below it.
type Work = (usize, usize, Range<usize>);

impl Builder<'_> {
    /// Places the children of a node whose keys are `range`, all alike in their first `depth` codes.
    /// Gives the children that are to be placed next.
    fn place(&mut self, node: usize, depth: usize, range: Range<usize>) -> anyhow::Result<Vec<Work>> {
        let mut children: Vec<(u16, Range<usize>)> = Vec::new();
        let mut value = None;
        for at in range {
            let (key, number) = self.keys.get(at).context("a key is missing")?;
            match (key.get(depth), children.last_mut()) {
                (None, _) => value = Some(*number),
                (Some(code), Some((last, keys))) if code == last => keys.end = at + 1,
                (Some(code), _) => children.push((*code, at..at + 1)),
            }
        }
        if let (Some(value), true) = (value, children.is_empty()) {
            self.slot(node)?.base = format::LEAF | value;
            return Ok(Vec::new());
        }
        let codes: Vec<usize> = value
            .iter()
            .map(|_| 0)
            .chain(children.iter().map(|(code, _)| usize::from(*code)))
            .collect();
        let base = self.find(&codes);
        let number = u32::try_from(base)?;
        ensure!(
            number <= format::BASE,
            "the trie is larger than the format has room for"
        );
        let parent = u32::try_from(node)?;
        for code in codes {
            self.take(base + code, parent);
        }
        let flag = if value.is_some() { format::TERMINAL } else { 0 };
        self.slot(node)?.base = flag | number;
        if let Some(value) = value {
            self.slot(base)?.base = format::LEAF | value;
        }
        Ok(children
            .into_iter()
            .map(|(code, keys)| (base + usize::from(code), depth + 1, keys))
            .collect())
    }

    fn has_one_child(&self, (_, depth, range): &Work) -> bool {
        let code = |at: usize| self.keys.get(at).and_then(|(key, _)| key.get(*depth));
        code(range.start) == code(range.end - 1)
    }

    /// Finds a base at which the slots for all codes (ascending) are free.
    fn find(&mut self, codes: &[usize]) -> usize {
        let first = codes.first().copied().unwrap_or(0);
        let last = codes.last().copied().unwrap_or(0);
        loop {
            // Slot 0 is the root, so no base is 0: then a slot that is the end of a surface is never the root.
            let from = if codes.len() == 1 {
                0
            } else {
                self.slots.len().saturating_sub(RECENT)
            };
            let mut bases = self.free.range(from.max(first + 1)..).map(|at| at - first);
            let slots = &self.slots;
            let is_free = |at: usize| slots.get(at).is_some_and(|slot| slot.parent == format::FREE);
            if let Some(base) = bases.find(|base| codes.iter().skip(1).all(|code| is_free(base + code))) {
                return base;
            }
            self.grow(self.slots.len() + last + 256);
        }
    }

    fn grow(&mut self, length: usize) {
        self.free.extend(self.slots.len()..length);
        self.slots.resize(
            length,
            Slot {
                base: 0,
                parent: format::FREE,
            },
        );
    }

    fn take(&mut self, at: usize, parent: u32) {
        self.free.remove(&at);
        if let Some(slot) = self.slots.get_mut(at) {
            slot.parent = parent;
        }
    }

    fn slot(&mut self, at: usize) -> anyhow::Result<&mut Slot> {
        self.slots.get_mut(at).context("a slot is missing")
    }
}
