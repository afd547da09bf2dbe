//! AWS's event stream encoding: length-prefixed frames with headers and two checksums ("application/vnd.amazon.eventstream").

/// The largest frame that is read, in bytes; the protocol allows 16 MiB of payload.
const MAX_FRAME: usize = 17 << 20;
/// Lengths and their checksum.
const PRELUDE: usize = 12;
const CHECKSUM: usize = 4;

/// One message of a stream.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Frame {
    /// `:event-type`.
    pub(super) event: String,
    /// `:exception-type`, if it is one.
    pub(super) exception: Option<String>,
    pub(super) payload: Vec<u8>,
}

/// Bytes that are no frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stream's frames are damaged")]
pub(super) struct Damaged;

/// Cuts bytes into frames, whatever pieces they come in.
#[derive(Debug, Default)]
pub(super) struct FrameSplitter {
    buffer: Vec<u8>,
}

impl FrameSplitter {
    pub(super) fn feed(&mut self, bytes: &[u8], frames: &mut Vec<Frame>) -> Result<(), Damaged> {
        self.buffer.extend_from_slice(bytes);
        let mut read = 0;
        while let Some(length) = length_of(&self.buffer[read..])? {
            let Some(frame) = self.buffer[read..].get(..length) else {
                break;
            };
            frames.push(frame_of(frame)?);
            read += length;
        }
        self.buffer.drain(..read);
        Ok(())
    }
}

/// The length of the frame that begins here, once its prelude is there.
fn length_of(bytes: &[u8]) -> Result<Option<usize>, Damaged> {
    let Some(prelude) = bytes.get(..PRELUDE) else {
        return Ok(None);
    };
    let length = number(prelude) as usize;
    let sound = number(&prelude[8..]) == crc32fast::hash(&prelude[..8]);
    if !sound || !(PRELUDE + CHECKSUM..=MAX_FRAME).contains(&length) {
        return Err(Damaged);
    }
    Ok(Some(length))
}

fn frame_of(bytes: &[u8]) -> Result<Frame, Damaged> {
    let (content, checksum) = bytes.split_at(bytes.len() - CHECKSUM);
    if number(checksum) != crc32fast::hash(content) {
        return Err(Damaged);
    }
    let headers = number(&bytes[4..]) as usize;
    let (mut headers, payload) = content[PRELUDE..].split_at_checked(headers).ok_or(Damaged)?;
    let mut frame = Frame {
        payload: payload.to_vec(),
        ..Frame::default()
    };
    while !headers.is_empty() {
        let name = take_text(&mut headers, 1)?;
        let value = take_value(&mut headers)?;
        match name.as_str() {
            ":event-type" => frame.event = value.unwrap_or_default(),
            ":exception-type" => frame.exception = value,
            _ => {}
        }
    }
    Ok(frame)
}

/// Takes a header's value; gives it if it is a text (type 7).
fn take_value(headers: &mut &[u8]) -> Result<Option<String>, Damaged> {
    let skipped = match take(headers, 1)?[0] {
        0 | 1 => 0,
        2 => 1,
        3 => 2,
        4 => 4,
        5 | 8 => 8,
        6 => usize::from(u16::from_be_bytes(take(headers, 2)?.try_into().map_err(|_| Damaged)?)),
        7 => return take_text(headers, 2).map(Some),
        9 => 16,
        _ => return Err(Damaged),
    };
    take(headers, skipped)?;
    Ok(None)
}

/// Takes a text behind its length of one or two bytes.
fn take_text(bytes: &mut &[u8], length_bytes: usize) -> Result<String, Damaged> {
    let length = take(bytes, length_bytes)?
        .iter()
        .fold(0, |length, byte| length << 8 | usize::from(*byte));
    Ok(String::from_utf8_lossy(take(bytes, length)?).into_owned())
}

fn take<'b>(bytes: &mut &'b [u8], length: usize) -> Result<&'b [u8], Damaged> {
    let (taken, rest) = bytes.split_at_checked(length).ok_or(Damaged)?;
    *bytes = rest;
    Ok(taken)
}

/// A number of four bytes, the highest first.
fn number(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .take(4)
        .fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// Writes a frame, for the tests of this crate and of whoever plays Bedrock.
#[cfg(test)]
pub(super) fn write(headers: &[(&str, &str)], payload: &[u8]) -> Vec<u8> {
    let mut written = Vec::new();
    for (name, value) in headers {
        written.push(name.len() as u8);
        written.extend(name.as_bytes());
        written.push(7);
        written.extend((value.len() as u16).to_be_bytes());
        written.extend(value.as_bytes());
    }
    let length = (PRELUDE + written.len() + payload.len() + CHECKSUM) as u32;
    let mut frame = length.to_be_bytes().to_vec();
    frame.extend((written.len() as u32).to_be_bytes());
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    frame.extend(&written);
    frame.extend(payload);
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    frame
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(pieces: &[&[u8]]) -> Result<Vec<Frame>, Damaged> {
        let mut splitter = FrameSplitter::default();
        let mut frames = Vec::new();
        for piece in pieces {
            splitter.feed(piece, &mut frames)?;
        }
        Ok(frames)
    }

    #[test]
    fn damage_is_seen() {
        let frame = write(&[(":event-type", "metadata")], b"{}");
        assert_eq!(split(&[&frame]).unwrap()[0].event, "metadata");
        for at in 0..frame.len() {
            let mut damaged = frame.clone();
            damaged[at] ^= 0x10;
            assert_eq!(split(&[&damaged]), Err(Damaged), "byte {at}");
        }
    }

    proptest! {
        #[test]
        fn frames_come_back_whatever_the_pieces(payloads in proptest::collection::vec(".{0,30}", 1..5), cut in 0_usize..400) {
            let stream: Vec<u8> = payloads.iter().flat_map(|payload| write(&[(":event-type", "x")], payload.as_bytes())).collect();
            let (first, second) = stream.split_at(cut.min(stream.len()));
            let frames = split(&[first, second]).unwrap();
            let found: Vec<_> = frames.into_iter().map(|frame| String::from_utf8(frame.payload).unwrap()).collect();
            prop_assert_eq!(found, payloads);
        }

        #[test]
        fn any_bytes_are_frames_or_damaged(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = split(&[&bytes]);
        }
    }
}
