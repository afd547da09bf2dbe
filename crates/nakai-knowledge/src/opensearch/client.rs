//! Requests to the server, in plain `application/json`, which all releases of both products read.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_STANDARD};
use nakai_config::Secret;
use nakai_ports::KnowledgeError;
use reqwest::{
    Method, StatusCode, Url,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, InvalidHeaderValue},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// How long the server may take to write or to look through all indexes.
const SLOW: Duration = Duration::from_secs(60);

/// Where the server is, and how it lets us in.
pub(crate) struct Address {
    pub(crate) url: Url,
    /// `USER:PASSWORD`, else an API key of Elasticsearch.
    pub(crate) key: Option<Secret>,
}

/// Speaks to a server.
pub(crate) struct Client {
    http: reqwest::Client,
    url: Url,
    timeout: Duration,
}

/// Why a request has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientError {
    /// The server can't be reached or broke off.
    #[error("{0}")]
    Unreachable(&'static str),
    /// The server refuses. Holds the kind of its error only: its own words may quote a passage.
    #[error("it answered {status} {kind}")]
    Refused { status: StatusCode, kind: String },
}

impl ClientError {
    /// Says whether an index or a document is not there.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self, Self::Refused { status, .. } if *status == StatusCode::NOT_FOUND)
    }

    /// Says whether something is there already.
    pub(crate) fn is_conflict(&self) -> bool {
        matches!(self, Self::Refused { status, kind }
            if *status == StatusCode::CONFLICT || kind == "resource_already_exists_exception")
    }

    /// Says whether the server does not understand the request.
    pub(crate) fn is_not_understood(&self) -> bool {
        matches!(self, Self::Refused { status, .. } if *status == StatusCode::BAD_REQUEST)
    }

    /// Says whether what is asked for is there, but can't be used yet.
    pub(crate) fn is_not_ready(&self) -> bool {
        matches!(self, Self::Refused { status, .. } if *status == StatusCode::SERVICE_UNAVAILABLE)
    }

    /// Says whether the server has too much to do just now.
    pub(crate) fn is_busy(&self) -> bool {
        matches!(self, Self::Refused { status, .. } if *status == StatusCode::TOO_MANY_REQUESTS)
    }
}

impl From<ClientError> for KnowledgeError {
    fn from(error: ClientError) -> Self {
        match &error {
            ClientError::Refused { status, .. } if matches!(status.as_u16(), 401 | 403) => {
                Self::Unavailable(format!("it refuses the key with {status}: see `knowledge.key`"))
            }
            ClientError::Refused { status, .. } if status.is_client_error() && !error.is_busy() => {
                Self::Internal(format!("search server: {error}"))
            }
            _ => Self::Unavailable(error.to_string()),
        }
    }
}

impl Client {
    /// Connects when it is first used.
    pub(crate) fn new(address: Address, timeout: Duration) -> Result<Self, reqwest::Error> {
        let mut headers = HeaderMap::new();
        // Bytes that can't stand in a header are refused when settings are checked.
        if let Some(key) = address.key
            && let Ok(value) = authorization(&key)
        {
            headers.insert(AUTHORIZATION, value);
        }
        let http = reqwest::Client::builder()
            .tcp_nodelay(true)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(timeout)
            .default_headers(headers)
            .user_agent(concat!("nakai/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self {
            http,
            url: address.url,
            timeout,
        })
    }

    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        self.send(Method::GET, path, None, self.timeout).await
    }

    pub(super) async fn post<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, ClientError> {
        self.send(Method::POST, path, Some(body.to_string()), self.timeout)
            .await
    }

    pub(super) async fn put(&self, path: &str, body: &impl Serialize) -> Result<(), ClientError> {
        let body = serde_json::to_string(body).unwrap_or_default();
        self.send(Method::PUT, path, Some(body), SLOW).await.map(|_: Value| ())
    }

    /// Sends several JSON objects, one a line.
    pub(super) async fn post_lines<T: DeserializeOwned>(&self, path: &str, lines: String) -> Result<T, ClientError> {
        let timeout = if path.ends_with("_bulk") { SLOW } else { self.timeout };
        self.send(Method::POST, path, Some(lines), timeout).await
    }

    /// Makes what was written so far visible to searches.
    pub(super) async fn refresh(&self, index: &str) -> Result<(), ClientError> {
        let path = format!("{index}/_refresh");
        self.send(Method::POST, &path, None, SLOW).await.map(|_: Value| ())
    }

    /// Deletes an index or a document, if it is there.
    pub(super) async fn delete(&self, path: &str) -> Result<(), ClientError> {
        match self.send::<Value>(Method::DELETE, path, None, SLOW).await {
            Err(error) if !error.is_missing() => Err(error),
            _ => Ok(()),
        }
    }

    async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
        timeout: Duration,
    ) -> Result<T, ClientError> {
        let url = format!("{}/{path}", self.url.as_str().trim_end_matches('/'));
        let mut request = self.http.request(method, url).timeout(timeout);
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body);
        }
        let response = request.send().await.map_err(|error| unreachable(&error))?;
        let status = response.status();
        let bytes = response.bytes().await.map_err(|error| unreachable(&error))?;
        if status.is_success() {
            return serde_json::from_slice(&bytes).map_err(|_| ClientError::Unreachable("its answer is no JSON"));
        }
        let error: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let kind = error.pointer("/error/type").and_then(Value::as_str);
        Err(ClientError::Refused {
            status,
            kind: kind.unwrap_or_default().to_owned(),
        })
    }
}

/// What failed, without the address.
fn unreachable(error: &reqwest::Error) -> ClientError {
    ClientError::Unreachable(if error.is_connect() {
        "no connection"
    } else if error.is_timeout() {
        "no answer in time"
    } else {
        "the connection broke"
    })
}

/// The header that lets us in.
pub(crate) fn authorization(key: &Secret) -> Result<HeaderValue, InvalidHeaderValue> {
    let key = key.expose();
    let mut value = HeaderValue::from_str(&if key.contains(':') {
        format!("Basic {}", BASE64_STANDARD.encode(key))
    } else {
        format!("ApiKey {key}")
    })?;
    value.set_sensitive(true);
    Ok(value)
}
