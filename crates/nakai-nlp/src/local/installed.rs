use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use nakai_types::{BotName, BotRef};

use super::bot::InstalledBot;

/// The bots that are ready, a bounded number of them. Reading costs a shared lock and never waits for training.
pub(super) struct InstalledBots {
    bots: RwLock<HashMap<BotRef, Place>>,
    capacity: usize,
    /// Counts uses, to know which bot was used least recently.
    uses: AtomicU64,
}

struct Place {
    bot: Arc<InstalledBot>,
    last_use: AtomicU64,
}

impl InstalledBots {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            bots: RwLock::default(),
            capacity: capacity.max(1),
            uses: AtomicU64::new(0),
        }
    }

    /// Gives a bot and remembers that it was used.
    pub(super) fn get(&self, bot: &BotRef) -> Option<Arc<InstalledBot>> {
        let bots = self.bots.read().unwrap_or_else(PoisonError::into_inner);
        let place = bots.get(bot)?;
        place.last_use.store(self.next_use(), Ordering::Relaxed);
        Some(Arc::clone(&place.bot))
    }

    /// The installed versions of a bot.
    pub(super) fn versions(&self, name: &BotName) -> Vec<Arc<InstalledBot>> {
        let bots = self.bots.read().unwrap_or_else(PoisonError::into_inner);
        bots.iter()
            .filter(|(bot, _)| bot.name == *name)
            .map(|(_, place)| Arc::clone(&place.bot))
            .collect()
    }

    /// Adds a bot; the one that was used least recently goes if there are too many.
    pub(super) fn insert(&self, bot: Arc<InstalledBot>) {
        let place = Place {
            last_use: AtomicU64::new(self.next_use()),
            bot,
        };
        let mut bots = self.bots.write().unwrap_or_else(PoisonError::into_inner);
        bots.insert(place.bot.bot_ref().clone(), place);
        while bots.len() > self.capacity {
            let oldest = bots
                .iter()
                .min_by_key(|(_, place)| place.last_use.load(Ordering::Relaxed));
            let Some(oldest) = oldest.map(|(bot, _)| bot.clone()) else {
                break;
            };
            bots.remove(&oldest);
        }
    }

    fn next_use(&self) -> u64 {
        self.uses.fetch_add(1, Ordering::Relaxed)
    }
}
