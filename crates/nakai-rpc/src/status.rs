//! Errors across the wire: an error comes out of gRPC as the variant that went in.

use nakai_ports::{BundleError, DialogueError, NlpError};
use nakai_types::{BotRef, ErrorKind, Version};
use prost::Message;
use tonic::{Code, Status};

use crate::{
    convert::{bot_from_proto, bot_to_proto},
    pool::is_unreachable,
    proto::{self, error_detail::Code as Detail},
};

/// The gRPC code of a kind of error, for tools that know nothing of the details.
const fn grpc_code(kind: ErrorKind) -> Code {
    match kind {
        ErrorKind::Invalid => Code::InvalidArgument,
        ErrorKind::Unauthenticated => Code::Unauthenticated,
        ErrorKind::Forbidden => Code::PermissionDenied,
        ErrorKind::NotFound => Code::NotFound,
        ErrorKind::Conflict => Code::Aborted,
        ErrorKind::TooLarge | ErrorKind::RateLimited => Code::ResourceExhausted,
        ErrorKind::Unavailable => Code::Unavailable,
        ErrorKind::Timeout => Code::DeadlineExceeded,
        ErrorKind::Internal => Code::Internal,
    }
}

fn status(
    kind: ErrorKind,
    message: String,
    code: Detail,
    bot: Option<&BotRef>,
    reason: &str,
    actual: Option<Version>,
) -> Status {
    let detail = proto::ErrorDetail {
        code: code.into(),
        bot: bot.map(bot_to_proto),
        reason: reason.to_owned(),
        actual_version: actual.map(|v| v.digest().to_vec()).unwrap_or_default(),
    };
    Status::with_details(grpc_code(kind), message, detail.encode_to_vec().into())
}

fn bundle_status(kind: ErrorKind, message: String, error: &BundleError) -> Status {
    match error {
        BundleError::Unusable { bot, reason } => status(kind, message, Detail::BundleUnusable, Some(bot), reason, None),
        BundleError::WrongVersion { claimed, actual } => {
            // The detail has room for one bot; the name does not matter to this error.
            status(
                kind,
                message,
                Detail::BundleWrongVersion,
                None,
                &claimed.to_string(),
                Some(*actual),
            )
        }
    }
}

pub(crate) fn from_nlp_error(error: &NlpError) -> Status {
    let (kind, message) = (error.kind(), error.to_string());
    match error {
        NlpError::NotInstalled(bot) => status(kind, message, Detail::NotInstalled, Some(bot), "", None),
        NlpError::Bundle(error) => bundle_status(kind, message, error),
        NlpError::Unreachable(reason) => status(kind, message, Detail::Unreachable, None, reason, None),
        NlpError::DeadlineExceeded => status(kind, message, Detail::DeadlineExceeded, None, "", None),
        NlpError::Internal(reason) => status(kind, message, Detail::Internal, None, reason, None),
    }
}

pub(crate) fn from_dialogue_error(error: &DialogueError) -> Status {
    let (kind, message) = (error.kind(), error.to_string());
    match error {
        DialogueError::NotInstalled(bot) => status(kind, message, Detail::NotInstalled, Some(bot), "", None),
        DialogueError::Bundle(error) => bundle_status(kind, message, error),
        DialogueError::UnreadableState(reason) => status(kind, message, Detail::UnreadableState, None, reason, None),
        DialogueError::Unreachable(reason) => status(kind, message, Detail::Unreachable, None, reason, None),
        DialogueError::SearchUnavailable(reason) => {
            status(kind, message, Detail::SearchUnavailable, None, reason, None)
        }
        DialogueError::DeadlineExceeded => status(kind, message, Detail::DeadlineExceeded, None, "", None),
        DialogueError::Internal(reason) => status(kind, message, Detail::Internal, None, reason, None),
    }
}

/// What a status says, before it becomes the error of one service or the other.
enum Received {
    NotInstalled(BotRef),
    Bundle(BundleError),
    UnreadableState(String),
    Unreachable(String),
    SearchUnavailable(String),
    DeadlineExceeded,
    Internal(String),
}

