//! What rules and stories become, case by case.

use std::fs;

use nakai_bundle::{
    Bundle, load_files,
    model::{Control, Intent, Step},
    rasa::import,
};

/// A project with intents `a` to `d`, `affirm` and `deny`, responses `utter_a` to `utter_d` and the form `form`.
fn bundle(rules_and_stories: &str) -> (Bundle, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut domain = String::from(
        "slots: {size: {type: text, mappings: [{type: from_text}]}}\nforms: {form: {required_slots: [size]}}\nresponses:\n",
    );
    let mut nlu = String::from("nlu:\n");
    for letter in ["a", "b", "c", "d"] {
        domain += &format!("  utter_{letter}: [{{text: says {letter}}}]\n");
    }
    for intent in ["a", "b", "c", "d", "affirm", "deny"] {
        nlu += &format!("- {{intent: {intent}, examples: [wants {intent}]}}\n");
    }
    fs::write(folder.path().join("domain.yml"), domain).unwrap();
    fs::create_dir(folder.path().join("data")).unwrap();
    fs::write(folder.path().join("data/nlu.yml"), nlu).unwrap();
    fs::write(folder.path().join("data/rules.yml"), rules_and_stories).unwrap();
    let imported = import(folder.path()).unwrap();
    (load_files(imported.files).unwrap().bundle, imported.report.to_string())
}

fn intent<'a>(bundle: &'a Bundle, name: &str) -> &'a Intent {
    &bundle.intents[name]
}

fn steps<'a>(bundle: &'a Bundle, name: &str) -> &'a [Step] {
    &bundle.flows[intent(bundle, name).flow.as_deref().unwrap()].steps
}

fn is_say(step: &Step, reply: &str) -> bool {
    *step == Step::Say(reply.to_owned())
}

#[test]
fn one_response_is_a_reply() {
    let (bundle, report) = bundle("rules: [{rule: r, steps: [{intent: a}, {action: utter_a}]}]");
    assert_eq!(intent(&bundle, "a").reply.as_deref(), Some("utter_a"));
    assert!(report.contains("1 rule: `r`"), "{report}");
}

#[test]
fn several_responses_are_a_flow() {
    let (bundle, _) = bundle("rules: [{rule: r, steps: [{intent: a}, {action: utter_a}, {action: utter_b}]}]");
    assert!(is_say(&steps(&bundle, "a")[0], "utter_a") && is_say(&steps(&bundle, "a")[1], "utter_b"));
}

#[test]
fn a_form_with_an_ending_is_a_flow() {
    let (bundle, _) = bundle(
        "rules:
- {rule: start, steps: [{intent: a}, {action: utter_a}, {action: form}, {active_loop: form}]}
- {rule: end, condition: [{active_loop: form}], steps: [{action: form}, {active_loop: null}, {action: utter_b}]}
",
    );
    let steps = steps(&bundle, "a");
    assert!(is_say(&steps[0], "utter_a"));
    assert!(matches!(&steps[1], Step::Ask(ask) if ask.slot == "size"));
    assert!(is_say(&steps[2], "utter_b"));
}

#[test]
fn an_ending_under_a_condition_takes_the_place_of_the_usual_one() {
    let (bundle, _) = bundle(
        "rules:
- {rule: start, steps: [{intent: a}, {action: form}, {active_loop: form}]}
- {rule: end, condition: [{active_loop: form}], steps: [{action: form}, {active_loop: null}, {action: utter_b}]}
- rule: large
  condition: [{active_loop: form}, {slot_was_set: [{size: large}]}]
  steps: [{action: form}, {active_loop: null}, {action: utter_c}]
",
    );
    let Step::When(when) = &steps(&bundle, "a")[1] else {
        panic!("no choice")
    };
    assert_eq!(when.condition, "slots.size == \"large\"");
    assert!(is_say(&when.then[0], "utter_c") && is_say(&when.otherwise[0], "utter_b"));
}

#[test]
fn yes_and_no_after_a_question_are_branches() {
    let (bundle, _) = bundle(
        "stories:
- {story: yes, steps: [{intent: a}, {action: utter_a}, {intent: affirm}, {action: utter_b}]}
- {story: no, steps: [{intent: a}, {action: utter_a}, {intent: deny}, {action: utter_c}]}
",
    );
    let steps = steps(&bundle, "a");
    assert!(matches!(&steps[0], Step::Ask(ask) if ask.reply == "utter_a"));
    let Step::When(when) = &steps[1] else {
        panic!("{steps:?}")
    };
    assert!(is_say(&when.then[0], "utter_b") && is_say(&when.otherwise[0], "utter_c"));
    assert_eq!(intent(&bundle, "affirm").control, Some(Control::Affirm));
    assert_eq!(intent(&bundle, "deny").control, Some(Control::Deny));
}

#[test]
fn any_of_several_intents_does_the_same() {
    let (bundle, _) = bundle("rules: [{rule: r, steps: [{or: [{intent: a}, {intent: b}]}, {action: utter_c}]}]");
    assert_eq!(intent(&bundle, "a").reply, intent(&bundle, "b").reply);
}

#[test]
fn the_first_of_two_paths_that_disagree_counts_and_the_other_is_told_of() {
    let (bundle, report) = bundle(
        "rules: [{rule: first, steps: [{intent: a}, {action: utter_a}]}, {rule: second, steps: [{intent: a}, {action: utter_b}]}]",
    );
    assert_eq!(intent(&bundle, "a").reply.as_deref(), Some("utter_a"));
    assert!(report.contains("rule `second` contradicts"), "{report}");
}

#[test]
fn built_in_actions_steer_and_code_becomes_a_human() {
    let (bundle, report) = bundle(
        "rules:
- {rule: r1, steps: [{intent: a}, {action: action_restart}]}
- {rule: r2, condition: [{active_loop: form}], steps: [{intent: b}, {action: action_deactivate_loop}, {active_loop: null}]}
- {rule: r3, steps: [{intent: c}, {action: action_look_up}]}
",
    );
    assert_eq!(intent(&bundle, "a").control, Some(Control::StartOver));
    assert_eq!(intent(&bundle, "b").control, Some(Control::Cancel));
    assert_eq!(intent(&bundle, "c").handover.as_deref(), Some("action_look_up"));
    assert!(report.contains("action `action_look_up` is code"), "{report}");
}

#[test]
fn an_intent_without_a_path_is_answered_from_knowledge() {
    let (bundle, report) = bundle("rules: []");
    assert!(intent(&bundle, "d").answer.is_some());
    assert!(
        report.contains("no rule or story says what to do about intent `d`"),
        "{report}"
    );
}

#[test]
fn a_language_that_nakai_has_not_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("domain.yml"),
        "responses: {utter_a: [{text: Guten Tag}]}\n",
    )
    .unwrap();
    fs::write(folder.path().join("config.yml"), "language: de\n").unwrap();
    let imported = import(folder.path()).unwrap();
    assert!(
        imported
            .report
            .to_string()
            .contains("config.yml:1: language `de` is none of Nakai's")
    );
    load_files(imported.files).unwrap();
}
