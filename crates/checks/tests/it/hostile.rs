//! Any bytes come back, as findings or as an error.

use checks::dockerfile::rules::ALL;
use checks::dockerfile::{check, mend};

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
