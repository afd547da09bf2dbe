//! Full and half width.

/// How far full-width forms lie behind ASCII.
const DISTANCE: u32 = '！' as u32 - '!' as u32;

/// Half-width katakana in the order of Unicode, from U+FF66 on.
const HALF_WIDTH: &str =
    "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";

/// The form of the other width: full of ASCII, half of full-width ASCII, katakana and Japanese punctuation. Voiced kana become two.
pub(super) fn other(c: char) -> Option<std::vec::IntoIter<char>> {
    let other = match c {
        '!'..='~' => vec![char::from_u32(u32::from(c) + DISTANCE)?],
        '！'..='～' => vec![char::from_u32(u32::from(c) - DISTANCE)?],
        ' ' => vec!['\u{3000}'],
        '\u{3000}' => vec![' '],
        '。' => vec!['｡'],
        '、' => vec!['､'],
        '「' => vec!['｢'],
        '」' => vec!['｣'],
        '・' => vec!['･'],
        _ => half_width(c)?,
    };
    Some(other.into_iter())
}

fn half_width(c: char) -> Option<Vec<char>> {
    let position = |c: char| HALF_WIDTH.chars().position(|kana| kana == c);
    let half = |position: usize| char::from_u32(0xff66 + u32::try_from(position).ok()?);
    if let Some(position) = position(c) {
        return Some(vec![half(position)?]);
    }
    // Unicode puts kana with a mark one or two places behind those without.
    let before = |distance| char::from_u32(u32::from(c) - distance);
    let (plain, mark) = match c {
        'ヴ' => ('ウ', 'ﾞ'),
        'パ' | 'ピ' | 'プ' | 'ペ' | 'ポ' => (before(2)?, 'ﾟ'),
        'ガ'..='ヂ' | 'ヅ' | 'デ' | 'ド' | 'バ'..='ボ' => (before(1)?, 'ﾞ'),
        _ => return None,
    };
    Some(vec![half(position(plain)?)?, mark])
}
