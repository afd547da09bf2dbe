//! A PostgreSQL server that belongs to one test.
//!
//! `initdb` is the slow part, so it runs once per PostgreSQL release and its result is kept in the temporary directory of the
//! machine; every server gets a copy. PostgreSQL refuses to run as root, so a test that runs as root (as in many containers) starts
//! it as the user `nobody`, through `setpriv` of util-linux.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io::{self, Write},
    net::{Ipv4Addr, TcpListener},
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

/// How long a server may take to accept connections.
const START_LIMIT: Duration = Duration::from_secs(30);
/// How often another port is tried when somebody took the free one first.
const PORT_ATTEMPTS: usize = 5;

/// A running PostgreSQL server with an empty database. Stopped, and its data removed, on drop.
#[derive(Debug)]
pub struct PostgresServer {
    programs: Programs,
    directory: TempDir,
    port: u16,
    process: Option<ServerProcess>,
}

impl PostgresServer {
    /// Starts a server, or says why that can't be done here and gives `None`: the test then counts as skipped.
    ///
    /// With `NAKAI_REQUIRE_SERVERS=1` in the environment a machine without PostgreSQL is an error, so that CI can't skip in silence.
    pub fn start() -> Result<Option<Self>> {
        let programs = match Programs::find() {
            Ok(programs) => programs,
            Err(reason) if std::env::var_os("NAKAI_REQUIRE_SERVERS").is_some_and(|v| v == "1") => {
                return Err(reason.context("NAKAI_REQUIRE_SERVERS=1 and PostgreSQL can't be started"));
            }
            Err(reason) => {
                skip(&reason);
                return Ok(None);
            }
        };
        let directory = tempfile::Builder::new().prefix("nakai-postgres-").tempdir()?;
        programs.hand_over(directory.path())?;
        programs.copy(&programs.template()?, &directory.path().join("data"))?;
        let mut server = Self {
            programs,
            directory,
            port: 0,
            process: None,
        };
        for _ in 0..PORT_ATTEMPTS {
            server.port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
            if server.restart().is_ok() {
                return Ok(Some(server));
            }
        }
        bail!("PostgreSQL did not start; its log says:\n{}", server.log())
    }

    /// The address of its only database, as a `postgres://` URL. Stays the same over [`kill`](Self::kill) and [`restart`](Self::restart).
    pub fn url(&self) -> String {
        format!("postgres://nakai@127.0.0.1:{}/postgres", self.port)
    }

