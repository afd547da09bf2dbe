//! scratch
use nakai_config::*;
fn cpu() -> u64 {
    std::fs::read_to_string("/proc/self/schedstat")
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .parse()
        .unwrap()
}
fn time(what: &str, mut f: impl FnMut()) {
    f();
    let t = cpu();
    for _ in 0..20 {
        f();
    }
    println!("{what} {} us", (cpu() - t) / 20_000);
}
fn main() {
    let p = std::env::args().nth(1).unwrap();
    if p == "reference" {
        println!("{}", nakai_bundle::reference());
        return;
    }
    match nakai_bundle::load_folder(std::path::Path::new(&p)) {
        Ok(l) => {
            println!("{}ok {}", l.warnings, l.bundle.bot_ref.version);
            let a = nakai_bundle::pack(&l.files);
            println!("{} bytes, {} files", a.len(), l.files.len());
            let n: usize = l
                .bundle
                .intents
                .values()
                .map(|i| i.examples.iter().map(|(_, e)| e.len()).sum::<usize>())
                .sum();
            println!(
                "{} intents {n} examples {} articles",
                l.bundle.intents.len(),
                l.bundle.articles.len()
            );
            time("open", || {
                nakai_bundle::open_archive(&a).unwrap();
            });
            time("full", || {
                nakai_bundle::load_files(l.files.clone()).unwrap();
            });
            time("sha", || {
                std::hint::black_box(l.files.version());
            });
            let yaml: Vec<_> = l.files.iter().filter(|(p, _)| p.ends_with("yaml")).collect();
            time("parse nodes", || {
                for (p, c) in &yaml {
                    Source::from_bytes(p.as_str(), c).unwrap();
                }
            });
            time("granit", || {
                for (_, c) in &yaml {
                    for e in serde_saphyr::granit_parser::Parser::new_from_str(std::str::from_utf8(c).unwrap()) {
                        std::hint::black_box(e.unwrap());
                    }
                }
            });
            time("regex", || {
                for e in l.bundle.entities.values() {
                    for p in &e.patterns {
                        regex::RegexBuilder::new(p).size_limit(1 << 20).build().unwrap();
                    }
                }
            });
        }
        Err(e) => println!("{e}"),
    }
}
