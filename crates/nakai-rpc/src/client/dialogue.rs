use async_trait::async_trait;
use nakai_ports::{BundleArchive, Dialogue, DialogueError, Draft, RespondRequest};
use tonic::transport::Channel;

use super::{Connection, soon};
use crate::{
    MAX_MESSAGE_BYTES, Target, TlsFiles,
    config::RpcError,
    convert::{bot_to_proto, draft_from_proto, respond_to_proto},
    proto,
    status::to_dialogue_error,
};

/// The dialogue service of other processes.
pub struct DialogueClient(Connection);

fn stub(channel: Channel) -> proto::dialogue_client::DialogueClient<Channel> {
    proto::dialogue_client::DialogueClient::new(channel)
        .max_encoding_message_size(MAX_MESSAGE_BYTES)
        .max_decoding_message_size(MAX_MESSAGE_BYTES)
}

impl DialogueClient {
    /// Connects to all `targets`. Succeeds also while none of them runs yet: they are found when they are there.
    pub async fn connect(targets: Vec<Target>, tls: Option<&TlsFiles>) -> Result<Self, RpcError> {
        Connection::open(targets, tls).await.map(Self)
    }

    /// Ends what runs in the background.
    pub async fn close(&self) {
        self.0.close().await;
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
        self.0.tell_all(install).await.map_err(|s| to_dialogue_error(&s))
    }

    async fn respond(&self, request: RespondRequest) -> Result<Draft, DialogueError> {
        let respond = |channel| {
            let message = respond_to_proto(&request);
            async move { draft_from_proto(stub(channel).respond(message).await?.into_inner()) }
        };
        self.0
            .ask(request.deadline, respond)
            .await
            .map_err(|s| to_dialogue_error(&s))
    }

    async fn ping(&self) -> Result<(), DialogueError> {
        let ping = |channel| async move { stub(channel).ping(proto::PingRequest {}).await.map(drop) };
        self.0.ask(soon(), ping).await.map_err(|s| to_dialogue_error(&s))
    }
}