    /// Stops the server as a crash would: connections are cut, nothing is tidied up. Does nothing if it is stopped.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Starts the server again on the same port and data, and waits until it accepts connections.
    pub fn restart(&mut self) -> Result<()> {
        self.kill();
        let data = self.data();
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.directory.path().join("log"))?;
        let mut command = self.programs.command("postgres");
        command.arg("-D").arg(&data).args(["-p", &self.port.to_string()]);
        // A test wants a fast server: what a power failure would lose is no concern, what a crash would lose is on disk already.
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=off",
            "shared_buffers=16MB",
            "max_connections=50",
            "autovacuum=off",
        ] {
            command.args(["-c", setting]);
        }
        command
            .current_dir(&data)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        // Left by a kill; the server would read it itself, but until it has, it says `ready` of a server that is gone.
        let status_file = data.join("postmaster.pid");
        remove_if_there(&status_file)?;
        let mut process = ServerProcess::spawn(command)?;
        let started = Instant::now();
        while !is_ready(&status_file) {
            ensure!(
                process.is_running(),
                "PostgreSQL ended at once; its log says:\n{}",
                self.log()
            );
            ensure!(
                started.elapsed() < START_LIMIT,
                "PostgreSQL is not ready after {START_LIMIT:?}"
            );
            thread::sleep(Duration::from_millis(5));
        }
        self.process = Some(process);
        Ok(())
    }

    fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    fn log(&self) -> String {
        fs::read_to_string(self.directory.path().join("log")).unwrap_or_default()
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The server's process and the thread that started it.
///
/// The server is told by the kernel to end when the thread that started it ends, so that it does not outlive a test process that
/// was killed. Hence a thread of its own, which does nothing else: the thread of the test may end before the test does.
#[derive(Debug)]
struct ServerProcess {
    child: Child,
    /// Closed by the drop of this value, which ends the thread.
    _starter: mpsc::Sender<()>,
}

impl ServerProcess {
    fn spawn(mut command: Command) -> Result<Self> {
        let (starter, ended) = mpsc::channel::<()>();
        let (spawning, spawned) = mpsc::channel();
        thread::Builder::new()
            .name("postgres-starter".to_owned())
            .spawn(move || {
                if spawning.send(command.spawn()).is_ok() {
                    ended.into_iter().for_each(drop);
                }
            })?;
        let child = spawned.recv()?.context("start postgres")?;
        Ok(Self {
            child,
            _starter: starter,
        })
    }

    fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for ServerProcess {
    /// Sends `SIGQUIT`, PostgreSQL's immediate shutdown: its processes end without a checkpoint, the next start recovers.
    fn drop(&mut self) {
        let asked = Command::new("kill")
            .args(["-QUIT", &self.child.id().to_string()])
            .status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// Where the programs are and as whom they run.
#[derive(Debug)]
struct Programs {
    directory: PathBuf,
    /// User and group to become; `None` if we are not root.
    become_user: Option<(u32, u32)>,
}

impl Programs {
    fn find() -> Result<Self> {
        let directory = program_directories()
            .into_iter()
            .find(|d| ["postgres", "initdb"].iter().all(|program| d.join(program).is_file()))
            .context("`postgres` and `initdb` are not installed; install the PostgreSQL server package")?;
        let become_user = if own_uid()? == 0 {
            ensure!(
                Command::new("setpriv").arg("--version").output().is_ok(),
                "PostgreSQL does not run as root and `setpriv` is not installed; run the tests as another user"
            );
            Some(nobody()?)
        } else {
            None
        };
        Ok(Self { directory, become_user })
    }

    /// A command that runs as the unprivileged user and ends with the thread that starts it, where the machine can do that.
    fn command(&self, program: &str) -> Command {
        let path = self.directory.join(program);
        let Some((user, group)) = self.become_user else {
            return Command::new(path);
        };
        let mut command = Command::new("setpriv");
        command.args([format!("--reuid={user}"), format!("--regid={group}")]);
        command.args(["--clear-groups", "--pdeathsig=QUIT"]).arg(path);
        command
    }

    /// Makes the user under which the server runs the owner of a directory.
    fn hand_over(&self, directory: &Path) -> Result<()> {
        if let Some((user, group)) = self.become_user {
            chown(directory, Some(user), Some(group))?;
        }
        Ok(())
    }

    /// Gives the directory of an initialised server that never ran, made by the first test that asks.
    fn template(&self) -> Result<PathBuf> {
        let version = self.version()?;
        let home = std::env::temp_dir().join(format!("nakai-postgres-templates-{}", own_uid()?));
        fs::create_dir_all(&home)?;
        fs::set_permissions(&home, fs::Permissions::from_mode(0o755))?;
        let template = home.join(&version);
        let lock = File::create(home.join("lock"))?;
        lock.lock()?;
        if !template.exists() {
            let unfinished = home.join(format!("{version}.new"));
            if unfinished.exists() {
                fs::remove_dir_all(&unfinished)?;
            }
            fs::create_dir(&unfinished)?;
            self.hand_over(&unfinished)?;
            let mut initdb = self.command("initdb");
            initdb.arg("-D").arg(&unfinished).current_dir("/");
            initdb.args([
                "--auth=trust",
                "--username=nakai",
                "--encoding=UTF8",
                "--locale=C",
                "--wal-segsize=1",
                "--no-sync",
            ]);
            successful(&mut initdb)?;
            self.shrink(&unfinished)?;
            fs::rename(&unfinished, &template)?;
        }
        Ok(template)
    }

    /// Drops the template databases: two thirds of what would be copied for every test.
    fn shrink(&self, data: &Path) -> Result<()> {
        let mut server = self.command("postgres");
        server
            .args(["--single", "-c", "fsync=off", "-D"])
            .arg(data)
            .arg("postgres")
            .current_dir("/");
        let mut server = server
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let statements =
            "UPDATE pg_database SET datistemplate = false;\nDROP DATABASE template0;\nDROP DATABASE template1;\n";
        server
            .stdin
            .take()
            .context("stdin of postgres")?
            .write_all(statements.as_bytes())?;
        ensure!(
            server.wait()?.success(),
            "PostgreSQL could not drop its template databases"
        );
        Ok(())
    }

    fn version(&self) -> Result<String> {
        let output = successful(Command::new(self.directory.join("postgres")).arg("--version"))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let number = text
            .split_whitespace()
            .find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        Ok(number.context("`postgres --version` names no version")?.to_owned())
    }

    /// Copies a directory with its owner and modes.
    fn copy(&self, from: &Path, to: &Path) -> Result<()> {
        successful(Command::new("cp").arg("-Rp").arg(from).arg(to)).map(drop)
    }
}

/// `PATH`, then the places of the distributions that keep the server's programs elsewhere, the newest release first.
fn program_directories() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut directories: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let releases = |home: &str| {
        fs::read_dir(home)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
    };
    let mut elsewhere: Vec<PathBuf> = releases("/usr/lib/postgresql")
        .map(|release| release.join("bin"))
        .collect();
    elsewhere.sort();
    directories.extend(elsewhere.into_iter().rev());
    directories
}

fn own_uid() -> io::Result<u32> {
    fs::metadata("/proc/self")
        .or_else(|_| fs::metadata(std::env::temp_dir()))
        .map(|metadata| metadata.uid())
}

/// User and group of `nobody`, who is on every Unix.
fn nobody() -> Result<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd")?;
    let line = users
        .lines()
        .find(|line| line.starts_with("nobody:"))
        .context("there is no user `nobody`")?;
    let mut numbers = line.split(':').skip(2).map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(user)), Some(Ok(group))) => Ok((user, group)),
        _ => bail!("the entry of `nobody` in /etc/passwd can't be read"),
    }
}

/// The eighth line of `postmaster.pid` is the server's state.
fn is_ready(status_file: &Path) -> bool {
    fs::read_to_string(status_file).is_ok_and(|text| text.lines().nth(7).is_some_and(|state| state.trim() == "ready"))
}

fn remove_if_there(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn successful(command: &mut Command) -> Result<Output> {
    let output = command
        .output()
        .with_context(|| format!("run {}", Path::display(command.get_program().as_ref())))?;
    ensure!(
        output.status.success(),
        "{:?} failed: {}",
        command.get_args().collect::<Vec<&OsStr>>(),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(output)
}

#[expect(
    clippy::print_stderr,
    reason = "a skipped test says so where the person who runs it looks"
)]
fn skip(reason: &anyhow::Error) {
    eprintln!("skipped: {reason:#}");
}
