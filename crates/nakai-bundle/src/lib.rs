//! Bot bundles: the folder that a support team writes, checked, hashed and ready to serve.
//!
//! Start with [`Bundle`]: everything a bot says, in one value. [`model`] has the types of each file. [`load_folder`] reads and checks
//! a folder, [`archive`] packs it, [`open_archive`] and [`Library`] open it where it is served.
//!
//! Must not know how a bundle is served: no services, no stores, no network.

pub mod archive;
mod bundle;
mod checks;
mod files;
mod folder;
mod library;
mod load;
pub mod model;
mod parse;
mod passages;
pub mod rasa;
mod reference;
mod scaffold;

pub use archive::{pack, unpack};
pub use bundle::Bundle;
pub use files::{FileKind, Files, MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES};
pub use folder::read as read_folder;
pub use library::{Library, LibraryError};
pub use load::{Loaded, load_files, load_folder, open_archive};
pub use reference::{reference, schemas};
pub use scaffold::scaffold;
