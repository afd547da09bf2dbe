use unicode_normalization::UnicodeNormalization as _;

/// Most combining marks kept after a character: no real word has more, and normalising more takes more than linear time.
const MARKS: usize = 8;

/// Writes a text in one way: full and half width, ligatures and capitals are folded (NFKC, lower case).
pub(super) fn fold_into(text: &str, folded: &mut String) {
    folded.clear();
    if text.is_ascii() {
        folded.extend(
            text.chars()
                .map(|c| if c.is_control() { ' ' } else { c.to_ascii_lowercase() }),
        );
        return;
    }
    let mut marks = 0;
    let bounded = text.chars().filter(|c| {
        marks = if unicode_normalization::char::is_combining_mark(*c) {
            marks + 1
        } else {
            0
        };
        marks <= MARKS
    });
    for c in bounded.nfkc() {
        match c {
            c if c.is_control() => folded.push(' '),
            '’' | '‘' => folded.push('\''),
            '‐' | '‑' | '–' | '—' | '−' => folded.push('-'),
            c => folded.extend(c.to_lowercase()),
        }
    }
}

/// Writes the same sound in the same kana: hiragana as katakana, `ヴァ` as `バ`, `ヶ` as `ケ`.
pub(super) const fn katakana(c: char) -> char {
    match c {
        'ぁ'..='ゖ' => match char::from_u32(c as u32 + 0x60) {
            Some('ヶ') => 'ケ',
            Some('ヴ') | None => 'ブ',
            Some(katakana) => katakana,
        },
        'ヴ' => 'ブ',
        'ヶ' => 'ケ',
        _ => c,
    }
}

/// The kinds of characters that are treated differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    Hiragana,
    Katakana,
    Han,
    /// Letters and digits of any other script.
    Letter,
    /// What stands between words.
    Gap,
}

impl Script {
    pub(super) fn of(c: char) -> Self {
        match c {
            'a'..='z' | '0'..='9' => Self::Letter,
            '\0'..='\u{7f}' => Self::Gap,
            'ぁ'..='ゖ' => Self::Hiragana,
            'ァ'..='ヺ' | 'ー' => Self::Katakana,
            '々' | '〆' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => Self::Han,
            c if c.is_alphanumeric() => Self::Letter,
            _ => Self::Gap,
        }
    }

    pub(super) const fn is_japanese(self) -> bool {
        matches!(self, Self::Hiragana | Self::Katakana | Self::Han)
    }
}

/// Brings a Japanese word's spellings together. A word of two or more Han characters is known by them alone (`問い合わせ`, `問合せ`); of
/// others, kana are folded and a long vowel at the end of a longer word is dropped (`サーバー`, `サーバ`).
pub(super) fn spelling_into(word: &str, spelling: &mut String) {
    spelling.clear();
    if word.chars().filter(|c| Script::of(*c) == Script::Han).count() >= 2 {
        spelling.extend(word.chars().filter(|c| Script::of(*c) != Script::Hiragana));
        return;
    }
    let mut previous_is_bu = false;
    for c in word.chars() {
        let c = match (previous_is_bu, c) {
            (true, 'ァ' | 'ぁ') => Some('バ'),
            (true, 'ィ' | 'ぃ') => Some('ビ'),
            (true, 'ェ' | 'ぇ') => Some('ベ'),
            (true, 'ォ' | 'ぉ') => Some('ボ'),
            _ => None,
        }
        .inspect(|_| {
            spelling.pop();
        })
        .unwrap_or(c);
        previous_is_bu = matches!(c, 'ヴ' | 'ゔ');
        spelling.push(katakana(c));
    }
    if spelling.ends_with('ー') && spelling.chars().nth(2).is_some() {
        spelling.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_word_come_together() {
        for words in [
            &["サーバー", "サーバ", "さーばー"][..],
            &["問い合わせ", "問合せ", "問合わせ"],
            &["申し込み", "申込み", "申込"],
            &["ヴァイオリン", "バイオリン"],
            &["ふとん", "フトン"],
        ] {
            let mut spellings: Vec<String> = Vec::new();
            for word in words {
                let mut spelling = String::new();
                spelling_into(word, &mut spelling);
                spellings.push(spelling);
            }
            spellings.dedup();
            assert_eq!(spellings.len(), 1, "{spellings:?}");
        }
    }

    #[test]
    fn widths_and_capitals_are_folded() {
        let mut folded = String::new();
        fold_into("Ｗｉ－Ｆｉ　ｻｰﾊﾞｰ Guest’s", &mut folded);
        assert_eq!(folded, "wi-fi サーバー guest's");
    }
}
