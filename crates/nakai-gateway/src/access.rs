//! Who calls, and what the caller may do.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderValue, Uri, header};
use nakai_types::TenantId;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{GatewayConfig, RequestError};

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// As what it was recognised.
    pub principal: Principal,
    /// Whose data it sees.
    pub tenant: TenantId,
}

/// As what a caller was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Principal {
    /// A direct caller on the same machine.
    Local,
    /// The holder of the bootstrap key.
    Bootstrap,
}

impl Principal {
    /// Its name in keys and logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Bootstrap => "bootstrap",
        }
    }
}

/// What a caller wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Send a message.
    Chat,
    /// Look at turns and conversations.
    ReadTurns,
    /// Try out how a text is understood.
    Analyse,
    /// List bots.
    ReadBots,
    /// See counts.
    ReadStats,
    /// See what was used.
    ReadUsage,
    /// Ask a language model, or the encoder, without a bot.
    AskModels,
    /// List models.
    ReadModels,
}

/// What it wants to do it with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource<'a> {
    /// Everything of a tenant.
    Tenant(&'a TenantId),
}

/// Recognises callers.
#[derive(Debug)]
pub(crate) struct Access {
    /// The digest and not the key, so that the comparison has one length.
    key_digest: Option<[u8; 32]>,
    trust_loopback: bool,
}

impl Access {
    pub(crate) fn new(config: &GatewayConfig) -> Self {
        let key_digest = config
            .bootstrap_key
            .as_ref()
            .map(|key| Sha256::digest(key.expose()).into());
        Self {
            key_digest,
            trust_loopback: config.trust_loopback,
        }
    }

    /// Says who calls. A key that was sent must be right, even where none is needed.
    pub(crate) fn authenticate(
        &self,
        peer: SocketAddr,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Result<Caller, RequestError> {
        let local = self.trust_loopback && is_direct_local(peer.ip(), uri, headers);
        let principal = match (presented_key(headers), &self.key_digest) {
            (Some(key), Some(expected)) => {
                if !bool::from(Sha256::digest(key).as_slice().ct_eq(expected)) {
                    return Err(RequestError::Unauthenticated(
                        "the key is wrong; send the value of `gateway.bootstrap_key`",
                    ));
                }
                Principal::Bootstrap
            }
            (_, _) if local => Principal::Local,
            (_, None) => {
                return Err(RequestError::Unauthenticated(
                    "only direct callers on the same machine are let in, because no `gateway.bootstrap_key` is set",
                ));
            }
            (None, Some(_)) => {
                return Err(RequestError::Unauthenticated(
                    "send `authorization: Bearer KEY` or `x-api-key: KEY`",
                ));
            }
        };
        Ok(Caller {
            principal,
            tenant: TenantId::default(),
        })
    }
}

/// Says whether a caller may do something: the one place for this question.
pub fn authorise(principal: Principal, action: Action, resource: Resource<'_>) -> Result<(), RequestError> {
    match (principal, action, resource) {
        // Both hold the keys of the house: the one sits at the machine, the other was given its secret.
        (Principal::Local | Principal::Bootstrap, _, Resource::Tenant(_)) => Ok(()),
    }
}

fn presented_key(headers: &HeaderMap) -> Option<&[u8]> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let value = value.as_bytes();
        let (scheme, key) = value.split_at_checked(7)?;
        return scheme.eq_ignore_ascii_case(b"bearer ").then(|| key.trim_ascii());
    }
    // The second is what clients for Azure send.
    let key = headers.get("x-api-key").or_else(|| headers.get("api-key"));
    key.map(HeaderValue::as_bytes)
}

