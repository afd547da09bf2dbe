//! What holds of every index and question.

use std::{collections::HashMap, sync::Arc};

use nakai_encoder::SentenceEncoder;
use nakai_types::Language;
use proptest::prelude::*;

use crate::{
    AnalysedPassage, Audiences, Candidates, Filter, Hit, IndexBuilder, Lookup, Mode, Passage, PassageAnalyser,
    SearchIndex, Statistics, Synonyms, UnusableIndex,
};

const MODES: [Mode; 3] = [Mode::Text, Mode::Vector, Mode::Fused];

/// An encoder that is quick: it counts letters.
struct Letters;

impl SentenceEncoder for Letters {
    fn id(&self) -> &'static str {
        "letters"
    }

    fn dimension(&self) -> usize {
        16
    }

    fn encode(&self, text: &str, vector: &mut Vec<f32>) {
        let mut counts = [0.0_f32; 16];
        for c in text.chars() {
            counts[c as usize % 16] += 1.0;
        }
        let length = counts.iter().map(|x| x * x).sum::<f32>().sqrt().max(1.0);
        vector.extend(counts.map(|x| x / length));
    }
}

fn letters() -> IndexBuilder {
    IndexBuilder::new(Arc::new(Letters))
}

fn inn() -> Vec<Passage> {
    let mut staff = Passage::new(
        "staff",
        "宿泊料金の値引き",
        "値引きは支配人に問い合わせてください。",
        Language::Ja,
    );
    staff.audiences = Audiences(2);
    let mut passages = vec![
        Passage::new(
            "bath",
            "露天風呂",
            "露天風呂は朝5時から深夜0時まで使えます。",
            Language::Ja,
        ),
        Passage::new(
            "bus",
            "送迎バス",
            "駅から旅館まで送迎バスがあります。予約は要りません。",
            Language::Ja,
        ),
        Passage::new(
            "bus-en",
            "Shuttle bus",
            "A shuttle bus runs from the station. No booking is needed.",
            Language::En,
        ),
        Passage::new("lan", "無線LAN", "全室で無線LANが使えます。", Language::Ja),
        Passage::new(
            "meal",
            "夕食",
            "夕食は18時からです。アレルギーは事前にお申し込みください。",
            Language::Ja,
        ),
        Passage::new(
            "pets",
            "Pets",
            "We're sorry, dogs and cats can't stay in the guests' rooms.",
            Language::En,
        ),
    ];
    for passage in &mut passages {
        passage.audiences = Audiences(1);
    }
    passages.push(staff);
    passages
}

fn index(passages: Vec<Passage>) -> SearchIndex {
    let mut builder = letters();
    passages.into_iter().for_each(|passage| builder.add(passage));
    builder.build()
}

fn first<'i>(index: &'i SearchIndex, question: &str, mode: Mode) -> Option<&'i str> {
    let hits = index.search(question, &Filter::default(), mode, 3);
    hits.first().map(|hit| hit.passage.id.as_str())
}

#[test]
fn questions_find_their_passages_however_they_are_spelt() {
    let index = index(inn());
    for (question, id) in [
        ("露天風呂は何時まで?", "bath"),
        ("申込みが必要なアレルギー", "meal"),
        ("予約なしで送迎バスに乗れますか", "bus"),
        ("ネビキの問合せ", "staff"),
        ("無線ＬＡＮ", "lan"),
        ("Is there a SHUTTLE from the station?", "bus-en"),
        ("can my dog stay", "pets"),
        ("do you alow shutle buses", "bus-en"),
    ] {
        assert_eq!(first(&index, question, Mode::Text), Some(id), "{question}");
    }
}

#[test]
fn words_that_no_passage_has_find_nothing() {
    let index = index(inn());
    for question in ["", " ", "?!。、", "xyzzy", "\u{301}\u{301}", "🦊"] {
        assert_eq!(first(&index, question, Mode::Text), None, "{question}");
    }
    let empty = self::index(Vec::new());
    for mode in MODES {
        assert!(empty.search("夕食", &Filter::default(), mode, 5).is_empty());
    }
}

#[test]
fn a_hit_tells_why_it_was_found() {
    let index = index(inn());
    let hits = index.search("夕食のアレルギーとペット", &Filter::default(), Mode::Text, 3);
    assert_eq!(hits[0].matched(), ["アレルギー", "夕食"].map(String::from));
    assert_eq!((hits[0].text_rank, hits[0].vector_rank), (Some(0), None));
}

