//! npm programs and libraries that tests use.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Installs the packages in the `package.json` of a folder of `tests/`, and returns the path of the installation. The
/// files are copied first, because npm writes next to them. Does nothing if the packages are already installed.
pub fn npm_install(folder: &str) -> PathBuf {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let installed = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    fs::create_dir_all(&installed).expect("the folder can be made");
    for file in fs::read_dir(&sources).expect("the folder can be listed") {
        let file = file.expect("an entry");
        if file.file_type().expect("a type").is_file() {
            fs::copy(file.path(), installed.join(file.file_name()))
                .expect("the file can be copied");
        }
    }
    let lock = fs::read(sources.join("package-lock.json")).expect("the lock file is there");
    let stamp = installed.join("node_modules/.installed-package-lock.json");
    if fs::read(&stamp).ok().as_ref() != Some(&lock) {
        let mut npm = Command::new("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&installed);
        let output = npm.output().expect("npm starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        fs::write(&stamp, lock).expect("the copy of the lock file can be written");
    }
    installed
}
