//! Loads the settings from file, environment and flags, and `nakai config`.

use std::{env, fs};

use anyhow::{Context, Result, bail};
use nakai_config::{Layers, Problems, Schema, Severity, Source};

use crate::{
    cli::{self, Cli},
    output::{complain, say},
    settings::{Role, Settings},
};

/// Loads and checks the settings; the problems of all layers come as one error.
pub(crate) fn load(cli: &Cli, serve: Option<&cli::Serve>) -> Result<Settings> {
    let (loaded, problems) = read(cli, serve)?;
    if problems.has_errors() {
        return Err(problems.into());
    }
    for warning in problems.iter() {
        complain(format_args!("{warning}"));
    }
    Ok(loaded.value)
}

fn read(cli: &Cli, serve: Option<&cli::Serve>) -> Result<(nakai_config::Settings<Settings>, Problems)> {
    let mut layers = Layers::<Settings>::new("NAKAI");
    if let Some(path) = &cli.config {
        let name = path.display().to_string();
        let bytes = fs::read(path)
            .with_context(|| format!("the configuration {name} can't be read; name another with --config"))?;
        layers = layers.file(Source::from_bytes(name, &bytes)?);
    }
    layers = layers.environment(env::vars_os());
    for setting in &cli.set {
        let Some((key, value)) = setting.split_once('=') else {
            bail!("`--set {setting}` has no `=`; write for example `--set gateway.listen=127.0.0.1:8080`");
        };
        layers = layers.set(&format!("--set {key}"), key, value);
    }
    if let Some(serve) = serve {
        layers = flags(layers, serve)?;
    }
    let loaded = layers.load()?;
    let mut problems = Problems::default();
    loaded.value.check(&mut problems);
    loaded.locate(&mut problems);
    Ok((loaded, problems))
}

/// The flags of `nakai serve`, each another way to write a setting.
fn flags(mut layers: Layers<Settings>, serve: &cli::Serve) -> Result<Layers<Settings>> {
    let listed = |text: &str| serde_json::to_string(&text.split(',').map(str::trim).collect::<Vec<_>>());
    for (flag, key, value) in [
        ("--roles", "roles", &serve.roles),
        ("--nlp", "rpc.nlp", &serve.nlp),
        ("--dialogue", "rpc.dialogue", &serve.dialogue),
    ] {
        if let Some(value) = value {
            layers = layers.set(flag, key, &listed(value)?);
        }
    }
    if let Some(address) = &serve.listen {
        let roles = serve.roles.as_deref();
        let gateway = roles.is_none_or(|roles| roles.split(',').any(|role| role.trim() == Role::Gateway.to_string()));
        layers = layers.set(
            "--listen",
            if gateway { "gateway.listen" } else { "rpc.listen" },
            address,
        );
    }
    if !serve.bots.is_empty() {
        layers = layers.set("--bot", "bots", &serde_json::to_string(&serve.bots)?);
    }
    if let Some(data) = &serve.data {
        layers = layers.set("--data", "data", data);
    }
    if serve.watch {
        layers = layers.set("--watch", "watch", "true");
    }
    Ok(layers)
}

pub(crate) fn run(cli: &Cli, command: &cli::Config) -> Result<()> {
    match command {
        cli::Config::Check => {
            let (_, problems) = read(cli, None)?;
            if problems.has_errors() {
                return Err(problems.into());
            }
            for warning in problems.iter() {
                say(format_args!("{warning}"));
            }
            let warnings = problems.iter().filter(|p| p.severity == Severity::Warning).count();
            say(format_args!("the configuration is fine ({warnings} warnings)"));
        }
        cli::Config::Show => {
            let (loaded, problems) = read(cli, None)?;
            say(format_args!("{}", loaded.to_yaml()?.trim_end()));
            for problem in problems.iter() {
                complain(format_args!("{problem}"));
            }
        }
        cli::Config::Reference { schema: false } => say(format_args!("{}", reference_page().trim_end())),
        cli::Config::Reference { schema: true } => say(format_args!("{}", schema().trim_end())),
    }
    Ok(())
}

/// The reference page of all settings.
pub(crate) fn reference_page() -> String {
    let reference = Schema::of::<Settings>().settings_table("NAKAI");
    format!(
        "# Configuration\n\n\
         A YAML file (`--config FILE`), environment variables, and `--set KEY=VALUE`, in rising order. Lists are written as YAML, for\n\
         example `NAKAI__BOTS='[bots/a, bots/b]'`. A secret can also be read from a file: `NAKAI__STORE__URL_FILE`. This page is made\n\
         from the code by `cargo run -- docs`.\n\n{reference}"
    )
}

/// The JSON Schema of the configuration file.
pub(crate) fn schema() -> String {
    Schema::of::<Settings>().to_json()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load_text(text: &str) -> Result<Settings, Problems> {
        let loaded = Layers::<Settings>::new("NAKAI")
            .file(Source::parse("nakai.yaml", text)?)
            .load()?;
        let mut problems = Problems::default();
        loaded.value.check(&mut problems);
        loaded.locate(&mut problems);
        if problems.has_errors() {
            Err(problems)
        } else {
            Ok(loaded.value)
        }
    }

    #[test]
    fn no_file_at_all_is_fine() {
        let settings = load_text("").unwrap();
        assert!(settings.runs(Role::Gateway) && settings.runs(Role::Nlp) && settings.runs(Role::Dialogue));
        assert_eq!(settings.store().url.expose(), "sqlite:data/nakai.db");
    }

    #[test]
    fn a_gateway_alone_must_know_where_the_others_are() {
        let problems = load_text("roles: [gateway]\nrpc:\n  nlp: [127.0.0.1:3001]\n")
            .unwrap_err()
            .to_string();
        assert_eq!(
            problems,
            "nakai.yaml:2:1: error: rpc.dialogue: the gateway needs the dialogue service, which this process does not run; \
             give its address with `--dialogue HOST:PORT` or in `rpc.dialogue`, or add `dialogue` to the roles\n"
        );
    }

    #[test]
    fn plain_text_beyond_this_machine_must_be_allowed() {
        let text = "roles: [nlp]\nrpc:\n  listen: 0.0.0.0:3001\n";
        assert!(
            load_text(text).unwrap_err().to_string().contains("nakai.yaml:3:"),
            "the place of rpc.listen"
        );
        load_text(&format!("{text}  allow_plaintext: true\n")).unwrap();
    }

    #[test]
    fn the_default_database_is_in_the_data_folder() {
        let settings = load_text("data: /srv/nakai\n").unwrap();
        assert_eq!(settings.store().url.expose(), "sqlite:/srv/nakai/nakai.db");
    }

    #[test]
    fn the_reference_names_every_section() {
        let page = reference_page();
        for section in [
            "gateway.listen",
            "store.url",
            "rpc.nlp",
            "log.format",
            "NAKAI__GATEWAY__LISTEN",
        ] {
            assert!(page.contains(section), "{section} is missing");
        }
    }
}
