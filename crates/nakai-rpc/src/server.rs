//! Exposes any implementation of the service traits over gRPC.

use std::{net::SocketAddr, pin::Pin};

use futures_util::{FutureExt, Stream, StreamExt, stream};
use nakai_ports::{BundleArchive, DialogueError, Draft, Listener, RespondRequest, SharedDialogue, SharedNlp};
use nakai_types::RawText;
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, Streaming, transport::Server};

use crate::{
    MAX_MESSAGE_BYTES, TlsFiles,
    config::RpcError,
    convert::{
        analyse_from_proto, analysis_to_proto, bot_from_proto, draft_to_proto, optional_language_from_proto, required,
        respond_from_proto, token_view_to_proto,
    },
    proto::{self, dialogue_server::DialogueServer, nlp_server::NlpServer, respond_input::Input},
    status::{from_dialogue_error, from_nlp_error, malformed},
};

/// Serves the services that a process runs to other processes, with the standard gRPC health service beside them.
#[must_use = "a server does nothing until it is run"]
pub struct RpcServer {
    listener: TcpListener,
    tls: Option<TlsFiles>,
    nlp: Option<SharedNlp>,
    dialogue: Option<SharedDialogue>,
}

impl RpcServer {
    /// Opens the port. Port 0 takes any free one: see [`RpcServer::local_addr`].
    pub async fn bind(address: SocketAddr, tls: Option<TlsFiles>) -> Result<Self, RpcError> {
        let listener = TcpListener::bind(address)
            .await
            .map_err(|source| RpcError::Listen { address, source })?;
        Ok(Self {
            listener,
            tls,
            nlp: None,
            dialogue: None,
        })
    }

    /// The address on which it listens.
    pub fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves NLP.
    pub fn with_nlp(mut self, nlp: SharedNlp) -> Self {
        self.nlp = Some(nlp);
        self
    }

    /// Serves dialogue.
    pub fn with_dialogue(mut self, dialogue: SharedDialogue) -> Self {
        self.dialogue = Some(dialogue);
        self
    }

    /// Runs until `shutdown`, then finishes open calls.
    pub async fn run(self, shutdown: CancellationToken) -> Result<(), RpcError> {
        let (health, health_service) = tonic_health::server::health_reporter();
        let mut server = Server::builder().tcp_nodelay(true);
        if let Some(tls) = &self.tls {
            server = server.tls_config(tls.server()?).map_err(RpcError::Tls)?;
        }
        let nlp = self.nlp.map(|nlp| {
            NlpServer::new(NlpService(nlp))
                .max_decoding_message_size(MAX_MESSAGE_BYTES)
                .max_encoding_message_size(MAX_MESSAGE_BYTES)
        });
        let dialogue = self.dialogue.map(|dialogue| {
            DialogueServer::new(DialogueService(dialogue))
                .max_decoding_message_size(MAX_MESSAGE_BYTES)
                .max_encoding_message_size(MAX_MESSAGE_BYTES)
        });
        if nlp.is_some() {
            health.set_serving::<NlpServer<NlpService>>().await;
        }
        if dialogue.is_some() {
            health.set_serving::<DialogueServer<DialogueService>>().await;
        }
        server
            .add_service(health_service)
            .add_optional_service(nlp)
            .add_optional_service(dialogue)
            .serve_with_incoming_shutdown(TcpListenerStream::new(self.listener), shutdown.cancelled_owned())
            .await
            .map_err(RpcError::Serve)
    }
}

fn archive(request: proto::InstallRequest) -> Result<BundleArchive, Status> {
    Ok(BundleArchive {
        bot: bot_from_proto(&required(request.bot, "bot")?)?,
        bytes: request.archive,
    })
}

struct NlpService(SharedNlp);

#[tonic::async_trait]
impl proto::nlp_server::Nlp for NlpService {
    async fn install(
        &self,
        request: Request<proto::InstallRequest>,
    ) -> Result<Response<proto::InstallResponse>, Status> {
        let bundle = archive(request.into_inner())?;
        self.0.install(bundle).await.map_err(|e| from_nlp_error(&e))?;
        Ok(Response::new(proto::InstallResponse {}))
    }

    async fn analyse(&self, request: Request<proto::AnalyseRequest>) -> Result<Response<proto::Analysis>, Status> {
        let request = analyse_from_proto(request.into_inner())?;
        let analysis = self.0.analyse(request).await.map_err(|e| from_nlp_error(&e))?;
        Ok(Response::new(analysis_to_proto(&analysis)))
    }

