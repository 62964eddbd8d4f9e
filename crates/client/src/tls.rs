//! Who is trusted, and as whom we show up: the system's authorities, `SSL_CERT_FILE`, `--ca-cert`, and per host the folders
//! of Docker and podman (<https://docs.docker.com/engine/security/certificates/>, containers-certs.d(5)).

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig};

use crate::address::Address;
use crate::{ClientOptions, Environment, Error};

/// Longest file of certificates: twenty times what distributions ship.
const MAX_FILE: u64 = 8 << 20;
/// Files of one folder of `certs.d` that are looked at.
const MAX_FILES: usize = 1000;

/// The authorities for every host: the system's, or those of `SSL_CERT_FILE` and `SSL_CERT_DIR`, and `--ca-cert`.
pub(crate) fn authorities(options: &ClientOptions) -> Result<Vec<Certificate<'static>>, Error> {
    let (file, folder) = (options.environment.path("SSL_CERT_FILE"), options.environment.path("SSL_CERT_DIR"));
    let found = if file.is_none() && folder.is_none() {
        rustls_native_certs::load_native_certs()
    } else {
        rustls_native_certs::load_certs_from_paths(file.as_deref(), folder.as_deref())
    };
    if let (Some(file), true, Some(error)) = (&file, found.certs.is_empty(), found.errors.first()) {
        return Err(Error::setting(format!("{} (SSL_CERT_FILE)", file.display()), format!("cannot be used: {error}")));
    }
    let mut authorities: Vec<_> = found.certs.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
    if let Some(path) = &options.ca_cert {
        let own = certificates(path)?;
        if own.is_empty() {
            return Err(Error::setting(format!("{} (--ca-cert)", path.display()), "holds no certificate in PEM"));
        }
        authorities.extend(own);
    }
    Ok(authorities)
}

/// How TLS is spoken with the host of `address`.
pub(crate) fn config(
    address: &Address,
    options: &ClientOptions,
    authorities: &[Certificate<'static>],
) -> Result<TlsConfig, Error> {
    let insecure = address.is_listed(&options.insecure_registries);
    let mut trusted = authorities.to_vec();
    let mut client = None;
    for folder in host_folders(address, &options.environment) {
        let files = files_in(&folder)?;
        for file in &files {
            match file.extension().and_then(|extension| extension.to_str()) {
                Some("crt") => trusted.extend(certificates(file)?),
                Some("cert") if client.is_none() => client = Some(client_certificate(file, &file.with_extension("key"))?),
                _ => {}
            }
        }
    }
    if trusted.is_empty() && !insecure {
        let reason = "cannot be told from an impostor: no authority is trusted here; install ca-certificates or use --ca-cert";
        return Err(Error::setting(address.authority(), reason));
    }
    Ok(TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .root_certs(RootCerts::from(trusted))
        .client_cert(client)
        .disable_verification(insecure)
        .build())
}

/// The folders that may hold certificates for one host.
fn host_folders(address: &Address, environment: &Environment) -> Vec<PathBuf> {
    let home = environment.path("HOME");
    let config = environment.path("XDG_CONFIG_HOME").or_else(|| home.as_ref().map(|home| home.join(".config")));
    let roots = [
        Some(PathBuf::from("/etc/docker/certs.d")),
        home.map(|home| home.join(".docker/certs.d")),
        Some(PathBuf::from("/etc/containers/certs.d")),
        config.map(|config| config.join("containers/certs.d")),
    ];
    let with_port = format!("{}:{}", address.host, address.port);
    let mut names = vec![address.authority()];
    if !names.contains(&with_port) {
        names.push(with_port);
    }
    roots.into_iter().flatten().flat_map(|root| names.iter().map(move |name| root.join(name)).collect::<Vec<_>>()).collect()
}

/// The files of a folder in the order of their names; none where there is no such folder.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = match folder.read_dir() {
        Ok(entries) => entries,
        Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(Error::setting(folder.display().to_string(), format!("cannot be read: {error}"))),
    };
    let mut files: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).take(MAX_FILES).collect();
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let failed = |error| Error::setting(path.display().to_string(), format!("cannot be read: {error}"));
    let mut bytes = Vec::new();
    File::open(path).map_err(failed)?.take(MAX_FILE).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// The certificates of a PEM file.
fn certificates(path: &Path) -> Result<Vec<Certificate<'static>>, Error> {
    let mut certificates = Vec::new();
    for item in ureq::tls::parse_pem(&read(path)?) {
        match item {
            Ok(PemItem::Certificate(certificate)) => certificates.push(certificate),
            Ok(_) => {}
            Err(error) => return Err(Error::setting(path.display().to_string(), format!("is no PEM file ({error})"))),
        }
    }
    Ok(certificates)
}

fn client_certificate(file: &Path, key_file: &Path) -> Result<ClientCert, Error> {
    let unusable = |path: &Path, reason: &str| Error::setting(path.display().to_string(), reason);
    let chain = certificates(file)?;
    if chain.is_empty() {
        return Err(unusable(file, "holds no certificate in PEM"));
    }
    let pem = read(key_file)?;
    let no_key = || unusable(key_file, "holds no private key in PEM");
    let key = PrivateKey::from_pem(&pem).map_err(|_| no_key())?;
    // The HTTP library takes for granted that the two fit.
    let der = PrivateKeyDer::from_pem_slice(&pem).map_err(|_| no_key())?;
    let builder = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(file, &format!("cannot be used ({error})")))?;
    builder
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_client_auth_cert(chain.iter().map(|certificate| CertificateDer::from(certificate.der().to_vec())).collect(), der)
        .map_err(|error| unusable(file, &format!("cannot be used with {} ({error})", key_file.display())))?;
    Ok(ClientCert::new_with_certs(&chain, key))
}