fn receive(status: &Status) -> Received {
    if is_unreachable(status) {
        return Received::Unreachable(root_cause(status));
    }
    let Ok(detail) = proto::ErrorDetail::decode(status.details()) else {
        return Received::Internal("an error without readable details".into());
    };
    let bot = detail.bot.as_ref().and_then(|bot| bot_from_proto(bot).ok());
    match (detail.code(), bot) {
        (Detail::NotInstalled, Some(bot)) => Received::NotInstalled(bot),
        (Detail::BundleUnusable, Some(bot)) => Received::Bundle(BundleError::Unusable {
            bot,
            reason: detail.reason,
        }),
        (Detail::BundleWrongVersion, _) => {
            let actual = <[u8; 32]>::try_from(detail.actual_version.as_slice()).map(Version::from_digest);
            match (detail.reason.parse(), actual) {
                (Ok(claimed), Ok(actual)) => Received::Bundle(BundleError::WrongVersion { claimed, actual }),
                _ => Received::Internal("a bundle error without versions".into()),
            }
        }
        (Detail::UnreadableState, _) => Received::UnreadableState(detail.reason),
        (Detail::Unreachable, _) => Received::Unreachable(detail.reason),
        (Detail::SearchUnavailable, _) => Received::SearchUnavailable(detail.reason),
        (Detail::DeadlineExceeded, _) => Received::DeadlineExceeded,
        (Detail::Internal, _) => Received::Internal(detail.reason),
        (Detail::Unspecified, _) if status.code() == Code::DeadlineExceeded => Received::DeadlineExceeded,
        (Detail::NotInstalled | Detail::BundleUnusable | Detail::Unspecified, _) => {
            Received::Internal(format!("gRPC status {:?} without details", status.code()))
        }
    }
}

/// The innermost cause of a transport error: "connection refused" says more than "transport error".
fn root_cause(status: &Status) -> String {
    let mut cause: &dyn std::error::Error = status;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if std::ptr::addr_eq(cause, std::ptr::from_ref(status)) {
        status.message().to_owned()
    } else {
        cause.to_string()
    }
}

pub(crate) fn to_nlp_error(status: &Status) -> NlpError {
    match receive(status) {
        Received::NotInstalled(bot) => NlpError::NotInstalled(bot),
        Received::Bundle(error) => NlpError::Bundle(error),
        Received::Unreachable(reason) => NlpError::Unreachable(reason),
        Received::DeadlineExceeded => NlpError::DeadlineExceeded,
        Received::Internal(reason) | Received::UnreadableState(reason) | Received::SearchUnavailable(reason) => {
            NlpError::Internal(reason)
        }
    }
}

pub(crate) fn to_dialogue_error(status: &Status) -> DialogueError {
    match receive(status) {
        Received::NotInstalled(bot) => DialogueError::NotInstalled(bot),
        Received::Bundle(error) => DialogueError::Bundle(error),
        Received::UnreadableState(reason) => DialogueError::UnreadableState(reason),
        Received::Unreachable(reason) => DialogueError::Unreachable(reason),
        Received::SearchUnavailable(reason) => DialogueError::SearchUnavailable(reason),
        Received::DeadlineExceeded => DialogueError::DeadlineExceeded,
        Received::Internal(reason) => DialogueError::Internal(reason),
    }
}

/// A message that the peer of the same release would not send.
pub(crate) fn malformed(what: &str) -> Status {
    let message = format!("malformed message: {what}; do all services run the same release of nakai?");
    status(
        ErrorKind::Internal,
        message.clone(),
        Detail::Internal,
        None,
        &message,
        None,
    )
}

#[cfg(test)]
mod tests {
    use nakai_types::BotName;

    use super::*;

    fn bot() -> BotRef {
        BotRef {
            name: BotName::new("ryokan").unwrap(),
            version: Version::from_digest([7; 32]),
        }
    }

    #[test]
    fn every_error_comes_out_as_it_went_in() {
        let versions = BundleError::WrongVersion {
            claimed: bot().version,
            actual: Version::from_digest([9; 32]),
        };
        let unusable = BundleError::Unusable {
            bot: bot(),
            reason: "no intents".into(),
        };
        for error in [
            NlpError::NotInstalled(bot()),
            NlpError::Bundle(unusable.clone()),
            NlpError::Bundle(versions.clone()),
            NlpError::Unreachable("refused".into()),
            NlpError::DeadlineExceeded,
            NlpError::Internal("bug".into()),
        ] {
            assert_eq!(
                format!("{:?}", to_nlp_error(&from_nlp_error(&error))),
                format!("{error:?}")
            );
        }
        for error in [
            DialogueError::NotInstalled(bot()),
            DialogueError::Bundle(unusable),
            DialogueError::Bundle(versions),
            DialogueError::UnreadableState("format 9".into()),
            DialogueError::Unreachable("refused".into()),
            DialogueError::SearchUnavailable("refused".into()),
            DialogueError::DeadlineExceeded,
            DialogueError::Internal("bug".into()),
        ] {
            assert_eq!(
                format!("{:?}", to_dialogue_error(&from_dialogue_error(&error))),
                format!("{error:?}")
            );
        }
    }
}
