//! A whole Nakai on this machine, as users run it: real processes, real sockets, a real database.

use std::{
    ffi::OsString,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::postgres::PostgresServer;

/// How long a process may take until it listens. Generous: the machine may be busy with other tests.
const START_LIMIT: Duration = Duration::from_secs(60);

/// Where the three services run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// All in one process.
    OneProcess,
    /// Each in a process of its own.
    ThreeProcesses,
}

/// Where conversations are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// A file.
    Sqlite,
    /// A PostgreSQL server that belongs to the sandbox.
    Postgres,
}

/// One of the processes of a sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// The gateway, with whatever the placement puts beside it.
    Gateway,
    /// The NLP service, if it has a process of its own.
    Nlp,
    /// The dialogue service, if it has a process of its own.
    Dialogue,
}

/// A running Nakai. All of it ends, and its data are removed, on drop.
#[derive(Debug)]
pub struct Sandbox {
    program: PathBuf,
    placement: Placement,
    folder: TempDir,
    postgres: Option<PostgresServer>,
    processes: Vec<Process>,
    settings: Vec<OsString>,
    extra: Vec<OsString>,
    /// For requests of the test's own.
    pub http: Client,
}

#[derive(Debug)]
struct Process {
    service: Service,
    address: String,
    child: Option<Child>,
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Sandbox {
    /// Starts the program with the demo bot. `None` where PostgreSQL is asked for and can't be had: the test is skipped (see
    /// [`PostgresServer::start`]).
    pub async fn start(program: &str, placement: Placement, database: Database) -> Result<Option<Self>> {
        Self::start_with(program, placement, database, &[]).await
    }

    /// Starts the program with further arguments to the process that runs the gateway.
    pub async fn start_with(
        program: &str,
        placement: Placement,
        database: Database,
        extra: &[&str],
    ) -> Result<Option<Self>> {
        Self::start_set(program, placement, database, &[], extra).await
    }

    /// The same with settings for all processes, `KEY=VALUE`.
    pub async fn start_set(
        program: &str,
        placement: Placement,
        database: Database,
        settings: &[&str],
        extra: &[&str],
    ) -> Result<Option<Self>> {
        let postgres = match database {
            Database::Sqlite => None,
            Database::Postgres => match PostgresServer::start()? {
                Some(server) => Some(server),
                None => return Ok(None),
            },
        };
        let mut sandbox = Self {
            program: program.into(),
            placement,
            folder: tempfile::tempdir()?,
            postgres,
            processes: Vec::new(),
            settings: settings.iter().map(OsString::from).collect(),
            extra: extra.iter().map(OsString::from).collect(),
            // Keeps no connection: a server that was killed and started again would leave dead ones behind.
            http: Client::builder()
                .timeout(Duration::from_secs(30))
                .pool_max_idle_per_host(0)
                .build()?,
        };
        let services: &[Service] = match placement {
            Placement::OneProcess => &[Service::Gateway],
            Placement::ThreeProcesses => &[Service::Nlp, Service::Dialogue, Service::Gateway],
        };
        for &service in services {
            sandbox.processes.push(Process {
                service,
                address: "127.0.0.1:0".into(),
                child: None,
            });
            sandbox.restart(service)?;
        }
        Ok(Some(sandbox))
    }

    /// The folder of the sandbox, for files of the test's own.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The database server, if the sandbox has one.
    pub const fn postgres(&mut self) -> Option<&mut PostgresServer> {
        self.postgres.as_mut()
    }

    /// The gateway's URL with a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address(Service::Gateway))
    }

    /// Where a service listens.
    pub fn address(&self, service: Service) -> &str {
        self.processes
            .iter()
            .find(|p| p.service == service)
            .map_or("", |p| &p.address)
    }

    /// The id of a service's process, while it runs.
    pub fn process_id(&self, service: Service) -> Option<u32> {
        self.processes
            .iter()
            .find(|p| p.service == service)?
            .child
            .as_ref()
            .map(Child::id)
    }