    async fn tokens(&self, request: Request<proto::TokensRequest>) -> Result<Response<proto::TokenView>, Status> {
        let request = request.into_inner();
        let bot = request.bot.as_ref().map(bot_from_proto).transpose()?;
        let language = optional_language_from_proto(request.language);
        let view = self
            .0
            .tokens(RawText::new(request.text), language, bot)
            .await
            .map_err(|e| from_nlp_error(&e))?;
        Ok(Response::new(token_view_to_proto(view)))
    }

    async fn ping(&self, _: Request<proto::PingRequest>) -> Result<Response<proto::PingResponse>, Status> {
        self.0.ping().await.map_err(|e| from_nlp_error(&e))?;
        Ok(Response::new(proto::PingResponse {}))
    }
}

struct DialogueService(SharedDialogue);

#[tonic::async_trait]
impl proto::dialogue_server::Dialogue for DialogueService {
    async fn install(
        &self,
        request: Request<proto::InstallRequest>,
    ) -> Result<Response<proto::InstallResponse>, Status> {
        let bundle = archive(request.into_inner())?;
        self.0.install(bundle).await.map_err(|e| from_dialogue_error(&e))?;
        Ok(Response::new(proto::InstallResponse {}))
    }

    async fn respond(&self, request: Request<proto::RespondRequest>) -> Result<Response<proto::Draft>, Status> {
        let request = respond_from_proto(request.into_inner())?;
        let draft = self.0.respond(request).await.map_err(|e| from_dialogue_error(&e))?;
        Ok(Response::new(draft_to_proto(draft)))
    }

    type RespondStreamStream = Pieces;

    async fn respond_stream(
        &self,
        inputs: Request<Streaming<proto::RespondInput>>,
    ) -> Result<Response<Pieces>, Status> {
        let mut inputs = inputs.into_inner();
        let Some(Input::Request(request)) = inputs.message().await?.and_then(|first| first.input) else {
            return Err(malformed("input"));
        };
        let request = respond_from_proto(*request)?;
        Ok(Response::new(pieces(self.0.clone(), request, inputs)))
    }

    async fn ping(&self, _: Request<proto::PingRequest>) -> Result<Response<proto::PingResponse>, Status> {
        self.0.ping().await.map_err(|e| from_dialogue_error(&e))?;
        Ok(Response::new(proto::PingResponse {}))
    }
}

type Pieces = Pin<Box<dyn Stream<Item = Result<proto::RespondPiece, Status>> + Send>>;

/// Waits until a caller says that nobody listens. One that has no more to say listens on.
async fn nobody_listens(mut inputs: Streaming<proto::RespondInput>) {
    while let Ok(Some(further)) = inputs.message().await {
        if matches!(further.input, Some(Input::Gone(_))) {
            return;
        }
    }
    std::future::pending::<()>().await;
}

/// What is told of an answer, then its draft. Whoever drops the stream stops the answer; who only says that nobody listens gets the draft
/// of what was said until then.
fn pieces(dialogue: SharedDialogue, mut request: RespondRequest, inputs: Streaming<proto::RespondInput>) -> Pieces {
    let (listener, told) = Listener::channel();
    request.listener = Some(listener);
    let answer: Pin<Box<dyn Future<Output = Result<Draft, DialogueError>> + Send>> =
        Box::pin(async move { dialogue.respond(request).await });
    // The channel closes when the answer is there, because the answer holds the listener.
    let gone = nobody_listens(inputs).boxed().fuse();
    let pieces = stream::unfold(
        (told, Some(answer), None, gone),
        |(mut told, mut answer, mut draft, mut gone)| async move {
            loop {
                let Some(running) = answer.as_mut() else {
                    // What was told last comes before the draft.
                    if let Ok(text) = told.try_recv() {
                        return Some((
                            Ok(piece(proto::respond_piece::Piece::Told(text.into_string()))),
                            (told, answer, draft, gone),
                        ));
                    }
                    let last: Result<Draft, DialogueError> = draft.take()?;
                    let last = last.map_err(|error| from_dialogue_error(&error));
                    let last =
                        last.map(|draft| piece(proto::respond_piece::Piece::Draft(Box::new(draft_to_proto(draft)))));
                    return Some((last, (told, answer, draft, gone)));
                };
                tokio::select! {
                    biased;
                    Some(text) = told.recv() => {
                        return Some((Ok(piece(proto::respond_piece::Piece::Told(text.into_string()))), (told, answer, draft, gone)));
                    }
                    () = &mut gone => told.close(),
                    finished = running => {
                        draft = Some(finished);
                        answer = None;
                    }
                }
            }
        },
    );
    pieces.boxed()
}

fn piece(piece: proto::respond_piece::Piece) -> proto::RespondPiece {
    proto::RespondPiece { piece: Some(piece) }
}
