//! Server-sent events as bytes. Many at a time are one piece of a body, and so one write to the socket.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use ::http::{HeaderName, HeaderValue, header};
use axum::{
    body::{Body, Bytes},
    response::Response,
};
use futures_util::{Stream, StreamExt};
use serde::Serialize;
use tokio::time::{Instant, Sleep, sleep};

const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Events on their way, one behind the other.
#[derive(Default)]
pub(super) struct Events {
    bytes: Vec<u8>,
    count: usize,
}

impl Events {
    /// Adds an event, with a name if it has one.
    pub(super) fn add(&mut self, name: Option<&str>, data: &impl Serialize) {
        self.begin(name);
        // Plain data with text keys can always be written, and JSON has no line ends of its own.
        let _ = serde_json::to_writer(&mut self.bytes, data);
        self.end();
    }

    /// Adds an event whose data are one line that is written already.
    pub(super) fn add_line(&mut self, name: Option<&str>, line: &str) {
        self.begin(name);
        self.bytes.extend_from_slice(line.as_bytes());
        self.end();
    }

    fn begin(&mut self, name: Option<&str>) {
        if let Some(name) = name {
            self.bytes.extend_from_slice(b"event: ");
            self.bytes.extend_from_slice(name.as_bytes());
            self.bytes.push(b'\n');
        }
        self.bytes.extend_from_slice(b"data: ");
    }

    fn end(&mut self) {
        self.bytes.extend_from_slice(b"\n\n");
        self.count += 1;
    }

    /// How many there are.
    pub(super) const fn len(&self) -> usize {
        self.count
    }
}

/// Answers with events as they come, and with `sign_of_life` whenever none came for as long as `every`.
pub(super) fn response(
    events: impl Stream<Item = Events> + Send + 'static,
    every: Duration,
    sign_of_life: &'static str,
) -> Response {
    let kept_alive = KeptAlive {
        events: events.boxed(),
        every,
        silence: Box::pin(sleep(every)),
        sign_of_life: Bytes::from_static(sign_of_life.as_bytes()),
    };
    let mut response = Response::new(Body::from_stream(kept_alive));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(X_ACCEL_BUFFERING, HeaderValue::from_static("no"));
    response
}

struct KeptAlive {
    events: Pin<Box<dyn Stream<Item = Events> + Send>>,
    every: Duration,
    silence: Pin<Box<Sleep>>,
    sign_of_life: Bytes,
}

impl Stream for KeptAlive {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let piece = match self.events.poll_next_unpin(context) {
            Poll::Ready(Some(events)) => Bytes::from(events.bytes),
            Poll::Ready(None) => return Poll::Ready(None),
            Poll::Pending if self.silence.as_mut().poll(context).is_ready() => self.sign_of_life.clone(),
            Poll::Pending => return Poll::Pending,
        };
        let until = Instant::now() + self.every;
        self.silence.as_mut().reset(until);
        Poll::Ready(Some(Ok(piece)))
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;
    use serde_json::json;
    use tokio::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn signs_of_life_come_while_nothing_else_does() {
        let (send, mut sent) = mpsc::channel(1);
        let events = futures_util::stream::poll_fn(move |context| sent.poll_recv(context));
        let mut body = response(events, Duration::from_millis(1), ":\n\n").into_body();
        let mut frame = async move || {
            let frame = body.frame().await?.unwrap();
            Some(String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap())
        };
        assert_eq!(frame().await.as_deref(), Some(":\n\n"));
        assert_eq!(frame().await.as_deref(), Some(":\n\n"));
        let mut events = Events::default();
        events.add(Some("piece"), &json!("一\n二"));
        events.add_line(None, "[DONE]");
        send.send(events).await.ok().unwrap();
        drop(send);
        let piece = loop {
            let frame = frame().await.unwrap();
            if frame != ":\n\n" {
                break frame;
            }
        };
        assert_eq!(piece, "event: piece\ndata: \"一\\n二\"\n\ndata: [DONE]\n\n");
        assert_eq!(frame().await, None);
    }
}
