//! Where we differ from others on purpose.

/// Their rule, and why we speak or are silent where it is not.
pub(crate) const DIFFERENCES: &[(&str, &str)] = &[
    (
        "DL3001",
        "We look behind `sudo` and `env`, and at programs with their folder; `ssh` is let be where the build lends its agent.",
    ),
    ("DL3010", "ADD unpacks archives of tar alone, so we are silent on a lone `.gz`; `tar xzf` without its dash unpacks, too."),
    (
        "DL3016",
        "`npm i` and `npm add` install, too. Folders, and what a variable or the value of a flag holds, are no names without a version.",
    ),
    ("DL3028", "A variable may hold the version, `-v2` is one, and a `.gem` file is what it is; `-N` takes no value."),
    ("DL3029", "What a build argument says is not fixed."),
    ("DL3032", "Updates, groups and modules fill the cache as well."),
    (
        "DL3033",
        "Files, addresses and groups have no version to name; a variable may hold one; the value of `--enablerepo` is no package.",
    ),
    ("DL3035", "PLM-D040 speaks of `apt-get dist-upgrade`, too."),
    ("DL3036", "Updates fill the cache as well."),
    ("DL3037", "A variable may hold the version; patterns have none; the value of `--from` is no package."),
    ("DL3044", "`${A:-x}` is as unset as `$A`; in single quotes and behind a backslash nothing is replaced."),
    ("DL3046", "`--uid` is read like `-u`; we cannot tell how high the id of a variable is."),
    ("DL3047", "We look behind `sudo`; `wget --version` fetches nothing, and `-nvO` says `-nv`."),
    ("DL3048", "What a variable holds may be a good key; labels behind ONBUILD are labels."),
    ("DL3052", "An empty label has a rule of its own, PLM-D057."),
    ("DL3053", "What is filled in at build time is not known here."),
    ("DL3054", "Expressions of several licences and deprecated identifiers are SPDX's as well."),
    ("DL3056", "The image specification asks for no semantic version: we speak where there is none at all."),
    ("DL3057", "Only the stages that the image is made of count."),
    ("DL3060", "yarn's cache may be mounted at its other places, or removed by `rm`; `yarn clean` does not remove it."),
    (
        "DL3062",
        "Packages of the tool chain and files have no version to name; a variable may hold one; the value of `-tags` is no package.",
    ),
    ("DL3063", "Docker does not tell `Context` from `context`."),
    (
        "DL3064",
        "User names, switches and counts about secrets are none (`MAX_TOKENS`, `PASSWORD_FILE`); other names hold secrets, too (`MYSQL_PWD`, `APP_KEY`).",
    ),
    ("DL3066", "Only the user that the image ends with counts where it runs; root has PLM-D002; a variable may hold a number."),
    ("DL3067", "`//` and `/.` are the whole file system, too."),
    ("DS-0002", "Only the stages that the image is made of count; an image of files alone runs nothing."),
    ("DS-0012", "Trivy reads no file with two stages of one name."),
    ("DS-0014", "Trivy reads commands in part."),
    ("DS-0015", "Updates, groups and modules fill the cache as well."),
    ("DS-0017", "`yum update` and `zypper update` upgrade, they do not only fetch lists."),
    ("DS-0019", "Trivy takes `microdnf` for `dnf`; it has PLM-D028."),
    ("DS-0020", "Removing fills no cache; updates do."),
    ("DS-0024", "Trivy took the rule out."),
    ("DS-0026", "Only the stages that the image is made of count."),
    ("DS-0030", "`/proc` itself and `/sys` are folders of the system, too."),
    (
        "DS-0031",
        "We look at all stages, at more names and at copied files (`.env`, `id_rsa`); names of files, addresses and public keys are no secrets.",
    ),
];
