use proptest::prelude::*;

use super::*;

const ENGLISH: &str = "I would like to change the date of my reservation, please tell me how";
const JAPANESE: &str = "予約の日付を変更したいのですが、どうすればいいですか。チェックインは何時からでしょうか";

#[test]
fn nothing_changes_at_rate_zero_and_much_at_rate_one() {
    for noise in Noise::ALL {
        for text in [ENGLISH, JAPANESE] {
            assert_eq!(noise.apply(text, 0.0, 7), text, "{noise}");
        }
    }
    assert_eq!(Noise::Case.apply("Wi-Fi ok?", 1.0, 7), "wI-fI OK?");
    assert_eq!(Noise::Kana.apply("チェックインは何時", 1.0, 7), "ちぇっくいんハ何時");
    assert_eq!(Noise::Width.apply("ガイド、2名 A", 1.0, 7), "ｶﾞｲﾄﾞ､２名\u{3000}Ａ");
    assert_eq!(Noise::Width.apply("ヴパボヅ", 1.0, 7), "ｳﾞﾊﾟﾎﾞﾂﾞ");
    assert_eq!(Noise::Width.apply("Ａ！", 1.0, 7), "A!");
}

#[test]
fn the_rate_is_the_share_of_characters_that_change() {
    let text = JAPANESE.repeat(40);
    let letters = text.chars().filter(|c| !"、。".contains(*c)).count();
    // Width and case keep the number of characters, so that they can be compared one by one.
    let noisy = Noise::Kana.apply(&text, 0.1, 3);
    let changed = text.chars().zip(noisy.chars()).filter(|(a, b)| a != b).count();
    let kana = text.chars().filter(|c| kana::other_script(*c).is_some()).count();
    assert!((changed * 100 / kana).abs_diff(10) <= 2, "{changed} of {kana}");
    // A typo may shift what follows: count the characters that no longer stand in the text.
    let noisy = Noise::Typo.apply(&text, 0.1, 3);
    assert!(noisy.chars().count().abs_diff(text.chars().count()) < letters / 20);
    assert_ne!(noisy, text);
}

#[test]
fn seeds_and_texts_slip_differently_and_always_the_same() {
    for noise in Noise::ALL {
        let text = if noise == Noise::Kana { JAPANESE } else { ENGLISH };
        assert_eq!(noise.apply(text, 0.3, 1), noise.apply(text, 0.3, 1));
        assert_ne!(noise.apply(text, 0.3, 1), noise.apply(text, 0.3, 2), "{noise}");
    }
}

#[test]
fn slips_are_those_of_keyboards_and_converters() {
    let slips: Vec<String> = (0..60).map(|seed| Noise::Typo.apply("予約", 0.5, seed)).collect();
    assert!(slips.iter().any(|slip| slip == "予役"), "{slips:?}");
    let slips: Vec<String> = (0..200).map(|seed| Noise::Typo.apply("チェック", 0.3, seed)).collect();
    for slip in ["チエック", "チェック", "チェツク", "チェッグ"] {
        assert!(slips.iter().any(|found| found == slip), "{slip}: {slips:?}");
    }
    assert!(kana::confusions('か').contains(&'が') && kana::confusions('ゃ').contains(&'や'));
}

#[test]
fn names_are_read_back() {
    for noise in Noise::ALL {
        assert_eq!(noise.to_string().parse(), Ok(noise));
    }
    let error = "loud".parse::<Noise>().map_err(|error| error.to_string());
    assert_eq!(
        error,
        Err("no noise is called `loud`; there are `typo`, `width`, `kana` and `case`".to_owned())
    );
}

proptest! {
    #[test]
    fn any_text_can_be_noisy(text in ".*", rate in -1.0..2.0, seed: u64) {
        for noise in Noise::ALL {
            let noisy = noise.apply(&text, rate, seed);
            prop_assert!(noisy.chars().count() <= 3 * text.chars().count());
        }
    }
}
