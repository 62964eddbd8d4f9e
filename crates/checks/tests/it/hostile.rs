//! Any bytes come back, as findings or as an error.

use checks::dockerfile::rules::ALL;
use checks::dockerfile::{check, mend};
use checks::{compose, kubernetes, manifest};

#[test]
fn damaged_files_come_back() {
    let seeds: Vec<&[u8]> = ALL.iter().flat_map(|rule| [rule.bad.as_bytes(), rule.good.as_bytes()]).collect();
    testing::mutate::each(&seeds, 300, |bytes| {
        if let Ok(text) = std::str::from_utf8(bytes) {
            drop(check(text));
        }
    });
}

#[test]
fn bounds_hold() {
    for script in ["(".repeat(50_000), "if ".repeat(20_000), "$(".repeat(50_000), "a && ".repeat(9_000), "{ ".repeat(30_000)] {
        let found = check(&format!("FROM debian:12\nRUN {script}\n")).unwrap();
        assert_eq!(found.unread, [2]);
    }
    // As deep as is read.
    for (open, close) in
        [("( ", " )"), ("{ a; ", "; }"), ("a $(", ")"), ("a \"$(", ")\""), ("if a; then ", "; fi"), ("a $((", "))")]
    {
        let script = format!("{}a{}", open.repeat(330), close.repeat(330));
        assert_eq!(check(&format!("FROM debian:12\nRUN {script}\n")).unwrap().unread, [0; 0], "{open}");
    }
    // Long, and ordinary.
    let packages = "RUN apt-get update && apt-get install -y curl \\\n wget\n".repeat(5_000);
    assert_eq!(check(&format!("FROM debian:12\n{packages}")).unwrap().unread, [0; 0]);
    for instruction in
        ["COPY a b $X\n", "ENV A=1 B=$A\n", "LABEL A=b C=d\n", "RUN a <<A\nA\n", "USER a\n", "COPY a.tgz /\n", "# x\n"]
    {
        let many = instruction.repeat((1 << 17) / instruction.len());
        drop(mend(&format!("FROM debian:12\n{many}")));
    }
    assert!(check(&"FROM a\n".repeat(2_000)).is_err());
    assert!(check(&format!("FROM debian:12\n{}", "#".repeat(2 << 20))).is_err());
    for text in ["", "\n", "RUN x", "# only", "FROM", "FROM a AS", "\u{feff}FROM debian:12"] {
        drop(check(text));
    }
}

#[test]
fn damaged_manifests_come_back() {
    let services = compose::rules::ALL.iter().flat_map(|rule| [rule.bad.as_bytes(), rule.good.as_bytes()]);
    let seeds: Vec<&[u8]> =
        kubernetes::rules::ALL.iter().flat_map(|rule| [rule.bad.as_bytes(), rule.good.as_bytes()]).chain(services).collect();
    testing::mutate::each(&seeds, 150, |bytes| drop(manifest::check(bytes)));
}

