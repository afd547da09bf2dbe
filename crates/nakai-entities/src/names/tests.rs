use super::*;

fn names(text: &str, language: Language) -> Vec<(&str, NameKind)> {
    let mentions = find(text, language);
    mentions
        .into_iter()
        .map(|mention| (&text[mention.range], mention.readings[0].kind))
        .collect()
}

#[test]
fn japanese_customers_name_themselves_and_where_they_are() {
    use NameKind::{Facility, Organisation, Person, Place};
    for (text, expected) in [
        ("田中と申します", vec![("田中", Person)]),
        ("名前は佐藤花子です", vec![("佐藤花子", Person)]),
        ("鈴木様のご予約", vec![("鈴木", Person)]),
        (
            "東京都渋谷区神南1-2-3に住んでいます",
            vec![("東京都渋谷区神南1-2-3", Place)],
        ),
        ("京都に行きたい", vec![("京都", Place)]),
        ("株式会社山田商事の者です", vec![("株式会社山田商事", Organisation)]),
        ("東京駅まで", vec![("東京駅", Facility)]),
        ("林です。", vec![("林", Person)]),
        ("田中 太郎です", vec![("田中 太郎", Person)]),
        (
            "大阪市北区梅田1丁目1番3号です",
            vec![("大阪市北区梅田1丁目1番3号", Place)],
        ),
        (
            "羽田空港から三井ガーデンホテル銀座まで",
            vec![("羽田空港", Facility), ("三井ガーデンホテル銀座", Facility)],
        ),
        ("日本語で話せますか", vec![]),
        ("マイページからコールセンターへ", vec![]),
    ] {
        assert_eq!(names(text, Language::Ja), expected, "{text}");
    }
}

#[test]
fn english_customers_name_themselves_and_where_they_are() {
    use NameKind::{Organisation, Person, Place};
    for (text, expected) in [
        ("My name is John Smith.", vec![("John Smith", Person)]),
        (
            "my name is yuki tanaka and I want a refund",
            vec![("yuki tanaka", Person)],
        ),
        ("Please ask for Mrs. Kowalczyk.", vec![("Kowalczyk", Person)]),
        (
            "I'd like to fly from Tokyo to New York on Monday.",
            vec![("Tokyo", Place), ("New York", Place)],
        ),
        ("a flight to osaka please", vec![("osaka", Place)]),
        (
            "I work for Acme Holdings Ltd.",
            vec![("Acme Holdings Ltd.", Organisation)],
        ),
        (
            "Luigi's Restaurant near Kyoto Station",
            vec![
                ("Luigi's Restaurant", NameKind::Facility),
                ("Kyoto Station", NameKind::Facility),
            ],
        ),
        ("im kenji sato", vec![("kenji sato", Person)]),
        ("I paid with Apple Pay in USD", vec![]),
        ("Hi, where is my order?", vec![]),
        ("Thank You for the quick reply. I Love it", vec![]),
        ("The Premium plan costs more", vec![]),
    ] {
        assert_eq!(names(text, Language::En), expected, "{text}");
    }
}
