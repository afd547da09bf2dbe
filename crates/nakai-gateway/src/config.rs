use std::net::{Ipv4Addr, SocketAddr};

use nakai_config::{Problems, Secret};
use nakai_types::BotName;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The HTTP front door.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GatewayConfig {
    /// The address that the HTTP API listens on.
    pub listen: SocketAddr,
    /// A second address with `/livez`, `/readyz` and `/metrics` only, for probes and scrapers. Left out: none.
    pub admin_listen: Option<SocketAddr>,
    /// The key that callers send as `authorization: Bearer KEY` or `x-api-key: KEY`. Left out: only direct callers on the same machine
    /// are let in.
    pub bootstrap_key: Option<Secret>,
    /// Whether direct callers on the same machine need no key. A request that came through a proxy (it has `forwarded`,
    /// `x-forwarded-for` or `x-real-ip`, or names a host or origin that is not this machine) always needs one.
    pub trust_loopback: bool,
    /// The key of the pseudonyms that `user` is kept as. Left out: a new one at each start, so that the turns of a user can't be linked
    /// across restarts or processes.
    pub pseudonym_key: Option<Secret>,
    /// The bot that answers requests that name none. Left out: the first by name.
    #[schemars(with = "Option<String>")]
    pub default_bot: Option<BotName>,
    /// How many characters a message may have.
    #[schemars(range(min = 1))]
    pub max_text_characters: usize,
    /// How many bytes the body of a request may have.
    #[schemars(range(min = 256))]
    pub max_body_bytes: usize,
    /// How many seconds a turn may take from its arrival to its answer.
    #[schemars(range(min = 1, max = 600))]
    pub turn_seconds: u64,
    /// How many bytes the body of a request to `/v1` may have: prompts with pictures are long.
    #[schemars(range(min = 256))]
    pub max_model_body_bytes: usize,
    /// How many seconds a request for a model may take, all retries and stand-ins included.
    #[schemars(range(min = 1))]
    pub model_seconds: u64,
    /// How many turns, and requests for models, are answered at the same time.
    #[schemars(range(min = 1))]
    pub max_turns: usize,
    /// How many requests wait for their turn beyond `max_turns`; more are refused with `overloaded`.
    pub max_waiting_turns: usize,
    /// How many milliseconds a request waits for its turn before it is refused with `overloaded`.
    pub turn_wait_ms: u64,
    /// How many messages of one conversation wait while one is answered; more are refused with `conversation_busy`.
    #[schemars(range(min = 1))]
    pub max_waiting_messages: usize,
    /// How many conversations are kept in memory, so that their next turn reads no database and their personal data can be restored.
    #[schemars(range(min = 1))]
    pub remembered_conversations: u64,
    /// How many minutes after its last turn a conversation is kept in memory. Personal data live no longer than that.
    #[schemars(range(min = 1))]
    pub remember_minutes: u64,
    /// How many seconds may pass until a bot version that another process activated serves here too.
    #[schemars(range(min = 1))]
    pub bots_refresh_seconds: u64,
    /// How many connections are open at the same time. Further ones wait in the kernel's queue.
    #[schemars(range(min = 1))]
    pub max_connections: usize,
    /// How many bytes the head of a request may have.
    #[schemars(range(min = 8192))]
    pub max_head_bytes: u32,
    /// How many headers a request may have.
    #[schemars(range(min = 16))]
    pub max_headers: usize,
    /// How many seconds the head of a request may take to arrive, and a new connection until its first request.
    #[schemars(range(min = 1))]
    pub head_read_seconds: u64,
    /// How many seconds the body of a request may take to arrive.
    #[schemars(range(min = 1))]
    pub body_read_seconds: u64,
    /// How many seconds a connection is kept open without a request. More than the load balancer's own limit (often 60), so that it is
    /// never this side that closes a connection on which a request is on its way.
    #[schemars(range(min = 1))]
    pub idle_seconds: u64,
    /// How many seconds pass between comments that keep an event stream open, and before a stream begins without the first word of a model
    /// that thinks.
    #[schemars(range(min = 1))]
    pub stream_keep_alive_seconds: u64,
    /// How many seconds open turns and streams get to finish when the process is asked to stop.
    pub drain_seconds: u64,
}

