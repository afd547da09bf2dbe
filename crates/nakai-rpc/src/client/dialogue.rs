use std::{sync::Arc, time::Instant};

use async_trait::async_trait;
use nakai_ports::{BundleArchive, Dialogue, DialogueError, Draft, RespondRequest};
use tonic::transport::Channel;

use super::{INSTALL_TIMEOUT, SHORT_TIMEOUT, until};
use crate::{
    MAX_MESSAGE_BYTES, Target, TlsFiles,
    config::RpcError,
    convert::{bot_to_proto, draft_from_proto, respond_to_proto},
    pool::{Pool, Resolver},
    proto,
    status::to_dialogue_error,
};

/// The dialogue service of other processes.
pub struct DialogueClient {
    pool: Arc<Pool>,
    resolver: Resolver,
}

fn stub(channel: Channel) -> proto::dialogue_client::DialogueClient<Channel> {
    proto::dialogue_client::DialogueClient::new(channel)
        .max_encoding_message_size(MAX_MESSAGE_BYTES)
        .max_decoding_message_size(MAX_MESSAGE_BYTES)
}

impl DialogueClient {
    /// Connects to all `targets`. Succeeds also while none of them runs yet: they are found when they are there.
    pub async fn connect(targets: Vec<Target>, tls: Option<&TlsFiles>) -> Result<Self, RpcError> {
        let tls = tls.map(TlsFiles::client).transpose()?;
        let (pool, resolver) = Pool::connect(targets, tls).await;
        Ok(Self { pool, resolver })
    }

    /// Ends what runs in the background.
    pub async fn close(&self) {
        self.resolver.close().await;
    }
}

#[async_trait]
impl Dialogue for DialogueClient {
    async fn install(&self, bundle: BundleArchive) -> Result<(), DialogueError> {
        let message = proto::InstallRequest {
            bot: Some(bot_to_proto(&bundle.bot)),
            archive: bundle.bytes,
        };
        let install = |channel| {
            let message = message.clone();
            async move { stub(channel).install(message).await.map(drop) }
        };
        until(Instant::now() + INSTALL_TIMEOUT, self.pool.call_all(install))
            .await
            .map_err(|s| to_dialogue_error(&s))
    }

    async fn respond(&self, request: RespondRequest) -> Result<Draft, DialogueError> {
        let respond = |channel| {
            let message = respond_to_proto(&request);
            async move { draft_from_proto(stub(channel).respond(message).await?.into_inner()) }
        };
        until(request.deadline, self.pool.call(respond))
            .await
            .map_err(|s| to_dialogue_error(&s))
    }

    async fn ping(&self) -> Result<(), DialogueError> {
        let ping = |channel| async move { stub(channel).ping(proto::PingRequest {}).await.map(drop) };
        until(Instant::now() + SHORT_TIMEOUT, self.pool.call(ping))
            .await
            .map_err(|s| to_dialogue_error(&s))
    }
}
