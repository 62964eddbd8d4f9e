//! pacman's database as pacman itself writes it: a package made here, installed by the real program into a folder.

use super::{output, read, sorted_lines};

const PKGINFO: &str = "pkgname = sample-tool\npkgbase = sample\npkgver = 1:2.0-3\npkgdesc = a test\nurl = https://example.org\n\
    builddate = 1700000000\npackager = A Packager <a@example.org>\nsize = 3\narch = any\nlicense = MIT\nlicense = GPL\n";

#[test]
fn what_pacman_installs_is_read_as_pacman_says_it() {
    let Some(mut pacman) = testing::tool("pacman", &["--version"]) else { return };
    let folder = tempfile::tempdir().unwrap();
    let (build, root) = (folder.path().join("build"), folder.path().join("root"));
    std::fs::create_dir_all(build.join("usr/bin")).unwrap();
    std::fs::create_dir_all(root.join("var/lib/pacman")).unwrap();
    std::fs::create_dir_all(root.join("var/cache/pacman")).unwrap();
    std::fs::write(build.join(".PKGINFO"), PKGINFO).unwrap();
    std::fs::write(build.join("usr/bin/sample"), "hi\n").unwrap();
    std::fs::write(
        folder.path().join("pacman.conf"),
        "[options]\nArchitecture = auto\nSigLevel = Never\nLocalFileSigLevel = Never\n",
    )
    .unwrap();
    let archive = folder.path().join("sample-tool-1:2.0-3-any.pkg.tar");
    // Without `--force-local`, tar takes the colon of the epoch for a host.
    output(
        std::process::Command::new("tar")
            .arg("--force-local")
            .arg("-cf")
            .arg(&archive)
            .arg("-C")
            .arg(&build)
            .args([".PKGINFO", "usr"]),
    );
    let arguments = |arguments: &[&str]| {
        let mut all: Vec<std::ffi::OsString> = vec!["--config".into(), folder.path().join("pacman.conf").into()];
        all.extend(["--root".into(), root.clone().into(), "--dbpath".into(), root.join("var/lib/pacman").into()]);
        all.extend(["--cachedir".into(), root.join("var/cache/pacman").into(), "--logfile".into(), root.join("log").into()]);
        all.extend(arguments.iter().map(Into::into));
        all
    };
    let installed = pacman.args(arguments(&["--noconfirm", "-U"])).arg(&archive).output().unwrap();
    if !installed.status.success() {
        let reason = String::from_utf8_lossy(&installed.stderr).trim().to_owned();
        testing::skip::<()>(&format!("a pacman that may install ({reason})"));
        return;
    }
    let query = |flags: &[&str]| sorted_lines(std::process::Command::new("pacman").args(arguments(flags)));

    let path = "var/lib/pacman/local/sample-tool-1:2.0-3";
    let found = read("os/pacman", &format!("{path}/desc"), &std::fs::read(root.join(path).join("desc")).unwrap());
    let [package] = &found.packages[..] else { panic!("{found:?}") };
    assert_eq!(query(&["-Q"]), [format!("{} {}", package.name, package.version)]);
    assert_eq!(package.source.as_ref().unwrap().name, "sample");
    assert_eq!(package.licenses, ["GPL-2.0-or-later", "MIT"]);
    let information = query(&["-Qi"]);
    let says = |text: &str| information.iter().any(|line| line.ends_with(&format!(": {text}")));
    assert!(says(package.vendor.as_deref().unwrap()) && says(package.architecture.as_deref().unwrap()), "{information:?}");

    let found = read("os/pacman", &format!("{path}/files"), &std::fs::read(root.join(path).join("files")).unwrap());
    assert_eq!(found.owned[0].package, "sample-tool");
    let mut owned: Vec<String> =
        found.owned[0].paths.iter().map(|path| format!("{}/{}", root.display(), String::from_utf8_lossy(path))).collect();
    owned.sort_unstable();
    let listed: Vec<String> = query(&["-Qlq"]).iter().map(|line| line.trim_end_matches('/').to_owned()).collect();
    assert_eq!(owned, listed);
}
