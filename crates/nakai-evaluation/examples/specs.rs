//! `specs ja|en FILE…`: scores specifications and lists what is wrong. `WRONG=NumberModel` lists those of one model only, `CONVENTION=recognizers` reads
//! Duckling's times by the usual convention.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a tool for developers")]

use nakai_evaluation::entities::{Convention, EntitiesReport};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let language = arguments.next().unwrap().parse().unwrap();
    let only = std::env::var("WRONG").unwrap_or_default();
    let convention = match std::env::var("CONVENTION").as_deref() {
        Ok("recognizers") => Convention::Recognizers,
        _ => Convention::Duckling,
    };
    let mut report = EntitiesReport::new(convention);
    for file in arguments {
        let text = std::fs::read_to_string(&file).unwrap();
        report.add(&file, &text, language).unwrap();
    }
    report.wrong.retain(|wrong| wrong.spec.contains(&only));
    println!("{report}");
}