#[test]
fn search_is_sure_of_answers_and_unsure_of_questions_that_have_none() {
    let index = index(inn());
    let confidence = |question: &str| {
        let hits = index.search(question, &Filter::default(), Mode::Text, 1);
        hits.first().map_or(0.0, |hit| hit.confidence)
    };
    for question in [
        "露天風呂は何時まで使えますか",
        "Is there a shuttle bus from the station?",
    ] {
        assert!(confidence(question) > 0.8, "{question}: {}", confidence(question));
    }
    for question in [
        "犬の散歩を頼めますか",
        "Where can I rent skis in winter?",
        "株価の見通しを教えて",
    ] {
        assert!(confidence(question) < 0.3, "{question}: {}", confidence(question));
    }
}

#[test]
fn synonyms_count_as_each_other() {
    let mut builder = letters();
    inn().into_iter().for_each(|passage| builder.add(passage));
    assert_ne!(
        first(&builder.build(), "インターネットは使える?", Mode::Text),
        Some("pets")
    );
    let mut builder = letters();
    inn().into_iter().for_each(|passage| builder.add(passage));
    let set = |members: &[&str]| members.iter().map(ToString::to_string).collect::<Vec<String>>();
    builder.synonyms(Synonyms::new(vec![
        set(&["Wi-Fi", "無線LAN", "ネット"]),
        set(&["hound", "dog"]),
        set(&["", "。"]),
    ]));
    let index = builder.build();
    for (question, id) in [
        ("wifi ある?", "lan"),
        ("Ｗｉ－Ｆｉはありますか", "lan"),
        ("ネットにつなぎたい", "lan"),
        ("my hounds", "pets"),
    ] {
        assert_eq!(first(&index, question, Mode::Text), Some(id), "{question}");
    }
    let stored = SearchIndex::from_bytes(&index.to_bytes(), Arc::new(Letters)).unwrap();
    assert_eq!(first(&stored, "wifi ある?", Mode::Text), Some("lan"));
}

#[test]
fn filters_are_respected() {
    let index = index(inn());
    for mode in MODES {
        let search = |language, audiences| {
            let id_prefix = "";
            let filter = Filter {
                language,
                audiences,
                id_prefix,
            };
            index.search("バス bus 値引き", &filter, mode, 10)
        };
        let ids = |hits: Vec<Hit<'_>>| hits.iter().map(|hit| hit.passage.id.clone()).collect::<Vec<_>>();
        assert!(
            ids(search(None, Audiences::ALL)).contains(&"staff".to_owned()),
            "{mode:?}"
        );
        assert!(
            !ids(search(None, Audiences(1))).contains(&"staff".to_owned()),
            "{mode:?}"
        );
        assert!(search(None, Audiences(4)).is_empty(), "{mode:?}");
        assert!(
            search(Some(Language::En), Audiences::ALL)
                .iter()
                .all(|hit| hit.passage.language == Language::En)
        );
    }
}

#[test]
fn passages_of_equal_score_come_in_the_order_of_their_ids() {
    let passages = |ids: &[&str]| {
        ids.iter()
            .map(|id| Passage::new(*id, "Pool", "It opens at nine.", Language::En))
            .collect()
    };
    for ids in [["c", "a", "b"], ["b", "c", "a"]] {
        let index = index(passages(&ids));
        for mode in MODES {
            let hits = index.search("when does the pool open", &Filter::default(), mode, 2);
            assert_eq!(
                hits.iter().map(|hit| hit.passage.id.as_str()).collect::<Vec<_>>(),
                ["a", "b"],
                "{mode:?}"
            );
        }
    }
}

#[test]
fn of_passages_with_one_id_the_last_counts() {
    let mut passages = inn();
    passages.push(Passage::new("bath", "大浴場", "大浴場は改装中です。", Language::Ja));
    let index = index(passages);
    assert_eq!(index.passages().len(), inn().len());
    assert_eq!(first(&index, "露天風呂", Mode::Text), None);
    assert_eq!(first(&index, "大浴場", Mode::Text), Some("bath"));
}

#[test]
fn an_index_comes_back_from_its_bytes() {
    let index = index(inn());
    let bytes = index.to_bytes();
    let stored = SearchIndex::from_bytes(&bytes, Arc::new(Letters)).unwrap();
    assert_eq!(stored.to_bytes(), bytes);
    for mode in MODES {
        let hits = |index: &SearchIndex| {
            let hits = index.search("送迎バスの予約", &Filter::default(), mode, 5);
            let answers: Vec<_> = hits.iter().map(|hit| (hit.answer(), hit.matched())).collect();
            format!("{hits:?} {answers:?}")
        };
        assert_eq!(hits(&stored), hits(&index));
    }
}

