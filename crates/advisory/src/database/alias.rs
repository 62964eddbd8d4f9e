//! Which ids name the same vulnerability: the id that findings are folded under, and the other names it goes by.
//!
//! Feeds say "GHSA-a is CVE-1", "PYSEC-b is GHSA-a". Ids that are not CVEs and stand in one such statement are joined, so
//! PYSEC-b is known as CVE-1. Two CVEs are never joined: a statement that names several CVEs joins nothing else, since it
//! does not say which of its names goes with which CVE.

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How many further names are kept for one vulnerability. Real ones have fewer than ten; a feed that calls a thousand
/// things the same must not make the database grow with the square of it.
const ALIASES: usize = 64;

/// What folding makes of one advisory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Folded<'a> {
    /// The id its findings are folded under.
    pub(super) primary: &'a str,
    /// Names beside its own id and aliases and `primary`, sorted.
    pub(super) further: Vec<&'a str>,
}

/// Year and number of a CVE id, by which CVEs are ordered.
pub(super) fn cve_number(id: &str) -> Option<(u16, u64)> {
    let (year, number) = id.strip_prefix("CVE-")?.split_once('-')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (year.len() == 4 && number.len() >= 4 && digits(year) && digits(number)).then_some(())?;
    Some((year.parse().ok()?, number.parse().ok()?))
}

type Cve<'a> = ((u16, u64), &'a str);

fn cve(id: &str) -> Option<Cve<'_>> {
    cve_number(id).map(|number| (number, id))
}

/// Folds advisories, each given by its id and its aliases; the answers come in the same order.
pub(super) fn fold<'a>(advisories: &[(&'a str, Vec<&'a str>)]) -> Vec<Folded<'a>> {
    let mut groups = Groups::default();
    // CVEs and the other ids that a statement names beside each.
    let mut beside: BTreeMap<Cve<'a>, BTreeSet<&'a str>> = BTreeMap::new();
    for (id, aliases) in advisories {
        let cves: BTreeSet<Cve<'a>> = names(id, aliases).filter_map(cve).collect();
        let several = cves.len() > 1;
        let mut others = names(id, aliases).filter(|name| cve(name).is_none() && (!several || name == id));
        let Some(first) = others.next() else { continue };
        let first_node = groups.node(first);
        let mut joined = vec![first];
        for other in others {
            let node = groups.node(other);
            groups.join(first_node, node);
            joined.push(other);
        }
        for cve in cves {
            beside.entry(cve).or_default().extend(&joined);
        }
    }
    let mut members: BTreeMap<usize, BTreeSet<&'a str>> = BTreeMap::new();
    for (name, node) in groups.names.clone() {
        members.entry(groups.root(node)).or_default().insert(name);
    }
    // The CVEs each group touches, and the CVEs named right beside each id.
    let mut touched: HashMap<usize, BTreeSet<Cve<'a>>> = HashMap::new();
    let mut next_to: HashMap<&'a str, BTreeSet<Cve<'a>>> = HashMap::new();
    for (cve, others) in &beside {
        for other in others {
            let node = groups.node(other);
            touched.entry(groups.root(node)).or_default().insert(*cve);
            next_to.entry(other).or_default().insert(*cve);
        }
    }
    let own_ids: BTreeSet<&str> = advisories.iter().map(|(id, _)| *id).collect();

    let mut folded = Vec::with_capacity(advisories.len());
    for (id, aliases) in advisories {
        let own_cve = names(id, aliases).filter_map(cve).min();
        let group = groups.names.get(id).copied().map(|node| groups.root(node));
        let group_cves = group.and_then(|group| touched.get(&group));
        let group_members = group.and_then(|group| members.get(&group));
        let primary = match (own_cve, group_cves) {
            (Some((_, cve)), _) => cve,
            (None, Some(cves)) if cves.len() == 1 => cves.first().map_or(*id, |(_, cve)| cve),
            (None, Some(_)) => next_to.get(id).and_then(BTreeSet::first).map_or(*id, |(_, cve)| cve),
            (None, None) => {
                group_members.and_then(|members| members.iter().find(|name| own_ids.contains(*name))).copied().unwrap_or(id)
            }
        };
        let mut further: BTreeSet<&str> = BTreeSet::new();
        match cve(primary) {
            Some(cve) => {
                for other in beside.get(&cve).into_iter().flatten() {
                    further.insert(other);
                    let root = groups.names.get(other).copied().map(|node| groups.root(node));
                    let alone = root.and_then(|root| touched.get(&root)).is_some_and(|cves| cves.len() == 1);
                    if alone && further.len() < ALIASES {
                        further.extend(root.and_then(|root| members.get(&root)).into_iter().flatten().take(ALIASES));
                    }
                    if further.len() >= ALIASES {
                        break;
                    }
                }
            }
            None if group_cves.is_none() => further.extend(group_members.into_iter().flatten().take(ALIASES)),
            None => {}
        }
        further.remove(primary);
        for name in names(id, aliases) {
            further.remove(name);
        }
        folded.push(Folded { primary, further: further.into_iter().take(ALIASES).collect() });
    }
    folded
}

