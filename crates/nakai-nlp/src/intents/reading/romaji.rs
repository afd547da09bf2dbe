/// Syllables by what stands before the vowel, for `a`, `i`, `u`, `e` and `o`: Hepburn's and Kunrei's. `-` is none.
#[rustfmt::skip]
const SYLLABLES: &[(&str, [&str; 5])] = &[
    ("", ["あ", "い", "う", "え", "お"]),
    ("k", ["か", "き", "く", "け", "こ"]),
    ("g", ["が", "ぎ", "ぐ", "げ", "ご"]),
    ("s", ["さ", "し", "す", "せ", "そ"]),
    ("z", ["ざ", "じ", "ず", "ぜ", "ぞ"]),
    ("t", ["た", "ち", "つ", "て", "と"]),
    ("d", ["だ", "ぢ", "づ", "で", "ど"]),
    ("n", ["な", "に", "ぬ", "ね", "の"]),
    ("h", ["は", "ひ", "ふ", "へ", "ほ"]),
    ("b", ["ば", "び", "ぶ", "べ", "ぼ"]),
    ("p", ["ぱ", "ぴ", "ぷ", "ぺ", "ぽ"]),
    ("m", ["ま", "み", "む", "め", "も"]),
    ("y", ["や", "-", "ゆ", "-", "よ"]),
    ("r", ["ら", "り", "る", "れ", "ろ"]),
    ("w", ["わ", "-", "-", "-", "を"]),
    ("f", ["ふぁ", "ふぃ", "ふ", "ふぇ", "ふぉ"]),
    ("j", ["じゃ", "じ", "じゅ", "じぇ", "じょ"]),
    ("sh", ["しゃ", "し", "しゅ", "しぇ", "しょ"]),
    ("ch", ["ちゃ", "ち", "ちゅ", "ちぇ", "ちょ"]),
    ("ts", ["-", "-", "つ", "-", "-"]),
    ("ky", ["きゃ", "-", "きゅ", "-", "きょ"]),
    ("gy", ["ぎゃ", "-", "ぎゅ", "-", "ぎょ"]),
    ("sy", ["しゃ", "-", "しゅ", "-", "しょ"]),
    ("zy", ["じゃ", "-", "じゅ", "-", "じょ"]),
    ("jy", ["じゃ", "-", "じゅ", "-", "じょ"]),
    ("ty", ["ちゃ", "-", "ちゅ", "-", "ちょ"]),
    ("ny", ["にゃ", "-", "にゅ", "-", "にょ"]),
    ("hy", ["ひゃ", "-", "ひゅ", "-", "ひょ"]),
    ("by", ["びゃ", "-", "びゅ", "-", "びょ"]),
    ("py", ["ぴゃ", "-", "ぴゅ", "-", "ぴょ"]),
    ("my", ["みゃ", "-", "みゅ", "-", "みょ"]),
    ("ry", ["りゃ", "-", "りゅ", "-", "りょ"]),
];
/// Particles that are written otherwise than they are said.
const PARTICLES: &[(&str, &str)] = &[("wa", "は"), ("o", "を"), ("e", "へ")];
const VOWELS: &str = "aiueo";

/// Reads a word in small Latin letters as hiragana; `None` if it is no Japanese in all its letters.
pub(super) fn hiragana(word: &str) -> Option<String> {
    if let Some((_, kana)) = PARTICLES.iter().find(|(latin, _)| *latin == word) {
        return Some((*kana).to_owned());
    }
    let word = without_macrons(word);
    let mut kana = String::with_capacity(2 * word.len());
    let mut rest = word.as_str();
    while let Some(first) = rest.chars().next() {
        let after = rest.get(first.len_utf8()..)?;
        let next = after.chars().next();
        let is_vowel = |c: char| VOWELS.contains(c);
        match (first, next) {
            ('n', None | Some('\'')) => {
                kana.push('ん');
                rest = after.strip_prefix('\'').unwrap_or(after);
                continue;
            }
            ('n', Some(next)) if next != 'y' && !is_vowel(next) => {
                kana.push('ん');
                rest = after;
                continue;
            }
            // `shimbun`
            ('m', Some('b' | 'p' | 'm')) => {
                kana.push('ん');
                rest = after;
                continue;
            }
            (_, Some(next)) if !is_vowel(first) && (first == next || first == 't' && next == 'c') => {
                kana.push('っ');
                rest = after;
                continue;
            }
            _ => {}
        }
        let length = rest.find(is_vowel)?;
        let vowel = VOWELS.find(rest.get(length..)?.chars().next()?)?;
        let (_, row) = SYLLABLES.iter().find(|(start, _)| rest.get(..length) == Some(*start))?;
        let syllable = row.get(vowel).filter(|syllable| **syllable != "-")?;
        kana.push_str(syllable);
        rest = rest.get(length + 1..)?;
    }
    (!kana.is_empty()).then_some(kana)
}

/// Writes long vowels as two.
fn without_macrons(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    for c in word.chars() {
        plain.push_str(match c {
            'ā' | 'â' => "aa",
            'ī' | 'î' => "ii",
            'ū' | 'û' => "uu",
            'ē' | 'ê' => "ee",
            'ō' | 'ô' => "ou",
            _ => {
                plain.push(c);
                continue;
            }
        });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::hiragana;

    #[test]
    fn hepburn_and_kunrei_are_read() {
        for (latin, kana) in [
            ("yoyaku", Some("よやく")),
            ("chuushajou", Some("ちゅうしゃじょう")),
            ("tyuusyazyou", Some("ちゅうしゃじょう")),
            ("tōkyō", Some("とうきょう")),
            ("chekku", Some("ちぇっく")),
            ("matcha", Some("まっちゃ")),
            ("konnichiwa", Some("こんにちわ")),
            ("shin'an", Some("しんあん")),
            ("shimbun", Some("しんぶん")),
            ("wa", Some("は")),
            ("wo", Some("を")),
            ("wifi", None),
            ("check", None),
            ("the", None),
            ("3", None),
            ("", None),
        ] {
            assert_eq!(hiragana(latin).as_deref(), kana, "{latin}");
        }
    }
}
