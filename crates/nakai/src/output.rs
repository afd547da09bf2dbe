//! Words to the person at the terminal.

use std::{
    fmt::Arguments,
    io::{self, Write},
};

/// Writes a line to standard output. A closed pipe (`nakai … | head`) is no error of ours.
pub(crate) fn say(line: Arguments<'_>) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// Writes a line to standard error.
pub(crate) fn complain(line: Arguments<'_>) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
