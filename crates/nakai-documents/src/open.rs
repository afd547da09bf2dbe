use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use crate::{Kind, Unreadable};

/// Reads a file that is not too large for its kind; of one that is, nothing is read.
///
/// # Errors
/// If it can't be opened or read, is a folder, or too large.
pub fn open(path: &Path, kind: Kind) -> Result<Vec<u8>, Unreadable> {
    let failed = |error: io::Error| Unreadable::NotOpened(reason(&error));
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if metadata.is_dir() {
        return Err(Unreadable::Folder);
    }
    let max = kind.max_bytes();
    let too_large = |bytes: u64| Unreadable::TooLarge {
        megabytes: bytes.div_ceil(1_000_000),
        max_megabytes: max / 1_000_000,
    };
    if metadata.len() > max {
        return Err(too_large(metadata.len()));
    }
    // Pipes and files that grow do not say how large they are.
    let mut content = Vec::new();
    file.take(max + 1).read_to_end(&mut content).map_err(failed)?;
    if content.len() as u64 > max {
        return Err(too_large(content.len() as u64));
    }
    Ok(content)
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "this user may not read it".to_owned(),
        _ => error.to_string(),
    }
}