#[test]
fn bounds_of_manifests_hold() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  hostPID: true\n  containers: []\n";
    // What is wrong, between two documents that are fine.
    let mut laughs = "apiVersion: v1\nkind: ConfigMap\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..20 {
        laughs += &format!("a{level}: &a{level} [{}]\n", [format!("*a{}", level - 1).as_str(); 10].join(", "));
    }
    let deep = (2..2000).map(|depth| " ".repeat(depth) + "a:\n").collect::<String>();
    let cases: [(&[u8], usize, &str); 8] = [
        (b"apiVersion: v1\nkind: \xff\n", 9, "UTF-8"),
        (laughs.as_bytes(), 15, "1000000 values"),
        (b"apiVersion: v1\nkind: Pod\na: &a\n  b: *a\n", 11, "holds itself"),
        (b"apiVersion: v1\nkind: Pod\nkind: Pod\n", 10, "twice"),
        (b"apiVersion: v1\nkind: Pod\n\ta: b\n", 10, "tab"),
        (b"apiVersion: v1\nkind: Pod\na: {{ .Values.x }}\n", 10, "template"),
        (b"apiVersion: v1\nkind: Pod\na: \"\n", 10, "no YAML"),
        (deep.as_bytes(), 0, "deep"),
    ];
    for (bad, line, words) in cases {
        let bad = if line == 0 { [b"apiVersion: v1\nkind: Pod\na:\n", bad].concat() } else { bad.to_vec() };
        let text = [pod.as_bytes(), b"---\n", &bad, b"---\n", pod.as_bytes()].concat();
        let found = manifest::check(&text);
        assert_eq!(found.hits.iter().filter(|(id, _)| *id == "PLM-K004").count(), 2, "{words}");
        let told = found.problems.iter().find(|problem| problem.message.contains(words));
        assert!(told.is_some_and(|problem| problem.line == line || line == 0), "{words}: {:?}", found.problems);
    }
    let large = manifest::check(&vec![b'a'; 100 << 20]);
    assert!(large.unreadable[0].message.contains("larger than 32 MB"));
    let large = manifest::check(&[pod.as_bytes(), &vec![b'a'; 100 << 20]].concat());
    assert!(large.problems[0].message.contains("larger than 32 MB"));
    // Many documents, long lists, and one line of everything.
    let many = format!("{pod}---\n").repeat(2000);
    assert_eq!(manifest::check(many.as_bytes()).manifests, 2000);
    for text in [
        "---\n".repeat(1 << 20),
        "- a\n".repeat(300_000),
        "[".repeat(1 << 20),
        format!("a: {}", "b".repeat(8 << 20)),
        "{a: 1},".repeat(200_000),
    ] {
        drop(manifest::check(text.as_bytes()));
    }
}

#[test]
fn no_manifest_takes_long_or_much() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n";
    let long = "x".repeat(4 << 20);
    let aliases = format!(
        "apiVersion: v1\nkind: Pod\nx: &x {long}\nmetadata: {{name: *x}}\nspec: {{containers: [{}]}}\n",
        "{name: *x},".repeat(1000)
    );
    let names = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {long}}}\nspec: {{containers: [{}]}}\n",
        "{name: a},".repeat(20_000)
    );
    let empty = format!("{pod}  containers: [{}]\n", "{},".repeat(300_000));
    let junk: String = (0..100_000).map(|number| format!("  k{number}: 1\n")).collect();
    let keys = format!("{pod}{junk}  containers:\n{}", "    - {name: a}\n".repeat(20_000));
    let comments = format!(
        "{}{pod}  containers:\n{}",
        "# plimsoll ignore=a\n".repeat(200_000),
        "    # plimsoll ignore=PLM-K001\n    - {name: a}\n".repeat(20_000)
    );
    let merged: String = (0..30_000).map(|number| format!("k{number}: 1, ")).collect();
    let merges = format!("services:\n  a: &a {{image: a, {merged}}}\n  b: {{<<: *a, {merged}}}\n  c: {{extends: a, {merged}}}\n");
    let extends: String = (0..20_000).map(|number| format!("  s{number}: {{extends: a}}\n")).collect();
    let extends = format!("services:\n  a: {{image: a, privileged: true, {merged}}}\n{extends}");
    for text in [aliases, names, empty, keys, comments, merges, extends] {
        let found = manifest::check(text.as_bytes());
        let size: usize = found.hits.iter().map(|(_, hit)| hit.about.len() + hit.object.len()).sum();
        assert!(size < 400 << 20 && found.hits.len() < 1_000_000);
    }
    // More places than anybody reads are told.
    let many = format!("{pod}  containers: [{}]\n---\n{pod}", "{name: a},".repeat(50_000));
    let found = manifest::check(many.as_bytes());
    assert!(found.problems.iter().any(|problem| problem.message.contains("comes after 100000 places")), "{:?}", found.problems);
}
