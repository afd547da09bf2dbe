use sqlx::{AssertSqlSafe, SqlStr};

use super::Place;

/// The names of all tables.
pub(super) struct Tables {
    prefix: String,
}

impl Tables {
    /// `prefix` has letters, digits, `-` and `_` only, as the settings are checked.
    pub(super) fn new(prefix: &str) -> Self {
        let safe = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        Self {
            prefix: prefix.chars().filter(safe).collect(),
        }
    }

    /// A statement with the name of the table of versions for `{versions}`.
    pub(super) fn sql(&self, statement: &str) -> SqlStr {
        let versions = format!("\"{}_versions\"", self.prefix);
        safe(statement.replace("{versions}", &versions))
    }

    /// A statement with the names of a version's tables for `{passages}` and `{terms}`.
    pub(super) fn sql_of(&self, place: &Place, statement: &str) -> SqlStr {
        let name = |table: &str| format!("\"{}_{}_{table}\"", self.prefix, place.number);
        let statement = statement.replace("{passages}", &name("passages"));
        safe(statement.replace("{terms}", &name("terms")))
    }

    /// What begins all names.
    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }
}

/// The statement has nothing from outside of the program but the names of tables, and those have no character that ends a name.
fn safe(statement: String) -> SqlStr {
    sqlx::SqlSafeStr::into_sql_str(AssertSqlSafe(statement))
}