#[test]
fn bytes_that_are_no_index_of_this_encoder_are_refused() {
    let bytes = index(inn()).to_bytes();
    let read = |bytes: &[u8]| SearchIndex::from_bytes(bytes, Arc::new(Letters)).err();
    assert_eq!(read(b""), Some(UnusableIndex::OtherFormat));
    assert_eq!(read(&[0; 100]), Some(UnusableIndex::OtherFormat));
    assert_eq!(read(&bytes[..bytes.len() - 1]), Some(UnusableIndex::Damaged));
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 2] ^= 1;
    assert_eq!(read(&flipped), Some(UnusableIndex::Damaged));
    let other = SearchIndex::from_bytes(&bytes, Arc::clone(nakai_encoder::shipped())).err();
    assert_eq!(other, Some(UnusableIndex::OtherEncoder("letters".to_owned())));
}

#[test]
fn an_index_that_reuses_another_is_the_same_and_encodes_only_what_changed() {
    /// Fails if it is asked for any text but those that it expects.
    struct Only(&'static str);
    impl SentenceEncoder for Only {
        fn id(&self) -> &'static str {
            Letters.id()
        }
        fn dimension(&self) -> usize {
            Letters.dimension()
        }
        fn encode(&self, text: &str, vector: &mut Vec<f32>) {
            assert!(text.contains(self.0), "`{text}` was encoded again");
            Letters.encode(text, vector);
        }
    }
    let former = Arc::new(index(inn()));
    let mut changed = inn();
    changed[0].text = "改装中".to_owned();
    let mut builder = IndexBuilder::new(Arc::new(Only("改装中")));
    builder.reuse(&former);
    changed.iter().cloned().for_each(|passage| builder.add(passage));
    assert_eq!(builder.build().to_bytes(), index(changed).to_bytes());
}

/// Searches as an engine does that keeps the passages elsewhere, all of which it finds.
fn search_elsewhere(passages: &[Passage], synonyms: &Synonyms, question: &str, mode: Mode, k: usize) -> String {
    let mut passages = passages.to_vec();
    passages.sort_by(|a, b| a.id.cmp(&b.id));
    let analyser = PassageAnalyser::new(Arc::new(Letters), 1, passages.iter());
    let through_bytes = |analysed: AnalysedPassage| AnalysedPassage::from_bytes(&analysed.to_bytes(), 16).unwrap();
    let analysed: Vec<AnalysedPassage> = passages
        .chunks(2)
        .flat_map(|some| analyser.analyse(some, &HashMap::new()))
        .map(through_bytes)
        .collect();
    let lookup = Lookup::new(question, Arc::new(Letters), Arc::new(synonyms.clone().prepare()));
    let mut statistics = Statistics {
        passages: passages.len(),
        ..Statistics::default()
    };
    for (key, _) in analysed.iter().flat_map(AnalysedPassage::terms) {
        *statistics.having.entry(key).or_default() += 1;
    }
    statistics.having.retain(|key, _| lookup.keys().contains(key));
    let found = passages.into_iter().zip(analysed).rev().collect();
    format!("{:?}", Candidates::new(&lookup, &statistics, found).search(mode, k))
}

#[test]
fn passages_kept_elsewhere_are_ordered_as_those_of_an_index() {
    let synonyms = Synonyms::new(vec![vec!["ネット".into(), "無線LAN".into()]]);
    let mut builder = letters();
    builder.synonyms(synonyms.clone());
    inn().into_iter().for_each(|passage| builder.add(passage));
    let index = builder.build();
    for question in ["送迎バスの予約", "ネットは使えますか", "can my dog stay?", "", "xyzzy"] {
        for mode in MODES {
            let here = format!("{:?}", index.search(question, &Filter::default(), mode, 3));
            let elsewhere = search_elsewhere(&inn(), &synonyms, question, mode, 3);
            assert_eq!(elsewhere, here, "{question} {mode:?}");
        }
    }
}