/// Says whether the request comes from a program on this machine itself. A proxy here speaks for others, and so does a browser that was
/// led here by a foreign page (by its origin, or by a foreign name that resolves to this machine).
fn is_direct_local(peer: IpAddr, uri: &Uri, headers: &HeaderMap) -> bool {
    const PROXY: [&str; 3] = ["forwarded", "x-forwarded-for", "x-real-ip"];
    let host = headers
        .get(header::HOST)
        .map_or_else(|| uri.authority().map(|a| a.as_str()), |host| host.to_str().ok());
    let origin = headers.get(header::ORIGIN).map(|origin| {
        origin
            .to_str()
            .ok()
            .and_then(|o| o.split_once("://"))
            .map(|(_, host)| host)
    });
    peer.to_canonical().is_loopback()
        && PROXY.iter().all(|name| !headers.contains_key(*name))
        && host.is_none_or(names_this_machine)
        && origin.is_none_or(|host| host.is_some_and(names_this_machine))
}

/// Says whether `host` or `host:port` names the loopback interface.
fn names_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use http::HeaderName;
    use nakai_config::Secret;
    use rstest::rstest;

    use super::*;

    const KEY: &str = "correct-horse-battery";

    fn authenticate(
        key_set: bool,
        peer: &str,
        pairs: &[(&'static str, &'static str)],
    ) -> Result<Principal, RequestError> {
        let config = GatewayConfig {
            bootstrap_key: key_set.then(|| Secret::new(KEY.into())),
            ..GatewayConfig::default()
        };
        let headers = pairs
            .iter()
            .map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v)))
            .collect();
        let peer = SocketAddr::new(peer.parse().unwrap(), 50_000);
        Access::new(&config)
            .authenticate(peer, &Uri::from_static("/chat"), &headers)
            .map(|caller| caller.principal)
    }

    #[rstest]
    #[case::bare("127.0.0.1", &[])]
    #[case::mapped("::ffff:127.0.0.1", &[])]
    #[case::curl("127.0.0.1", &[("host", "localhost:3000")])]
    #[case::six("::1", &[("host", "[::1]:3000")])]
    #[case::own_page("127.0.0.1", &[("host", "127.0.0.1:3000"), ("origin", "http://localhost:8080")])]
    #[case::key_that_nobody_set("127.0.0.1", &[("authorization", "Bearer sk-anything")])]
    fn direct_local_callers_are_let_in(#[case] peer: &str, #[case] headers: &[(&'static str, &'static str)]) {
        assert_eq!(authenticate(false, peer, headers).unwrap(), Principal::Local);
    }

    #[rstest]
    #[case::other_machine("192.0.2.7", &[])]
    #[case::proxy("127.0.0.1", &[("x-forwarded-for", "192.0.2.7")])]
    #[case::standard_proxy("127.0.0.1", &[("forwarded", "for=192.0.2.7")])]
    #[case::name_that_was_rebound("127.0.0.1", &[("host", "evil.example:3000")])]
    #[case::foreign_page("127.0.0.1", &[("host", "localhost:3000"), ("origin", "https://evil.example")])]
    #[case::hidden_origin("127.0.0.1", &[("host", "localhost:3000"), ("origin", "null")])]
    fn all_others_need_a_key(#[case] peer: &str, #[case] headers: &[(&'static str, &'static str)]) {
        assert!(matches!(
            authenticate(false, peer, headers),
            Err(RequestError::Unauthenticated(_))
        ));
        assert!(matches!(
            authenticate(true, peer, headers),
            Err(RequestError::Unauthenticated(_))
        ));
        let with_key = [headers, &[("authorization", "bearer correct-horse-battery")]].concat();
        assert_eq!(authenticate(true, peer, &with_key).unwrap(), Principal::Bootstrap);
    }

    #[test]
    fn a_wrong_key_is_refused_even_where_none_is_needed() {
        assert!(authenticate(true, "127.0.0.1", &[("x-api-key", "wrong")]).is_err());
        assert_eq!(
            authenticate(true, "127.0.0.1", &[("x-api-key", KEY)]).unwrap(),
            Principal::Bootstrap
        );
    }
}
