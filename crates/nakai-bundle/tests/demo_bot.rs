use std::path::Path;

use nakai_bundle::{Library, LibraryError, load_folder, open_archive, pack};
use nakai_types::{BotName, BotRef, Version};

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bots/ryokan")
}

#[test]
fn the_demo_bot_has_no_problems_and_opens_from_its_archive_as_it_was_loaded() {
    let loaded = load_folder(&folder()).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(loaded.warnings.to_string(), "");
    assert_eq!(open_archive(&pack(&loaded.files)).unwrap(), loaded.bundle);
}

#[test]
fn a_library_opens_what_it_claims_to_be_and_opens_it_once() {
    let loaded = load_folder(&folder()).unwrap();
    let (bot, archive) = (loaded.bundle.bot_ref, pack(&loaded.files));
    let library = Library::default();
    let first = library.get_or_open(&bot, &archive).unwrap();
    assert!(std::sync::Arc::ptr_eq(
        &first,
        &library.get_or_open(&bot, &archive).unwrap()
    ));

    let claimed = Version::from_digest([7; 32]);
    let wrong = BotRef {
        version: claimed,
        ..bot.clone()
    };
    assert_eq!(
        library.get_or_open(&wrong, &archive),
        Err(LibraryError::WrongVersion {
            claimed,
            actual: bot.version
        })
    );
    let other = BotRef {
        name: BotName::new("other").unwrap(),
        ..bot
    };
    assert_eq!(
        library.get_or_open(&other, &archive),
        Err(LibraryError::Unusable {
            reason: "it is the bot `ryokan`".into()
        })
    );
}
