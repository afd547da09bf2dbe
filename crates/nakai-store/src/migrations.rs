//! The tables, step by step. Append only: a step that was released is never changed.

use std::borrow::Cow;

use sqlx::{
    SqlStr,
    migrate::{Migration, MigrationType, Migrator},
};

/// The steps of one dialect, each with its name; a step's number is its place, from 1.
type Steps = &'static [(&'static str, &'static str)];

const SQLITE: Steps = &[
    (
        "conversations and bots",
        include_str!("../migrations/sqlite/0001_conversations_and_bots.sql"),
    ),
    ("usage", include_str!("../migrations/sqlite/0002_usage.sql")),
];
const POSTGRES: Steps = &[
    (
        "conversations and bots",
        include_str!("../migrations/postgres/0001_conversations_and_bots.sql"),
    ),
    ("usage", include_str!("../migrations/postgres/0002_usage.sql")),
];

/// Migrates SQLite.
pub(crate) fn sqlite() -> Migrator {
    migrator(SQLITE)
}

/// Migrates PostgreSQL, under an advisory lock, so that replicas may start together.
pub(crate) fn postgres() -> Migrator {
    migrator(POSTGRES)
}

/// The newest schema that a migrator makes.
pub(crate) fn newest(migrator: &Migrator) -> i64 {
    migrator
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or_default()
}

fn migrator(steps: Steps) -> Migrator {
    let migration = |(number, (name, sql)): (i64, &(&'static str, &'static str))| {
        Migration::new(
            number,
            Cow::Borrowed(name),
            MigrationType::Simple,
            SqlStr::from_static(sql),
            false,
        )
    };
    Migrator::with_migrations((1..).zip(steps).map(migration).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_dialects_have_the_same_steps() {
        let names = |steps: Steps| steps.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        assert_eq!(names(SQLITE), names(POSTGRES));
    }
}
