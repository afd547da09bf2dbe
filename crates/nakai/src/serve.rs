//! `nakai serve`: puts the services of this process together and runs them until they are asked to stop.

mod bootstrap;
pub(crate) mod bots;
mod encoder;
pub(crate) mod language_models;
mod watch;

use std::{
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use nakai_gateway::{Bots, Gateway, GatewayConfig, GatewayParts, Server, Stopped};
use nakai_llm::Models;
use nakai_ports::{BundleArchive, BundleStore, SharedDialogue, SharedNlp};
use nakai_rpc::{DialogueClient, NlpClient, RpcServer, Target};
use nakai_store::Store;
use nakai_telemetry::{
    events::{DependencyChanged, ServiceStarted},
    metrics,
};
use nakai_types::{BotRef, TenantId};
use tokio::{
    signal::unix::{SignalKind, signal},
    time::{MissedTickBehavior, interval},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    output::say,
    services::{Local, knowledge, models, nlp_config},
    settings::{Role, Settings},
};

/// The folder within the data folder that keeps indexes of articles.
const INDEXES: &str = "indexes";

/// How often histograms are tidied between scrapes.
const METRICS_UPKEEP: Duration = Duration::from_secs(5);
/// How long the gateway waits before it tries again to give its bots to services that can't be reached.
const RETRY_BOTS: Duration = Duration::from_millis(500);

/// Runs the services that the settings name until SIGTERM or SIGINT.
pub(crate) async fn run(settings: Settings, started: Instant) -> Result<()> {
    metrics::install();
    fs::create_dir_all(&settings.data).with_context(|| {
        format!(
            "the data folder {} can't be made; name another with --data",
            settings.data.display()
        )
    })?;
    let stop = stop_signal()?;
    let tasks = TaskTracker::new();
    tasks.spawn(upkeep(stop.clone()));
    let served = if settings.runs(Role::Gateway) {
        gateway(&settings, &tasks, &stop, started).await
    } else {
        services(&settings, &tasks, &stop, started).await
    };
    stop.cancel();
    tasks.close();
    tasks.wait().await;
    served
}

/// A token that is cancelled when the process is asked to stop.
fn stop_signal() -> Result<CancellationToken> {
    let stop = CancellationToken::new();
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let token = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            () = token.cancelled() => {}
        }
        token.cancel();
    });
    Ok(stop)
}

async fn upkeep(stop: CancellationToken) {
    let mut ticks = interval(METRICS_UPKEEP);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        metrics::upkeep();
    }
}

/// NLP, dialogue or both for gateways in other processes.
async fn services(settings: &Settings, tasks: &TaskTracker, stop: &CancellationToken, started: Instant) -> Result<()> {
    let models = models(&settings.models)?;
    let local = Local::new(
        nlp_config(settings)?,
        Arc::clone(&models),
        knowledge(&settings.knowledge, Some(settings.data.join(INDEXES)))?,
    )?;
    let mut server = RpcServer::bind(settings.rpc.listen, settings.rpc.tls.clone()).await?;
    if settings.runs(Role::Nlp) {
        server = server.with_nlp(local.nlp);
    }
    if settings.runs(Role::Dialogue) {
        server = server.with_dialogue(local.dialogue);
    }
    let address = server.local_addr()?.to_string();
    announce(settings, &[], "grpc", &address, started);
    if settings.runs(Role::Dialogue) {
        tasks.spawn(stop.clone().run_until_cancelled_owned(language_models::tell(models)));
    }
    server.run(stop.clone()).await?;
    Ok(())
}

/// The gateway, with the services of this process and of others.
async fn gateway(settings: &Settings, tasks: &TaskTracker, stop: &CancellationToken, started: Instant) -> Result<()> {
    let models = models(&settings.models)?;
    let (nlp, dialogue) = connect(settings, &models).await?;
    let store = Arc::new(Store::open(&settings.store()).await?);
    let config = gateway_config(settings)?;
    let tenant = TenantId::default();
    let bots = Arc::new(Bots::new(
        tenant.clone(),
        store.clone(),
        Arc::clone(&nlp),
        Arc::clone(&dialogue),
        config.default_bot.clone(),
    ));
    let archives = archives(settings, &*store, &tenant).await?;
    let listen = config.listen;
    let gateway = Gateway::new(GatewayParts {
        nlp,
        dialogue,
        conversations: store.clone(),
        usage: store.clone(),
        bots: Arc::clone(&bots),
        models: Arc::clone(&models),
        encoder: Some(Arc::new(encoder::Shipped)),
        config,
    });
    let server = Server::bind(gateway).with_context(|| {
        format!(
            "can't listen on {listen}; is another nakai running? `nakai doctor` tells, `--listen` names another address"
        )
    })?;
    let installed = install(&bots, &archives).await;
    if settings.runs(Role::Nlp) && settings.runs(Role::Dialogue) {
        // Nothing but a broken bundle can go wrong here, and that must not start.
        installed?;
    } else if let Err(error) = installed {
        // The other services may start later than this one; until they have their bots, readiness says no.
        DependencyChanged {
            name: "bots",
            failure: Some(&format!("{error:#}")),
        }
        .emit();
        tasks.spawn(
            stop.clone()
                .run_until_cancelled_owned(install_until_done(Arc::clone(&bots), archives)),
        );
    }
    for folder in settings.bots.iter().filter(|_| settings.watch) {
        tasks.spawn(watch::watch(Arc::clone(&bots), folder.clone(), stop.clone()));
    }
    announce(
        settings,
        &bots.list(),
        "http",
        &server.local_addr().to_string(),
        started,
    );
    if settings.runs(Role::Dialogue) {
        tasks.spawn(stop.clone().run_until_cancelled_owned(language_models::tell(models)));
    }
    let stopped = server.serve(stop.clone()).await;
    store.close().await;
    match stopped {
        Stopped::Drained => Ok(()),
        Stopped::CutShort { connections, turns } => bail!(
            "stopped with {turns} turns and {connections} connections still open; raise `gateway.drain_seconds` to give them longer"
        ),
    }
}

