use std::time::Duration;

use ::http::{HeaderMap, header};
use axum::body::{Body, Bytes, HttpBody};
use bytes::BytesMut;
use http_body_util::BodyExt;
use tokio::time::timeout;

use crate::{GatewayConfig, RequestError};

/// Refuses a body that does not call itself JSON. A missing type is refused too: browsers let foreign pages send bodies without one.
pub(super) fn require_json(headers: &HeaderMap) -> Result<(), RequestError> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") {
        Ok(())
    } else {
        Err(RequestError::UnsupportedMediaType)
    }
}

/// Reads a whole body that is neither too large nor too slow. One that arrived in one piece is not copied.
pub(super) async fn read(body: Body, config: &GatewayConfig) -> Result<Bytes, RequestError> {
    read_up_to(config.max_body_bytes, body, config).await
}

/// The same with a limit of its own.
pub(super) async fn read_up_to(limit: usize, body: Body, config: &GatewayConfig) -> Result<Bytes, RequestError> {
    if body.size_hint().lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(RequestError::BodyTooLarge { limit });
    }
    let patience = Duration::from_secs(config.body_read_seconds);
    timeout(patience, collect(body, limit))
        .await
        .unwrap_or(Err(RequestError::BodyTimeout))
}

async fn collect(mut body: Body, limit: usize) -> Result<Bytes, RequestError> {
    let Some(first) = next_piece(&mut body).await? else {
        return Ok(Bytes::new());
    };
    let mut rest = BytesMut::new();
    loop {
        if first.len() + rest.len() > limit {
            return Err(RequestError::BodyTooLarge { limit });
        }
        match next_piece(&mut body).await? {
            Some(piece) => rest.extend_from_slice(&piece),
            None if rest.is_empty() => return Ok(first),
            None => break,
        }
    }
    let mut whole = BytesMut::with_capacity(first.len() + rest.len());
    whole.extend_from_slice(&first);
    whole.extend_from_slice(&rest);
    Ok(whole.freeze())
}

async fn next_piece(body: &mut Body) -> Result<Option<Bytes>, RequestError> {
    while let Some(frame) = body.frame().await {
        // A frame that is no data is trailers, which nobody asked for.
        if let Ok(piece) = frame.map_err(|_| RequestError::BodyIncomplete)?.into_data() {
            return Ok(Some(piece));
        }
    }
    Ok(None)
}
