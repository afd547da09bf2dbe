//! Requests to chat completions over plain HTTP/1.1, whole answers and streams, so that the client costs little beside the server.
//! Loopback only.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

/// One request that is sent again and again.
#[derive(Debug, Clone)]
pub(super) struct Request {
    address: SocketAddr,
    bytes: Arc<[u8]>,
}

impl Request {
    /// A request to `/v1/chat/completions` with a key.
    pub(super) fn new(address: &str, key: &str, body: &Value) -> Result<Self> {
        let address: SocketAddr = address
            .parse()
            .context("the server's address is not a socket address")?;
        ensure!(address.ip().is_loopback(), "load goes to this machine only");
        let body = body.to_string();
        let request = format!(
            "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        Ok(Self {
            address,
            bytes: request.into_bytes().into(),
        })
    }
}

/// What many requests took.
pub(super) struct Exchanges {
    /// How long the whole run took.
    pub(super) wall: Duration,
    /// How long each took until the first byte of the body, in ascending order.
    pub(super) first: Vec<Duration>,
    /// How long each took as a whole, in ascending order.
    pub(super) whole: Vec<Duration>,
}

/// Sends a request `count` times over `connections` connections; every answer must have status 200 and be whole.
pub(super) async fn run(request: &Request, count: u64, connections: usize) -> Result<Exchanges> {
    let next = Arc::new(AtomicU64::new(0));
    let started = Instant::now();
    let mut workers = JoinSet::new();
    for _ in 0..connections {
        let (next, request) = (Arc::clone(&next), request.clone());
        workers.spawn(async move {
            let mut connection = Connection::open(request.address).await?;
            let (mut first, mut whole) = (Vec::new(), Vec::new());
            while next.fetch_add(1, Ordering::Relaxed) < count {
                let sent = Instant::now();
                let first_byte = connection.ask(&request).await?;
                first.push(first_byte.duration_since(sent));
                whole.push(sent.elapsed());
            }
            anyhow::Ok((first, whole))
        });
    }
    let (mut first, mut whole) = (Vec::new(), Vec::new());
    while let Some(worker) = workers.join_next().await {
        let (firsts, wholes) = worker??;
        first.extend(firsts);
        whole.extend(wholes);
    }
    first.sort_unstable();
    whole.sort_unstable();
    Ok(Exchanges {
        wall: started.elapsed(),
        first,
        whole,
    })
}

/// Opens so many streams at once and gives what each said, piece by piece.
pub(super) async fn streams(request: &Request, count: usize) -> Result<Vec<Vec<String>>> {
    let mut workers = JoinSet::new();
    for _ in 0..count {
        let request = request.clone();
        workers.spawn(async move {
            let mut connection = Connection::open(request.address).await?;
            connection.ask(&request).await?;
            pieces(&connection.body)
        });
    }
    let mut said = Vec::with_capacity(count);
    while let Some(worker) = workers.join_next().await {
        said.push(worker??);
    }
    Ok(said)
}

/// The pieces of text in an event stream of chat completions, which must be complete.
fn pieces(body: &[u8]) -> Result<Vec<String>> {
    let text = std::str::from_utf8(body)?;
    let mut pieces = Vec::new();
    let mut done = false;
    for data in text.lines().filter_map(|line| line.strip_prefix("data: ")) {
        if data == "[DONE]" {
            done = true;
            continue;
        }
        let chunk: Value = serde_json::from_str(data)?;
        ensure!(
            chunk.get("error").is_none(),
            "a stream broke: {}",
            chunk["error"]["message"]
        );
        let piece = chunk["choices"][0]["delta"]["content"].as_str().unwrap_or_default();
        if !piece.is_empty() {
            pieces.push(piece.to_owned());
        }
    }
    ensure!(done, "a stream ended without its end");
    Ok(pieces)
}

