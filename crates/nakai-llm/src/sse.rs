//! Server-sent events out of bytes as they come (WHATWG HTML, "Interpreting an event stream").

/// The longest event that is kept, in bytes. No provider sends any near it; a broken one shall not take the memory.
const MAX_EVENT: usize = 4 << 20;

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct SseEvent {
    /// The field `event`; empty if there was none.
    pub(crate) name: String,
    /// The lines of `data`, joined by line feeds.
    pub(crate) data: String,
}

/// An event is too long to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong;

/// Cuts bytes into events, whatever pieces they come in. Lines end in CR, LF or both; an UTF-8 sequence may be cut anywhere.
#[derive(Debug, Default)]
pub(crate) struct SseSplitter {
    /// What came of the line at hand before the bytes at hand.
    line: Vec<u8>,
    /// The event at hand, and room for the next ones.
    event: SseEvent,
    has_data: bool,
    /// The last byte was a CR: an LF that follows ends no second line.
    after_cr: bool,
    begun: bool,
}

impl SseSplitter {
    /// Takes bytes, gives each event that they end. The first error of `take` ends it.
    pub(crate) fn feed<E: From<TooLong>>(
        &mut self,
        bytes: &[u8],
        mut take: impl FnMut(&SseEvent) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut rest = bytes;
        // A piece without bytes says nothing of what follows the CR.
        if !bytes.is_empty() && std::mem::take(&mut self.after_cr) {
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        }
        while let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            let (line, behind) = rest.split_at(end);
            let is_event = if self.line.is_empty() {
                self.end_line(line)
            } else {
                let mut begun = std::mem::take(&mut self.line);
                begun.extend_from_slice(line);
                let is_event = self.end_line(&begun);
                begun.clear();
                self.line = begun;
                is_event
            };
            rest = match behind {
                [b'\r', b'\n', behind @ ..] | [_, behind @ ..] => behind,
                [] => behind,
            };
            self.after_cr = behind == b"\r";
            if is_event {
                let taken = take(&self.event);
                self.event.name.clear();
                self.event.data.clear();
                taken?;
            }
        }
        self.line.extend_from_slice(rest);
        if self.line.len() + self.event.data.len() > MAX_EVENT {
            return Err(TooLong.into());
        }
        Ok(())
    }

    /// Reads a line; says whether it ends an event.
    fn end_line(&mut self, mut line: &[u8]) -> bool {
        if !std::mem::replace(&mut self.begun, true) {
            line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        }
        if line.is_empty() {
            if !self.has_data {
                self.event.name.clear();
            }
            return std::mem::take(&mut self.has_data);
        }
        let (field, value) = match line.iter().position(|byte| *byte == b':') {
            // A comment, which keeps a connection open.
            Some(0) => return false,
            Some(colon) => (
                &line[..colon],
                line[colon + 1..].strip_prefix(b" ").unwrap_or(&line[colon + 1..]),
            ),
            None => (line, &[][..]),
        };
        match field {
            b"event" => {
                self.event.name.clear();
                push(&mut self.event.name, value);
            }
            b"data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.event.data.push('\n');
                }
                push(&mut self.event.data, value);
            }
            _ => {}
        }
        false
    }
}

fn push(text: &mut String, bytes: &[u8]) {
    match std::str::from_utf8(bytes) {
        Ok(valid) => text.push_str(valid),
        Err(_) => text.push_str(&String::from_utf8_lossy(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn events(pieces: &[&[u8]]) -> Vec<(String, String)> {
        let mut splitter = SseSplitter::default();
        let mut events = Vec::new();
        for piece in pieces {
            let keep = |event: &SseEvent| {
                events.push((event.name.clone(), event.data.clone()));
                Ok::<_, TooLong>(())
            };
            splitter.feed(piece, keep).unwrap();
        }
        events
    }

    fn pair(name: &str, data: &str) -> (String, String) {
        (name.into(), data.into())
    }

    #[test]
    fn events_are_read_as_the_standard_says() {
        let stream = "\u{feff}: hello\n\ndata: a\ndata:b\ndata:  c\r\n\r\nevent: ping\rdata\r\rid: 7\nretry: 1\n\ndata: 終\n\ndata: cut";
        assert_eq!(
            events(&[stream.as_bytes()]),
            [pair("", "a\nb\n c"), pair("ping", ""), pair("", "終")]
        );
    }

    #[test]
    fn an_empty_piece_between_the_two_bytes_of_a_line_end_changes_nothing() {
        assert_eq!(events(&[b"data: a\r", b"", b"\ndata: b\r\n\r\n"]), [pair("", "a\nb")]);
    }

    #[test]
    fn an_endless_line_is_refused() {
        let mut splitter = SseSplitter::default();
        let piece = vec![b'x'; 1 << 20];
        let results: Vec<_> = (0..5)
            .map(|_| splitter.feed(&piece, |_| Ok::<_, TooLong>(())))
            .collect();
        assert_eq!(results.last(), Some(&Err(TooLong)));
    }

    proptest! {
        #[test]
        fn pieces_make_no_difference(
            lines in proptest::collection::vec("(data: ?|event:|:|)[a-zあ漢👍]{0,4}(\r\n|\n|\r|\n\n|\r\r|\r\n\r\n)", 0..20),
            cuts in proptest::collection::vec(0_usize..200, 0..8),
        ) {
            let stream = lines.concat().into_bytes();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(stream.len())).collect();
            cuts.extend([0, stream.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|ends| &stream[ends[0]..ends[1]]).collect();
            prop_assert_eq!(events(&pieces), events(&[&stream]));
        }
    }
}
