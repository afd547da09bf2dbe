//! Bots and models as the official clients of OpenAI and Anthropic see them. The clients are installed below the target folder, in the
//! versions that `tests/clients` pins.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use nakai_scripted::{ScriptedProvider, router};
use nakai_testkit::sandbox::{Database, Placement, Sandbox};

use crate::NAKAI;

const KEY: &str = "correct-horse-battery-staple";
const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients");

/// Nakai with a scripted provider behind it, in three protocols.
async fn nakai() -> Sandbox {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let provider = router(Arc::new(ScriptedProvider::default()));
    tokio::spawn(async move { axum::serve(listener, provider).await });
    let settings = [
        format!("models.providers.scripted.base_url={address}/v1"),
        format!("models.providers.claude.base_url={address}"),
        "models.providers.claude.protocol=anthropic".into(),
        format!("models.providers.gemini.base_url={address}/v1beta"),
        "models.providers.gemini.protocol=gemini".into(),
        r#"models.allow=["scripted/scripted*", "claude/*", "gemini/*"]"#.into(),
        format!("gateway.bootstrap_key={KEY}"),
        "gateway.trust_loopback=false".into(),
    ];
    let extra: Vec<&str> = settings.iter().flat_map(|setting| ["--set", setting]).collect();
    let started = Sandbox::start_with(NAKAI, Placement::OneProcess, Database::Sqlite, &extra).await;
    started.unwrap().unwrap()
}

/// Says why the clients can't be had here, so that the test counts as skipped; an error where `NAKAI_REQUIRE_SERVERS=1`.
fn skip(reason: &str) {
    let required = std::env::var_os("NAKAI_REQUIRE_SERVERS").is_some_and(|value| value == "1");
    assert!(!required, "NAKAI_REQUIRE_SERVERS=1 and {reason}");
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    {
        eprintln!("skipped: {reason}");
    }
}

fn run(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    let said = [&*output.stdout, &*output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    if output.status.success() {
        Ok(said.concat())
    } else {
        Err(format!("{command:?} failed:\n{}", said.concat()))
    }
}

/// A folder with what `pins` asks for, made by `install` unless it is there already.
fn installed(name: &str, pins: &str, install: impl FnOnce(&Path) -> Result<(), String>) -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let stamp = folder.join("installed");
    let wanted = fs::read_to_string(Path::new(SOURCES).join(pins)).map_err(|error| error.to_string())?;
    if fs::read_to_string(&stamp).is_ok_and(|there| there == wanted) {
        return Ok(folder);
    }
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    install(&folder)?;
    fs::write(&stamp, wanted).map_err(|error| error.to_string())?;
    Ok(folder)
}

fn python() -> Result<PathBuf, String> {
    let folder = installed("clients-python", "requirements.txt", |folder| {
        run(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
        let requirements = Path::new(SOURCES).join("requirements.txt");
        run(Command::new(folder.join("bin/pip"))
            .args(["install", "--quiet", "--disable-pip-version-check", "-r"])
            .arg(requirements))?;
        Ok(())
    })?;
    Ok(folder.join("bin/python"))
}

fn node() -> Result<PathBuf, String> {
    run(Command::new("node").arg("--version"))?;
    installed("clients-node", "package-lock.json", |folder| {
        for file in ["package.json", "package-lock.json"] {
            fs::copy(Path::new(SOURCES).join(file), folder.join(file)).map_err(|error| error.to_string())?;
        }
        run(Command::new("npm")
            .args(["ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(folder))?;
        Ok(())
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_clients_for_python_see_what_they_know() {
    let python = match python() {
        Ok(python) => python,
        Err(reason) => return skip(&reason),
    };
    let nakai = nakai().await;
    for script in ["openai_client.py", "anthropic_client.py"] {
        let mut command = Command::new(&python);
        command.arg(Path::new(SOURCES).join(script)).args([&nakai.url(""), KEY]);
        let said = tokio::task::block_in_place(|| run(&mut command));
        assert!(said.is_ok(), "{}", said.unwrap_err());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_clients_for_node_see_what_they_know() {
    let folder = match node() {
        Ok(folder) => folder,
        Err(reason) => return skip(&reason),
    };
    // Modules are looked for from where the script is.
    fs::copy(Path::new(SOURCES).join("clients.mjs"), folder.join("clients.mjs")).unwrap();
    let nakai = nakai().await;
    let mut command = Command::new("node");
    command.arg(folder.join("clients.mjs")).args([&nakai.url(""), KEY]);
    let said = tokio::task::block_in_place(|| run(&mut command));
    assert!(said.is_ok(), "{}", said.unwrap_err());
}
