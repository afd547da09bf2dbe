//! How many slips of fingers lie between what was typed and a word, and how likely these are.

/// Longer words are compared by their beginnings.
const LONGEST: usize = 32;

/// What a slip costs that fingers make easily: a key beside the right one, two letters in the wrong order. A letter typed twice, or once
/// instead of twice, costs the square of this, anything else 1.
const EASY: f32 = 0.7;

/// How many slips (letters wrong, missing, too many, or swapped with the next) it takes to type one for the other.
pub(super) fn count(typed: &str, meant: &str) -> usize {
    distance(typed, meant, 1.0) as usize
}

/// What these slips cost, each 1 or less.
pub(super) fn cost(typed: &str, meant: &str) -> f32 {
    distance(typed, meant, EASY)
}

/// The optimal string alignment of two words, where an easy slip costs `easy`.
fn distance(typed: &str, meant: &str, easy: f32) -> f32 {
    let mut typed_letters = ['\0'; LONGEST];
    let mut meant_letters = ['\0'; LONGEST];
    let typed = letters(typed, &mut typed_letters);
    let meant = letters(meant, &mut meant_letters);
    let mut rows = [[0.0_f32; LONGEST + 1]; 3];
    for (at, cell) in rows[0].iter_mut().enumerate() {
        *cell = at as f32;
    }
    for (i, t) in typed.iter().enumerate() {
        let [before, above, row] = [(i + 2) % 3, i % 3, (i + 1) % 3];
        rows[row][0] = (i + 1) as f32;
        for (j, m) in meant.iter().enumerate() {
            let wrong = if t == m {
                0.0
            } else if beside(*t, *m) {
                easy
            } else {
                1.0
            };
            let previous_typed = i.checked_sub(1).map(|before| typed[before]);
            let previous_meant = j.checked_sub(1).map(|before| meant[before]);
            let too_many = if previous_typed == Some(*t) { easy * easy } else { 1.0 };
            let missing = if previous_meant == Some(*m) { easy * easy } else { 1.0 };
            let mut least = (rows[above][j] + wrong)
                .min(rows[above][j + 1] + too_many)
                .min(rows[row][j] + missing);
            if previous_typed == Some(*m) && previous_meant == Some(*t) {
                least = least.min(rows[before][j - 1] + easy);
            }
            rows[row][j + 1] = least;
        }
    }
    rows[typed.len() % 3][meant.len()]
}

fn letters<'l>(word: &str, room: &'l mut [char; LONGEST]) -> &'l [char] {
    let mut length = 0;
    for (place, c) in room.iter_mut().zip(word.chars()) {
        *place = c;
        length += 1;
    }
    &room[..length]
}

/// Says whether two keys lie beside each other on a QWERTY keyboard.
fn beside(a: char, b: char) -> bool {
    const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
    // In halves of a key: each row begins half a key further right.
    let place = |c: char| {
        ROWS.iter()
            .enumerate()
            .find_map(|(row, keys)| keys.find(c).map(|column| (row, 2 * column + row)))
    };
    match (place(a), place(b)) {
        (Some((row_a, x_a)), Some((row_b, x_b))) => row_a.abs_diff(row_b) <= 1 && x_a.abs_diff(x_b) <= 2,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted_and_easy_ones_cost_less() {
        for (typed, meant, slips, price) in [
            ("room", "room", 0, 0.0),
            ("roim", "room", 1, EASY),
            ("rqom", "room", 1, 1.0),
            ("rom", "room", 1, EASY * EASY),
            ("rooom", "room", 1, EASY * EASY),
            ("romo", "room", 1, EASY),
            ("roms", "room", 2, 1.0 + EASY * EASY),
            ("", "room", 4, 4.0),
            ("über", "uber", 1, 1.0),
        ] {
            assert_eq!(count(typed, meant), slips, "{typed}");
            assert!(
                (cost(typed, meant) - price).abs() < 1e-6,
                "{typed}: {}",
                cost(typed, meant)
            );
        }
        let long = "a".repeat(100_000);
        assert_eq!(count(&long, &long), 0);
    }

    #[test]
    fn keys_have_their_neighbours() {
        let neighbours: String = ('a'..='z').filter(|key| beside('g', *key) && *key != 'g').collect();
        assert_eq!(neighbours, "bfhtvy");
        assert!(!beside('p', 'q') && !beside('é', 'e'));
    }
}
