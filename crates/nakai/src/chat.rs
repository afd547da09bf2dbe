//! A conversation in the terminal with a running server.

mod client;
mod evidence;
mod stream;

use std::{
    fs,
    io::{self, BufRead, IsTerminal, Write},
    path::PathBuf,
};

use anyhow::Result;
use rustyline::{DefaultEditor, error::ReadlineError};

use crate::{
    cli,
    output::{complain, say},
};
use client::Client;

const HELP: &str = "\
/why       shows why the last answer was given
/new       begins a new conversation
/lang ja   answers in Japanese from now on (`en` English, `auto` the language you write)
/help      shows this
/quit      leaves (so does Ctrl-D)";

pub(crate) async fn run(options: cli::Chat) -> Result<()> {
    let mut client = Client::new(options);
    client.greet().await?;
    if io::stdin().is_terminal() {
        say(format_args!("Write to the bot; /help shows what else there is.\n"));
        return interactive(&mut client).await;
    }
    for line in io::stdin().lock().lines() {
        if !take(&mut client, &line?).await {
            break;
        }
    }
    Ok(())
}

async fn interactive(client: &mut Client) -> Result<()> {
    let mut editor = DefaultEditor::new()?;
    let history = history_file();
    if let Some(file) = &history {
        let _ = editor.load_history(file);
    }
    loop {
        // The editor blocks its thread; nothing else runs in this program meanwhile.
        match editor.readline("you ▸ ") {
            Ok(line) => {
                let _ = editor.add_history_entry(line.as_str());
                if !take(client, &line).await {
                    break;
                }
            }
            Err(ReadlineError::Interrupted | ReadlineError::Eof) => break,
            Err(error) => return Err(error.into()),
        }
    }
    if let Some(file) = &history {
        let _ = file.parent().map(fs::create_dir_all);
        let _ = editor.save_history(file);
    }
    Ok(())
}

/// Handles one line; says whether to go on.
async fn take(client: &mut Client, line: &str) -> bool {
    let result = match line.trim() {
        "" => Ok(()),
        "/quit" | "/exit" => return false,
        "/help" => {
            say(format_args!("{HELP}"));
            Ok(())
        }
        "/new" => {
            client.forget();
            say(format_args!("(a new conversation)"));
            Ok(())
        }
        "/why" => client.why().await,
        command if command.starts_with("/lang") => client.set_language(command.trim_start_matches("/lang").trim()),
        command if command.starts_with('/') => {
            say(format_args!("There is no {command}.\n{HELP}"));
            Ok(())
        }
        text => client.say(text).await,
    };
    if let Err(error) = result {
        complain(format_args!("{error:#}"));
    }
    let _ = io::stdout().flush();
    true
}

/// Where what was typed is kept between sessions: `$XDG_STATE_HOME/nakai/history`.
fn history_file() -> Option<PathBuf> {
    let state = std::env::var_os("XDG_STATE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/state")))?;
    Some(state.join("nakai/history"))
}
