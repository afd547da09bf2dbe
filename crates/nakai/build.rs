//! Packs the demo bot into the program, so that `nakai serve` answers without any file.

use std::{
    env,
    error::Error,
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    let root = fs::canonicalize(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bots/ryokan"))?;
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();
    let mut table = String::from("&[\n");
    for file in &files {
        println!("cargo:rerun-if-changed={}", file.display());
        let relative = file.strip_prefix(&root)?.to_string_lossy().replace('\\', "/");
        writeln!(table, "    ({relative:?}, include_bytes!({:?})),", file.display())?;
    }
    table.push_str("]\n");
    println!("cargo:rerun-if-changed={}", root.display());
    fs::write(Path::new(&env::var("OUT_DIR")?).join("demo_bot.rs"), table)?;
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_bundle_file =
            path.extension().is_some_and(|kind| kind == "yaml" || kind == "md") && !path.ends_with("README.md");
        if path.is_dir() {
            collect(&path, files)?;
        } else if is_bundle_file {
            files.push(path);
        }
    }
    Ok(())
}
