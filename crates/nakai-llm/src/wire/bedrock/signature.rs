//! AWS Signature Version 4, as far as one POST of JSON needs it.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use jiff::{Timestamp, tz::TimeZone};
use sha2::{Digest, Sha256};

const SERVICE: &str = "bedrock";

/// Keys of an AWS account.
pub(super) struct Credentials<'k> {
    access: &'k str,
    secret: &'k str,
    session: Option<&'k str>,
}

impl<'k> Credentials<'k> {
    /// Reads `ACCESS_KEY_ID:SECRET_ACCESS_KEY[:SESSION_TOKEN]`; `None` for a key of another kind.
    pub(super) fn read(key: &'k str) -> Option<Self> {
        let (access, rest) = key.split_once(':')?;
        let (secret, session) = match rest.split_once(':') {
            Some((secret, session)) => (secret, Some(session)),
            None => (rest, None),
        };
        Some(Self {
            access,
            secret,
            session,
        })
    }
}

/// The headers that sign a POST of `body` to `url`.
pub(super) fn sign(
    credentials: &Credentials<'_>,
    url: &str,
    body: &[u8],
    now: Timestamp,
) -> Vec<(&'static str, String)> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let region = host
        .strip_prefix("bedrock-runtime.")
        .and_then(|rest| rest.split('.').next())
        .unwrap_or("us-east-1");
    let time = now.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string();
    let date = &time[..8];
    // The path is encoded once more than it is sent.
    let path: Vec<String> = path.split('/').map(encoded).collect();
    let mut signed = vec![("host", host.to_owned()), ("x-amz-date", time.clone())];
    signed.extend(
        credentials
            .session
            .map(|session| ("x-amz-security-token", session.to_owned())),
    );
    let mut canonical = format!("POST\n/{}\n\n", path.join("/"));
    for (name, value) in &signed {
        let _ = writeln!(canonical, "{name}:{value}");
    }
    let names = signed.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
    let _ = write!(canonical, "\n{names}\n{}", hex(&Sha256::digest(body)));
    let scope = format!("{date}/{region}/{SERVICE}/aws4_request");
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n{time}\n{scope}\n{}",
        hex(&Sha256::digest(&canonical))
    );
    let key = [date, region, SERVICE, "aws4_request"]
        .iter()
        .fold(format!("AWS4{}", credentials.secret).into_bytes(), |key, part| {
            mac(&key, part)
        });
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={}",
        credentials.access,
        hex(&mac(&key, &to_sign))
    );
    let mut headers: Vec<(&'static str, String)> = signed.into_iter().filter(|(name, _)| *name != "host").collect();
    headers.push(("authorization", authorization));
    headers
}

/// Encodes a part of a path as RFC 3986 wants it, `:` included.
pub(super) fn encoded(part: &str) -> String {
    part.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    // A key of any length is one; the error can't happen.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read() {
        let credentials = Credentials::read("AKID:secret/with:token:more").unwrap();
        assert_eq!(
            (credentials.access, credentials.secret, credentials.session),
            ("AKID", "secret/with", Some("token:more"))
        );
        assert!(Credentials::read("ABSKQmVkcm9jaw==").is_none());
    }

    #[test]
    fn models_are_part_of_a_path() {
        assert_eq!(
            encoded("anthropic.claude-3-haiku-20240307-v1:0"),
            "anthropic.claude-3-haiku-20240307-v1%3A0"
        );
    }
}