/// The services that the gateway talks to: in this process, or clients of others.
async fn connect(settings: &Settings, models: &Arc<Models>) -> Result<(SharedNlp, SharedDialogue)> {
    let local = Local::new(
        nlp_config(settings)?,
        Arc::clone(models),
        knowledge(&settings.knowledge, Some(settings.data.join(INDEXES)))?,
    )?;
    let tls = settings.rpc.tls.as_ref();
    let nlp: SharedNlp = if settings.runs(Role::Nlp) {
        local.nlp
    } else {
        Arc::new(NlpClient::connect(targets(&settings.rpc.nlp)?, tls).await?)
    };
    let dialogue: SharedDialogue = if settings.runs(Role::Dialogue) {
        local.dialogue
    } else {
        Arc::new(DialogueClient::connect(targets(&settings.rpc.dialogue)?, tls).await?)
    };
    Ok((nlp, dialogue))
}

fn targets(addresses: &[String]) -> Result<Vec<Target>> {
    addresses
        .iter()
        .map(|address| address.parse().with_context(|| format!("{address} is no address")))
        .collect()
}

/// The gateway's settings with a key for callers from elsewhere, made at the first start if none is set.
fn gateway_config(settings: &Settings) -> Result<GatewayConfig> {
    let mut config = settings.gateway.clone();
    if config.bootstrap_key.is_none() && !config.listen.ip().is_loopback() {
        let (key, path) = bootstrap::key(&settings.data)?;
        say(format_args!(
            "Callers from other machines need the key in {}.",
            path.display()
        ));
        config.bootstrap_key = Some(key);
    }
    Ok(config)
}

/// The bots to bring into service: the folders of the settings, or the demo bot where nothing was stored yet.
async fn archives(settings: &Settings, store: &dyn BundleStore, tenant: &TenantId) -> Result<Vec<BundleArchive>> {
    if settings.bots.is_empty() {
        // The demo bot of this release replaces that of an older one, and never a bot of the team's own.
        let demo = bots::demo()?;
        let stored = store.active(tenant).await?;
        let is_alone = stored.iter().all(|bot| bot.name == demo.bundle.bot_ref.name);
        return Ok(is_alone.then(|| bots::archive(&demo)).into_iter().collect());
    }
    settings
        .bots
        .iter()
        .map(|folder| Ok(bots::archive(&bots::load(Some(folder))?)))
        .collect()
}

async fn install(bots: &Bots, archives: &[BundleArchive]) -> Result<()> {
    for archive in archives {
        let name = &archive.bot.name;
        bots.activate(archive.clone())
            .await
            .with_context(|| format!("bot `{name}` can't be served"))?;
    }
    Ok(bots.refresh().await?)
}

async fn install_until_done(bots: Arc<Bots>, archives: Vec<BundleArchive>) {
    loop {
        tokio::time::sleep(RETRY_BOTS).await;
        if install(&bots, &archives).await.is_ok() {
            DependencyChanged {
                name: "bots",
                failure: None,
            }
            .emit();
            return;
        }
    }
}

/// Tells people and scripts what the process serves and where it listens.
fn announce(settings: &Settings, bots: &[BotRef], scheme: &str, address: &str, started: Instant) {
    let roles = settings.role_names();
    // The whole path, so that it is clear where to look whatever the working directory was.
    let data = settings.data.canonicalize().unwrap_or_else(|_| settings.data.clone());
    say(format_args!(
        "nakai {} ({roles}), data in {}",
        env!("CARGO_PKG_VERSION"),
        data.display()
    ));
    for bot in bots {
        say(format_args!("bot {} {}", bot.name, bot.version));
    }
    say(format_args!("listening on {scheme}://{address}"));
    ServiceStarted {
        roles: &roles,
        address,
        duration: started.elapsed(),
    }
    .emit();
}
