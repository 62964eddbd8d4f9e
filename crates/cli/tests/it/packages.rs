//! On real images: the packages are those of the lists made without a scanner, and whatever the leading scanners find
//! there is found here, or a reason is written below.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::command::{Sandbox, run};

/// The images, and the lists beside them (`NAME.packages.txt`).
const IMAGES: [&str; 5] = ["debian12", "python-app", "node-app", "java-app", "go-app"];

/// purl type, name with its namespace as the ecosystem writes it, version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Package {
    kind: String,
    name: String,
    version: String,
}

impl Package {
    fn new(kind: &str, name: &str, version: &str) -> Self {
        // PEP 503: names that differ by case and punctuation are one name.
        let name = match kind {
            "pypi" => name.to_lowercase().replace(['_', '.'], "-"),
            _ => name.to_owned(),
        };
        // Go names its own releases go1.20.4, modules v1.20.4; the standard library is no module.
        let version = if name == "stdlib" { version.trim_start_matches(['g', 'o', 'v']) } else { version };
        Self { kind: kind.to_owned(), name, version: version.to_owned() }
    }

    /// From a package URL (<https://github.com/package-url/purl-spec>).
    fn from_purl(purl: &str) -> Self {
        let (rest, subpath) = purl.split_once('#').unwrap_or((purl, ""));
        let (rest, qualifiers) = rest.split_once('?').unwrap_or((rest, ""));
        let (kind, rest) = rest.strip_prefix("pkg:").and_then(|rest| rest.split_once('/')).unwrap();
        let (name, version) = rest.rsplit_once('@').unwrap_or((rest, ""));
        let (mut name, mut version) = (decoded(name), decoded(version));
        match kind {
            // The namespace is the distribution.
            "deb" => {
                name = name.split_once('/').unwrap().1.to_owned();
                // Trivy writes the epoch apart.
                let epoch = qualifiers.split('&').find_map(|qualifier| qualifier.strip_prefix("epoch="));
                version = epoch.map_or(version.clone(), |epoch| format!("{epoch}:{version}"));
            }
            "maven" => name = name.replacen('/', ":", 1),
            // Syft writes the major version at the end of a module's path as a path within it.
            "golang" if !subpath.is_empty() => name = format!("{name}/{subpath}"),
            _ => {}
        }
        Self::new(kind, &name, &version)
    }
}

/// Resolves `%XX`.
fn decoded(text: &str) -> String {
    let mut pieces = text.split('%');
    let mut decoded = pieces.next().unwrap().to_owned();
    for piece in pieces {
        let (code, rest) = piece.split_at(2);
        decoded.push(char::from(u8::from_str_radix(code, 16).unwrap()));
        decoded.push_str(rest);
    }
    decoded
}

/// The packages of an image and where each lies; for those of dpkg also architecture and source.
struct Ours {
    places: BTreeMap<Package, BTreeSet<String>>,
    debs: BTreeSet<[String; 5]>,
}

fn ours(sandbox: &Sandbox, image: &Path) -> Ours {
    let mut command = sandbox.offline(&["-q", "sbom", "--format", "json"]);
    let report = run(command.arg(image)).exits(0).json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (mut places, mut debs) = (BTreeMap::<Package, BTreeSet<String>>::new(), BTreeSet::new());
    for package in report["packages"].as_array().unwrap() {
        let purl = text(&package["purl"]);
        let locations = package["locations"].as_array().unwrap().iter().map(|location| text(&location["path"]));
        places.entry(Package::from_purl(&purl)).or_default().extend(locations);
        if package["type"] == "deb" {
            let architecture = purl.split(['?', '&']).find_map(|part| part.strip_prefix("arch=")).unwrap().to_owned();
            let source = &package["source"];
            debs.insert([
                text(&package["name"]),
                text(&package["version"]),
                architecture,
                text(&source["name"]),
                text(&source["version"]),
            ]);
        }
    }
    Ours { places, debs }
}

/// Why a package of ours is in no list.
fn extra(package: &Package, places: &BTreeSet<String>) -> Option<&'static str> {
    let all = |holds: fn(&String) -> bool| places.iter().all(holds);
    match package.kind.as_str() {
        "npm" if all(|path| path.starts_with("/usr/share/nodejs/")) => {
            Some("Debian installs npm packages of its own there; the list looks into node_modules alone")
        }
        "maven" if !package.name.contains(':') => Some(
            "a jar without pom.properties has no coordinates: it is listed as unjudged, and the list reads pom.properties alone",
        ),
        "generic" if all(|path| path.contains(".libs/")) => {
            Some("a shared library inside a Python wheel, known by its bytes; the list asks package managers alone")
        }
        "generic" if all(|path| path == "/bin/busybox") => {
            Some("a program that the image's package database lists without its files, known by its bytes as well")
        }
        _ => None,
    }
}

