//! The first key: made at the first start that listens beyond this machine, kept in the data folder for the operator only.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use nakai_config::Secret;

/// Gives the key in the data folder, and makes it if there is none.
pub(super) fn key(data: &Path) -> Result<(Secret, PathBuf)> {
    let path = data.join("bootstrap-key");
    match fs::read_to_string(&path) {
        Ok(key) => return Ok((Secret::new(key.trim().to_owned()), path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| format!("{} can't be read", path.display())),
    }
    let key = format!("nakai-{}", random_hex()?);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)
        .with_context(|| format!("{} can't be made", path.display()))?;
    writeln!(file, "{key}")?;
    file.sync_all()?;
    Ok((Secret::new(key), path))
}

/// 256 bits from the operating system, as hexadecimal digits.
fn random_hex() -> Result<String> {
    let mut bytes = [0u8; 32];
    io::Read::read_exact(
        &mut fs::File::open("/dev/urandom").context("no source of randomness")?,
        &mut bytes,
    )?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_key_is_made_once_and_for_the_owner_only() {
        let data = tempfile::tempdir().unwrap();
        let (first, path) = key(data.path()).unwrap();
        let (again, _) = key(data.path()).unwrap();
        assert_eq!(first.expose(), again.expose());
        assert!(first.expose().len() > 64);
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
