use std::time::{Instant, SystemTime};

use http::{HeaderMap, HeaderName};
use uuid::Uuid;

/// The header with a request's id, in requests and answers.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The header with the W3C trace context, in requests and answers.
pub(crate) const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// What identifies a request in logs, traces and answers, and when it came.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// The caller's `x-request-id` if it can be repeated safely, else one of ours.
    pub request_id: String,
    /// The trace that the request belongs to.
    pub trace: Trace,
    /// When it arrived.
    pub arrived: Instant,
}

impl RequestContext {
    /// Reads what the caller sent and makes the rest.
    pub fn of(headers: &HeaderMap) -> Self {
        let ours = Uuid::now_v7();
        let theirs = headers
            .get(X_REQUEST_ID)
            .and_then(|value| value.to_str().ok())
            .filter(|id| is_repeatable(id));
        let request_id = theirs.map_or_else(|| ours.to_string(), str::to_owned);
        let parent = headers
            .get(TRACEPARENT)
            .and_then(|value| value.to_str().ok())
            .and_then(Trace::of_parent);
        // The last eight bytes of a version 7 UUID are random, which is all that a span id must be.
        let span = u64::from_be_bytes(std::array::from_fn(|i| ours.as_bytes()[8 + i]));
        let trace = match parent {
            Some(parent) => Trace { span, ..parent },
            None => Trace {
                id: ours.as_u128(),
                span,
                flags: 0,
            },
        };
        Self {
            request_id,
            trace,
            arrived: Instant::now(),
        }
    }
}

/// Letters, digits and a few marks: enough for every id in use, too little for an e-mail address.
fn is_repeatable(id: &str) -> bool {
    (1..=128).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':'))
}

/// A place in a W3C trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trace {
    id: u128,
    span: u64,
    flags: u8,
}

impl Trace {
    /// Reads `version-trace-parent-flags`; a later version may have more parts.
    fn of_parent(header: &str) -> Option<Self> {
        let mut parts = header.split('-');
        let version = hex(parts.next()?, 2)?;
        let id = hex(parts.next()?, 32)?;
        let span = u64::try_from(hex(parts.next()?, 16)?).ok()?;
        let flags = u8::try_from(hex(parts.next()?, 2)?).ok()?;
        let complete = version != 0 || parts.next().is_none();
        (version != 0xff && complete && id != 0 && span != 0).then_some(Self { id, span, flags })
    }

    /// The trace id as 32 hexadecimal digits.
    pub fn id(&self) -> String {
        format!("{:032x}", self.id)
    }

    /// The header that continues the trace.
    pub fn header(&self) -> String {
        format!("00-{:032x}-{:016x}-{:02x}", self.id, self.span, self.flags)
    }
}

/// Lower-case hexadecimal digits, as the standard demands.
fn hex(digits: &str, length: usize) -> Option<u128> {
    let legal = digits.len() == length && digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f'));
    if legal {
        u128::from_str_radix(digits, 16).ok()
    } else {
        None
    }
}

/// Now, in milliseconds since 1970-01-01 UTC.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use rstest::rstest;

    use super::*;

    fn context(name: HeaderName, value: &'static str) -> RequestContext {
        RequestContext::of(&HeaderMap::from_iter([(name, HeaderValue::from_static(value))]))
    }

    #[rstest]
    #[case("order-7.b:1", true)]
    #[case("taro@example.jp", false)]
    #[case("two words", false)]
    #[case("", false)]
    fn a_callers_request_id_is_kept_if_it_looks_like_one(#[case] id: &'static str, #[case] kept: bool) {
        assert_eq!(context(X_REQUEST_ID, id).request_id == id, kept);
    }

    #[test]
    fn a_trace_is_continued_with_a_span_of_our_own() {
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let trace = context(TRACEPARENT, parent).trace;
        assert_eq!(trace.id(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert!(trace.header().starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-") && trace.header().ends_with("-01"));
        assert_ne!(trace.header(), parent);
    }

    #[rstest]
    #[case("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    #[case("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    #[case("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more")]
    #[case("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    #[case("hello")]
    fn a_broken_parent_begins_a_new_trace(#[case] parent: &'static str) {
        assert_eq!(Trace::of_parent(parent), None);
    }
}