/// One kept-alive HTTP/1.1 connection.
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// The body of the last answer.
    body: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(16_384),
            body: Vec::with_capacity(16_384),
        })
    }

    /// Sends a request and reads the whole answer; gives the moment of the body's first byte.
    async fn ask(&mut self, request: &Request) -> Result<Instant> {
        self.stream.write_all(&request.bytes).await?;
        self.buffer.clear();
        self.body.clear();
        let head = loop {
            self.more().await?;
            if let Some(end) = self.buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let text = std::str::from_utf8(&self.buffer[..head])?;
        let status = text.get(9..12).context("an answer without a status")?.to_owned();
        let header = |name: &str| {
            text.lines().find_map(|line| {
                let (found, value) = line.split_once(':')?;
                found.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
            })
        };
        let length = header("content-length")
            .map(|length| length.parse::<usize>())
            .transpose()?;
        if self.buffer.len() == head {
            self.more().await?;
        }
        let first = Instant::now();
        match length {
            Some(length) => {
                while self.buffer.len() < head + length {
                    self.more().await?;
                }
                self.body.extend_from_slice(&self.buffer[head..head + length]);
            }
            None => self.read_chunks(head).await?,
        }
        if status != "200" {
            bail!("the server answered {status}: {}", String::from_utf8_lossy(&self.body));
        }
        Ok(first)
    }

    /// Reads a body in chunks, as HTTP/1.1 has them.
    async fn read_chunks(&mut self, mut at: usize) -> Result<()> {
        loop {
            let end = loop {
                match self.buffer[at..].windows(2).position(|bytes| bytes == b"\r\n") {
                    Some(end) => break at + end,
                    None => self.more().await?,
                }
            };
            let size = std::str::from_utf8(&self.buffer[at..end])?;
            let size = usize::from_str_radix(size.trim(), 16).context("a chunk without its size")?;
            let chunk = end + 2;
            while self.buffer.len() < chunk + size + 2 {
                self.more().await?;
            }
            if size == 0 {
                return Ok(());
            }
            self.body.extend_from_slice(&self.buffer[chunk..chunk + size]);
            at = chunk + size + 2;
        }
    }

    async fn more(&mut self) -> Result<()> {
        ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the answer was cut");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use nakai_scripted::{ScriptedProvider, router};
    use serde_json::json;
    use tokio::net::TcpListener;

    use super::*;

    #[test]
    fn a_stream_that_lost_its_end_is_noticed() {
        let chunk = |text: &str| format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n");
        let whole = format!("{}{}{}data: [DONE]\n\n", chunk(""), chunk("温泉"), chunk("です"));
        assert_eq!(pieces(whole.as_bytes()).unwrap(), ["温泉", "です"]);
        assert!(pieces(chunk("温泉").as_bytes()).is_err());
        assert!(pieces(b"data: {\"error\":{\"message\":\"x\"}}\n\ndata: [DONE]\n\n").is_err());
    }

    #[tokio::test]
    async fn whole_answers_and_streams_are_read_to_their_end() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let provider = Arc::new(ScriptedProvider::default());
        let serving = tokio::spawn(axum::serve(listener, router(provider)).into_future());
        let request = |model: &str, stream: bool| {
            let body =
                json!({"model": model, "stream": stream, "messages": [{"role": "user", "content": "the inn 温泉"}]});
            Request::new(&address, "key", &body).unwrap()
        };
        for stream in [false, true] {
            let done = run(&request("scripted", stream), 9, 2).await.unwrap();
            assert_eq!((done.first.len(), done.whole.len()), (9, 9));
            assert!(done.whole.is_sorted());
        }
        let said = streams(&request("scripted", true), 3).await.unwrap();
        assert_eq!(said, vec![vec!["the ", "inn ", "温泉"]; 3]);
        assert!(streams(&request("scripted,fault=cut,after=1", true), 1).await.is_err());
        assert!(run(&request("scripted,fault=429", false), 1, 1).await.is_err());
        serving.abort();
    }

    #[test]
    fn load_never_leaves_this_machine() {
        assert!(Request::new("192.0.2.7:80", "key", &json!({})).is_err());
    }
}
