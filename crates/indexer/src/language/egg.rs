//! Installed Python eggs that were left zipped (<https://setuptools.pypa.io/en/latest/deprecated/python_eggs.html>).

use super::archive::{Archive, Budget};
use super::python;
use crate::extractor::{Claim, File, Found, Parser};

/// Distributions in `*.egg` archives; what setuptools unpacked is read as any other metadata.
#[derive(Debug)]
pub struct Egg;

/// Bytes of core metadata in an egg, its description included.
const MAX_METADATA: u64 = 16 << 20;

impl Parser for Egg {
    const ID: &'static str = "language/egg";
    const VERSION: u32 = 3;
    const CLAIMS: &'static [Claim] = &[Claim::Extension(".egg")];
    const MAX_SIZE: u64 = 256 << 20;

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        let mut budget = Budget::new();
        let archive = match Archive::open(content) {
            Ok(archive) => archive,
            Err(error) => return found.lost(error.to_string()),
        };
        let (members, ended) = archive.members(&mut budget, |name| name == b"EGG-INFO/PKG-INFO");
        match members.first().map(|member| archive.read(member, MAX_METADATA, &mut budget)) {
            Some(Ok(metadata)) => {
                python::distribution(&metadata, Self::ID, found);
            }
            Some(Err(error)) => found.lost(error.to_string()),
            None => {
                if let Some(error) = ended {
                    found.lost(error.to_string());
                }
            }
        }
    }
}
