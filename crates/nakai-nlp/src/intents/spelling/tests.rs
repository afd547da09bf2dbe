use super::*;
use crate::intents::TrainingIntent;

fn spelling() -> Spelling {
    let examples = [
        "hello",
        "help me please",
        "i need help",
        "what time is breakfast",
        "how much is breakfast",
        "where is the home page",
        "is the hotel open",
        "how much is the parking",
        "予約を変更したい",
        "i want to change my reservation",
    ];
    let set = TrainingSet {
        intents: vec![TrainingIntent {
            name: "all".into(),
            social: false,
            examples: examples.map(str::to_owned).to_vec(),
        }],
        out_of_scope: Vec::new(),
    };
    Spelling::new(&set, Some(&Encoder::shipped()))
}

#[test]
fn mistyped_words_are_read_as_those_of_the_examples() {
    let spelling = spelling();
    for (typed, read) in [
        ("waht tiem is brekfast", "what time is breakfast"),
        ("hwo mcuh si the parkign?", "how much si the parking?"),
        ("the hoem page", "the home page"),
        ("helo", "hello"),
        ("chagne my resrevation", "change my reservation"),
        // What is right stays, known to the bot or not.
        ("what time is lunch", "what time is lunch"),
        ("the parks of london's puppies", "the parks of london's puppies"),
        ("i didn't want to", "i didn't want to"),
        ("this is for wheeler", "this is for wheeler"),
        // So does what is nothing like any word, an id, or Japanese.
        ("xqzvw R-204815 pa5king", "xqzvw R-204815 pa5king"),
        // So does a word like one of ours among words that nobody knows.
        ("quibbit parkng vorpal", "quibbit parkng vorpal"),
        ("予約をへんこしたい", "予約をへんこしたい"),
        ("parkinguは予約", "parkingは予約"),
        ("", ""),
    ] {
        assert_eq!(spelling.read(typed), read, "{typed}");
    }
}

#[test]
fn a_bot_without_words_changes_nothing() {
    assert_eq!(Spelling::default().read("waht tiem"), "waht tiem");
}

#[test]
fn so_many_words_are_in_question_and_no_more() {
    let text = "brekfast ".repeat(1000);
    let read = spelling().read(&text).into_owned();
    assert_eq!(read.matches("breakfast").count(), MAX_QUESTIONED);
}
