//! Server-sent events, as the HTML standard has them, from pieces that may be cut anywhere.

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) name: String,
    pub(super) data: String,
}

/// Puts pieces together and gives the events that are complete.
#[derive(Debug, Default)]
pub(super) struct Events {
    pending: Vec<u8>,
}

impl Events {
    pub(super) fn take(&mut self, piece: &[u8]) -> Vec<Event> {
        self.pending.extend_from_slice(piece);
        let mut events = Vec::new();
        while let Some((end, length)) = blank_line(&self.pending) {
            let block = String::from_utf8_lossy(&self.pending[..end]).into_owned();
            self.pending.drain(..end + length);
            let mut event = Event {
                name: "message".into(),
                data: String::new(),
            };
            let mut has_data = false;
            for line in block.lines() {
                let (field, value) = line.split_once(':').unwrap_or((line, ""));
                let value = value.strip_prefix(' ').unwrap_or(value);
                match field {
                    "event" => value.clone_into(&mut event.name),
                    "data" => {
                        if has_data {
                            event.data.push('\n');
                        }
                        event.data.push_str(value);
                        has_data = true;
                    }
                    _ => {}
                }
            }
            if has_data {
                events.push(event);
            }
        }
        events
    }
}

/// Finds the blank line that ends an event: where it begins and how long it is.
fn blank_line(bytes: &[u8]) -> Option<(usize, usize)> {
    let plain = bytes.windows(2).position(|w| w == b"\n\n").map(|at| (at, 2));
    let crlf = bytes.windows(4).position(|w| w == b"\r\n\r\n").map(|at| (at, 4));
    plain.into_iter().chain(crlf).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_out_whole_wherever_the_pieces_are_cut() {
        let stream =
            ": ping\n\nevent: delta\ndata: {\"text\":\"温泉\"}\n\ndata: a\r\ndata: b\r\n\r\nid: 1\n\n".as_bytes();
        let expected = [("delta", "{\"text\":\"温泉\"}"), ("message", "a\nb")].map(|(name, data)| Event {
            name: name.into(),
            data: data.into(),
        });
        for size in 1..stream.len() {
            let mut events = Events::default();
            let all: Vec<_> = stream.chunks(size).flat_map(|piece| events.take(piece)).collect();
            assert_eq!(all, expected, "pieces of {size} bytes");
        }
    }
}
