use std::{sync::Arc, time::Instant};

use async_trait::async_trait;
use nakai_ports::{AnalyseRequest, BundleArchive, Nlp, NlpError};
use nakai_types::{Analysis, BotRef, Language, RawText, TokenView};
use tonic::transport::Channel;

use super::{INSTALL_TIMEOUT, SHORT_TIMEOUT, until};
use crate::{
    MAX_MESSAGE_BYTES, Target, TlsFiles,
    config::RpcError,
    convert::{analyse_to_proto, analysis_from_proto, bot_to_proto, optional_language_to_proto, token_view_from_proto},
    pool::{Pool, Resolver},
    proto,
    status::to_nlp_error,
};

/// The NLP service of other processes.
pub struct NlpClient {
    pool: Arc<Pool>,
    resolver: Resolver,
}

fn stub(channel: Channel) -> proto::nlp_client::NlpClient<Channel> {
    proto::nlp_client::NlpClient::new(channel)
        .max_encoding_message_size(MAX_MESSAGE_BYTES)
        .max_decoding_message_size(MAX_MESSAGE_BYTES)
}

impl NlpClient {
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
        until(Instant::now() + INSTALL_TIMEOUT, self.pool.call_all(install))
            .await
            .map_err(|s| to_nlp_error(&s))
    }

    async fn analyse(&self, request: AnalyseRequest) -> Result<Analysis, NlpError> {
        let analyse = |channel| {
            let message = analyse_to_proto(&request);
            async move { analysis_from_proto(stub(channel).analyse(message).await?.into_inner()) }
        };
        until(request.deadline, self.pool.call(analyse))
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
        until(Instant::now() + SHORT_TIMEOUT, self.pool.call(tokens))
            .await
            .map_err(|s| to_nlp_error(&s))
    }

    async fn ping(&self) -> Result<(), NlpError> {
        let ping = |channel| async move { stub(channel).ping(proto::PingRequest {}).await.map(drop) };
        until(Instant::now() + SHORT_TIMEOUT, self.pool.call(ping))
            .await
            .map_err(|s| to_nlp_error(&s))
    }
}
