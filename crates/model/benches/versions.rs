//! How long each version order takes for one comparison of versions as they are in the field.
#![allow(missing_docs, reason = "the macros of criterion make public functions")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use model::version::Scheme;

/// Versions of a scheme's own look.
fn versions(scheme: Scheme) -> [&'static str; 6] {
    match scheme {
        Scheme::Deb => ["1:2.3.4-5+deb12u1", "3.0.11-1~deb12u2", "2.36-9+deb12u4", "1.2.13.dfsg-1", "7.88.1-10", "0.5.12-2"],
        Scheme::Rpm => ["1:1.1.1k-12.el8_9", "3.0.7-27.el9", "2.28-251.el8", "4.18.0-553.16.1.el8_10", "9.9-5", "0.21.1-3.fc40"],
        Scheme::Apk => ["3.1.4-r5", "1.2.5-r0", "2.12.7-r1", "1.36.1_p1-r15", "0.9.1_rc2-r0", "20240226-r0"],
        Scheme::Pacman => ["1:2.3.4-1", "3.0.11-2", "2.36-9", "20240226.1-1", "1.2.r5.gabc-1", "0.5-1"],
        Scheme::Pypi => ["4.2.8", "4.2rc1", "1!2.0", "2023.7.22.post1", "0.0.1.dev3", "1.26.18+local.1"],
        Scheme::Maven => ["2.17.1", "5.3.39-SNAPSHOT", "1.0-alpha-1", "31.1-jre", "9.4.53.v20231009", "2.0-rc1"],
        Scheme::Go => ["v1.22.4", "v0.0.0-20240226123456-abcdefabcdef", "v2.0.0+incompatible", "1.21rc2", "v0.17.0", "v1.60.1"],
        Scheme::Gem => ["7.0.8.1", "1.16.0.rc1", "2.2.6.4", "0.1", "5.2.7", "3.0.0.pre.1"],
        Scheme::Hackage | Scheme::Cran => ["1.2.3.4", "2.0.1", "0.10.12", "1.5.0", "3.4", "0.9.1"],
        _ => ["4.17.21", "1.0.0-alpha.1", "0.5.2", "18.2.0-rc.3", "2.0.0", "7.29.13"],
    }
}

fn orders(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("versions");
    for scheme in Scheme::ALL {
        let versions = versions(scheme);
        group.throughput(Throughput::Elements((versions.len() * versions.len()) as u64));
        group.bench_function(scheme.name(), |bencher| {
            bencher.iter(|| {
                for left in versions {
                    for right in versions {
                        black_box(scheme.compare(black_box(left), black_box(right)));
                    }
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, orders);
criterion_main!(benches);
