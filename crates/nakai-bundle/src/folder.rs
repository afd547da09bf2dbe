use std::{
    fs, io,
    path::{Path, PathBuf},
};

use nakai_config::{Problem, ProblemCode, Problems, Severity};
use unicode_normalization::UnicodeNormalization;

use crate::{
    archive::is_plain,
    files::{FileKind, Files, MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES},
    parse::{coded_file, whole_file},
};

/// Deepest folder below the bundle's own.
const MAX_DEPTH: usize = 16;

/// Reads the files of the bundle in a folder, and what is wrong with them as files.
///
/// Names that begin with a dot are skipped, and so is a `README.md`. Line ends become LF, a byte order mark goes, and paths become
/// NFC, so that a version does not depend on the system on which the folder was checked out.
pub fn read(folder: &Path) -> (Files, Problems) {
    let mut walk = Walk {
        files: Files::default(),
        problems: Problems::default(),
        total: 0,
        root: PathBuf::new(),
    };
    match folder.canonicalize() {
        Ok(root) if root.is_dir() => {
            walk.root.clone_from(&root);
            walk.folder(&root, "", 0);
        }
        Ok(_) => walk.problems.push(whole_file(
            "",
            "a bundle is a folder, and this is a file",
            "give the folder with `bot.yaml`",
        )),
        Err(error) => walk
            .problems
            .push(whole_file("", reason(&error), "give the folder with `bot.yaml`")),
    }
    (walk.files, walk.problems)
}

struct Walk {
    files: Files,
    problems: Problems,
    total: u64,
    root: PathBuf,
}

impl Walk {
    fn folder(&mut self, folder: &Path, path: &str, depth: usize) {
        if depth > MAX_DEPTH {
            return self
                .problems
                .push(whole_file(path, "folders are nested too deep", "move the files up"));
        }
        let entries = match fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
            Ok(entries) => entries,
            Err(error) => return self.problems.push(unreadable(path, &error)),
        };
        for entry in entries {
            let Ok(name) = entry.file_name().into_string() else {
                self.problems
                    .push(whole_file(path, "a file has a name that is not UTF-8", "rename it"));
                continue;
            };
            if name.starts_with('.') {
                continue;
            }
            let name: String = name.nfc().collect();
            let path = if path.is_empty() {
                name
            } else {
                format!("{path}/{name}")
            };
            self.entry(&entry.path(), &path, depth);
        }
    }

    fn entry(&mut self, place: &Path, path: &str, depth: usize) {
        match place.canonicalize() {
            Err(error) => self
                .problems
                .push(whole_file(path, reason(&error), "remove it, or mend the link")),
            Ok(real) if !real.starts_with(&self.root) => {
                self.problems.push(whole_file(
                    path,
                    "the link leads out of the bundle's folder",
                    "put a copy in its place",
                ));
            }
            // A link to a folder above would go round in circles.
            Ok(real) if real.is_dir() && place.is_symlink() => {
                self.problems.push(whole_file(
                    path,
                    "the link leads to a folder",
                    "put a copy in its place",
                ));
            }
            Ok(real) if real.is_dir() => {
                if path.ends_with(".md") {
                    let cure = "rename it, or put the article in its place";
                    self.problems.push(Problem {
                        severity: Severity::Warning,
                        ..coded_file(ProblemCode::FileIsFolder, path, "this is a folder", cure)
                    });
                }
                self.folder(&real, path, depth + 1);
            }
            Ok(real) => self.file(&real, path),
        }
    }

    fn file(&mut self, place: &Path, path: &str) {
        if path == "README.md" {
            return;
        }
        if FileKind::of(path).is_none() || !is_plain(path) {
            return self.problems.push(unknown(path));
        }
        match fs::metadata(place).map(|metadata| metadata.len()) {
            Err(error) => return self.problems.push(unreadable(path, &error)),
            Ok(size) if size > MAX_FILE_BYTES => {
                return self.problems.push(coded_file(
                    ProblemCode::FileTooLarge,
                    path,
                    "the file is larger than 8 MiB",
                    "split it",
                ));
            }
            Ok(size) => self.total += size,
        }
        if self.total > MAX_TOTAL_BYTES || self.files.len() >= MAX_FILES {
            return self.problems.push(whole_file(
                path,
                "the bundle has too many files, or more than 64 MiB",
                "remove what it does not need",
            ));
        }
        match fs::read(place) {
            Ok(content) => self.files.insert(path, with_plain_line_ends(content)),
            Err(error) => self.problems.push(unreadable(path, &error)),
        }
    }
}

