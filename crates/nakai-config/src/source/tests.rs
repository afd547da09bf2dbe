use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Deserialize;

use super::*;

/// A type with everything that serde types have.
#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Inn {
    name: Name,
    rooms: u32,
    #[serde(default)]
    open: bool,
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    discount: Option<f32>,
    #[serde(default)]
    baths: BTreeMap<String, Bath>,
    #[serde(default)]
    meals: Vec<Meal>,
    #[serde(default)]
    steps: Vec<Step>,
    #[serde(default)]
    answer: Option<Answer>,
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
struct Name(String);

impl TryFrom<String> for Name {
    type Error = &'static str;
    fn try_from(name: String) -> Result<Self, &'static str> {
        if name.is_ascii() {
            Ok(Self(name))
        } else {
            Err("a name must be ASCII")
        }
    }
}

#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Bath {
    title: String,
    hot: Option<bool>,
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Meal {
    /// In the morning.
    Breakfast,
    /// In the evening.
    Dinner,
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Step {
    Say(String),
    When { then: Vec<Step> },
    End(Option<String>),
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Answer {
    Search(bool),
    Article(String),
}

fn read(text: &str) -> Result<Inn, Vec<String>> {
    let mut problems = Problems::default();
    let inn = Source::parse("inn.yaml", text)
        .map_err(|found| problems.append(found))
        .ok()
        .and_then(|s| s.read(&mut problems));
    inn.ok_or_else(|| problems.iter().map(ToString::to_string).collect())
}

fn problems(text: &str) -> Vec<String> {
    read(text).expect_err("it has problems")
}

#[test]
fn a_file_without_problems_is_read_with_everything_in_it() {
    let inn = read(
        "\u{feff}# yaml-language-server: $schema=x\nname: kinokawa\nrooms: 12\nopen: true\ndiscount: 0.5\nbaths:\n  east: {title: East, hot: true}\n  \
         west: {title: '12'}\nmeals: [dinner, breakfast]\nsteps:\n- say: hi\n- when: {then: [end: ]}\n- end: bye\nanswer: baths/hours\n",
    )
    .unwrap();
    assert_eq!(inn.name.0, "kinokawa");
    assert_eq!(
        inn.baths["east"],
        Bath {
            title: "East".into(),
            hot: Some(true)
        }
    );
    assert_eq!(inn.meals, [Meal::Dinner, Meal::Breakfast]);
    assert_eq!(
        inn.steps[1..],
        [
            Step::When {
                then: vec![Step::End(None)]
            },
            Step::End(Some("bye".into()))
        ]
    );
    assert_eq!(inn.answer, Some(Answer::Article("baths/hours".into())));
}

#[test]
fn every_problem_is_reported_at_once_with_its_place_and_cure() {
    let text = "\
name: 7
open: yes
discount: 1.5
baths:
  東:
    titel: x
    hot: 'true'
  west: hot
meals: [diner, 'lunch', 3]
steps:
- sya: hello
- say: a
  end:
- {}
- end
- when:
    than: []
answer: []
";
    let expected = [
        "inn.yaml:1:7: error: name: a text is expected, not a number; put it in quotes",
        "inn.yaml:2:7: error: open: true or false is expected, not a text; write `true`",
        "inn.yaml:3:11: error: discount: 1.5 is out of range; use a number from 0 to 1",
        "inn.yaml:6:5: error: baths.東.titel: unknown key; did you mean `title`? the others are `hot`",
        "inn.yaml:7:10: error: baths.東.hot: true or false is expected, not a text; remove the quotes",
        "inn.yaml:8:9: error: baths.west: a map is expected, not a text; write keys with values, such as `hot`, `title`",
        "inn.yaml:9:9: error: meals[0]: `diner` is not one of the allowed values; did you mean `dinner`? the others are `breakfast`",
        "inn.yaml:9:16: error: meals[1]: `lunch` is not one of the allowed values; use one of `breakfast`, `dinner`",
        "inn.yaml:9:25: error: meals[2]: one of `breakfast`, `dinner` is expected, not a number",
        "inn.yaml:11:3: error: steps[0].sya: unknown key; did you mean `say`? the others are `when`, `end`",
        "inn.yaml:13:3: error: steps[1]: exactly one key is expected, but there are 2: `say`, `end`; keep one, or begin `end` with a `- ` of its own",
        "inn.yaml:14:3: error: steps[2]: exactly one key is expected; use one of `say`, `when`, `end`",
        "inn.yaml:15:3: error: steps[3]: a map with exactly one of the keys `say`, `when`, `end` is expected, not a text; write `end:`",
        "inn.yaml:17:5: error: steps[4].when.than: unknown key; did you mean `then`?",
        "inn.yaml:16:3: error: steps[4].when.then: is missing; add `then:` with a list",
        "inn.yaml:18:9: error: answer: true or false or a text is expected, not a list",
        "inn.yaml:1:1: error: rooms: is missing; add `rooms:` with a whole number",
    ];
    let found = problems(text);
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.len(), expected.len());
}

#[test]
fn what_only_the_type_itself_knows_is_reported_at_its_place() {
    assert_eq!(
        problems("rooms: 1\nname: 旅館"),
        ["inn.yaml:2:7: error: name: a name must be ASCII"]
    );
    assert_eq!(
        problems("name: a\nrooms: 99999999999")[0].split(": error: ").next(),
        Some("inn.yaml:2:8")
    );
}

#[test]
fn text_that_is_no_yaml_has_one_problem_in_plain_words() {
    for (text, expected) in [
        (
            "name: a\nname: b",
            "inn.yaml:2:1: error: the key `name` is here for the second time; keep one of the two",
        ),
        (
            "name:\n\t- a",
            "inn.yaml:2:2: error: a tab stands where only spaces may; indent with spaces",
        ),
        (
            "name: a: b",
            "inn.yaml:1:8: error: a `:` is not allowed here; put a text that holds `: ` in quotes",
        ),
        (
            "name: 'a",
            "inn.yaml:1:7: error: a quotation mark is not closed; close the text with the quotation mark that opens it",
        ),
        (
            "name: [a",
            "inn.yaml:1:7: error: brackets or commas do not match; close every `[` and `{`, put a comma between items, and put a text that begins with a bracket in quotes",
        ),
        (
            "a: 1\n---\nb: 2",
            "inn.yaml:3:1: error: the file holds more than one document; remove the line `---`, or move what follows to a file of its own",
        ),
        (
            "name: *a",
            "inn.yaml:1:7: error: there is no anchor of this name; put the text in quotes if it begins with `*`",
        ),
        (
            "name: !secret a",
            "inn.yaml:1:15: error: the tag `!secret` is not known here; remove it, or put the text in quotes if it begins with `!`",
        ),
        (
            "a: &a {b: 1}\nc:\n  <<: *a",
            "inn.yaml:3:3: error: maps can't be merged with `<<`; write the keys out here",
        ),
    ] {
        assert_eq!(problems(text), [expected]);
    }
}

#[test]
fn an_empty_file_misses_everything() {
    for text in ["", "# only a comment\n", "---\n", "~"] {
        assert_eq!(
            problems(text),
            ["inn.yaml:1:1: error: a map is expected, but there is nothing; give it a value, or remove the key"]
        );
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_reported_where_they_are() {
    let found = Source::from_bytes("inn.yaml", b"name: a\n\xe6\x97\xa5\xff").unwrap_err();
    assert_eq!(
        found.to_string(),
        "inn.yaml:2:2: error: the file is not UTF-8 from here on; save it as UTF-8\n"
    );
}

#[test]
fn an_alias_bomb_is_refused() {
    let mut text = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, previous) in ('b'..='i').zip('a'..) {
        text += &format!(
            "{name}: &{name} [{}]\n",
            [format!("*{previous}").as_str(); 9].join(", ")
        );
    }
    assert!(
        problems(&text)[0].contains("too deep or too large"),
        "{:?}",
        problems(&text)
    );
}

#[test]
fn what_is_nested_too_deep_is_refused() {
    let deep = |depth: usize| format!("name: a\nrooms: 1\nanswer: {}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Source::parse("x", &deep(28)).is_ok());
    for text in [
        deep(60),
        "[".repeat(100_000),
        "- ".repeat(100_000),
        "{a: ".repeat(100_000),
        (0..1000).map(|i| " ".repeat(i) + "a:\n").collect(),
    ] {
        assert_eq!(problems(&text).len(), 1);
    }
}

#[test]
fn a_dotted_key_leads_to_its_place_or_that_of_its_nearest_parent() {
    let source = Source::parse(
        "x.yaml",
        "intents:\n  greet:\n    examples:\n      ja: [a, 'b']\n    title:\n  'a.b': {c: 1}\n",
    )
    .unwrap();
    for (key, line, column) in [
        ("intents", 1, 1),
        ("intents.greet", 2, 3),
        ("intents.greet.examples.ja", 4, 7),
        ("intents.greet.examples.ja[1]", 4, 15),
        ("intents.greet.examples.ja[7]", 4, 7),
        ("intents.greet.examples.en[0]", 3, 5),
        ("intents.greet.title", 5, 5),
        ("intents.a.b.c", 6, 14),
        ("flows.x", 1, 1),
    ] {
        let mut problems = Problems::default();
        problems.error(key, "", "");
        source.locate(&mut problems);
        let problem = problems.iter().next().unwrap();
        assert_eq!(
            (problem.file.as_str(), problem.line, problem.column),
            ("x.yaml", line, column),
            "{key}"
        );
    }
}

#[test]
fn the_head_of_an_article_has_the_lines_of_its_file() {
    let source = Source::parse_from_line("a.md", "title: x\nname: y\n", 2).unwrap();
    assert_eq!(
        source.root().entry("name").unwrap().key_position,
        Position { line: 3, column: 1 }
    );
    let problems = Source::parse_from_line("a.md", "title: 'x\n", 2).unwrap_err();
    assert_eq!(problems.iter().next().unwrap().line, 2);
}

fn yaml_like() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "name",
        ": ",
        "\n",
        "  ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "'",
        "\"",
        "&a ",
        "*a",
        "!!int ",
        "!x ",
        "|",
        ">",
        "#",
        "1",
        "0.5",
        "true",
        "~",
        "---",
        "...",
        "\t",
        "\r\n",
        "<<",
        "?",
        "\\x",
        "温泉",
        "\u{0}",
        "\u{feff}",
        "\u{85}",
        "\u{2028}",
        "%YAML 1.2\n",
        "steps",
        "say",
        ".inf",
        "-",
        "1e999",
        "0x1F",
        "99999999999999999999",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_safe(bytes in any::<Vec<u8>>()) {
        if let Ok(source) = Source::from_bytes("x", &bytes) {
            let _ = source.read::<Inn>(&mut Problems::default());
        }
    }

    #[test]
    fn any_text_gives_a_value_or_problems(text in yaml_like()) {
        match Source::parse("x", &text) {
            Err(problems) => prop_assert!(problems.iter().all(|p| p.line > 0 && p.column > 0 && !p.what.is_empty()), "{problems}"),
            Ok(source) => {
                let mut problems = Problems::default();
                let inn = source.read::<Inn>(&mut problems);
                prop_assert_eq!(inn.is_none(), problems.has_errors());
                prop_assert!(problems.iter().all(|p| p.line > 0 && p.column > 0), "{}", problems);
            }
        }
    }

    #[test]
    fn a_schema_lets_nothing_through_that_the_type_refuses_silently(text in yaml_like()) {
        let text = format!("name: a\nrooms: 1\nsteps:\n- {text}\n");
        if let Ok(source) = Source::parse("x", &text) {
            let mut problems = Problems::default();
            let inn = source.read::<Inn>(&mut problems);
            prop_assert_eq!(inn.is_none(), problems.has_errors());
        }
    }
}
