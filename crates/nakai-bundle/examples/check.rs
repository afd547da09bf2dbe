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
fn main() {
    let p = std::env::args().nth(1).unwrap();
    match nakai_bundle::load_folder(std::path::Path::new(&p)) {
        Ok(l) => {
            println!("{}ok {}", l.warnings, l.bundle.bot_ref.version);
            let a = nakai_bundle::pack(&l.files);
            println!("{} bytes, {} files", a.len(), l.files.len());
            let n = 10;
            let t = cpu();
            for _ in 0..n {
                nakai_bundle::open_archive(&a).unwrap();
            }
            println!("open {} us", (cpu() - t) / n / 1000);
            let t = cpu();
            for _ in 0..n {
                for (p, c) in l.files.iter() {
                    if p.ends_with("yaml") {
                        Source::from_bytes(p, c).unwrap();
                    }
                }
            }
            println!("parse {} us", (cpu() - t) / n / 1000);
            let s = Schema::of::<nakai_bundle::model::IntentsFile>();
            let t = cpu();
            for _ in 0..n {
                for (p, c) in l.files.iter() {
                    if p.starts_with("intents") {
                        Source::from_bytes(p, c).unwrap();
                    }
                }
            }
            println!("parse intents {} us", (cpu() - t) / n / 1000);
            let t = cpu();
            for _ in 0..n {
                for (p, c) in l.files.iter() {
                    if p.starts_with("intents") {
                        Source::from_bytes(p, c)
                            .unwrap()
                            .read_as::<nakai_bundle::model::IntentsFile>(&s, &mut Problems::default());
                    }
                }
            }
            println!("parse+read intents {} us", (cpu() - t) / n / 1000);
            let t = cpu();
            for _ in 0..n {
                Schema::of::<nakai_bundle::model::FlowsFile>();
            }
            println!("schema {} us", (cpu() - t) / n / 1000);
            let t = cpu();
            for _ in 0..n {
                for e in l.bundle.entities.values() {
                    for p in &e.patterns {
                        regex::RegexBuilder::new(p).size_limit(1 << 20).build().unwrap();
                    }
                }
            }
            println!("regex {} us", (cpu() - t) / n / 1000);
        }
        Err(e) => println!("{e}"),
    }
}
