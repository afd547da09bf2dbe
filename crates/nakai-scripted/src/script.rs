use std::{str::FromStr, time::Duration};

/// What the provider does when it is asked for a model: the model's name, options and values separated by commas.
///
/// ```text
/// scripted                                   says back what was said
/// scripted,mode=lorem,words=200              says so many words
/// scripted,say=Dogs%20can't%20stay.         says that; a text in percent-encoding
/// scripted,mode=tool,tool=refund             calls a tool of this name, whether there is one or not
/// scripted,delay_ms=20,first_ms=300          in its own time
/// scripted,fault=cut_utf8,after=3            breaks off in the middle of a character behind the third piece
/// scripted,fault=429,times=2                 fails twice, then answers
/// scripted,fault=429,retry_s=7               asks for some seconds of patience; 0 asks for none
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// What it says.
    pub mode: Mode,
    /// The tool that it calls, instead of the first of those that it is given.
    pub tool: Option<String>,
    /// What it says instead of what the mode says.
    pub say: Option<String>,
    /// How many words, where the mode leaves it open.
    pub words: usize,
    /// How long it thinks before the first piece.
    pub first: Duration,
    /// How long it waits before each further piece.
    pub delay: Duration,
    /// What goes wrong.
    pub fault: Option<Fault>,
    /// Behind how many pieces of text it goes wrong.
    pub after: usize,
    /// How often it goes wrong; the next request is answered. 0 stands for always.
    pub times: usize,
    /// After how many seconds it asks to be asked again, with the statuses that have such a wish. 0: it does not say.
    pub retry_seconds: u32,
}

/// What the provider says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// What the customer said last.
    Echo,
    /// Words without meaning, Japanese and English.
    Lorem,
    /// The first passage that the prompt quotes, with its number.
    Passage,
    /// A call of a tool; what the tool answered once it has.
    Tool,
    /// A JSON object.
    Json,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// An HTTP status with an error body of the protocol.
    Status(u16),
    /// No byte ever comes.
    StallFirst,
    /// Nothing more comes, and the connection stays open.
    Stall,
    /// The connection is cut.
    Cut,
    /// The connection is cut in the middle of a character.
    CutCharacter,
    /// The stream says that something went wrong.
    ErrorEvent,
    /// The stream ends without an end.
    NoEnd,
    /// Something that is not in the protocol.
    Garbage,
    /// An answer of no bytes.
    Empty,
    /// Usage that can't be true.
    WrongUsage,
    /// No usage.
    NoUsage,
}

/// A model's name that is no script.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no script has `{0}`; see the documentation of nakai_scripted::Script")]
pub struct UnknownScript(String);

impl Default for Script {
    fn default() -> Self {
        Self {
            mode: Mode::Echo,
            tool: None,
            say: None,
            words: 20,
            first: Duration::ZERO,
            delay: Duration::ZERO,
            fault: None,
            after: 0,
            times: 0,
            retry_seconds: 1,
        }
    }
}

impl Script {
    pub(crate) fn retry_after(&self) -> Option<u32> {
        (self.retry_seconds > 0).then_some(self.retry_seconds)
    }
}

impl FromStr for Script {
    type Err = UnknownScript;

    fn from_str(model: &str) -> Result<Self, UnknownScript> {
        let mut script = Self::default();
        for option in model.split(',').skip(1) {
            let unknown = || UnknownScript(option.to_owned());
            let (name, value) = option.split_once('=').ok_or_else(unknown)?;
            let number = || value.parse::<usize>().map_err(|_| unknown());
            let milliseconds = || value.parse().map(Duration::from_millis).map_err(|_| unknown());
            match name {
                "mode" => script.mode = mode(value).ok_or_else(unknown)?,
                "tool" => script.tool = Some(value.to_owned()),
                "say" => script.say = Some(decoded(value).ok_or_else(unknown)?),
                "words" => script.words = number()?,
                "first_ms" => script.first = milliseconds()?,
                "delay_ms" => script.delay = milliseconds()?,
                "fault" => script.fault = Some(fault(value).ok_or_else(unknown)?),
                "after" => script.after = number()?,
                "times" => script.times = number()?,
                "retry_s" => script.retry_seconds = value.parse().map_err(|_| unknown())?,
                // Tells scripts apart whose requests are counted.
                "id" => {}
                _ => return Err(unknown()),
            }
        }
        Ok(script)
    }
}

/// A text without its percent-encoding.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn mode(name: &str) -> Option<Mode> {
    Some(match name {
        "echo" => Mode::Echo,
        "lorem" => Mode::Lorem,
        "passage" => Mode::Passage,
        "tool" => Mode::Tool,
        "json" => Mode::Json,
        _ => return None,
    })
}

fn fault(name: &str) -> Option<Fault> {
    Some(match name {
        "stall_first" => Fault::StallFirst,
        "stall" => Fault::Stall,
        "cut" => Fault::Cut,
        "cut_utf8" => Fault::CutCharacter,
        "error_event" => Fault::ErrorEvent,
        "no_end" => Fault::NoEnd,
        "garbage" => Fault::Garbage,
        "empty" => Fault::Empty,
        "wrong_usage" => Fault::WrongUsage,
        "no_usage" => Fault::NoUsage,
        status => Fault::Status(status.parse().ok().filter(|status| (400..600).contains(status))?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_model_is_a_script() {
        assert_eq!("gpt-x".parse(), Ok(Script::default()));
        let script: Script = "scripted,mode=lorem,words=7,first_ms=5,fault=429,times=2,id=a"
            .parse()
            .unwrap();
        assert_eq!((script.mode, script.words, script.times), (Mode::Lorem, 7, 2));
        assert_eq!(script.fault, Some(Fault::Status(429)));
        let script: Script = "scripted,say=a%2C%20b%E3%81%82".parse().unwrap();
        assert_eq!(script.say.as_deref(), Some("a, bあ"));
        assert_eq!(
            "scripted,fault=900".parse::<Script>(),
            Err(UnknownScript("fault=900".into()))
        );
        assert_eq!(
            "scripted,speed=1".parse::<Script>(),
            Err(UnknownScript("speed=1".into()))
        );
    }
}