/// Whether a line of a list names a lock file: inside an image what is installed counts, and nobody installs a lock file.
fn is_lock_file(line: &str) -> bool {
    line.ends_with("/Cargo.lock")
}

#[test]
fn packages_equal_the_lists() {
    for name in IMAGES {
        let Some(image) = testing::built_image(&format!("{name}.docker.tar")) else { continue };
        let Some(list) = testing::built_image(&format!("{name}.packages.txt")) else { continue };
        hold(&image, &list);
    }
    for (image, list) in [
        ("layers.oci.tar", "layers.packages.txt"),
        ("layers-zstd.oci.tar", "layers.packages.txt"),
        ("layers.docker.tar", "layers.packages.txt"),
        ("layers-docker25.tar", "layers.packages.txt"),
        ("rust-app.oci.tar", "rust-app.packages.txt"),
    ] {
        let real = |name: &str| testing::real_data(&format!("images/built/{name}"));
        let (Some(image), Some(list)) = (real(image), real(list)) else { continue };
        hold(&image, &list);
    }
}

/// Holds the packages of an image against its list.
fn hold(image: &Path, list: &Path) {
    let ours = ours(&Sandbox::new(), image);
    let list = std::fs::read_to_string(list).unwrap();
    let mut listed = BTreeSet::new();
    let mut missing = Vec::new();
    for line in list.lines().filter(|line| !is_lock_file(line)) {
        let fields: Vec<&str> = line.split(' ').collect();
        let kind = if fields[0] == "go" { "golang" } else { fields[0] };
        let package = Package::new(kind, fields[1], fields[2]);
        let found = match (&fields[3..], package.version.as_str()) {
            ([architecture, source, source_version], _) if kind == "deb" => {
                let all = [fields[1], fields[2], architecture, source, source_version];
                ours.debs.contains(&all.map(str::to_owned))
            }
            // A Go too old for the tool that made the list.
            ([path], "?") => ours.places.iter().any(|(one, places)| one.name == package.name && places.contains(*path)),
            ([path], _) => ours.places.get(&package).is_some_and(|places| places.contains(*path)),
            ([], _) => ours.places.contains_key(&package),
            _ => panic!("{line}"),
        };
        if !found {
            missing.push(line);
        }
        listed.insert(package);
    }
    assert!(missing.is_empty(), "{}: missing {missing:#?}", image.display());
    let unreadable = |package: &Package| listed.contains(&Package { version: "?".to_owned(), ..package.clone() });
    let unexplained: Vec<_> = ours
        .places
        .iter()
        .filter(|(package, _)| !listed.contains(package) && !unreadable(package))
        .filter(|(package, places)| extra(package, places).is_none())
        .collect();
    assert!(unexplained.is_empty(), "{}: not in the list {unexplained:#?}", image.display());
}

/// A package that another scanner lists, and where it says that it found it.
struct Theirs {
    package: Package,
    /// Below the root, `!` before what lies inside an archive; empty where it does not say.
    path: String,
}

/// What a CycloneDX document of Trivy or Syft lists.
fn theirs(document: &Value) -> Vec<Theirs> {
    let components = document["components"].as_array().unwrap().iter();
    let packages = components.filter_map(|component| {
        let package = Package::from_purl(component["purl"].as_str()?);
        let property = |suffix: &str| {
            let properties = component["properties"].as_array().into_iter().flatten();
            let mut named = properties.filter(|property| property["name"].as_str().unwrap().ends_with(suffix));
            named.next().and_then(|property| property["value"].as_str())
        };
        let path = [":virtualPath", ":FilePath", ":location:0:path"].into_iter().find_map(property).unwrap_or_default();
        Some(Theirs { package, path: format!("/{}", path.trim_start_matches('/')).replace(':', "!") })
    });
    packages.collect()
}