    /// Ends a service as a crash would, with SIGKILL.
    pub fn kill(&mut self, service: Service) -> Result<()> {
        let process = self
            .processes
            .iter_mut()
            .find(|p| p.service == service)
            .context("no such process")?;
        if let Some(mut child) = process.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Asks a service to stop, with SIGTERM, and waits until it has; gives whether it ended without an error.
    pub fn stop(&mut self, service: Service) -> Result<bool> {
        let process = self
            .processes
            .iter_mut()
            .find(|p| p.service == service)
            .context("no such process")?;
        let mut child = process.child.take().context("the process does not run")?;
        Command::new("kill").args(["-TERM", &child.id().to_string()]).status()?;
        Ok(child.wait()?.success())
    }

    /// Starts a service that does not run, on the address it had, and waits until it listens.
    pub fn restart(&mut self, service: Service) -> Result<()> {
        self.kill(service)?;
        let mut command = Command::new(&self.program);
        command.arg("serve").args(["--listen", self.address(service)]);
        command.arg("--data").arg(self.folder.path().join("data"));
        match (self.placement, service) {
            (Placement::OneProcess, _) => {}
            (Placement::ThreeProcesses, Service::Nlp) => {
                command.args(["--roles", "nlp"]);
            }
            (Placement::ThreeProcesses, Service::Dialogue) => {
                command.args(["--roles", "dialogue"]);
            }
            (Placement::ThreeProcesses, Service::Gateway) => {
                command.args(["--roles", "gateway"]);
                command.args([
                    "--nlp",
                    self.address(Service::Nlp),
                    "--dialogue",
                    self.address(Service::Dialogue),
                ]);
            }
        }
        for setting in &self.settings {
            command.arg("--set").arg(setting);
        }
        if service == Service::Gateway {
            command.args(&self.extra);
            if let Some(postgres) = &self.postgres {
                command.env("NAKAI__STORE__URL", postgres.url());
            }
        }
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().context("the program can't be started")?;
        let address = listening(&mut child)?;
        let process = self
            .processes
            .iter_mut()
            .find(|p| p.service == service)
            .context("no such process")?;
        process.address = address;
        process.child = Some(child);
        Ok(())
    }

    /// Sends one message; gives status and body.
    pub async fn post(&self, body: &Value) -> Result<(u16, Value)> {
        let response = self.http.post(self.url("/chat")).json(body).send().await?;
        Ok((response.status().as_u16(), response.json().await?))
    }

    /// Says something in a conversation, or in a new one; the answer must be a success.
    pub async fn say(&self, conversation: Option<&str>, text: &str) -> Result<Value> {
        let (status, answer) = self
            .post(&json!({ "text": text, "conversation_id": conversation }))
            .await?;
        if status != 200 {
            bail!("status {status} to `{text}`: {answer}");
        }
        Ok(answer)
    }

    /// Reads a page of JSON; gives status and body.
    pub async fn get(&self, path: &str) -> Result<(u16, Value)> {
        let response = self.http.get(self.url(path)).send().await?;
        Ok((response.status().as_u16(), response.json().await?))
    }
}

/// Waits until a process says where it listens.
fn listening(child: &mut Child) -> Result<String> {
    let stdout = BufReader::new(child.stdout.take().context("no output")?);
    let stderr = BufReader::new(child.stderr.take().context("no errors")?);
    let (found, address) = mpsc::channel();
    thread::spawn(move || {
        for line in stdout.lines().map_while(Result::ok) {
            if let Some((_, address)) = line.split_once("listening on ") {
                let address = address.split("://").last().unwrap_or_default().trim().to_owned();
                let _ = found.send(address);
            }
        }
    });
    // Kept for the message of a failed start; read to the end, so that the process never waits for a reader.
    let (last, words) = mpsc::channel();
    thread::spawn(move || {
        for line in stderr.lines().map_while(Result::ok) {
            let _ = last.send(line);
        }
    });
    match address.recv_timeout(START_LIMIT) {
        Ok(address) => Ok(address),
        Err(_) => {
            let _ = child.kill();
            let _ = child.wait();
            let said: Vec<String> = words.try_iter().collect();
            bail!("the program did not start; it said:\n{}", said.join("\n"))
        }
    }
}
