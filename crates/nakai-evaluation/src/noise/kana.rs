//! Kana: the other script, the sounds, and what is easily confused.

/// How far katakana lie behind their hiragana.
const DISTANCE: u32 = 'ァ' as u32 - 'ぁ' as u32;

/// Katakana of hiragana and the reverse.
pub(super) fn other_script(c: char) -> Option<std::iter::Once<char>> {
    let other = match c {
        'ぁ'..='ゖ' => char::from_u32(u32::from(c) + DISTANCE),
        'ァ'..='ヶ' => hiragana(c),
        _ => None,
    };
    other.map(std::iter::once)
}

/// Hiragana of katakana.
fn hiragana(c: char) -> Option<char> {
    char::from_u32(u32::from(c).checked_sub(DISTANCE)?)
}

/// The rows of the kana table by consonant, each with the rows whose consonants lie beside it on a keyboard, and the row with or
/// without a voicing mark.
#[rustfmt::skip]
const ROWS: [(char, &str, &str, &str); 14] = [
    (' ', "あいうえお", "",   ""),
    ('k', "かきくけこ", "m",  "g"),
    ('s', "さしすせそ", "dz", "z"),
    ('t', "たちつてと", "r",  "d"),
    ('n', "なにぬねの", "mb", ""),
    ('h', "はひふへほ", "gn", "bp"),
    ('m', "まみむめも", "nk", ""),
    ('r', "らりるれろ", "t",  ""),
    ('g', "がぎぐげご", "hb", "k"),
    ('z', "ざじずぜぞ", "s",  "s"),
    ('d', "だぢづでど", "s",  "t"),
    ('b', "ばびぶべぼ", "ng", "hp"),
    ('p', "ぱぴぷぺぽ", "",   "bh"),
    ('y', "や ゆ よ", "t", ""),
];

/// The vowels whose keys lie beside each of `aiueo`, as columns of the table.
const VOWELS: [&[usize]; 5] = [&[], &[2, 4], &[1], &[], &[1]];

/// Kana and their small forms.
const SMALL: [(char, char); 9] = [
    ('あ', 'ぁ'),
    ('い', 'ぃ'),
    ('う', 'ぅ'),
    ('え', 'ぇ'),
    ('お', 'ぉ'),
    ('つ', 'っ'),
    ('や', 'ゃ'),
    ('ゆ', 'ゅ'),
    ('よ', 'ょ'),
];

/// What a finger that slips, a forgotten mark or a forgotten shift writes for a kana.
pub(super) fn confusions(c: char) -> Vec<char> {
    let katakana = matches!(c, 'ァ'..='ヶ');
    let plain = if katakana { hiragana(c).unwrap_or(c) } else { c };
    let mut found = Vec::new();
    for (large, small) in SMALL {
        if plain == large && large == 'つ' {
            found.push(small);
        } else if plain == small {
            found.push(large);
        }
    }
    for (_, row, beside, marked) in ROWS {
        let Some(column) = row.chars().position(|kana| kana == plain && kana != ' ') else {
            continue;
        };
        let rows = beside.chars().chain(marked.chars());
        let other_rows = rows.filter_map(|key| ROWS.iter().find(|row| row.0 == key)?.1.chars().nth(column));
        let other_vowels = VOWELS.get(column).copied().unwrap_or_default();
        let other_vowels = other_vowels.iter().filter_map(|column| row.chars().nth(*column));
        found.extend(other_rows.chain(other_vowels).filter(|kana| *kana != ' '));
    }
    if katakana {
        for kana in &mut found {
            *kana = char::from_u32(u32::from(*kana) + DISTANCE).unwrap_or(*kana);
        }
    }
    found
}
