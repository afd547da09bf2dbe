//! Says in plain words what is wrong with text that is no YAML.

use serde_saphyr::{DeserializeError, ExternalMessageSource, granit_parser::ErrorKind};

use crate::node::Position;

/// Gives the place, what is wrong there, and the cure.
pub(crate) fn explain(error: &DeserializeError, text: &str) -> (Position, String, String) {
    let position = error
        .location()
        .map(Position::from)
        .filter(|position| position.line > 0);
    let (what, cure) = match error {
        DeserializeError::DuplicateMappingKey { key: Some(key), .. } => (
            format!("the key `{key}` is here for the second time"),
            "keep one of the two",
        ),
        DeserializeError::DuplicateMappingKey { key: None, .. } => {
            ("a key is here for the second time".into(), "keep one of the two")
        }
        DeserializeError::MergeKeyNotAllowed { .. } => {
            ("maps can't be merged with `<<`".into(), "write the keys out here")
        }
        DeserializeError::MultipleDocuments { .. } => (
            "the file holds more than one document".into(),
            "remove the line `---`, or move what follows to a file of its own",
        ),
        DeserializeError::NullIntoString { .. } => ("a key is empty".into(), "give it a name"),
        DeserializeError::NonFiniteFloat { .. } => (
            "a number must be finite".into(),
            "write a number, or put the text in quotes",
        ),
        DeserializeError::UnsupportedTag { tag, .. } => (
            format!("the tag `{tag}` is not known here"),
            "remove it, or put the text in quotes if it begins with `!`",
        ),
        DeserializeError::UnknownAnchor { .. } => (
            "there is no anchor of this name".into(),
            "put the text in quotes if it begins with `*`",
        ),
        DeserializeError::Budget { .. }
        | DeserializeError::AliasReplayLimitExceeded { .. }
        | DeserializeError::AliasReplayStackDepthExceeded { .. }
        | DeserializeError::AliasExpansionLimitExceeded { .. } => (
            "the file is too deep or too large once its aliases are followed".into(),
            "split it, and write aliases out",
        ),
        DeserializeError::Eof { .. } => ("the file ends too early".into(), "complete the last entry"),
        DeserializeError::ExternalMessage { source, msg, .. } => match &**source {
            ExternalMessageSource::Parser(scan) => scanning(scan.kind()),
            _ => (format!("the YAML can't be read here ({msg})"), ""),
        },
        DeserializeError::AliasError { error, .. } => {
            let (_, what, cure) = explain(error, text);
            return (position.unwrap_or_else(|| end_of(text)), what, cure);
        }
        _ => (
            "the YAML can't be read here".into(),
            "put texts with special characters in quotes",
        ),
    };
    (position.unwrap_or_else(|| end_of(text)), what, cure.into())
}

fn scanning(kind: &ErrorKind) -> (String, &'static str) {
    use ErrorKind as K;
    let (what, cure) = match kind {
        K::TabNotAllowed
        | K::TabInBlockIndentation
        | K::TabAtBlockScalarStart
        | K::TabInIndentation
        | K::TabInPlainScalar => ("a tab stands where only spaces may", "indent with spaces"),
        K::InvalidIndentation
        | K::ExpectedBlockMappingKey
        | K::ExpectedBlockSequenceEntry
        | K::InvalidFlowScalarIndent
        | K::InvalidQuotedScalarIndent
        | K::InvalidBlockScalarIndent
        | K::BlockSequenceEntryNotAllowed
        | K::MappingKeyNotAllowed => (
            "the line does not fit the ones above it",
            "indent it like its siblings, and check for a missing `:` or quote above",
        ),
        K::MappingValueNotAllowed | K::InvalidColonPlacement | K::FlowMappingValueAdjacentCollection => {
            ("a `:` is not allowed here", "put a text that holds `: ` in quotes")
        }
        K::SimpleKeyExpected | K::InvalidSimpleKey => (
            "a key with `:` is expected",
            "write `key: value`, and put a text of several lines in quotes",
        ),
        K::UnclosedQuotedScalar | K::DocumentIndicatorInQuotedScalar => (
            "a quotation mark is not closed",
            "close the text with the quotation mark that opens it",
        ),
        K::InvalidTrailingSingleQuotedScalar | K::InvalidTrailingDoubleQuotedScalar => (
            "something follows the closing quotation mark",
            "put the whole text in quotes, and write `''` or `\\\"` for one inside",
        ),
        K::UnclosedFlowCollection { .. }
        | K::MisplacedFlowCollectionEnd
        | K::MismatchedFlowCollectionEnd { .. }
        | K::ExpectedFlowMappingSeparator
        | K::ExpectedFlowSequenceSeparator
        | K::UnexpectedEofFlowSequence
        | K::UnexpectedEofFlowMapping
        | K::UnexpectedEofImplicitFlowMapping
        | K::BlockEntryInFlowCollection => (
            "brackets or commas do not match",
            "close every `[` and `{`, put a comma between items, and put a text that begins with a bracket in quotes",
        ),
        K::UnknownQuotedScalarEscape | K::InvalidQuotedScalarHexEscape | K::InvalidUnicodeEscape => (
            "an unknown escape follows `\\`",
            "write `\\\\` for a backslash, or use single quotation marks",
        ),
        K::UnexpectedCharacter { .. } | K::PlainScalarStartsWithDashFlowIndicator => {
            ("a text can't begin with this character", "put the text in quotes")
        }
        K::RecursionLimitExceeded => ("the file is nested too deep", "make it flatter"),
        K::UnexpectedEof | K::UnexpectedEofBlockSequence | K::UnexpectedEofBlockMapping => {
            ("the file ends too early", "complete the last entry")
        }
        _ => (
            "the YAML can't be read here",
            "put texts with special characters in quotes, and check the indentation",
        ),
    };
    (what.into(), cure)
}

/// Gives the place just behind a text.
pub(crate) fn end_of(text: &str) -> Position {
    let short = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let last_line = text.rsplit('\n').next().unwrap_or_default();
    Position {
        line: short(text.matches('\n').count() + 1),
        column: short(last_line.chars().count() + 1),
    }
}
