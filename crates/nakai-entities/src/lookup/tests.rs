use super::*;

fn lookup() -> Lookup {
    Lookup::new([
        ("tokyo", vec!["東京", "Tokyo", "とうきょう"]),
        ("basic", vec!["ベーシックプラン", "basic plan"]),
        ("server", vec!["サーバー"]),
        ("application", vec!["申し込み"]),
        ("cancel", vec!["取消"]),
        ("osaka-u", vec!["大阪府立大学"]),
        ("room", vec!["deluxe room 101"]),
        ("premium", vec!["premium", "プレミアム会員"]),
    ])
}

fn found(text: &str) -> Vec<(&str, String, usize)> {
    let mentions = lookup().find(text, |word| word == "premiums");
    let reading = |mention: &Mention<Listed>| (mention.readings[0].value.to_string(), mention.readings[0].distance);
    mentions
        .iter()
        .map(|mention| {
            let (value, distance) = reading(mention);
            (&text[mention.range.clone()], value, distance)
        })
        .collect()
}

#[test]
fn a_word_is_found_as_it_is_listed_and_in_other_ways_of_writing() {
    for (text, expected) in [
        ("東京へ", vec![("東京", "tokyo")]),
        ("トウキョウで", vec![("トウキョウ", "tokyo")]),
        ("ＴＯＫＹＯ", vec![("ＴＯＫＹＯ", "tokyo")]),
        ("サーバが落ちた", vec![("サーバ", "server")]),
        ("サーバーが", vec![("サーバー", "server")]),
        ("申込をしたい", vec![("申込", "application")]),
        ("取り消しを", vec![("取り消し", "cancel")]),
        ("ﾍﾞｰｼｯｸﾌﾟﾗﾝ", vec![("ﾍﾞｰｼｯｸﾌﾟﾗﾝ", "basic")]),
        ("tokyoite", vec![]),
    ] {
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(word, value)| (word, value.to_owned(), 0))
            .collect();
        assert_eq!(found(text), expected, "{text}");
    }
}

#[test]
fn a_slip_of_a_finger_is_forgiven_in_long_words_only() {
    for (text, expected) in [
        ("my basci plan", vec![("basci plan", "basic", 1)]),
        ("the bsic plan.", vec![("bsic plan", "basic", 1)]),
        ("ベーシクプランを", vec![("ベーシクプラン", "basic", 1)]),
        ("premum", vec![("premum", "premium", 1)]),
        ("premiums", vec![]),
        ("toyko", vec![("toyko", "tokyo", 1)]),
        ("tokio", vec![("tokio", "tokyo", 1)]),
        ("大阪市立大学", vec![]),
        ("deluxe room 102", vec![]),
        ("deluxe rom 101", vec![("deluxe rom 101", "room", 1)]),
        ("プレミアム会社", vec![]),
    ] {
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(word, value, distance)| (word, value.to_owned(), distance))
            .collect();
        assert_eq!(found(text), expected, "{text}");
    }
}

#[test]
fn an_entry_within_another_is_found_too() {
    let lookup = Lookup::new([("rail", ["rail"]), ("pass", ["rail pass"])]);
    let mentions = lookup.find("a rail pass", |_| false);
    let values: Vec<&str> = mentions
        .iter()
        .map(|mention| mention.readings[0].value.as_ref())
        .collect();
    assert_eq!(values, ["pass", "rail"]);
}
