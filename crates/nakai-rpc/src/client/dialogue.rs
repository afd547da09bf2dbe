use async_trait::async_trait;
use std::sync::atomic::{AtomicBool, Ordering};

use nakai_ports::{BundleArchive, Dialogue, DialogueError, Draft, Listener, RespondRequest};
use nakai_types::Screened;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, transport::Channel};

use super::{Connection, soon};
use crate::{
    MAX_MESSAGE_BYTES, Target, TlsFiles,
    config::RpcError,
    convert::{bot_to_proto, draft_from_proto, respond_to_proto},
    proto::{self, respond_input::Input},
    status::{malformed, to_dialogue_error},
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
        let told = AtomicBool::new(false);
        let respond = |channel| {
            let (message, told) = (respond_to_proto(&request), &told);
            let listener = request.listener.as_ref();
            async move {
                match listener {
                    Some(listener) => respond_to(listener, stub(channel), message, told).await,
                    None => draft_from_proto(stub(channel).respond(message).await?.into_inner()),
                }
            }
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

/// Passes on what is told, and gives the draft at its end. Once something was told, a failure is final: nobody else may begin anew.
async fn respond_to(
    listener: &Listener,
    mut stub: proto::dialogue_client::DialogueClient<Channel>,
    message: proto::RespondRequest,
    told: &AtomicBool,
) -> Result<Draft, Status> {
    let final_if_told = |status: Status| {
        if told.load(Ordering::Relaxed) {
            Status::aborted(format!("the answer broke off: {}", status.message()))
        } else {
            status
        }
    };
    // Room for all that is ever said: the request, and that nobody listens.
    let (say, inputs) = mpsc::channel(2);
    let _ = say.try_send(input(Input::Request(Box::new(message))));
    let mut say = Some(say);
    let mut pieces = stub.respond_stream(ReceiverStream::new(inputs)).await?.into_inner();
    loop {
        let piece = tokio::select! {
            piece = pieces.message() => piece.map_err(final_if_told)?,
            () = listener.gone(), if say.is_some() => {
                // Dropping the stream would lose the turn, so the service is told instead.
                let _ = say.take().map(|say| say.try_send(input(Input::Gone(proto::Gone {}))));
                continue;
            }
        };
        let Some(piece) = piece else { break };
        match piece.piece {
            Some(proto::respond_piece::Piece::Told(text)) => {
                told.store(true, Ordering::Relaxed);
                // Who has gone hears nothing.
                let _ = listener.tell(Screened::after_screening(text)).await;
            }
            Some(proto::respond_piece::Piece::Draft(draft)) => return draft_from_proto(*draft),
            None => return Err(malformed("piece")),
        }
    }
    Err(final_if_told(Status::unavailable("the answer broke off")))
}

const fn input(input: Input) -> proto::RespondInput {
    proto::RespondInput { input: Some(input) }
}
