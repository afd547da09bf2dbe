//! Words to the person at the terminal.

use std::{
    fmt::{Arguments, Display},
    io::{self, Write},
};

use anyhow::Result;
use serde::Serialize;

/// Writes a line to standard output. A closed pipe (`nakai … | head`) is no error of ours.
pub(crate) fn say(line: Arguments<'_>) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// Writes a line to standard error.
pub(crate) fn complain(line: Arguments<'_>) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Prints a report: one JSON object, or a table for people.
pub(crate) fn print(report: &(impl Serialize + Display), json: bool) -> Result<()> {
    if json {
        say(format_args!("{}", serde_json::to_string(report)?));
    } else {
        say(format_args!("{}", report.to_string().trim_end()));
    }
    Ok(())
}