#[test]
fn what_a_lookup_weighs_is_what_an_index_finds_by_words() {
    let passages = inn();
    let analyser = PassageAnalyser::new(Arc::new(Letters), 1, passages.iter());
    let lookup = Lookup::new("Is there a bus from the station?", Arc::new(Letters), Arc::default());
    let weights = lookup.weights(&Statistics {
        passages: passages.len(),
        ..Statistics::default()
    });
    assert!(weights.is_sorted_by(|a, b| a.1 >= b.1));
    let share = |analysed: &AnalysedPassage| -> f32 {
        let strength = |key: u64| analysed.terms().find(|(other, _)| *other == key);
        let counted = weights
            .iter()
            .filter_map(|(key, weight)| Some((strength(*key)?.1, weight)));
        counted.map(|(strength, weight)| f32::from(strength) * weight).sum()
    };
    let shares: Vec<f32> = analyser.analyse(&passages, &HashMap::new()).iter().map(share).collect();
    let best = (0..shares.len()).max_by(|a, b| shares[*a].total_cmp(&shares[*b]));
    assert_eq!(best.map(|best| passages[best].id.as_str()), Some("bus-en"));
}

#[test]
fn bytes_that_are_no_analysed_passage_are_refused() {
    let passages = inn();
    let analyser = PassageAnalyser::new(Arc::new(Letters), 1, passages.iter());
    let bytes = analyser.analyse(&passages[..1], &HashMap::new())[0].to_bytes();
    for (bytes, dimension) in [
        (&b""[..], 16),
        (&bytes[..bytes.len() - 1], 16),
        (&bytes[..], 8),
        (&[0; 80][..], 16),
    ] {
        assert_eq!(
            AnalysedPassage::from_bytes(bytes, dimension),
            Err(UnusableIndex::Damaged)
        );
    }
}

#[test]
fn everything_that_an_index_is_made_of_is_in_the_fingerprint() {
    let fingerprint = |passages: Vec<Passage>, synonyms: &[&[&str]]| {
        let mut builder = letters();
        passages.into_iter().for_each(|passage| builder.add(passage));
        let sets = synonyms.iter().map(|set| set.iter().map(ToString::to_string).collect());
        builder.synonyms(Synonyms::new(sets.collect()));
        builder.fingerprint()
    };
    let changed = |change: fn(&mut Passage)| {
        let mut passages = inn();
        change(&mut passages[0]);
        fingerprint(passages, &[])
    };
    let mut all = vec![
        fingerprint(inn(), &[]),
        fingerprint(inn(), &[&["a", "b"]]),
        fingerprint(inn(), &[&["a"], &["b"]]),
        IndexBuilder::new(Arc::clone(nakai_encoder::shipped())).fingerprint(),
        letters().fingerprint(),
        changed(|passage| passage.id.push('s')),
        changed(|passage| passage.title.push('s')),
        changed(|passage| passage.heading.push('s')),
        changed(|passage| passage.text.push('s')),
        changed(|passage| passage.language = Language::En),
        changed(|passage| passage.audiences = Audiences(2)),
    ];
    assert_eq!(all[0], fingerprint(inn(), &[]));
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count);
}

#[test]
fn hostile_text_is_indexed_and_searched_in_linear_time() {
    const MILLION: usize = 1 << 20;
    let texts = [
        "a", "あ", "漢", "5", "\u{301}", "。", ". ", "a b ", "a-", "1,", "\u{202e}", "ー", "ヴ", "ｶﾞ", "\n", "'",
    ];
    for unit in texts {
        let text = unit.repeat(MILLION / 8 / unit.len());
        let index = index(vec![Passage::new("1", text.as_str(), text.as_str(), Language::Ja)]);
        for mode in MODES {
            for hit in index.search(&text, &Filter::default(), mode, 3) {
                hit.answer();
                hit.matched();
            }
        }
    }
}

proptest! {
    #[test]
    fn any_question_to_any_passages_finds_in_order(texts in prop::collection::vec("\\PC{0,60}", 0..6), question in "\\PC{0,80}") {
        let passages = texts.iter().enumerate();
        let passages = passages.map(|(at, text)| Passage::new(at.to_string(), text.as_str(), text.as_str(), Language::En));
        let index = index(passages.collect());
        for mode in MODES {
            let hits = index.search(&question, &Filter::default(), mode, 4);
            prop_assert!(hits.is_sorted_by(|a, b| a.score >= b.score));
            prop_assert!(hits.iter().all(|hit| hit.score > 0.0 && (0.0..=1.0).contains(&hit.confidence)));
        }
        let stored = SearchIndex::from_bytes(&index.to_bytes(), Arc::new(Letters)).unwrap();
        prop_assert_eq!(stored.to_bytes(), index.to_bytes());
        let elsewhere = search_elsewhere(index.passages(), &Synonyms::default(), &question, Mode::Fused, 4);
        prop_assert_eq!(elsewhere, format!("{:?}", index.search(&question, &Filter::default(), Mode::Fused, 4)));
    }
}
