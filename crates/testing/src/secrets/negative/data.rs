//! Data, assets, logs.
use super::super::draft::Draft;
use super::super::encode::{base64, hex, wrapped};
use super::super::shape::{bytes, draw, pick};
use super::super::template::{json_filler, prose, script_filler};
use super::Document;
use crate::mutate::Random;

fn repeated(path: &str, head: &str, count: usize, line: &str, random: &mut Random) -> Draft {
    let mut draft = Draft::new("", path).text(head);
    for _ in 0..count {
        draft = draft.text(&draw(line, random));
    }
    draft
}

fn hex_dump(random: &mut Random) -> Draft {
    let mut draft = Draft::new("", "var/core.hex");
    for row in 0..120 {
        let row_bytes = bytes(16, random);
        let pairs: Vec<String> = row_bytes.chunks(2).map(hex).collect();
        draft = draft.text(&format!("{:08x}: {}  ................\n", row * 16, pairs.join(" ")));
    }
    draft
}

/// Mappings of a source map: base64 digits of differences.
fn source_map(random: &mut Random) -> Draft {
    let mut mappings = String::new();
    for _ in 0..1_500 {
        mappings.push_str(&draw("{=A|C|E|G|I|K|M}{=A|C}{=A|C|D|E}{L1}{=,|;|,|,}", random));
    }
    let text = format!(
        "{{\"version\":3,\"sources\":[\"../src/index.ts\"],\"names\":[\"password\",\"token\"],\"mappings\":\"{mappings}\"}}\n"
    );
    Draft::new("", "dist/index.js.map").text(&text)
}

fn inline_source_map(random: &mut Random) -> Draft {
    let map =
        base64(format!("{{\"version\":3,\"sources\":[\"index.ts\"],\"mappings\":\"{}\"}}", draw("{L400}", random)).as_bytes());
    Draft::new("", "dist/legacy.js")
        .text(&script_filler(3_000, random))
        .text(&format!("\n//# sourceMappingURL=data:application/json;base64,{map}\n"))
}

fn font(random: &mut Random) -> Draft {
    let data = base64(&bytes(9_000, random));
    Draft::new("", "public/fonts.css")
        .text("@font-face{font-family:Acme;src:url(data:font/woff2;base64,d09GMgABAAAAA")
        .text(&data)
        .text(") format(\"woff2\")}\n")
}

fn minified_style(random: &mut Random) -> Draft {
    let mut draft = Draft::new("", "public/app.css");
    for _ in 0..300 {
        draft = draft.text(&format!(".{}{{color:#{};margin:2px}}", draw("{z1}{l5}-{d2}", random), draw("{h6}", random)));
    }
    draft
}

fn mail(random: &mut Random) -> Draft {
    let head = "From: ines <ines@acme.io>\nSubject: Report\nMIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\n";
    Draft::new("", "mail/report.eml").text(head).text(&wrapped(&base64(&bytes(3_000, random)), 76))
}

fn vector(random: &mut Random) -> Draft {
    let mut path = String::from("M0 0");
    for _ in 0..400 {
        path.push_str(&draw("{=c|l|h|v|s}{d1}.{d2}-{d1}.{d2} .{d2}-{d1}.{d1}", random));
    }
    Draft::new("", "public/logo.svg").text(&format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"{path}\"/></svg>\n"))
}

fn table(random: &mut Random) -> Draft {
    repeated("export/measures.csv", "id,time,value,deviation\n", 400, "{d6},17{d8},{d3}.{d6},0.{d8}\n", random)
}

