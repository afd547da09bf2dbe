use super::*;

fn kinds(text: &str, language: Language) -> Vec<(&str, SequenceKind)> {
    let mentions = find(text, language);
    mentions
        .into_iter()
        .map(|mention| (&text[mention.range], mention.readings[0].kind))
        .collect()
}

#[test]
fn what_customers_write_is_found_with_its_kind() {
    use SequenceKind::{Email, Phone, PostalCode, Reference, Url};
    for (text, expected) in [
        (
            "電話番号は０９０ー１２３４ー５６７８です",
            vec![("０９０ー１２３４ー５６７８", Phone)],
        ),
        (
            "03-1234-5678か090-1234-5678へ",
            vec![("03-1234-5678", Phone), ("090-1234-5678", Phone)],
        ),
        ("注文番号はA123-4567です", vec![("A123-4567", Reference)]),
        ("予約番号：12345678", vec![("12345678", Reference)]),
        ("ABC-123456の件です", vec![("ABC-123456", Reference)]),
        ("〒150-0002 東京都渋谷区", vec![("〒150-0002", PostalCode)]),
        ("taro@example.co.jpに送って", vec![("taro@example.co.jp", Email)]),
        ("https://example.com/aを見て", vec![("https://example.com/a", Url)]),
        ("料金は12345678円", vec![]),
        ("2026-11-25に届きます", vec![]),
        ("ISO-27001", vec![]),
    ] {
        assert_eq!(kinds(text, Language::Ja), expected, "{text}");
    }
    for (text, expected) in [
        ("my order number is 12345678", vec![("12345678", Reference)]),
        ("Order #A-99812 hasn't arrived", vec![("A-99812", Reference)]),
        ("booking ref: XK4P9Q", vec![("XK4P9Q", Reference)]),
        ("the order has not arrived", vec![]),
        ("Send it to San Jose, CA 95112", vec![("95112", PostalCode)]),
        ("I live at SW1A 1AA.", vec![("SW1A 1AA", PostalCode)]),
        ("See readme.md. Hi.How are you", vec![]),
        ("version 10.0.19041.388", vec![]),
        ("$1234567.89 or 1,234,567 pieces", vec![]),
        ("my card 4111-1111-1111-1111", vec![]),
        ("call 2026-11-25 090-1234-5678", vec![("090-1234-5678", Phone)]),
    ] {
        assert_eq!(kinds(text, Language::En), expected, "{text}");
    }
}

#[test]
fn a_phone_number_has_one_form_where_its_country_is_clear() {
    for (text, language, expected) in [
        ("090-1234-5678", Language::Ja, Some("+819012345678")),
        ("+81 (0)90 1234 5678", Language::En, Some("+819012345678")),
        ("0120-123-456", Language::Ja, Some("+81120123456")),
        ("(415) 555-2671", Language::En, Some("+14155552671")),
        ("1-415-555-2671", Language::En, Some("+14155552671")),
        ("+44 20 7946 0958", Language::Ja, Some("+442079460958")),
        ("0044 20 7946 0958", Language::En, Some("+442079460958")),
        ("+39 06 12345678", Language::En, Some("+390612345678")),
        ("0161 496 0537", Language::En, None),
        ("4006-800-888", Language::En, None),
    ] {
        let mentions = find(text, language);
        assert_eq!(mentions[0].readings[0].canonical.as_deref(), expected, "{text}");
    }
}

#[test]
fn what_stands_within_another_sequence_is_not_found_again() {
    assert_eq!(
        kinds("mail a.b@example.com or http://127.0.0.1:80/#tag", Language::En),
        [
            ("a.b@example.com", SequenceKind::Email),
            ("http://127.0.0.1:80/#tag", SequenceKind::Url)
        ]
    );
}
