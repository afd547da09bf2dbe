//! A server process to be measured: started, watched through `/proc`, ended.

use std::{
    ffi::OsStr,
    fs,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// Clock ticks a second in `/proc`; the same on every Linux architecture that Rust runs on (`USER_HZ`).
const TICKS_PER_SECOND: f64 = 100.0;

/// A server in a process of its own.
pub(super) struct ServerProcess {
    child: Child,
    /// Where it listens.
    pub(super) address: String,
    /// When it was started.
    pub(super) started: Instant,
}

impl ServerProcess {
    /// Runs this program with `arguments` and waits until it says where it listens.
    pub(super) async fn start<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Result<Self> {
        let program = std::env::current_exe().context("this program can't find itself")?;
        let started = Instant::now();
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("the server can't be started")?;
        let stdout = child.stdout.take().context("the server has no output")?;
        let mut lines = BufReader::new(stdout).lines();
        while let Some(line) = lines.next_line().await? {
            if let Some((_, address)) = line.split_once("listening on http://") {
                let address = address.trim().to_owned();
                // Its further words are read and dropped, so that it never waits for a reader.
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Ok(Self {
                    child,
                    address,
                    started,
                });
            }
        }
        bail!("the server ended before it listened; run `nakai serve` to see why")
    }

    /// CPU time of the whole process so far, user and system.
    pub(super) fn cpu(&self) -> Result<Duration> {
        let stat = fs::read_to_string(self.proc("stat")?)?;
        // The command's name, the second field, may hold spaces; it ends with the last parenthesis.
        let fields: Vec<&str> = stat
            .rsplit_once(')')
            .context("unreadable /proc stat")?
            .1
            .split_whitespace()
            .collect();
        let ticks = |index: usize| {
            fields
                .get(index)
                .and_then(|f| f.parse::<f64>().ok())
                .context("unreadable /proc stat")
        };
        Ok(Duration::from_secs_f64((ticks(11)? + ticks(12)?) / TICKS_PER_SECOND))
    }

    /// The most memory that the process ever held, MiB.
    pub(super) fn peak_mib(&self) -> Result<f64> {
        self.memory_mib("VmHWM:")
    }

    /// The memory that the process holds now, MiB.
    pub(super) fn resident_mib(&self) -> Result<f64> {
        self.memory_mib("VmRSS:")
    }

    fn memory_mib(&self, name: &str) -> Result<f64> {
        let status = fs::read_to_string(self.proc("status")?)?;
        let line = status
            .lines()
            .find_map(|l| l.strip_prefix(name))
            .with_context(|| format!("no {name} in /proc status"))?;
        let kib: f64 = line
            .trim()
            .trim_end_matches(" kB")
            .parse()
            .with_context(|| format!("unreadable {name}"))?;
        Ok(kib / 1024.0)
    }

    fn proc(&self, file: &str) -> Result<String> {
        let id = self
            .child
            .id()
            .context("the server has ended; run `nakai serve` to see why")?;
        Ok(format!("/proc/{id}/{file}"))
    }

    /// Ends the process.
    pub(super) async fn stop(mut self) -> Result<()> {
        self.child.kill().await.context("the server can't be ended")
    }
}
