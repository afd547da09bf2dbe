use async_trait::async_trait;
use nakai_ports::{AnalyseRequest, BundleArchive, Nlp, NlpError};
use nakai_types::{Analysis, BotRef, Language, RawText, TokenView};
use tonic::transport::Channel;

use super::{Connection, soon};
use crate::{
    MAX_MESSAGE_BYTES, Target, TlsFiles,
    config::RpcError,
    convert::{analyse_to_proto, analysis_from_proto, bot_to_proto, optional_language_to_proto, token_view_from_proto},
    proto,
    status::to_nlp_error,
};

/// The NLP service of other processes.
pub struct NlpClient(Connection);

fn stub(channel: Channel) -> proto::nlp_client::NlpClient<Channel> {
    proto::nlp_client::NlpClient::new(channel)
        .max_encoding_message_size(MAX_MESSAGE_BYTES)
        .max_decoding_message_size(MAX_MESSAGE_BYTES)
}

impl NlpClient {
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
impl Nlp for NlpClient {
    async fn install(&self, bundle: BundleArchive) -> Result<(), NlpError> {
        let message = proto::InstallRequest {
            bot: Some(bot_to_proto(&bundle.bot)),
            archive: bundle.bytes,
        };
        let install = |channel| {
            let message = message.clone();
            async move { stub(channel).install(message).await.map(drop) }
        };
        self.0.tell_all(install).await.map_err(|s| to_nlp_error(&s))
    }

    async fn analyse(&self, request: AnalyseRequest) -> Result<Analysis, NlpError> {
        let analyse = |channel| {
            let message = analyse_to_proto(&request);
            async move { analysis_from_proto(stub(channel).analyse(message).await?.into_inner()) }
        };
        self.0
            .ask(request.deadline, analyse)
            .await
            .map_err(|s| to_nlp_error(&s))
    }

    async fn tokens(
        &self,
        text: RawText,
        language: Option<Language>,
        bot: Option<BotRef>,
    ) -> Result<TokenView, NlpError> {
        let tokens = |channel| {
            let message = proto::TokensRequest {
                text: text.expose().to_owned(),
                language: optional_language_to_proto(language),
                bot: bot.as_ref().map(bot_to_proto),
            };
            async move { token_view_from_proto(stub(channel).tokens(message).await?.into_inner()) }
        };
        self.0.ask(soon(), tokens).await.map_err(|s| to_nlp_error(&s))
    }

    async fn ping(&self) -> Result<(), NlpError> {
        let ping = |channel| async move { stub(channel).ping(proto::PingRequest {}).await.map(drop) };
        self.0.ask(soon(), ping).await.map_err(|s| to_nlp_error(&s))
    }
}