fn names<'a, 'b>(id: &'b &'a str, aliases: &'b [&'a str]) -> impl Iterator<Item = &'a str> {
    std::iter::once(*id).chain(aliases.iter().copied())
}

/// Disjoint groups of ids.
#[derive(Default)]
struct Groups<'a> {
    names: HashMap<&'a str, usize>,
    parents: Vec<usize>,
}

impl<'a> Groups<'a> {
    fn node(&mut self, name: &'a str) -> usize {
        *self.names.entry(name).or_insert_with(|| {
            self.parents.push(self.parents.len());
            self.parents.len() - 1
        })
    }

    fn root(&mut self, mut node: usize) -> usize {
        while self.parents[node] != node {
            // Halving the path keeps later look-ups short.
            self.parents[node] = self.parents[self.parents[node]];
            node = self.parents[node];
        }
        node
    }

    fn join(&mut self, left: usize, right: usize) {
        let (left, right) = (self.root(left), self.root(right));
        self.parents[left.max(right)] = left.min(right);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn primaries(advisories: &[(&'static str, &[&'static str])]) -> Vec<String> {
        folded(advisories).iter().map(|folded| folded.primary.to_owned()).collect()
    }

    fn folded(advisories: &[(&'static str, &[&'static str])]) -> Vec<Folded<'static>> {
        fold(&advisories.iter().map(|(id, aliases)| (*id, aliases.to_vec())).collect::<Vec<_>>())
    }

    #[test]
    fn a_chain_of_feeds_leads_to_the_cve() {
        let folded =
            folded(&[("GHSA-a", &["CVE-2021-0001"]), ("PYSEC-b", &["GHSA-a"]), ("SNYK-c", &["PYSEC-b"]), ("CVE-2021-0001", &[])]);
        assert!(folded.iter().all(|folded| folded.primary == "CVE-2021-0001"), "{folded:?}");
        assert_eq!(folded[0].further, ["PYSEC-b", "SNYK-c"]);
        assert_eq!(folded[3].further, ["GHSA-a", "PYSEC-b", "SNYK-c"]);
    }

    #[test]
    fn the_lowest_cve_by_number_not_by_text() {
        assert_eq!(primaries(&[("GO-1", &["CVE-2022-10000", "CVE-2022-9999"])]), ["CVE-2022-9999"]);
    }

    #[test]
    fn two_cves_are_never_joined() {
        let folded = folded(&[
            ("GO-1", &["CVE-2022-1111", "CVE-2022-2222", "GHSA-a"]),
            ("GHSA-a", &["CVE-2022-1111"]),
            ("CVE-2022-2222", &[]),
            ("GHSA-b", &["CVE-2022-2222"]),
        ]);
        assert_eq!(
            folded.iter().map(|folded| folded.primary).collect::<Vec<_>>(),
            ["CVE-2022-1111", "CVE-2022-1111", "CVE-2022-2222", "CVE-2022-2222"]
        );
        // GHSA-a goes with the other CVE, so it is no name of this one.
        assert_eq!(folded[2].further, ["GHSA-b", "GO-1"]);
    }

    #[test]
    fn a_group_that_touches_two_cves_keeps_the_undecided_apart() {
        // GHSA-x is said to be two CVEs; PYSEC-y is only said to be GHSA-x.
        let advisories: &[(&str, &[&str])] =
            &[("CVE-2022-1111", &["GHSA-x"]), ("CVE-2022-2222", &["GHSA-x"]), ("PYSEC-y", &["GHSA-x"]), ("GHSA-x", &[])];
        assert_eq!(primaries(advisories), ["CVE-2022-1111", "CVE-2022-2222", "PYSEC-y", "CVE-2022-1111"]);
    }

    #[test]
    fn without_a_cve_the_first_id_that_has_an_advisory() {
        assert_eq!(primaries(&[("RUSTSEC-1", &["GHSA-a"])]), ["RUSTSEC-1"]);
        assert_eq!(primaries(&[("RUSTSEC-1", &["GHSA-a"]), ("GHSA-a", &[])]), ["GHSA-a", "GHSA-a"]);
    }

    #[test]
    fn what_looks_like_a_cve_and_is_none() {
        for id in ["CVE-2021-44228", "CVE-2016-1000031"] {
            assert!(cve_number(id).is_some(), "{id}");
        }
        for id in ["CVE-2021-123", "CVE-21-44228", "CVE-2021-44228x", "cve-2021-44228", "CVE-2021", "DSA-2021-44228"] {
            assert!(cve_number(id).is_none(), "{id}");
        }
    }
}