/// Why a package that another scanner lists is not listed here, or not so: each with what must be true of it.
type Reason = (&'static str, fn(&Theirs, &Ours) -> bool);

const REASONS: [Reason; 4] = [
    (
        "a package.json that lies at no node_modules/NAME is an example, a test, or the application's own: nothing that npm installed",
        |theirs, _| {
            let folder = theirs.path.strip_suffix("/package.json");
            let parent = folder.and_then(|folder| folder.strip_suffix(theirs.package.name.as_str()));
            theirs.package.kind == "npm" && folder.is_some() && !parent.is_some_and(|parent| parent.ends_with("/node_modules/"))
        },
    ),
    ("coordinates guessed from a manifest or a file's name; we list the same jar without any, as unjudged", |theirs, ours| {
        let unjudged = |(package, places): (&Package, &BTreeSet<String>)| {
            package.kind == "maven" && !package.name.contains(':') && places.contains(&theirs.path)
        };
        theirs.package.kind == "maven" && ours.places.iter().any(unjudged)
    }),
    ("a name made of the file's, for a bundle whose pom.properties name what is in it, all of which we list", |theirs, ours| {
        let inside = |(package, places): (&Package, &BTreeSet<String>)| {
            package.kind == "maven" && package.name.contains(':') && places.contains(&theirs.path)
        };
        let made_up = theirs.package.name.split_once(':').is_some_and(|(group, artifact)| group == artifact);
        theirs.package.kind == "maven" && made_up && ours.places.iter().any(inside)
    }),
    (
        "a program built from a checkout has no version: (devel) in its own words; theirs is none, or made up from the commit",
        |theirs, ours| {
            let devel = Package { version: "(devel)".to_owned(), ..theirs.package.clone() };
            let made_up = theirs.package.version.is_empty() || theirs.package.version.starts_with("v0.0.0-");
            theirs.package.kind == "golang" && made_up && ours.places.contains_key(&devel)
        },
    ),
];

#[test]
fn other_scanners_find_nothing_more() {
    let sandbox = Sandbox::new();
    let mut used = BTreeSet::new();
    let mut compared = 0;
    for name in IMAGES {
        let Some(image) = testing::built_image(&format!("{name}.docker.tar")) else { continue };
        let ours = ours(&sandbox, &image);
        for peer in ["trivy", "syft"] {
            let Some(command) = testing::peer(peer) else { continue };
            let mut command = sandbox.prepare(command);
            command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
            if peer == "trivy" {
                command.args([
                    "image",
                    "--quiet",
                    "--format",
                    "cyclonedx",
                    "--offline-scan",
                    "--skip-db-update",
                    "--cache-dir",
                    "trivy",
                ]);
                // Without its Java database, which comes from the network alone, it reads no jar.
                if name == "java-app" {
                    command.args(["--pkg-types", "os"]);
                }
                command.arg("--input").arg(&image);
            } else {
                command.env("SYFT_CHECK_FOR_APP_UPDATE", "false").args(["scan", "--quiet", "--output", "cyclonedx-json"]);
                command.arg(format!("docker-archive:{}", image.display()));
            }
            let theirs = theirs(&run(&mut command).exits(0).json());
            assert!(theirs.len() > 30, "{peer} finds {} packages in {name}", theirs.len());
            let mut missing = Vec::new();
            for one in theirs.iter().filter(|one| !ours.places.contains_key(&one.package)) {
                match REASONS.iter().find(|(_, holds)| holds(one, &ours)) {
                    Some((reason, _)) => drop(used.insert(*reason)),
                    None => missing.push(format!("{:?} at {}", one.package, one.path)),
                }
            }
            assert!(missing.is_empty(), "{peer} finds more in {name}: {missing:#?}");
            compared += 1;
        }
    }
    // A reason that holds for nothing any more is to go.
    if compared == 2 * IMAGES.len() {
        let idle: Vec<&str> = REASONS.iter().map(|(reason, _)| *reason).filter(|reason| !used.contains(reason)).collect();
        assert!(idle.is_empty(), "{idle:#?}");
    }
}

#[test]
fn package_urls_are_read_as_each_scanner_writes_them() {
    for (purl, kind, name, version) in [
        ("pkg:deb/debian/zlib1g@1.2.13.dfsg-1?arch=amd64&distro=debian-12.15&epoch=1", "deb", "zlib1g", "1:1.2.13.dfsg-1"),
        ("pkg:deb/debian/g%2B%2B@4%3A12.2.0-3?arch=amd64", "deb", "g++", "4:12.2.0-3"),
        ("pkg:golang/github.com/gofrs/uuid@v5.0.0#v5", "golang", "github.com/gofrs/uuid/v5", "v5.0.0"),
        ("pkg:golang/stdlib@v1.17.5", "golang", "stdlib", "1.17.5"),
        ("pkg:npm/%40types/node@18.18.14", "npm", "@types/node", "18.18.14"),
        ("pkg:maven/com.google.code.gson/gson@2.8.7", "maven", "com.google.code.gson:gson", "2.8.7"),
        ("pkg:pypi/Jinja2@2.10", "pypi", "jinja2", "2.10"),
        ("pkg:golang/github.com/evanw/esbuild", "golang", "github.com/evanw/esbuild", ""),
    ] {
        assert_eq!(Package::from_purl(purl), Package { kind: kind.into(), name: name.into(), version: version.into() });
    }
}
