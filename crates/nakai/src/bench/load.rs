//! A small closed-loop load generator over plain HTTP/1.1, so that the client costs little beside the server. Loopback only.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

/// What one run of requests took.
pub(super) struct Load {
    /// How long the whole run took.
    pub(super) wall: Duration,
    /// How long each request took, in ascending order.
    pub(super) latencies: Vec<Duration>,
}

impl Load {
    /// The latency below which a share of all requests stayed.
    pub(super) fn percentile(&self, share: f64) -> Duration {
        percentile(&self.latencies, share)
    }
}

/// The one of ascending durations below which a share of all is.
pub(super) fn percentile(ascending: &[Duration], share: f64) -> Duration {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index"
    )]
    let index = ((ascending.len() as f64 * share).ceil() as usize).saturating_sub(1);
    ascending.get(index).copied().unwrap_or_default()
}

/// Turns of one conversation, after which its customer leaves and another comes.
const TURNS_PER_CONVERSATION: u32 = 4;

/// Says the given utterances in turn, `count` in all, over `connections` connections; every answer must have status 200.
pub(super) async fn run(
    address: &str,
    utterances: &'static [&'static str],
    count: u64,
    connections: usize,
) -> Result<Load> {
    let address: SocketAddr = address
        .parse()
        .context("the server's address is not a socket address")?;
    ensure!(address.ip().is_loopback(), "load goes to this machine only");
    let next = Arc::new(AtomicU64::new(0));
    let started = Instant::now();
    let mut workers = JoinSet::new();
    for _ in 0..connections {
        let next = Arc::clone(&next);
        workers.spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut latencies = Vec::new();
            let mut turns_left = 0;
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return anyhow::Ok(latencies);
                }
                if turns_left == 0 {
                    connection.conversation.clear();
                    turns_left = TURNS_PER_CONVERSATION;
                }
                turns_left -= 1;
                let text = utterances[usize::try_from(number)? % utterances.len()];
                let sent = Instant::now();
                let status = connection.say(text).await?;
                latencies.push(sent.elapsed());
                ensure!(status == 200, "the server answered {status} to request {number}");
            }
        });
    }
    let mut latencies = Vec::new();
    while let Some(worker) = workers.join_next().await {
        latencies.extend(worker??);
    }
    let wall = started.elapsed();
    latencies.sort_unstable();
    Ok(Load { wall, latencies })
}

/// One kept-alive HTTP/1.1 connection.
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    request: Vec<u8>,
    /// The conversation that goes on, empty before its first answer and where the server has none.
    conversation: String,
}

impl Connection {
    async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(8192),
            request: Vec::with_capacity(1024),
            conversation: String::new(),
        })
    }

    /// Says something and reads the whole answer; gives the status.
    async fn say(&mut self, text: &str) -> Result<u16> {
        use std::io::Write;
        let body = if self.conversation.is_empty() {
            format!("{{\"text\":\"{text}\"}}")
        } else {
            format!("{{\"text\":\"{text}\",\"conversation_id\":\"{}\"}}", self.conversation)
        };
        self.request.clear();
        write!(
            self.request,
            "POST /chat HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )?;
        self.stream.write_all(&self.request).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the server closed the connection");
            }
            let Some(head) = self.buffer.windows(4).position(|w| w == b"\r\n\r\n") else {
                continue;
            };
            let text = std::str::from_utf8(&self.buffer[..head])?;
            let length = text
                .lines()
                .find_map(|line| {
                    line.split_once(':')
                        .filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                })
                .context("an answer without content-length")?;
            let end = head + 4 + length.1.trim().parse::<usize>()?;
            let status = text
                .get(9..12)
                .and_then(|s| s.parse().ok())
                .context("an answer without a status")?;
            while self.buffer.len() < end {
                ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the answer was cut");
            }
            const ID: &[u8] = b"\"conversation_id\":\"";
            self.conversation.clear();
            if let Some(at) = self.buffer.windows(ID.len()).position(|w| w == ID) {
                let id = self
                    .buffer
                    .get(at + ID.len()..at + ID.len() + 36)
                    .context("an id that is cut")?;
                self.conversation.push_str(std::str::from_utf8(id)?);
            }
            return Ok(status);
        }
    }
}