pub(super) const DOCUMENTS: &[Document] = &[
    ("hex-dump", hex_dump),
    ("source-map", source_map),
    ("source-map-inline", inline_source_map),
    ("font-in-style", font),
    ("minified-style", minified_style),
    ("minified-script", |random| Draft::new("", "dist/vendor-71ac.js").text(&script_filler(40_000, random)).text("\n")),
    ("mail-with-attachment", mail),
    ("vector-image", vector),
    ("table-of-numbers", table),
    ("large-json", |random| {
        Draft::new("", "public/catalog.json").text("{").text(&json_filler(60_000, random)).text("\"end\":0}\n")
    }),
    ("lorem", |random| Draft::new("", "README.txt").text(&prose(20_000, random))),
    ("large-text", |random| Draft::new("", "var/book.txt").text(&prose(300_000, random))),
    ("access-log", |random| {
        repeated(
            "var/log/access.log",
            "",
            200,
            "10.0.{d2}.{d2} - - [02/Mar/2026:10:11:12 +0000] \"GET /v1/items/{uuid}?page={d1} HTTP/1.1\" 200 {d4} \"-\" req={h32}\n",
            random,
        )
    }),
    ("application-log", |random| {
        repeated(
            "var/log/orders.jsonl",
            "",
            150,
            "time=2026-03-02T10:11:12Z level=info trace={h32} span={h16} request_id={uuid} msg=\"stored item {d6}\"\n",
            random,
        )
    }),
    ("aws-request-log", |random| {
        repeated(
            "var/log/s3.log",
            "",
            80,
            "{h64} orders-bucket [02/Mar/2026:10:11:12 +0000] 10.0.4.17 - {u16} REST.GET.OBJECT items/{uuid} 200 {b76}\n",
            random,
        )
    }),
    ("stack-trace", |random| {
        repeated(
            "var/log/crash.txt",
            "panic: index out of range\n",
            40,
            "io.acme.{z6}.{z8}({z8}.java:{d3})\n  at 0x{h12} in {z9}+0x{h3}\n",
            random,
        )
    }),
    ("csv-of-uuids", |random| repeated("export/items.csv", "id,sku,owner\n", 200, "{uuid},{u4}-{d6},{z7}\n", random)),
    ("csv-of-people", |random| {
        repeated("export/people.csv", "name,phone,postcode\n", 200, "{z6} {z8},+49 30 {d8},{d5}\n", random)
    }),
    ("isbn-list", |random| repeated("books.txt", "", 100, "978-3-{d2}-{d6}-{d1}  {z7} {z6}\n", random)),
    ("mac-and-address-list", |random| {
        repeated("dhcp.leases", "", 100, "10.0.{d2}.{d2} {h2}:{h2}:{h2}:{h2}:{h2}:{h2} {z6}-{d2}\n", random)
    }),
    ("ipv6-list", |random| repeated("peers.txt", "", 100, "2001:db8:{h4}:{h4}::{h4}/64 metric {d2}\n", random)),
    ("dna", |random| {
        repeated(
            "reads.fasta",
            ">sequence\n",
            80,
            "{=A|C|G|T}{=ACGT|GGCA|TTAG|CCAT}{=ACGTTGCA|GGCATTAG|TTAGACCA}{=ACGTACCATTAG|GATTACAGATTA}\n",
            random,
        )
    }),
    ("embedding-vectors", |random| {
        repeated("vectors.txt", "", 60, "0.{d9} -0.{d9} 0.{d9} 0.{d9} -0.{d9} 0.{d9} 0.{d9}\n", random)
    }),
    ("word-list", |random| {
        let mut draft = Draft::new("", "words.txt");
        for _ in 0..300 {
            draft = draft.text(&draw("{=password|token|secret|credential|key|account|login}{=s|ing|-|_}{z6}\n", random));
        }
        draft
    }),
    ("elf-symbols", |random| repeated("symbols.txt", "", 200, "{h16} T _ZN{d1}{z6}{d2}{z9}17h{h16}E\n", random)),
    ("junit-report", |random| {
        repeated(
            "build/report.xml",
            "<testsuite>\n",
            60,
            "<testcase name=\"password is checked {z6}\" classname=\"io.acme.TokenTest\" time=\"0.{d3}\"/>\n",
            random,
        )
    }),
    ("grafana-dashboard", |random| {
        repeated(
            "dashboard.json",
            "{\"panels\":[\n",
            40,
            "[\"uid\",\"{a14}\",\"title\",\"{z7} tokens per second\",\"id\",{d2}],\n",
            random,
        )
    }),
    ("notebook-image", |random| {
        let data = base64(&bytes(4_000, random));
        Draft::new("", "notebooks/plot.ipynb")
            .text("{\"cells\":[{\"outputs\":[{\"data\":{\"image/png\":\"iVBORw0KGgo")
            .text(&data)
            .text("\"}}]}],\"nbformat\":4}\n")
    }),
    ("protobuf-descriptor", |random| {
        let data = base64(&bytes(700, random));
        Draft::new("", "gen/orders_pb2.py").text("DESCRIPTOR = pool.AddSerializedFile(b'").text(&data).text("')\n")
    }),
    ("web-assembly-inline", |random| {
        let data = base64(&bytes(3_000, random));
        Draft::new("", "dist/parser.mjs").text("const wasm=\"AGFzbQEAAAAB").text(&data).text("\";export default wasm;\n")
    }),
    ("ical-uids", |random| {
        repeated("calendar.ics", "BEGIN:VCALENDAR\n", 60, "BEGIN:VEVENT\nUID:{u8}-{u4}-{u12}\nSUMMARY:{z6}\nEND:VEVENT\n", random)
    }),
    ("tracking-parameters", |random| {
        repeated(
            "links.txt",
            "",
            60,
            "https://www.acme-logistics.io/items/{z7}?utm_source=mail&gclid={w60}&fbclid=IwAR{w57}\n",
            random,
        )
    }),
    ("object-addresses", |random| {
        repeated("manifest.txt", "", 60, "https://files.acme-logistics.io/{h2}/{h62}/{z6}.tar.gz?version={a32}\n", random)
    }),
    ("encoded-names", |random| {
        let mut draft = Draft::new("", "names.b64");
        for _ in 0..30 {
            draft = draft.text(&base64(draw("{=item|order|stock} {z7} {z9} number {d4}", random).as_bytes())).text("\n");
        }
        draft
    }),
    ("tzdata-and-crontab", |random| {
        repeated("etc/cron.d/jobs", "", 30, "{d1} {d1} * * {=1|3|5} root /usr/bin/{z7} --stage {=prod|test}\n", random)
    }),
    ("spelling-of-key", |random| {
        let names = ["keyboard", "monkey", "turkey", "keynote", "tokenizer", "passenger", "secretary"];
        let mut draft = Draft::new("", "src/words.py").text("WORDS = {\n");
        for _ in 0..40 {
            draft = draft.text(&format!("    \"{}\": \"{}\",\n", pick(&names, random), draw("{z7} {z9} {z5}", random)));
        }
        draft.text("}\n")
    }),
];
