//! Reads a file for an article. A PDF is read by a process of its own: a PDF can be made to take any time and memory, and a process can be
//! ended.

use std::{path::Path, process::Stdio, time::Duration};

use anyhow::{Context, Result};
use nakai_documents::{Document, Kind, Unreadable, open, read};
use tokio::process::Command;

use crate::output::say;

/// The most memory that reading a PDF may take, in bytes.
const MAX_MEMORY: u64 = 2 << 30;
/// The status of a process that ran into a fault of its own.
const PANICKED: i32 = 101;

/// Reads a file of any kind.
///
/// # Errors
/// Why no article can be made of it; and if no process can be started.
pub(super) async fn text_of(file: &Path, limit: Duration) -> Result<Result<Document, Unreadable>> {
    match Kind::of(file) {
        Ok(Kind::Pdf) => in_a_process(file, limit).await,
        Ok(kind) => Ok(open(file, kind).and_then(|content| read(kind, &content))),
        Err(unreadable) => Ok(Err(unreadable)),
    }
}

async fn in_a_process(file: &Path, limit: Duration) -> Result<Result<Document, Unreadable>> {
    let program = std::env::current_exe().context("this program can't find itself")?;
    let reader = Command::new(program)
        .args(["knowledge", "read", "--"])
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("no process can be started to read a PDF")?;
    let Ok(ended) = tokio::time::timeout(limit, reader.wait_with_output()).await else {
        let seconds = limit.as_secs();
        return Ok(Err(Unreadable::TooCostly(format!("it took more than {seconds} s"))));
    };
    let ended = ended.context("the process that reads a PDF was lost")?;
    if ended.status.success() {
        return serde_json::from_slice(&ended.stdout).context("the process that reads a PDF told nonsense");
    }
    Ok(Err(match ended.status.code() {
        Some(PANICKED) => Unreadable::BROKEN_PDF,
        // Ended by the system: for want of memory as a rule.
        _ => Unreadable::TooCostly(format!("it took more than {} MB of memory", MAX_MEMORY >> 20)),
    }))
}

/// Is that process: reads a file and writes its text, or why there is none, as one JSON value.
pub(super) fn serve(file: &Path) -> Result<()> {
    limit_memory();
    let document = Kind::of(file).and_then(|kind| read(kind, &open(file, kind)?));
    say(format_args!("{}", serde_json::to_string(&document)?));
    Ok(())
}

/// Beyond it, the system gives this process no more memory, and it ends.
fn limit_memory() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};

        let limit = Rlimit {
            current: Some(MAX_MEMORY),
            maximum: Some(MAX_MEMORY),
        };
        // A stricter limit of the system's stays as it is.
        let _ = setrlimit(Resource::Data, limit);
    }
}
