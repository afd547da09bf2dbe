use std::path::Path;

use nakai_bundle::load_folder;

use super::*;

fn said(texts: &[(&str, usize)]) -> Vec<Unanswered> {
    let utterance = |(text, times): &(&str, usize)| Unanswered {
        text: (*text).to_owned(),
        language: if text.is_ascii() { Language::En } else { Language::Ja },
        times: *times,
    };
    texts.iter().map(utterance).collect()
}

fn bundle() -> Bundle {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../bots/ryokan"));
    load_folder(folder).unwrap().bundle
}

#[test]
fn what_means_the_same_is_one_group_in_any_language() {
    let said = said(&[
        ("do you rent bicycles", 1),
        ("can i hire a bike", 1),
        ("自転車を借りられますか", 1),
        ("who is the president of france", 1),
        ("is there a swimming pool", 1),
        ("do you have a pool", 1),
    ]);
    let vectors = encode(said.iter().map(|utterance| utterance.text.as_str()));
    let mut found = groups(&said, &vectors);
    found.iter_mut().for_each(|group| group.sort_unstable());
    assert_eq!(found, [vec![0, 1, 2], vec![4, 5]]);
}

#[test]
fn something_new_becomes_an_intent_and_something_near_more_examples() {
    let bundle = bundle();
    let proposals = propose(
        &said(&[
            ("do you rent bicycles", 3),
            ("can i rent a bicycle", 1),
            ("wi-fi code pls", 2),
        ]),
        &bundle,
    );
    let found: Vec<_> = proposals
        .iter()
        .map(|p| (p.intent.contains("bicycle"), p.is_new, p.times))
        .collect();
    assert_eq!(found, [(true, true, 4), (false, false, 2)], "{proposals:?}");
    assert_eq!(proposals[1].intent, "wifi");
    let changed = with_examples(&bundle, &proposals);
    assert_eq!(changed.intents.len(), bundle.intents.len() + 1);
    let english = |bundle: &Bundle| bundle.intents["wifi"].examples.en.as_ref().unwrap().len();
    assert_eq!(english(&changed), english(&bundle) + 1);
    assert_eq!(propose(&[], &bundle), []);
}

#[test]
fn placeholders_and_stories_are_no_examples() {
    let story = "a".repeat(LONGEST + 1);
    for (text, expected) in [
        ("where is the pool", true),
        ("my mail is [email_1]", false),
        ("[phone_number_2]", false),
        ("is [this] fine", true),
        ("12345", false),
        ("", false),
        (story.as_str(), false),
    ] {
        assert_eq!(is_example(text), expected, "{text}");
    }
}