fn unreadable(path: &str, error: &io::Error) -> Problem {
    let code = ProblemCode::FileUnreadable;
    coded_file(code, path, reason(error), code.cure())
}

fn unknown(path: &str) -> Problem {
    let cure = if path.ends_with(".yml") {
        "rename it to end in `.yaml`"
    } else {
        "a bundle has `bot.yaml`, `entities.yaml`, `intents/*.yaml`, `flows/*.yaml`, `replies/*.yaml`, `tests/*.yaml`, `tools.yaml`, `prompts/*.j2` and `knowledge/**/*.md`"
    };
    Problem {
        severity: Severity::Warning,
        ..whole_file(path, "the file is no part of a bundle and is left out", cure)
    }
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "does not exist".into(),
        io::ErrorKind::PermissionDenied => "may not be read by this user".into(),
        _ => format!("can't be read ({error})"),
    }
}

fn with_plain_line_ends(mut content: Vec<u8>) -> Vec<u8> {
    if content.starts_with(b"\xef\xbb\xbf") {
        content.drain(..3);
    }
    let mut previous_is_return = false;
    let mut kept = 0;
    for index in 0..content.len() {
        let byte = content[index];
        if byte == b'\n' && previous_is_return {
            kept -= 1;
        }
        previous_is_return = byte == b'\r';
        content[kept] = byte;
        kept += 1;
    }
    content.truncate(kept);
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes files into a new folder and reads it.
    fn read_of(files: &[(&str, &[u8])]) -> (Files, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        for (path, content) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let (files, problems) = read(folder.path());
        (files, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn line_ends_and_byte_order_marks_make_no_other_version() {
        let (unix, _) = read_of(&[("bot.yaml", b"a: 1\nb: 2\n")]);
        let (windows, _) = read_of(&[("bot.yaml", b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")]);
        assert_eq!(unix.version(), windows.version());
        let (lone, _) = read_of(&[("bot.yaml", b"a\rb\r\r\n")]);
        assert_eq!(lone.get("bot.yaml"), Some(&b"a\rb\r\n"[..]));
    }

    #[test]
    fn what_is_no_part_of_a_bundle_is_left_out_with_a_warning_unless_it_is_hidden() {
        let (files, problems) = read_of(&[
            ("bot.yaml", b"x"),
            ("README.md", b"x"),
            (".git/config", b"x"),
            ("intents/.swp", b"x"),
            ("intents/a.yml", b"x"),
            ("intents/more/b.yaml", b"x"),
            ("knowledge/a/b/c.md", b"x"),
        ]);
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["bot.yaml", "intents/more/b.yaml", "knowledge/a/b/c.md"]);
        assert_eq!(
            problems,
            ["intents/a.yml: warning: the file is no part of a bundle and is left out; rename it to end in `.yaml`"]
        );
    }

    #[test]
    fn a_file_that_is_too_large_is_refused() {
        let large = vec![b'#'; usize::try_from(MAX_FILE_BYTES).unwrap() + 1];
        let (files, problems) = read_of(&[("bot.yaml", &large)]);
        assert!(files.is_empty());
        assert_eq!(
            problems,
            ["bot.yaml: error[file_too_large]: the file is larger than 8 MiB; split it"]
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_in_the_folder_and_lead_to_files() {
        use std::os::unix::fs::symlink;

        let (outside, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(outside.path().join("secret.yaml"), "x").unwrap();
        fs::create_dir(folder.path().join("intents")).unwrap();
        fs::write(folder.path().join("intents/a.yaml"), "a").unwrap();
        symlink(outside.path().join("secret.yaml"), folder.path().join("intents/b.yaml")).unwrap();
        symlink(folder.path(), folder.path().join("flows")).unwrap();
        symlink("a.yaml", folder.path().join("intents/c.yaml")).unwrap();
        symlink("nowhere", folder.path().join("intents/d.yaml")).unwrap();
        let (files, mut problems) = read(folder.path());
        problems.sort();
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(files.len(), 2);
        assert_eq!(
            problems,
            [
                "flows: error: the link leads to a folder; put a copy in its place",
                "intents/b.yaml: error: the link leads out of the bundle's folder; put a copy in its place",
                "intents/d.yaml: error: does not exist; remove it, or mend the link",
            ]
        );
    }
}