impl Default for GatewayConfig {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 3000).into(),
            admin_listen: None,
            bootstrap_key: None,
            trust_loopback: true,
            pseudonym_key: None,
            default_bot: None,
            max_text_characters: 8000,
            max_body_bytes: 64 * 1024,
            turn_seconds: 10,
            max_model_body_bytes: 4 << 20,
            model_seconds: 600,
            max_turns: 512,
            max_waiting_turns: 512,
            turn_wait_ms: 1000,
            max_waiting_messages: 8,
            remembered_conversations: 10_000,
            remember_minutes: 30,
            bots_refresh_seconds: 5,
            max_connections: 10_000,
            max_head_bytes: 16 * 1024,
            max_headers: 100,
            head_read_seconds: 10,
            body_read_seconds: 10,
            idle_seconds: 75,
            stream_keep_alive_seconds: 20,
            drain_seconds: 25,
        }
    }
}

impl GatewayConfig {
    /// Reports everything that can't work or is probably not meant, with keys below `gateway`.
    pub fn check(&self, problems: &mut Problems) {
        let mut at_least = |key: &str, value: u64, least: u64| {
            if value < least {
                problems.error(
                    format!("gateway.{key}"),
                    format!("is {value}"),
                    format!("set it to {least} or more"),
                );
            }
        };
        let count = |value: usize| u64::try_from(value).unwrap_or(u64::MAX);
        at_least("max_text_characters", count(self.max_text_characters), 1);
        at_least("max_body_bytes", count(self.max_body_bytes), 256);
        at_least("turn_seconds", self.turn_seconds, 1);
        at_least("max_model_body_bytes", count(self.max_model_body_bytes), 256);
        at_least("model_seconds", self.model_seconds, 1);
        at_least("max_turns", count(self.max_turns), 1);
        at_least("max_waiting_messages", count(self.max_waiting_messages), 1);
        at_least("remembered_conversations", self.remembered_conversations, 1);
        at_least("remember_minutes", self.remember_minutes, 1);
        at_least("bots_refresh_seconds", self.bots_refresh_seconds, 1);
        at_least("max_connections", count(self.max_connections), 1);
        // hyper reads the head into one buffer and accepts none smaller than this.
        at_least("max_head_bytes", u64::from(self.max_head_bytes), 8192);
        at_least("max_headers", count(self.max_headers), 16);
        at_least("head_read_seconds", self.head_read_seconds, 1);
        at_least("body_read_seconds", self.body_read_seconds, 1);
        at_least("idle_seconds", self.idle_seconds, 1);
        at_least("stream_keep_alive_seconds", self.stream_keep_alive_seconds, 1);
        if self.bootstrap_key.as_ref().is_some_and(|key| key.expose().len() < 16) {
            problems.error(
                "gateway.bootstrap_key",
                "has fewer than 16 characters",
                "make one with `openssl rand -hex 32`",
            );
        }
        if self.bootstrap_key.is_none() && !self.listen.ip().is_loopback() {
            problems.warn(
                "gateway.bootstrap_key",
                "is missing while `gateway.listen` is open to other machines, which will all be refused",
                "set a key",
            );
        }
        if self
            .admin_listen
            .is_some_and(|admin| admin == self.listen && admin.port() != 0)
        {
            problems.error(
                "gateway.admin_listen",
                "is the same address as `gateway.listen`",
                "use another port",
            );
        }
        if self.drain_seconds < self.turn_seconds {
            problems.warn(
                "gateway.drain_seconds",
                "is less than `gateway.turn_seconds`, so a stop may cut turns short",
                "set it to more",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(config: &GatewayConfig) -> Vec<String> {
        let mut problems = Problems::default();
        config.check(&mut problems);
        problems.iter().map(|p| p.key.clone()).collect()
    }

    #[test]
    fn the_defaults_are_sound_and_read_back_from_their_own_text() {
        let config = GatewayConfig::default();
        assert!(keys(&config).is_empty());
        let json = serde_json::to_string(&config).unwrap();
        assert_eq!(
            serde_json::from_str::<GatewayConfig>(&json).unwrap().listen,
            config.listen
        );
    }

    #[test]
    fn every_problem_is_reported_at_once_with_its_key() {
        let config = GatewayConfig {
            listen: ([0, 0, 0, 0], 3000).into(),
            max_turns: 0,
            max_head_bytes: 100,
            drain_seconds: 1,
            ..GatewayConfig::default()
        };
        let expected = [
            "gateway.max_turns",
            "gateway.max_head_bytes",
            "gateway.bootstrap_key",
            "gateway.drain_seconds",
        ];
        assert_eq!(keys(&config), expected);
    }

    #[test]
    fn a_misspelt_key_is_refused() {
        let error = serde_json::from_str::<GatewayConfig>(r#"{"lissten": "127.0.0.1:1"}"#).unwrap_err();
        assert!(error.to_string().contains("lissten"));
    }
}
