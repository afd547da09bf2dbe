use std::time::Instant;
use nakai_nlp::text::{Normalised, words, detect};
use nakai_types::Language;
fn rss(l: &str) { let s = std::fs::read_to_string("/proc/self/status").unwrap(); for x in s.lines().filter(|x| x.starts_with("VmRSS")||x.starts_with("VmHWM")||x.starts_with("RssFile")||x.starts_with("RssAnon")) { print!("{l} {x}; "); } println!(); }
fn cpu() -> f64 { let s = std::fs::read_to_string("/proc/self/schedstat").unwrap(); s.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9 }
fn main() {
    rss("start");
    let t = Instant::now();
    let d = nakai_morph::Dictionary::ipadic();
    println!("open {:?}", t.elapsed());
    let text = std::fs::read_to_string("/tmp/lines.txt").unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let t = Instant::now();
    let n = Normalised::of("チェックインは何時からできますか？"); let w = words(&n).len();
    println!("first {:?} {w}", t.elapsed());
    rss("first");
    let (mut ws, mut out) = (nakai_morph::Workspace::default(), Vec::new());
    for _ in 0..3 {
        let c = cpu();
        for l in &lines { out.clear(); d.analyse(l, &mut ws, &mut out); }
        let e = cpu() - c;
        println!("analyse {:.2} M chars/s", text.chars().count() as f64 / e / 1e6);
    }
    rss("after");
    for _ in 0..3 {
        let c = cpu();
        let mut k = 0;
        for l in &lines { let n = Normalised::of(l); detect(&n, None, None, Language::Ja); k += words(&n).len(); }
        let e = cpu() - c;
        println!("normalise+detect+words {:.2} us/line ({} chars avg) {k}", e * 1e6 / lines.len() as f64, text.chars().count() / lines.len());
    }
    for s in ["チェックインは何時からできますか？お願い", "何時にチェックインできますか", "What time can I check in?", "ｷｬﾝｾﾙしたいのですが、！！どうすれば"] {
        let c = cpu(); for _ in 0..20000 { std::hint::black_box(Normalised::of(std::hint::black_box(s))); } let a = (cpu() - c) * 1e6 / 20000.0;
        let n = Normalised::of(s);
        let c = cpu(); for _ in 0..20000 { std::hint::black_box(words(&n)); } let b = (cpu() - c) * 1e6 / 20000.0;
        let c = cpu(); for _ in 0..20000 { std::hint::black_box(detect(&n, None, None, Language::Ja)); } let e = (cpu() - c) * 1e6 / 20000.0;
        println!("{s}: normalise {a:.2} words {b:.2} detect {e:.2} us");
    }
    for p in ["あ", "ア", "漢", "の", "すもも", "a"] { let t = p.repeat(1_000_000 / p.len()); let c = cpu(); out.clear(); d.analyse(&t, &mut ws, &mut out); println!("1MB of {p}: {:.3} s", cpu() - c); }
    rss("end");
}
