//! The team's own HTTP tools, called by flows.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use hmac::{Hmac, KeyInit, Mac};
use nakai_bundle::model::HttpMethod;
use nakai_types::RawText;
use sha2::Sha256;

/// The largest answer that is read, in bytes.
const MAX_ANSWER: usize = 1 << 20;

/// One call, ready to be sent. Address and body may hold personal data.
#[derive(Clone)]
pub struct ToolRequest {
    /// The method.
    pub method: HttpMethod,
    /// The address: `https`, or `http` on loopback.
    pub url: RawText,
    /// The JSON body of POST, PUT and PATCH.
    pub body: Option<RawText>,
    /// The header `x-nakai-signature`, if the call is signed.
    pub signature: Option<String>,
    /// The header `idempotency-key`: the same for the same step of the same turn, so that a repeated turn does nothing twice.
    pub idempotency_key: String,
    /// How long the tool may take.
    pub timeout: Duration,
}

impl fmt::Debug for ToolRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToolRequest")
            .field("method", &self.method)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// What a tool answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The body, at most 1 MiB.
    pub body: Vec<u8>,
}

/// Why a tool did not answer. Holds no address, which may hold personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ToolFailure {
    /// Not `https` and not loopback, or no address at all.
    #[error("the address is not allowed; use https, or http on loopback")]
    AddressNotAllowed,
    /// No answer in time.
    #[error("no answer in time")]
    Timeout,
    /// No connection, or it broke.
    #[error("the tool can't be reached")]
    Unreachable,
    /// More than 1 MiB.
    #[error("the answer is larger than 1 MiB")]
    TooLarge,
}

/// Calls tools. Replay and tests put their own in its place.
#[async_trait]
pub trait ToolCaller: Send + Sync + 'static {
    /// Makes one call. Any status is an answer.
    async fn call(&self, request: ToolRequest) -> Result<ToolAnswer, ToolFailure>;
}

/// Where the keys come from that sign calls.
pub trait SecretSource: Send + Sync + 'static {
    /// Gives the key of a name, if there is one.
    fn secret(&self, name: &str) -> Option<Vec<u8>>;
}

/// Keys from environment variables: `NAME`, else the content of the file that `NAME_FILE` names, without the line end.
#[derive(Debug, Clone, Copy, Default)]
pub struct EnvironmentSecrets;

impl SecretSource for EnvironmentSecrets {
    fn secret(&self, name: &str) -> Option<Vec<u8>> {
        if let Ok(key) = std::env::var(name) {
            return Some(key.into_bytes());
        }
        let file = std::env::var_os(format!("{name}_FILE"))?;
        let mut key = std::fs::read(file).ok()?;
        key.truncate(key.trim_ascii_end().len());
        Some(key)
    }
}

/// Calls tools over HTTP: no redirects, one pool of connections for all bots.
#[derive(Debug, Clone)]
pub struct HttpTools {
    client: reqwest::Client,
}

impl HttpTools {
    /// Sets the client up.
    ///
    /// # Errors
    /// If the machine's TLS settings can't be used.
    pub fn new() -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("nakai/", env!("CARGO_PKG_VERSION")))
            .pool_max_idle_per_host(16)
            .build()?;
        Ok(Self { client })
    }

    async fn exchange(&self, request: ToolRequest) -> Result<ToolAnswer, ToolFailure> {
        let url = allowed_address(request.url.expose()).ok_or(ToolFailure::AddressNotAllowed)?;
        let method = match request.method {
            HttpMethod::Get => reqwest::Method::GET,
            HttpMethod::Post => reqwest::Method::POST,
            HttpMethod::Put => reqwest::Method::PUT,
            HttpMethod::Patch => reqwest::Method::PATCH,
            HttpMethod::Delete => reqwest::Method::DELETE,
        };
        let mut call = self.client.request(method, url).header("accept", "application/json");
        call = call.header("idempotency-key", &request.idempotency_key);
        if let Some(signature) = &request.signature {
            call = call.header("x-nakai-signature", signature);
        }
        if let Some(body) = &request.body {
            call = call
                .header("content-type", "application/json")
                .body(body.expose().to_owned());
        }
        let mut response = call.send().await.map_err(|_| ToolFailure::Unreachable)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|_| ToolFailure::Unreachable)? {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err(ToolFailure::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(ToolAnswer {
            status: response.status().as_u16(),
            body,
        })
    }
}

#[async_trait]
impl ToolCaller for HttpTools {
    async fn call(&self, request: ToolRequest) -> Result<ToolAnswer, ToolFailure> {
        let timeout = request.timeout;
        tokio::time::timeout(timeout, self.exchange(request))
            .await
            .unwrap_or(Err(ToolFailure::Timeout))
    }
}

/// Reads an address if tools may have it: `https`, or `http` on loopback.
pub(crate) fn allowed_address(address: &str) -> Option<reqwest::Url> {
    let url = reqwest::Url::parse(address).ok()?;
    let host = url.host_str()?;
    let loopback = host == "localhost"
        || host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback());
    (url.scheme() == "https" || url.scheme() == "http" && loopback).then_some(url)
}

/// Signs a body: `t=SECONDS,v1=HEX`, where HEX is the HMAC-SHA-256 of `SECONDS.BODY`. `None` for a key that can't be one.
pub(crate) fn signature(key: &[u8], seconds: i64, body: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok().filter(|_| !key.is_empty())?;
    mac.update(seconds.to_string().as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    Some(format!("t={seconds},v1={}", hex(&mac.finalize().into_bytes())))
}

/// Writes bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]])
        .map(char::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_loopback_are_allowed() {
        for address in [
            "https://example.jp/x",
            "http://127.0.0.1:1/",
            "http://[::1]/",
            "http://localhost:8080/a",
        ] {
            assert!(allowed_address(address).is_some(), "{address}");
        }
        for address in [
            "http://example.jp/",
            "http://10.0.0.1/",
            "http://localhost.example.jp/",
            "file:///etc/passwd",
            "ftp://127.0.0.1/",
            "",
            "/x",
        ] {
            assert!(allowed_address(address).is_none(), "{address}");
        }
    }

    #[test]
    fn a_signature_is_the_documented_one() {
        // From `printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac key`.
        let signed = signature(b"key", 1_700_000_000, r#"{"a":1}"#).unwrap();
        assert_eq!(
            signed,
            "t=1700000000,v1=a438e398bfafc57e4396bb7fc2304422f0f768e965d073ca313cb52e22e6ad03"
        );
        assert_eq!(signature(b"", 0, ""), None);
    }

    #[test]
    fn a_request_shows_no_personal_data() {
        let request = ToolRequest {
            method: HttpMethod::Post,
            url: RawText::new("https://example.jp/taro@example.jp".into()),
            body: None,
            signature: None,
            idempotency_key: String::new(),
            timeout: Duration::from_secs(1),
        };
        assert!(!format!("{request:?}").contains("taro"));
    }
}
