//! Slips of fingers and of kana-kanji conversion.

use super::{Random, kana};

/// The keys beside each letter on a QWERTY keyboard.
const NEIGHBOURS: [&str; 26] = [
    "qwsz", "vghn", "xdfv", "serfcx", "wsdr", "drtgvc", "ftyhbv", "gyujnb", "ujko", "huikmn", "jiolm", "kop", "njk",
    "bhjm", "iklp", "ol", "wa", "edft", "awedxz", "rfgy", "yhji", "cfgb", "qase", "zsdc", "tghu", "asx",
];

/// Han characters of the same sound, which a kana-kanji converter offers for each other.
const SAME_SOUND: [&str; 48] = [
    "約役訳薬",
    "予余預与",
    "時事持自",
    "間感館管",
    "宿縮祝",
    "泊白拍",
    "変返編",
    "更項高",
    "確画格",
    "認任妊",
    "料量良",
    "金近今",
    "場条上",
    "食職色",
    "朝超調",
    "部分武",
    "屋家谷",
    "駅液益",
    "車者社",
    "風封夫",
    "呂路炉",
    "電伝田",
    "話和輪",
    "番版判",
    "号合剛",
    "人任仁",
    "何課可",
    "日非費",
    "行工港",
    "来頼雷",
    "教強協",
    "使私仕",
    "用要様",
    "早速足",
    "支市始",
    "払祓波",
    "返変辺",
    "送層装",
    "荷煮似",
    "物者持",
    "利理李",
    "品浜瓶",
    "商消省",
    "注中駐",
    "文聞分",
    "届都度",
    "送贈総",
    "期機気",
];

/// Changes each letter, kana and Han character with probability `rate`.
pub(super) fn apply(text: &str, rate: f64, random: &mut Random) -> String {
    let mut noisy = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if !(c.is_alphabetic() || c == 'ー') || !random.happens(rate) {
            noisy.push(c);
            continue;
        }
        // Half of all slips hit a wrong key, the others miss, repeat or swap.
        match random.below(6) {
            0 => {}
            1 => noisy.extend([c, c]),
            2 => match chars.next_if(|next| next.is_alphabetic() && *next != c) {
                Some(next) => noisy.extend([next, c]),
                None => noisy.push(confused(c, random)),
            },
            _ => noisy.push(confused(c, random)),
        }
    }
    noisy
}

/// Another character for one, as like it as can be; the same if there is none.
fn confused(c: char, random: &mut Random) -> char {
    if c.is_ascii_alphabetic() {
        let number = usize::from(c.to_ascii_lowercase() as u8 - b'a');
        let keys = NEIGHBOURS.get(number).copied().unwrap_or_default();
        let key = random.one_of(keys).unwrap_or(c);
        return if c.is_ascii_uppercase() {
            key.to_ascii_uppercase()
        } else {
            key
        };
    }
    let others = match SAME_SOUND.iter().find(|group| group.contains(c)) {
        Some(group) => group.chars().filter(|other| *other != c).collect(),
        None => kana::confusions(c),
    };
    others.get(random.below(others.len())).copied().unwrap_or(c)
}
