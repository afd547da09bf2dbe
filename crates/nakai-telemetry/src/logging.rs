//! Log lines: Elastic Common Schema as JSON for machines, coloured text for people.

use std::{fmt, io, io::IsTerminal, str::FromStr};

use tracing::{Event, Subscriber, field::Field, field::Visit};
use tracing_subscriber::{
    EnvFilter, Layer,
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer},
    layer::SubscriberExt,
    registry::LookupSpan,
    util::SubscriberInitExt,
};

use crate::writer::BufferedLog;
pub use crate::writer::LogGuard;

/// The version of the Elastic Common Schema whose field names the lines use.
const ECS_VERSION: &str = "8.17";

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// Text on a terminal, JSON elsewhere.
    #[default]
    Auto,
    /// One JSON object a line, with Elastic Common Schema names.
    Json,
    /// Text for people.
    Text,
}

/// A log format that is none of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown log format; use `auto`, `json` or `text`")]
pub struct UnknownFormat;

impl FromStr for LogFormat {
    type Err = UnknownFormat;
    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        match name {
            "auto" => Ok(Self::Auto),
            "json" => Ok(Self::Json),
            "text" => Ok(Self::Text),
            _ => Err(UnknownFormat),
        }
    }
}

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    /// The filter is not one.
    #[error("the log filter is wrong ({0}); write for example `info` or `nakai=debug,warn`")]
    Filter(String),
    /// It was set up before.
    #[error("logging is set up already")]
    AlreadySet,
}

/// Sets up logging to standard error for the whole process. Keep the guard until the process ends.
pub fn init(format: LogFormat, filter: &str, environment: &str) -> Result<LogGuard, LoggingError> {
    let filter = EnvFilter::try_new(filter).map_err(|e| LoggingError::Filter(e.to_string()))?;
    let text = match format {
        LogFormat::Auto => io::stderr().is_terminal(),
        LogFormat::Json => false,
        LogFormat::Text => true,
    };
    let (log, guard) = BufferedLog::start(io::stderr());
    let layer = tracing_subscriber::fmt::layer().with_writer(log);
    let layer = if text {
        layer
            .with_target(false)
            .with_ansi(io::stderr().is_terminal())
            .compact()
            .boxed()
    } else {
        layer
            .event_format(EcsJson {
                environment: json_string(environment),
            })
            .boxed()
    };
    tracing_subscriber::registry()
        .with(layer.with_filter(filter))
        .try_init()
        .map_err(|_| LoggingError::AlreadySet)?;
    Ok(guard)
}

/// Formats events as Elastic Common Schema documents, one a line.
struct EcsJson {
    /// The name of the environment as a JSON string.
    environment: String,
}

impl<S, N> FormatEvent<S, N> for EcsJson
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut out: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let level = match *event.metadata().level() {
            tracing::Level::ERROR => "error",
            tracing::Level::WARN => "warn",
            tracing::Level::INFO => "info",
            tracing::Level::DEBUG => "debug",
            tracing::Level::TRACE => "trace",
        };
        write!(
            out,
            "{{\"@timestamp\":\"{:.3}\",\"log.level\":\"{level}\",\"log.logger\":\"{}\",\"ecs.version\":\"{ECS_VERSION}\",\
             \"service.name\":\"nakai\",\"service.version\":\"{}\",\"service.environment\":{}",
            jiff::Timestamp::now(),
            event.metadata().target(),
            env!("CARGO_PKG_VERSION"),
            self.environment,
        )?;
        let mut fields = JsonFields {
            out: &mut out,
            result: Ok(()),
        };
        event.record(&mut fields);
        fields.result?;
        out.write_str("}\n")
    }
}

/// Writes the fields of an event as members of the JSON object.
struct JsonFields<'a, 'w> {
    out: &'a mut Writer<'w>,
    result: fmt::Result,
}

impl JsonFields<'_, '_> {
    fn member(&mut self, field: &Field, value: impl fmt::Display) {
        if self.result.is_ok() {
            self.result = write!(self.out, ",\"{}\":{value}", field.name());
        }
    }
}

impl Visit for JsonFields<'_, '_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if self.result.is_ok() {
            self.result = write!(self.out, ",\"{}\":", field.name()).and_then(|()| write_json_string(self.out, value));
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.member(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.member(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.member(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if value.is_finite() {
            self.member(field, value);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

/// Writes `text` as a JSON string (RFC 8259, section 7).
fn write_json_string(out: &mut impl fmt::Write, text: &str) -> fmt::Result {
    out.write_char('"')?;
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..0x20 => "",
            _ => continue,
        };
        out.write_str(&text[plain..at])?;
        if escape.is_empty() {
            write!(out, "\\u{byte:04x}")?;
        } else {
            out.write_str(escape)?;
        }
        plain = at + 1;
    }
    out.write_str(&text[plain..])?;
    out.write_char('"')
}

fn json_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    // Writing into a String can't fail.
    let _ = write_json_string(&mut out, text);
    out
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Memory(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Memory {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_is_one_json_object_with_ecs_names() {
        let memory = Memory::default();
        let out = memory.clone();
        let layer = tracing_subscriber::fmt::layer()
            .with_writer(move || out.clone())
            .event_format(EcsJson {
                environment: json_string("te\"st"),
            });
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            tracing::info!(event.duration = 12_u64, user.id = "a\u{1}\"\\\n仲居", "turn\tdone");
        });
        let bytes = memory.0.lock().unwrap().clone();
        let line: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(line["event.duration"], 12);
        assert_eq!(line["user.id"], "a\u{1}\"\\\n仲居");
        assert_eq!(line["message"], "turn\tdone");
        assert_eq!(line["service.environment"], "te\"st");
        assert_eq!(line["log.level"], "info");
        assert!(line["@timestamp"].as_str().unwrap().ends_with('Z'));
        assert_eq!(bytes.iter().filter(|&&b| b == b'\n').count(), 1);
    }
}
